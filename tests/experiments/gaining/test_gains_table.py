"""Who gains, from years that are known: parts that sum to the whole, and a refusal if they do not."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError, RunError
from shaanxi_transfer.experiments.gaining.breakdowns import breakdowns_in, checked
from shaanxi_transfer.experiments.gaining.gains_table import COLUMNS, gains_table
from shaanxi_transfer.experiments.planning.definitions import Definitions
from shaanxi_transfer.experiments.planning.door_to_model import model

FUTURES = 20
SOLD = "contract_value_output"


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return model().definitions


def years_of(moved: Mapping[str, float], missing: float = 0.0) -> pd.DataFrame:
    """Give two scenarios whose cities differ by so much in every future; the whole lacks ``missing``."""
    luck = np.random.default_rng(1).uniform(1e9, 2e9, (FUTURES, len(moved)))
    rows = []
    for scenario, factor in (("plan", 1.0), ("none", 0.0)):
        for future in range(FUTURES):
            cities = {city: luck[future, i] + factor * more for i, (city, more) in enumerate(moved.items())}
            values = {f"{SOLD}.{city}": value for city, value in cities.items()}
            values[SOLD] = sum(cities.values()) - factor * missing
            rows += [(scenario, future, name, 2020, value) for name, value in values.items()]
    return pd.DataFrame(rows, columns=["scenario", "future", "indicator", "year", "value"])


def test_who_loses_stands_there_as_who_gains_and_all_sum_to_the_yuan(definitions: Definitions) -> None:
    years = years_of({"xian": 5e8, "hanzhong": -2e7, "yulin": 0.0})
    table = gains_table(years, definitions, ["plan", "none"], "shaanxi", ("city",), 2018)
    assert list(table.columns) == list(COLUMNS)
    assert table["part"].tolist() == ["all", "xian", "yulin", "hanzhong"], "from most more to most less"
    assert table["verdict"].tolist() == ["more", "more", "identical", "less"]
    assert table["share_negative"].tolist() == [0.0, 0.0, 0.0, 1.0]
    assert table["mean"].iloc[1:].sum() == pytest.approx(table["mean"].iloc[0], abs=1.0)
    assert table["relative"].iloc[3] == pytest.approx(-2e7 / table["base_mean"].iloc[3])


def test_parts_that_miss_the_whole_by_two_yuan_are_no_breakdown(definitions: Definitions) -> None:
    years = years_of({"xian": 5e8, "yulin": 0.0}, missing=2.0)
    with pytest.raises(RunError, match="miss it by 2 yuan in 2020"):
        gains_table(years, definitions, ["plan", "none"], "shaanxi", ("city",), 2018)


def test_scenarios_without_a_common_future_are_refused(definitions: Definitions) -> None:
    years = years_of({"xian": 1.0})
    apart = years[(years["scenario"] == "plan") == (years["future"] < FUTURES // 2)]
    for some in (apart, years[years["scenario"] == "plan"]):
        with pytest.raises(RunError, match="no future in which both 'plan' and 'none' ended well"):
            gains_table(some, definitions, ["plan", "none"], "shaanxi", ("city",), 2018)


def test_years_before_the_plan_are_left_out(definitions: Definitions) -> None:
    years = years_of({"xian": 1.0})
    assert gains_table(years, definitions, ["plan", "none"], "shaanxi", ("city",), 2021).empty


def test_what_was_not_taken_down_is_refused_in_one_line(definitions: Definitions) -> None:
    with pytest.raises(InputError, match="took down nothing by size"):
        gains_table(years_of({"xian": 1.0}), definitions, ["plan", "none"], "shaanxi", ("size",), 2018)


def test_only_what_has_all_its_parts_is_broken_down() -> None:
    kinds = ("university", "research_institute", "military_unit", "enterprise")
    names = [SOLD, *(f"{SOLD}_{kind}" for kind in kinds), "spin_offs", "spin_offs_university"]
    (found,) = breakdowns_in(names, "kind")
    assert found.whole == SOLD and list(found.parts) == list(kinds)


@pytest.mark.parametrize("asked", ["cities", "city,sizes", "city,"])
def test_a_breakdown_that_is_none_is_refused(asked: str) -> None:
    with pytest.raises(InputError) as refused:
        checked(asked)
    assert "\n" not in str(refused.value)


def test_nothing_asked_is_nothing() -> None:
    assert checked("") == checked(()) == () and checked("kind, city") == ("kind", "city")
