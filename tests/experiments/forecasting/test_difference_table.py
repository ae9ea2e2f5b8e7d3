"""What a scenario changes, future by future: which pairs count, which years, which sums."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.experiments.forecasting.difference_table import (
    COLUMNS,
    difference_rows,
    in_order_of_reading,
    is_cost,
)
from shaanxi_transfer.experiments.planning.definitions import Definitions

IN = {"plan": "shaanxi", "managed": "shaanxi", "no_plan": "shaanxi"}


def definitions(fake: Any) -> Definitions:
    kinds = {"turnover": "flow", "platforms": "stock", "public_cost": "flow", "public_cost_task_21": "flow"}
    return Definitions(
        {name: fake.Indicator("yuan", kind) for name, kind in kinds.items()},
        {"sales": fake.Target("turnover", 9.0, "yuan", 2020, "flow_of_year", {"all": "turnover"})},
    )


def years_of(values: dict[tuple[str, str], dict[int, list[float]]]) -> pd.DataFrame:
    """Years from 2019 on, by (scenario, indicator) and future."""
    return pd.DataFrame(
        [
            (scenario, future, indicator, 2019 + place, value)
            for (scenario, indicator), futures in values.items()
            for future, series in futures.items()
            for place, value in enumerate(series)
        ],
        columns=["scenario", "future", "indicator", "year", "value"],
    )


def test_only_futures_and_years_that_both_have_are_compared(fake: Any) -> None:
    years = years_of(
        {
            ("plan", "turnover"): {0: [1.0, 5.0, 7.0], 1: [1.0, 6.0, 7.0], 3: [9.0, 9.0, 9.0]},
            ("no_plan", "turnover"): {0: [1.0, 2.0], 1: [1.0, 2.0], 2: [0.0, 0.0]},
        }
    ).sample(frac=1.0, random_state=1)
    provinces = {"plan": "shaanxi", "no_plan": "shaanxi"}
    table = difference_rows(years, definitions(fake), provinces)
    assert tuple(table.columns) == COLUMNS
    rows = table[table["kind"] == "indicator"].set_index("year")
    assert list(rows.index) == [2019, 2020] and (rows["pairs"] == 2).all()
    assert rows.loc[2019, "verdict"] == "identical" and rows.loc[2019, "share_zero"] == 1.0
    assert rows.loc[2020, "mean"] == 3.5 and rows.loc[2020, "q50"] == 3.5
    assert rows.loc[2020, "verdict"] == "not visible", "two pairs agree by chance"
    (target,) = table[table["kind"] == "target"].to_dict("records")
    assert (target["id"], target["counting"], target["year"], target["mean"]) == ("sales", "all", 2020, 3.5)


def test_a_cost_is_the_sum_of_all_years(fake: Any) -> None:
    years = years_of(
        {
            (scenario, cost): {future: [0.0, paid, paid] for future in range(10)}
            for scenario, paid in (("plan", 4.0), ("no_plan", 1.0))
            for cost in ("public_cost", "public_cost_task_21")
        }
    )
    table = difference_rows(years, definitions(fake), {"plan": "x", "no_plan": "x"})
    costs = table[table["kind"] == "cost"]
    assert list(costs["id"]) == ["public_cost", "public_cost_task_21"]
    assert (
        (costs["year"] == 2021).all() and (costs["q05"] == 6.0).all() and (costs["verdict"] == "more").all()
    )


@pytest.mark.parametrize(
    ("name", "cost"),
    [("public_cost", True), ("public_cost_gross.xian", False), ("tax_forgone", True), ("loans_new", False)],
)
def test_costs_are_known_by_their_names(name: str, cost: bool) -> None:
    assert is_cost(name) is cost


def test_every_scenario_is_held_against_the_last(fake: Any) -> None:
    years = years_of(
        {
            (scenario, indicator): {future: [level, level] for future in range(10)}
            for indicator in ("turnover", "platforms")
            for scenario, level in (("plan", 3.0), ("managed", 2.0), ("no_plan", 2.0))
        }
    )
    tables = [
        difference_rows(years[years["indicator"] == name], definitions(fake), IN)
        for name in ("turnover", "platforms")
    ]
    table = in_order_of_reading(tables, definitions(fake), IN)
    assert set(table["base"]) == {"no_plan"}
    assert list(dict.fromkeys(table["scenario"])) == ["plan", "managed"]
    plan = table[table["scenario"] == "plan"]
    assert list(plan["kind"].unique()) == ["target", "indicator"]
    assert list(plan.loc[plan["kind"] == "indicator", "id"].unique()) == ["platforms", "turnover"]
    assert set(plan["verdict"]) == {"more"}
    assert set(table.loc[table["scenario"] == "managed", "verdict"]) == {"identical"}


def test_scenarios_of_another_province_share_no_future_with_the_base(fake: Any) -> None:
    years = years_of({(name, "turnover"): {0: [1.0, 2.0]} for name in ("plan", "no_plan")})
    table = difference_rows(years, definitions(fake), {"plan": "hubei", "no_plan": "shaanxi"})
    assert table.empty and tuple(table.columns) == COLUMNS


def test_without_a_pair_nothing_is_said(fake: Any) -> None:
    years = years_of({("plan", "turnover"): {0: [1.0, 2.0]}, ("no_plan", "turnover"): {1: [1.0, 2.0]}})
    table = difference_rows(years, definitions(fake), {"plan": "x", "no_plan": "x"})
    assert (table["pairs"] == 0).all() and np.isnan(table["q50"]).all()
    assert SimpleNamespace(**table.iloc[0]).verdict == "not visible"
