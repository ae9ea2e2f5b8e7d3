"""Levers for single units: none for nobody, the lever itself for all, and only those who are meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.model import Cities, Keys, Lot, Order, Record, Watch, run
from shaanxi_transfer.model.orders import ORDERED
from shaanxi_transfer.scenarios import Scenario, load

LEVELS = {
    "transfer_posts": 100.0,
    "base_coverage": 1.0,
    "firms_cultivated": 400.0,
    "firm_research_platforms": 80.0,
    "fast_growers_supported": 100.0,
    "contest_prizes": 2e7,
    "founders_mentored": 500.0,
}
SINCE = "2011-Q1"
BASE = load("no_plan").set(
    plan_start="2010-Q2",
    end="2011-Q4",
    technology_firms_2017=8_500.0,
    training_seats={"2010-Q2": 400.0},
    **dict.fromkeys(LEVELS, 0.0),
)


def record(scenario: Scenario = BASE, *orders: Order, watch: Watch | None = None) -> Record:
    return run(scenario, seed=3, scale=1.0, orders=orders, watch=watch)


@pytest.fixture(scope="module")
def nothing() -> Record:
    return record()


def test_every_lever_that_can_be_ordered_is_tried() -> None:
    assert set(LEVELS) == set(ORDERED)


@pytest.mark.slow
@pytest.mark.parametrize("lever", ORDERED)
def test_for_all_it_is_the_lever_and_for_nobody_nothing(
    lever: str, nothing: Record, same_record: Callable[[Record, Record], None]
) -> None:
    """To the bit, but for what it costs to run a programme, which a scenario pays and an order does not."""
    level = LEVELS[lever]
    same_record(nothing, record(BASE, Order(lever, level, Keys(()), SINCE)))
    everywhere = record(BASE, Order(lever, level, Lot(1.0), SINCE))
    by_scenario = record(BASE.set(**{lever: {SINCE: level}}))
    assert (everywhere.values != nothing.values).any()
    differ = (everywhere.values != by_scenario.values).any(axis=0)
    assert all(
        name.startswith("public_cost") for name, does in zip(nothing.indicators, differ, strict=True) if does
    )


def test_an_order_ends_when_it_says(nothing: Record) -> None:
    short = record(BASE, Order("contest_prizes", 2e7, Lot(1.0), "2011-Q2", until="2011-Q3"))
    paid = short.series("public_cost_task_25") - nothing.series("public_cost_task_25")
    assert (paid > 0).tolist() == [False] * 5 + [True] + [False] * 2


@pytest.mark.slow
def test_posts_go_to_the_universities_that_are_meant() -> None:
    """Those that nobody is meant to go to have no more people than without the order."""

    def staff(*orders: Order) -> pd.Series:
        owners = record(BASE, *orders, watch=Watch(units=("owner",), programmes=())).tables["owner"]
        at_end = (owners["year"] == 2011) & (owners["quarter"] == 4) & (owners["kind"] == "university")
        found: pd.Series = owners[at_end].set_index("key")["staff"]
        return found

    usual, half = staff(), staff(Order("transfer_posts", 200.0, Lot(0.5), SINCE))
    more = usual.index[(half > usual).to_numpy()]
    assert 0.2 < len(more) / len(usual) < 0.6
    few = staff(Order("transfer_posts", 200.0, Keys(tuple(more[:3].tolist())), SINCE))
    assert set(usual.index[(few > usual).to_numpy()]) <= set(more[:3])
    assert few.sum() > usual.sum()


@pytest.mark.slow
def test_prizes_go_to_firms_of_the_cities_that_are_meant() -> None:
    city = "xi'an" if "xi'an" in BASE.pack().cities["city"].tolist() else BASE.pack().cities["city"].iloc[1]
    order = Order("contest_prizes", 2e7, Cities((city,)), SINCE, until="2011-Q2")
    tables = record(BASE, order, watch=Watch(units=("firm",), programmes=("contests",))).tables
    call, firms = tables["call"], tables["firm"].drop_duplicates("key").set_index("key")
    applicants = firms["city"].reindex(call["applicant"])
    assert call["won"].any()
    assert set(applicants.dropna()) == {city}


def test_a_lot_is_kept_and_fair() -> None:
    from shaanxi_transfer.model.ecosystem import Ecosystem

    shares = []
    for seed in range(1, 41):
        order = Order("contest_prizes", 2e7, Lot(0.3), SINCE)
        ecosystem = Ecosystem(BASE, seed=seed, scale=1.0, orders=[order])
        province = ecosystem.province
        rows = province.producers["research_institute"].rows
        (_, group), *rest = province.orders.of("contest_prizes", 4, rows)  # type: ignore[union-attr]
        assert not rest
        assert province.orders.of("contest_prizes", 3, rows) == []  # type: ignore[union-attr]
        (_, again) = province.orders.of("contest_prizes", 6, rows[5:])[0]  # type: ignore[union-attr]
        assert np.array_equal(group[5:], again)
        shares.append(group.mean())
    assert np.mean(shares) == pytest.approx(0.3, abs=0.02)


_REFUSED: dict[str, tuple[Any, str]] = {
    "no such lever": (
        Order("contest_prize", 1.0, Lot(1.0), SINCE),
        r"orders\.0\.lever.*did you mean contest_prizes",
    ),
    "not for single units": (Order("fund_size", 1.0, Lot(1.0), SINCE), "cannot be ordered for single units"),
    "below zero": (Order("contest_prizes", -1.0, Lot(1.0), SINCE), r"orders\.0\.level.*0 or more"),
    "no number": (Order("contest_prizes", float("nan"), Lot(1.0), SINCE), "a level of nan"),
    "no such university": (Order("transfer_posts", 9.0, Keys((5,)), SINCE), "5 is the key of no university"),
    "no such city": (Order("contest_prizes", 1.0, Cities(("Baoij",)), SINCE), r"there is no city 'Baoij'"),
    "a lot over nobody": (Order("contest_prizes", 1.0, Lot(0.0), SINCE), "above 0, at most 1"),
    "outside the run": (
        Order("contest_prizes", 1.0, Lot(1.0), "2012-Q1"),
        r"orders\.0\.since.*2010-Q1 to 2011-Q4",
    ),
    "backwards": (Order("contest_prizes", 1.0, Lot(1.0), SINCE, until=SINCE), "is not after 2011-Q1"),
}


@pytest.mark.parametrize("case", _REFUSED)
def test_an_order_that_cannot_be_is_refused_before_the_first_step(case: str) -> None:
    order, said = _REFUSED[case]
    with pytest.raises(InputError, match=said):
        record(BASE, order)


def test_below_scale_one_and_beyond_what_was_observed_nothing_is_ordered() -> None:
    order = Order("contest_prizes", 1.0, Lot(1.0), SINCE)
    with pytest.raises(InputError, match=r"at scale 0\.1 a row stands for several firms"):
        run(BASE, seed=1, scale=0.1, orders=[order])
    with pytest.raises(InputError, match="2017-Q4 at the latest"):
        run(BASE.set(end="2018-Q1"), seed=1, scale=1.0, orders=[order])
