"""Levels from another forecaster: the pool's in one world, the mechanism's differences in all others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from shaanxi_transfer.engine.errors import InputError, RunError
from shaanxi_transfer.experiments.forecasting.mapped_levels import LevelMap, fitted_levels, mapped
from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.experiments.forecasting.predictive import Predictive
from shaanxi_transfer.experiments.keeping.parquet_parts import SCHEMA

VALUE, PART, OTHER = "contract_value_output", "contract_value_output_university", "trained_people"
FUTURES = 40
LAYER = np.random.default_rng(5).lognormal(6.0, 0.2, (500, 2))
LEVEL = LevelMap("no_plan", 2017, {VALUE: 0.3}, {VALUE: LAYER})


def runs(futures: Any = range(FUTURES), scenarios: tuple[str, ...] = ("plan", "no_plan")) -> pa.Table:
    """The last observed year and two more, in which the plan adds a hundredth and ten, all in the part."""
    rows = []
    for future in futures:
        luck = np.random.default_rng(future).lognormal(3.0, 0.3)
        for scenario in scenarios:
            for year in (2017, 2018, 2019):
                for quarter in (1, 2, 3, 4):
                    more = (0.01 * luck + 10.0) * (scenario == "plan" and year > 2017)
                    for name, value in (
                        (VALUE, luck + more),
                        (PART, 0.4 * luck + more),
                        (OTHER, 3.0 * quarter),
                    ):
                        rows.append((f"{scenario}_{future}", scenario, future, 7, year, quarter, name, value))
    frame = pd.DataFrame(rows, columns=SCHEMA.names)
    columns = [
        pa.array(frame[field.name].tolist()).dictionary_encode()
        if pa.types.is_dictionary(field.type)
        else pa.array(frame[field.name], field.type)
        for field in SCHEMA
    ]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def sums(table: pa.Table, indicator: str) -> Any:
    frame = table.to_pandas().astype({"scenario": "str", "indicator": "str"})
    mine = frame[frame["indicator"] == indicator]
    return mine.groupby(["year", "future", "scenario"])["value"].sum().unstack()


def test_a_weight_of_one_is_the_model_and_of_none_the_layer() -> None:
    model = np.random.default_rng(1).lognormal(2.0, 0.5, 99)
    layer = np.random.default_rng(2).lognormal(3.0, 0.1, 300)
    np.testing.assert_allclose(mapped(model, layer, 1.0), model, rtol=1e-12)
    found = mapped(model, layer, 0.0)
    levels = np.arange(1.0, 100.0) / 100.0
    np.testing.assert_allclose(np.sort(found), np.exp(np.quantile(np.log(layer), levels, method="weibull")))
    assert (np.argsort(found) == np.argsort(model)).all(), "futures keep their order"
    both = mapped(model, layer, 0.25)
    expected = 0.25 * np.log(np.sort(model)) + 0.75 * np.log(np.sort(found))
    np.testing.assert_allclose(np.log(np.sort(both)), expected)


def test_differences_of_a_year_are_those_of_the_runs_and_the_level_is_the_pool_s() -> None:
    table, predictive = runs(), Predictive({})
    predicted = fitted_levels([table], predictive, LEVEL).of(table)
    simulated, levels = sums(table, VALUE), sums(predicted, VALUE)
    np.testing.assert_allclose(levels["plan"] - levels["no_plan"], simulated["plan"] - simulated["no_plan"])
    for year in (2018, 2019):
        expected = mapped(simulated["no_plan"].loc[year].to_numpy(), LAYER[:, year - 2018], 0.3)
        np.testing.assert_allclose(levels["no_plan"].loc[year], expected)
    pd.testing.assert_frame_equal(levels.loc[[2017]], simulated.loc[[2017]])
    parts, whole = sums(table, PART) / simulated, sums(predicted, PART) / levels
    pd.testing.assert_frame_equal(parts, whole)
    pd.testing.assert_frame_equal(sums(predicted, OTHER), sums(table, OTHER))


def test_parts_of_the_runs_make_one_map() -> None:
    whole = fitted_levels([runs()], Predictive({}), LEVEL).factors.sort_index()
    halves = [runs(range(15)), runs(range(15, FUTURES))]
    pd.testing.assert_series_equal(fitted_levels(halves, Predictive({}), LEVEL).factors.sort_index(), whole)


def test_a_level_below_zero_is_zero() -> None:
    small = LevelMap("plan", 2017, {VALUE: 0.0}, {VALUE: np.full((9, 2), 1e-3)})
    table = runs()
    levels = sums(fitted_levels([table], Predictive({}), small).of(table), VALUE)
    assert (levels["no_plan"].loc[2018] == 0.0).all()


def test_a_future_that_is_lost_in_the_base_alone_is_told() -> None:
    with pytest.raises(RunError, match="2 futures were lost in no_plan"):
        fitted_levels([runs(range(5)), runs((5, 6), ("plan",))], Predictive({}), LEVEL)


@pytest.mark.parametrize(
    ("more", "named"),
    [({"precision": 0.05}, "precision"), ({"without": "luck"}, "without")],
)
def test_what_has_no_level_but_the_model_s_is_refused(more: dict[str, Any], named: str) -> None:
    with pytest.raises(InputError, match=f"'combined' and `{named}` do not go together"):
        ForecastOptions(forecaster="combined", **more)


def test_a_forecaster_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="did you mean combined"):
        ForecastOptions(forecaster="combine")
