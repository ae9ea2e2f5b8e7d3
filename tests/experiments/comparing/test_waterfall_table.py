"""What levers add: known games, parts that sum to the whole, futures that are not whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from shaanxi_transfer.experiments.comparing.lever_steps import ORDERS, LeverSteps, levers_between
from shaanxi_transfer.experiments.comparing.waterfall_table import ALL, COLUMNS, waterfall_table
from shaanxi_transfer.experiments.planning.definitions import Definitions
from shaanxi_transfer.scenarios import load

Game = Callable[[frozenset[str], int], float]
SEATS, POSTS, RETENTION = "training_seats", "transfer_posts", "practising_retention"


@pytest.fixture(scope="module")
def way() -> LeverSteps:
    base, end = load("no_plan"), load("only_task_15")
    return LeverSteps(base, end, levers_between(base, end), 1, 12)


def definitions(fake: Any) -> Definitions:
    return Definitions(
        {name: fake.Indicator("yuan", "flow") for name in ("sales", "public_cost", "public_cost_gross")},
        {"sold": fake.Target("sales", 9.0, "yuan", 2020, "flow_of_year", {"all": "sales"})},
    )


def rows_of(way: LeverSteps, game: Game, left_out: tuple[str, int] | None = None) -> pd.DataFrame:
    """Quarters of 2019 and 2020 of all runs; sales are of 2020, costs are the same in both years."""
    rows = []
    for future in range(way.runs):
        worlds: dict[str, frozenset[str]] = {}
        for order in ORDERS:
            for step, name in enumerate(way.way(order, future)):
                worlds[name] = frozenset(way.order(order, future)[:step])
        for name, moved in worlds.items():
            if (name, future) == left_out:
                continue
            value = game(moved, future)
            for year in (2019, 2020):
                for quarter in (1, 2, 3, 4):
                    for indicator in ("sales", "public_cost", "public_cost_gross"):
                        rows.append(
                            (f"{name}-{future}", name, future, 1, year, quarter, indicator, value / 4)
                        )
    columns = ["run_id", "scenario", "future", "seed", "year", "quarter", "indicator", "value"]
    return pd.DataFrame(rows, columns=columns)


def additive(moved: frozenset[str], future: int) -> float:
    return 100.0 + future + 8.0 * (SEATS in moved) - 4.0 * (POSTS in moved)


def together(moved: frozenset[str], future: int) -> float:
    """Seats and posts are worth something together only."""
    return 100.0 + 8.0 * ({SEATS, POSTS} <= moved)


def by_lever(table: pd.DataFrame, order: str, column: str, name: str = "sold") -> dict[str, Any]:
    mine = table[(table["order"] == order) & (table["id"] == name)]
    return dict(zip(mine["lever"], mine[column], strict=True))


@pytest.mark.parametrize("order", ORDERS)
def test_what_adds_up_is_found_in_either_order(way: LeverSteps, fake: Any, order: str) -> None:
    table = waterfall_table([rows_of(way, additive)], way, definitions(fake), "shaanxi")
    assert tuple(table.columns) == COLUMNS
    assert by_lever(table, order, "mean") == {SEATS: 8.0, POSTS: -4.0, RETENTION: 0.0, ALL: 4.0}
    assert by_lever(table, order, "verdict") == {
        SEATS: "more",
        POSTS: "less",
        RETENTION: "identical",
        ALL: "more",
    }
    cost = by_lever(table, order, "mean", "public_cost")
    assert cost == {SEATS: 16.0, POSTS: -8.0, RETENTION: 0.0, ALL: 8.0}, "of both years together"
    assert set(table["task"]) == {"task_15", ALL} and (table["pairs"] == 12).all()


def test_what_works_together_only_goes_to_the_later_and_to_both_halves_over_orders(
    way: LeverSteps, fake: Any
) -> None:
    table = waterfall_table([rows_of(way, together)], way, definitions(fake), "shaanxi")
    assert by_lever(table, "plan", "mean") == {SEATS: 0.0, POSTS: 8.0, RETENTION: 0.0, ALL: 8.0}
    # each order and its reverse: exactly half, which is its Shapley value
    assert by_lever(table, "sampled", "mean") == {SEATS: 4.0, POSTS: 4.0, RETENTION: 0.0, ALL: 8.0}


@pytest.mark.parametrize("game", [additive, together])
@pytest.mark.parametrize("order", ORDERS)
def test_the_way_begins_at_the_base_and_ends_where_it_should(
    way: LeverSteps, fake: Any, game: Game, order: str
) -> None:
    table = waterfall_table([rows_of(way, game)], way, definitions(fake), "shaanxi")
    begin, end = by_lever(table, order, "begin"), by_lever(table, order, "end")
    means = {
        moved: sum(game(moved, future) for future in range(12)) / 12
        for moved in (frozenset[str](), frozenset(way.levers))
    }
    assert begin[SEATS] == begin[ALL] == means[frozenset()]
    assert end[RETENTION] == end[ALL] == means[frozenset(way.levers)]
    assert [end[SEATS], end[POSTS]] == [begin[POSTS], begin[RETENTION]]


def test_a_future_that_is_not_whole_counts_for_nothing(way: LeverSteps, fake: Any) -> None:
    rows = rows_of(way, additive, left_out=("plan-002", 5))
    half = len(rows) // 2 // 24 * 24
    table = waterfall_table([rows[:half], rows[half:]], way, definitions(fake), "shaanxi")
    assert (table["pairs"] == 11).all()
    none = waterfall_table([], way, definitions(fake), "shaanxi")
    assert none.empty and tuple(none.columns) == COLUMNS
