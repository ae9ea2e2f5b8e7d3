"""Rankings from figures that are known: order, signs, costs, chances, what luck would show."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.engine.errors import RunError
from shaanxi_transfer.experiments.effects.kept_figures import Figures
from shaanxi_transfer.experiments.effects.packages import items_of
from shaanxi_transfer.experiments.effects.quantities import COSTS, Quantity
from shaanxi_transfer.experiments.forecasting.paired_differences import visible_by_luck
from shaanxi_transfer.experiments.ranking.ranking_table import (
    COLUMNS,
    chance_among_first,
    packages_of,
    ranking_table,
)
from shaanxi_transfer.scenarios import Scenario, lever_catalogue, load
from shaanxi_transfer.scenarios.task_verdicts import evidence_of

FUTURES = 20
SOLD = Quantity("target", "contract_value_output", "full_value", "contract_value_output", "yuan", 2020)
WORTH = {"task_14": 5.0, "task_15": 2.0, "task_16": -1.0}
"""What each task adds in every future, alone and in the plan; task 15 costs, task 16 costs the cities."""


@pytest.fixture(scope="module")
def few() -> Scenario:
    return load("no_plan").set(**dict.fromkeys(WORTH, "plan"), name="few")


def _figures(scenario: Scenario, failed: tuple[str, int] | None = None) -> Figures:
    quantities = [SOLD, *(Quantity("cost", name, "", name, "yuan", 2020) for name in COSTS)]
    found = {}
    for name in packages_of(scenario, ["task"]):
        inside = (
            set(WORTH)
            if name == "all"
            else set(WORTH) - {name.removeprefix("without_")}
            if name.startswith("without_")
            else {name} & set(WORTH)
        )
        for future in range(FUTURES):
            province, cities = 8.0 * ("task_15" in inside), 3.0 * ("task_16" in inside)
            sold = 100.0 * future + sum(WORTH[task] for task in inside)
            costs = {
                "public_cost": province + cities,
                "public_cost_gross": province + cities + 1.0,
                "public_cost_province": province,
                "public_cost_cities": cities,
            }
            found[name, future] = np.array([sold, *(costs.get(one, 0.0) for one in COSTS)])
    if failed is not None:
        del found[failed]
    return Figures(quantities, found)


def test_items_are_ranked_by_what_they_add_alone_and_again_in_the_plan(few: Scenario) -> None:
    table = ranking_table(_figures(few), FUTURES, few, ["task"])
    assert tuple(table.columns) == COLUMNS
    sold = table[table["id"] == "contract_value_output"]
    for _, rows in sold.groupby("way"):
        assert rows["item"].tolist() == ["task_14", "task_15", "task_16"]
        assert rows["rank"].tolist() == [1, 2, 3]
        assert rows["mean"].tolist() == [5.0, 2.0, -1.0], "taken from the plan, it is what the plan loses"
        assert rows["verdict"].tolist() == ["more", "more", "less"]
        assert rows["first_three"].tolist() == [1.0, 1.0, 0.0], "who takes away is among the first of nobody"


def test_costs_come_from_the_same_pairs_with_payer_and_yuan_per_unit(few: Scenario) -> None:
    table = ranking_table(_figures(few), FUTURES, few, ["task"])
    rows: Any = table[(table["id"] == "contract_value_output") & (table["way"] == "alone")]
    rows = rows.set_index("item")
    assert rows["net_cost_mean"].to_dict() == {"task_14": 0.0, "task_15": 8.0, "task_16": 3.0}
    assert rows["payer"].to_dict() == {"task_14": "nobody", "task_15": "province", "task_16": "cities"}
    assert rows.loc["task_15", "yuan_per_unit"] == 4.0 and rows.loc["task_14", "yuan_per_unit"] == 0.0
    assert np.isnan(rows.loc["task_16", "yuan_per_unit"]), "what takes away has no price"
    assert rows["evidence"].to_dict() == {task: evidence_of(task) for task in WORTH}
    assert (rows["comparisons"] == 6).all()
    assert rows["by_luck"].iloc[0] == pytest.approx(6 * visible_by_luck(FUTURES))


def test_a_failed_run_costs_its_own_item_one_future(few: Scenario) -> None:
    table = ranking_table(_figures(few, failed=("task_15", 4)), FUTURES, few, ["task"])
    alone = table[(table["way"] == "alone") & (table["id"] == "contract_value_output")].set_index("item")
    assert alone["pairs"].to_dict() == {"task_14": FUTURES, "task_15": FUTURES - 1, "task_16": FUTURES}
    with pytest.raises(RunError, match="task_14 has 1 of 1 futures"):
        ranking_table(_figures(few), 1, few, ["task"])


def test_the_first_three_of_five() -> None:
    effects = np.array([[5.0, 4.0, 3.0, 2.0, 0.0], [1.0, 0.0, 0.0, 0.0, -1.0], [1.0, 2.0, 3.0, 4.0, 5.0]])
    assert chance_among_first(effects).tolist() == pytest.approx([2 / 3, 1 / 3, 2 / 3, 1 / 3, 1 / 3])
    assert np.isnan(chance_among_first(np.zeros((0, 2)))).all()


def test_luck_is_the_two_tails_of_a_fair_coin() -> None:
    assert visible_by_luck(10) == pytest.approx(2 * (10 + 1) / 2**10)
    assert visible_by_luck(11) == pytest.approx(2 * (11 + 1) / 2**11), "ten of eleven are nine of ten"
    assert visible_by_luck(9) == 0.0, "so few are never called visible"


def test_evidence_of_a_lever_leaves_out_the_other_levers_of_its_task() -> None:
    items = items_of(load("action_plan"), "lever")
    for lever in (lever_catalogue()["fund_size"], lever_catalogue()["voucher_budget"]):
        assert items[lever.id] == (lever,)
        alone = evidence_of(lever.selector, [lever])
        assert set(alone) <= set(evidence_of(lever.selector))
        assert ("A" if lever.kind in ("plan", "statistic") else "D") in alone
