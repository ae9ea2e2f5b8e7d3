"""Results: who discloses, what a delay is, when a result is looked for, listed, used and forgotten."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import result
from shaanxi_transfer.agents.goods import (
    EXPIRED,
    FAILED,
    IDLE,
    INDUSTRIALISED,
    NO_ZONE,
    SOLD,
    ZONE_ELSEWHERE,
    ZONE_OF_CAPITAL,
)
from shaanxi_transfer.engine.books import SECTOR, SECTORS

UNIVERSITY, MILITARY = SECTOR["university"], SECTOR["military_unit"]


def test_the_chance_of_a_year_holds_for_steps_of_any_length(small: Any) -> None:
    assert result.within_step(1.0 - 0.9**4, small.now) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("columns", "share", "after"),
    [
        ({"classified": True, "born": 2010.0}, 0.0, {"classified": False}),
        ({"classified": True, "born": 2010.1}, 0.0, {"classified": True}),
        ({"resistance": 0.5}, 0.5, {"disclosed": True}),
        ({"resistance": 0.5}, 0.49, {"disclosed": False}),
        ({"resistance": 0.5, "disclosed": True}, 0.1, {"disclosed": True}),
        ({"needs_pilot": True}, 0.5, {"piloted": True}),
        ({"needs_pilot": True, "resistance": 0.9}, 0.5, {"piloted": False}),
        ({}, 0.5, {"piloted": False}),
    ],
)
def test_a_result_is_prepared_as_far_as_it_goes(
    small: Any, columns: dict[str, Any], share: float, after: dict[str, bool]
) -> None:
    parameters = small.set("results", declassification_years=5.0)
    one = small.add(small.results, **columns)
    result.prepare(one, share, 1.0, parameters, small.now, small.seed)
    assert {name: bool(getattr(one, name)) for name in after} == after


ALIKE = {
    "pilot_success": 1.0, "no_pilot_success": 0.0, "worth_tail_index": 0.0, "ripe_share_before": 0.5,
    "pilot_haste": 0.0,
}  # fmt: skip
"""Ripe and unripe results are taken alike, whatever becomes of them."""

MIXED = {
    "pilot_success": 0.8,
    "no_pilot_success": 0.2,
    "worth_tail_index": 1.0,
    "ripe_share_before": 1.0 / 3.0,
}
"""A third is ripe and succeeds four times as often; so often it is taken, too."""


def test_what_is_usual_is_a_mix_of_ripe_and_unripe(small: Any) -> None:
    assert result.usual_demand(small.set("results", **MIXED)) == pytest.approx((0.4, 0.6))
    # Where ripeness does not decide, the mean success is that of all.
    assert result.usual_demand(small.set("results", **{**MIXED, "worth_tail_index": 0.0})) == pytest.approx(
        (1.0, 0.4)
    )


# Of the disclosed, half of 0.4 of all, five times the chance of all: 2 and 1/2 times as much by ripeness.
@pytest.mark.parametrize(
    ("columns", "times"),
    [({"needs_pilot": True}, 2.5), ({}, 10.0), ({"needs_pilot": True, "piloted": True}, 10.0)],
)
def test_a_ripe_result_is_taken_more_often(small: Any, columns: dict[str, Any], times: float) -> None:
    parameters = small.set("results", disclosure_before=0.4, **MIXED)
    one = small.add(small.results, disclosed=True, offered=2015.0, **columns)
    worth = small.draw(result.WORTH_WHILE, one.key, step=0)
    for side in (-1, 1):
        result.look_for_buyer(one, worth / times * (1 + side * 1e-9), parameters, small.now, small.seed)
        # An unripe one that is passed over narrowly would be taken after a test.
        assert (one.seeking, one.if_tested) == (side > 0, side < 0 and times == 2.5)


@pytest.mark.parametrize(("side", "asked_for"), [(-1, False), (1, True)])
def test_a_test_is_asked_for_where_it_decides(small: Any, side: int, asked_for: bool) -> None:
    parameters = small.set("results", disclosure_before=0.4, **MIXED)
    one = small.add(small.results, disclosed=True, offered=2015.0, needs_pilot=True)
    worth = small.draw(result.WORTH_WHILE, one.key, step=0)
    result.look_for_buyer(one, worth / 10.0 * (1 + side * 1e-9), parameters, small.now, small.seed)
    assert (one.seeking, one.if_tested) == (False, asked_for)


def test_a_pilot_shortens_the_wait_and_brings_back_who_asked_for_it(small: Any) -> None:
    parameters = small.set("results", pilot_haste=0.25)
    never = result.NO_DATE
    for columns in (
        {"offered": 2019.0}, {"offered": 2014.0}, {"offered": never}, {"offered": never, "if_tested": True},
        {"offered": never, "if_tested": True, "state": SOLD},
    ):  # fmt: skip
        result.finish_pilot(small.add(small.results, needs_pilot=True, **columns), parameters, small.now)
    rows = small.results.rows
    assert rows["piloted"].all()
    assert rows["offered"].tolist() == [2018.0, 2014.0, never, never, never]
    assert rows["seeking"].tolist() == [False, False, False, True, False]


@pytest.mark.parametrize(("side", "done"), [(-1, False), (1, True)])
def test_pilots_search_and_listing_are_drawn(small: Any, side: int, done: bool) -> None:
    parameters = small.set("results", declassification_years=5.0, disclosure_before=0.4, **ALIKE)
    one = small.add(small.results, disclosed=True, needs_pilot=True, offered=2014.0)
    chance = small.draw(result.PILOT, one.key) * (1 + side * 1e-9)
    result.prepare(one, 0.0, chance, parameters, small.now, small.seed)
    assert one.piloted == done
    one.piloted = True
    result.prepare(one, 0.0, 0.0, parameters, small.now, small.seed)
    assert one.piloted, "a test made is made"
    # Of the disclosed, half of 0.4 of all, the share that is sold is five times as large.
    worth = small.draw(result.WORTH_WHILE, one.key, step=0) / 5.0 * (1 + side * 1e-9)
    result.look_for_buyer(one, worth, parameters, small.now, small.seed)
    assert one.seeking == done and one.offered == result.NO_DATE
    one.seeking = False
    cleared = small.draw(result.LISTING, one.key) * (1 + side * 1e-9)
    result.put_on_list(one, cleared, small.now, small.seed)
    assert one.listed and one.seeking == done


@pytest.mark.parametrize(
    ("columns", "chance"),
    [
        ({"needs_pilot": True}, 0.4),
        ({"needs_pilot": True, "piloted": True}, 0.8),
        ({}, 0.8),
    ],
)
def test_success_hangs_on_the_pilot(small: Any, columns: dict[str, Any], chance: float) -> None:
    one = small.add(small.results, state=SOLD, outcome=2015.0, **columns)
    u = small.draw(result.OUTCOME, one.key, step=0)
    for state, shift in ((INDUSTRIALISED, 1e-9), (FAILED, -1e-9)):
        # Moves all chances so that the one at hand lies just beside the draw: failures scaled alike.
        scale = (1.0 - u - shift) / (1.0 - chance)
        parameters = small.set("results", no_pilot_success=1.0 - 0.6 * scale, pilot_success=1.0 - 0.2 * scale)
        result.show_outcome(one, parameters, small.seed)
        assert one.state == state and one.outcome == 0.0


def test_each_licensee_succeeds_or_fails_anew_and_the_result_stays_on_offer(small: Any) -> None:
    one = small.add(small.results, state=IDLE)
    succeeded = 0
    for licences in range(1, 20):
        one.licences, one.outcome = licences, 2015.0
        worked = small.draw(result.OUTCOME, one.key, step=licences) < 0.8
        assert result.show_outcome(one, small.set("results", pilot_success=0.8), small.seed) == worked
        succeeded += worked
        assert (one.state, one.licensees, one.outcome) == (IDLE, succeeded, 0.0)
    assert 0 < succeeded < 19


@pytest.mark.parametrize(
    ("columns", "reached"),
    [
        ({"zone": ZONE_OF_CAPITAL, "needs_pilot": True}, "capital"),
        ({"zone": ZONE_ELSEWHERE, "needs_pilot": True}, "elsewhere"),
        ({"zone": NO_ZONE, "needs_pilot": True}, None),
        ({"zone": ZONE_ELSEWHERE}, None),
    ],
)
def test_a_base_tests_what_its_zone_bought_and_what_needs_it(
    small: Any, columns: dict[str, Any], reached: str | None
) -> None:
    one = small.add(small.results, **columns)
    u = small.draw(result.BASE, one.key, step=0)
    for side in (-1, 1):
        chances = {"base_pilots_capital": 0.0, "base_pilots_elsewhere": 0.0}
        if reached is not None:
            chances[f"base_pilots_{reached}"] = u * (1 + side * 1e-9)
        else:
            chances = dict.fromkeys(chances, 1.0)
        result.pilot_in_base(one, 0.0, small.set("results", **chances), small.seed)
        assert one.piloted == (side > 0 and reached is not None)
        one.piloted = False
        small.set("results", base_pilots_capital=0.0, base_pilots_elsewhere=0.0)
        result.pilot_in_base(one, u * (1 + side * 1e-9), small.terms.results, small.seed)
        assert one.piloted == (side > 0 and reached is not None)


def develop(
    small: Any, share: float = 0.5, chance: float = 1.0, listing: float = 1.0
) -> tuple[int, list[tuple[int, bool]]]:
    parameters = small.set(
        "results", pilot_probability=0.0, listing_clear_probability=1.0, listing_worth_share=1.0,
        result_life_years=10.0, declassification_years=99.0, disclosure_before=1e-9,
        base_pilots_capital=0.0, base_pilots_elsewhere=0.0, **ALIKE,
    )  # fmt: skip
    outcomes, worked = np.full(len(small.results), -1), np.zeros(len(small.results), np.bool_)
    seeking, shown = result.develop(
        small.results.rows, np.full((3, 2), share), np.full(len(SECTORS), chance), listing,
        np.zeros(len(small.results)), parameters, small.now, small.seed, outcomes, worked,
    )  # fmt: skip
    return seeking, list(zip(outcomes[:shown].tolist(), worked[:shown].tolist(), strict=True))


@pytest.mark.parametrize(
    ("columns", "listed"),
    [
        ({"born": 2013.0}, True),
        ({"born": 2013.01}, False),
        ({"born": 2013.0, "resistance": 0.6}, False),
        ({"born": 2013.0, "classified": True}, False),
        ({"born": 2013.0, "seeking": True}, False),
        ({"born": 2013.0, "state": SOLD}, False),
        ({"born": 2013.0, "offered": 2015.0}, False),
        ({"born": 2013.0, "offered": 2015.1}, True),
    ],
)
def test_a_result_is_listed_after_two_idle_years(small: Any, columns: dict[str, Any], listed: bool) -> None:
    one = small.add(small.results, **{"offered": result.NO_DATE, **columns})
    develop(small, listing=0.0)
    assert not one.listed
    one.seeking, one.offered = columns.get("seeking", False), columns.get("offered", result.NO_DATE)
    develop(small)
    assert one.listed == listed


@pytest.mark.parametrize(
    ("columns", "seeking"),
    [
        ({"offered": 2015.0}, 1),
        ({"offered": 2015.01}, 0),
        ({"offered": 2015.0, "classified": True}, 0),
        ({"offered": 2015.0, "resistance": 0.6}, 0),
        ({"offered": 2015.0, "born": 2005.0}, 0),
        ({"offered": 2015.0, "state": SOLD}, 0),
        ({"offered": 9999.0, "seeking": True}, 1),
    ],
)
def test_a_disclosed_result_looks_for_a_buyer_when_its_time_comes(
    small: Any, columns: dict[str, Any], seeking: int
) -> None:
    small.add(small.results, **{"born": 2014.0, **columns})
    assert develop(small)[0] == seeking


@pytest.mark.parametrize(("born", "state"), [(2005.0, EXPIRED), (2005.01, IDLE)])
def test_an_idle_result_ends_with_its_life(small: Any, born: float, state: int) -> None:
    one = small.add(small.results, born=born, offered=9999.0)
    develop(small)
    assert one.state == state


@pytest.mark.parametrize(
    ("columns", "state", "shown"),
    [
        ({"outcome": 2015.0, "buyer_key": 5}, INDUSTRIALISED, [(0, True)]),
        ({"outcome": 2015.0}, INDUSTRIALISED, [(0, True)]),
        ({"outcome": 2015.1, "buyer_key": 5}, SOLD, []),
        ({"outcome": 0.0, "buyer_key": 5}, SOLD, []),
        ({"outcome": 2015.0, "buyer_key": 5, "needs_pilot": True}, FAILED, [(0, False)]),
    ],
)
def test_outcomes_show_on_their_date_and_are_told(
    small: Any, columns: dict[str, Any], state: int, shown: list[tuple[int, bool]]
) -> None:
    one = small.add(small.results, state=SOLD, **columns)
    assert develop(small)[1] == shown and one.state == state


def test_chances_of_the_year_are_those_of_the_step_for_pilots_and_lists(small: Any) -> None:
    for side in (-1, 1):
        small.results.close(0)
        piloted = small.add(
            small.results, key=1, disclosed=True, needs_pilot=True, offered=9999.0, born=2014.0
        )
        listed = small.add(small.results, key=2, disclosed=True, offered=9999.0, born=2012.0)
        develop(small)
        assert listed.seeking and not piloted.piloted
        pilot, clear = small.draw(result.PILOT, 1), small.draw(result.LISTING, 2)
        parameters = small.set(
            "results",
            pilot_probability=1.0 - (1.0 - pilot * (1 + side * 1e-9)) ** 4,
            listing_clear_probability=2.0 * (1.0 - (1.0 - clear * (1 + side * 1e-9)) ** 4),
            listing_worth_share=0.5,
        )
        listed.seeking = False
        result.develop(
            small.results.rows, np.zeros((3, 1)), np.zeros(len(SECTORS)), 1.0, np.zeros(2), parameters,
            small.now, small.seed, np.zeros(2, np.int64), np.zeros(2, np.bool_),
        )  # fmt: skip
        assert (bool(piloted.piloted), bool(listed.seeking)) == (side > 0, side > 0)


def test_owners_of_each_kind_follow_their_own_share_and_chance(small: Any) -> None:
    small.add(small.results, owner_sector=UNIVERSITY, resistance=0.5, born=2014.0)
    small.add(small.results, owner_sector=MILITARY, resistance=0.5, born=2014.0)
    develop(small, share=0.0)
    share, chance = np.zeros((3, 1)), np.zeros(len(SECTORS))
    share[UNIVERSITY] = chance[UNIVERSITY] = 0.5
    rows = small.results.rows
    result.develop(
        rows, share, chance, 0.0, np.zeros(2), small.terms.results, small.now, small.seed,
        np.zeros(2, np.int64), np.zeros(2, np.bool_),
    )  # fmt: skip
    assert rows["disclosed"].tolist() == [True, False] == rows["seeking"].tolist()


def test_owners_of_one_kind_may_differ_in_their_share(small: Any) -> None:
    for row in (0, 1):
        small.add(small.results, owner_sector=MILITARY, owner_row=row, resistance=0.5, born=2014.0)
    develop(small, share=0.0)
    share = np.array([[0.9, 0.9], [0.9, 0.9], [0.4, 0.6]])
    result.develop(
        small.results.rows, share, np.zeros(len(SECTORS)), 0.0, np.zeros(2), small.terms.results, small.now,
        small.seed, np.zeros(2, np.int64), np.zeros(2, np.bool_),
    )  # fmt: skip
    assert small.results.rows["disclosed"].tolist() == [False, True]


def test_what_is_old_and_waits_for_nothing_is_forgotten(small: Any) -> None:
    parameters = small.set("results", result_life_years=10.0)
    for columns in ({"born": 2005.01}, {"born": 2005.0}, {"born": 2000.0, "outcome": 2016.0}):
        small.add(small.results, **columns)
    staying = np.zeros(3, dtype=np.bool_)
    result.mark_remembered(small.results.rows, parameters, small.now, staying)
    assert staying.tolist() == [True, False, True]
