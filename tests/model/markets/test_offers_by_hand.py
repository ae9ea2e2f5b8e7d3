"""Offers of results: who is met, at what price, who becomes a firm, and what a success brings."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import licensing
from shaanxi_transfer.agents.goods import (
    CONSULTING,
    IDLE,
    NO_ZONE,
    PROPOSED,
    REFUSED,
    RESULT_OFFER,
    SIGNED,
    SOLD,
    TRANSFER,
    ZONE_ELSEWHERE,
    ZONE_OF_CAPITAL,
)  # fmt: skip
from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.books import SECTOR
from shaanxi_transfer.model.markets import contracting, offers

FIRM, OUTSIDE, UNIVERSITY = SECTOR["enterprise"], SECTOR["outside"], SECTOR["university"]
MILITARY, HOUSEHOLDS = SECTOR["military_unit"], SECTOR["households"]


def test_open_needs_for_a_transfer_are_sorted_by_field(small: Any) -> None:
    for kind, wanted, field in (
        (TRANSFER, 1, 1),
        (CONSULTING, 1, 0),
        (TRANSFER, 0, 0),
        (TRANSFER, 2, 0),
        (TRANSFER, 1, 1),
    ):
        small.add(small.needs, type=kind, open=wanted, field=field)
    order, first = np.full(5, 9), np.full(4, 9)
    offers.list_transfer_needs(small.needs.rows, 3, order, first)
    assert order[:3].tolist() == [3, 0, 4] and first.tolist() == [0, 1, 3, 3]


def test_results_are_chosen_by_lot_among_those_who_wait(small: Any) -> None:
    for columns in ({}, {"owner_sector": UNIVERSITY}, {"seeking": False}, {"state": SOLD}, {}, {}):
        small.add(small.results, **{"owner_sector": MILITARY, "seeking": True, **columns})
    lots = {row: small.draw(offers.OFFER, small.results.rows["key"][row]) for row in (0, 4, 5)}
    queue = sorted(lots, key=lots.__getitem__)
    for wanted in (2, 5):
        chosen = np.full(wanted, -1)
        found = offers.choose_results(
            small.results.rows, MILITARY, offers.OFFER, small.now, small.seed, chosen
        )
        assert found == min(3, wanted) and chosen[:found].tolist() == queue[:found]


@pytest.mark.parametrize(
    ("visible", "shift", "known"),
    [(True, 0.0, True), (False, 0.0, False), (False, 1e-9, True), (False, -1e-9, False)],
)
def test_a_result_is_known_if_registered_or_in_a_pool(
    small: Any, visible: bool, shift: float, known: bool
) -> None:
    one = small.add(small.results, visible=visible)
    share = small.draw(offers.POOL, one.key, step=0) * (1 + shift) if shift else 0.0
    parameters = small.set("results", pool_share=share)
    assert offers.is_known(one, parameters, small.seed) == known


def offer(small: Any, listed_share: float = 0.0, **numbers: float) -> Any:
    """Let results look for a buyer: at 1000 yuan, or by the luck of a fair, each inventor for 0.3 of it."""
    parameters = small.set(
        "results",
        **{
            "transfer_outside_hazard": 0.0,
            "transfer_ln_sd": 0.0,
            "pool_share": 0.0,
            "first_contact": 1e9,
            "pilot_success": 1.0,
            "no_pilot_success": 0.25,
            "ripe_share_before": 1.0,
            "worth_tail_index": 1.0,
            "contract_value_cap": 1e12,
            "nonexclusive_share": 0.0,
            "nonexclusive_price_ratio": 0.2,
            **numbers,
        },
    )
    order, first = np.zeros(len(small.needs), np.int64), np.zeros(3, np.int64)
    offers.list_transfer_needs(small.needs.rows, 2, order, first)
    small.contracts.close(0)
    small.contracts.reserve(8)
    count = offers.offer_results(
        small.results.rows,
        small.needs.rows,
        small.enterprises.rows,
        order,
        first,
        1000.0,
        np.array([[0.9, 0.9, 0.9], [0.9, 0.9, 0.9], [0.9, 0.9, 0.3]]),
        listed_share,
        parameters,
        small.now,
        small.seed,
        small.contracts.storage,
        0,
    )
    small.contracts.close(count)
    return small.contracts.rows


@pytest.fixture
def fair(small: Any) -> Any:
    """A visible result of field 1 and a firm with research that wants one for 99 thousand at most."""
    small.firm(research_user=True, city=1)
    small.add(small.results, seeking=True, visible=True, field=1, owner_sector=MILITARY, owner_row=2, city=1)
    small.add(small.needs, type=TRANSFER, open=1, field=1, buyer_sector=FIRM, budget=99_000, city=1, ease=2.0)
    return small


def test_a_result_meets_a_need_of_its_field(fair: Any) -> None:
    (one,) = offer(fair)
    assert (one.buyer_sector, one.buyer_row, one.need, one.buyer_city, one.value) == (FIRM, 0, 0, 1, 1001)
    assert (one.seller_sector, one.seller_row, one.seller_city, one.result) == (MILITARY, 2, 1, 0)
    assert (one.type, one.channel, one.state, one.inventor_part) == (TRANSFER, RESULT_OFFER, PROPOSED, 300)
    assert one.key == luck.child_key(fair.results.rows["key"][0], offers.OFFER, fair.step, 0)
    fair.needs.rows["budget"] = 500
    (one,) = offer(fair)
    assert (one.value, one.inventor_part) == (500, 150)


@pytest.mark.parametrize(
    "spoil",
    [("results", "visible", False), ("results", "field", 0), ("enterprises", "research_user", False),
     ("needs", "open", 0), ("results", "seeking", False), ("results", "state", SOLD)],
)  # fmt: skip
def test_what_keeps_a_result_from_buyers_here(fair: Any, spoil: tuple[str, str, int]) -> None:
    table, column, value = spoil
    getattr(fair, table).rows[column] = value
    assert len(offer(fair)) == 0
    beyond = offer(fair, transfer_outside_hazard=1e9)
    assert len(beyond) == (column not in ("seeking", "state"))
    assert (beyond["need"] == -1).all() and (beyond["buyer_sector"] == OUTSIDE).all()


def test_a_treasury_need_not_absorb_a_result(fair: Any) -> None:
    fair.enterprises.rows["research_user"] = False
    fair.needs.rows["buyer_sector"] = SECTOR["government"]
    assert len(offer(fair)) == 1


def test_contact_and_the_outside_are_drawn(fair: Any) -> None:
    key = fair.results.rows["key"][0]
    local, (leave, priority) = fair.draw(offers.OFFER, key), fair.two(offers.OFFER, key, fair.step, 1)
    # The buyer finds twice as fast as the average.
    assert len(offer(fair, first_contact=0.5 * fair.hazard(local) * (1 - 1e-9))) == 0
    first = 0.5 * fair.hazard(local) * (1 + 1e-9)
    assert offer(fair, first_contact=first)["priority"].tolist() == [priority]
    for side in (-1, 1):
        hazard = fair.hazard(leave) * (1 + side * 1e-6)
        assert len(offer(fair, first_contact=0.0, transfer_outside_hazard=hazard)) == (side > 0)


def test_the_need_is_chosen_by_the_luck_of_the_pair(fair: Any) -> None:
    for key in (77, 78, 79):
        fair.add(
            fair.needs, key=key, type=TRANSFER, open=1, field=1, buyer_sector=FIRM, budget=99_000, ease=1.0
        )
    pair = int(fair.seed) ^ int(fair.results.rows["key"][0])
    meetings = [
        luck.draw_uniform(pair, int(offers.MEETING), int(key), fair.step) for key in fair.needs.rows["key"]
    ]
    assert offer(fair)["need"].tolist() == [int(np.argmax(meetings))]


def test_prices_hang_on_worth_and_bargain_half_and_half_and_are_capped(fair: Any) -> None:
    fair.needs.rows["budget"] = 10**15
    one = fair.results.rows[0]
    one.quality = 0.7
    z = math.sqrt(0.5) * (0.7 + luck.normal_quantile(fair.draw(offers.PRICE, one.key, step=0)))
    assert offer(fair, transfer_ln_sd=1.5)["value"].tolist() == [int(1000 * math.exp(1.5 * z - 1.125)) + 1]
    assert offer(fair, contract_value_cap=700.9)["value"].tolist() == [701]


def test_a_buyer_pays_for_the_success_that_he_expects(fair: Any) -> None:
    one = fair.results.rows[0]
    one.needs_pilot = True
    # Of a third that is ripe two thirds of what is taken come: mean success 0.75.
    mix = {"ripe_share_before": 1.0 / 3.0}
    assert offer(fair, **mix)["value"].tolist() == [334]
    one.piloted = True
    assert offer(fair, **mix)["value"].tolist() == [1334]
    one.needs_pilot = one.piloted = False
    assert offer(fair, **mix)["value"].tolist() == [1334]


@pytest.mark.parametrize(("listed", "least", "part"), [(True, 0.5, 500), (True, 0.2, 300), (False, 0.5, 300)])
def test_inventors_of_a_listed_result_get_their_least_share(
    fair: Any, listed: bool, least: float, part: int
) -> None:
    fair.results.rows["listed"] = listed
    assert offer(fair, least)["inventor_part"].tolist() == [part]


def hand_over(small: Any, licensed: float = 0.0) -> tuple[int, int]:
    """Results handed over and licences granted, if owners license the share ``licensed`` of their results.

    -1 instead of the results if one was to be sold a second time.
    """
    parameters = small.set(
        "results", outcome_years=3.0, nonexclusive_share=licensed, nonexclusive_wait_years=2.0
    )
    handed = offers.hand_over(
        small.contracts.rows,
        small.results.rows,
        small.enterprises.rows,
        small.producers["university"].rows,
        small.producers["research_institute"].rows,
        small.producers["military_unit"].rows,
        0,
        parameters,
        small.now,
        small.seed,
    )
    assert handed.twice in (-1, UNIVERSITY) and (handed.ages == 2015.0 - small.results.rows["born"][0]).all()
    return (len(handed.ages) if handed.twice < 0 else -1), handed.licensed


@pytest.mark.parametrize(("city", "zone"), [(0, ZONE_OF_CAPITAL), (1, ZONE_ELSEWHERE)])
def test_a_result_is_used_in_the_zone_of_its_buyer(small: Any, city: int, zone: int) -> None:
    small.add(small.producers["university"])
    small.add(small.contracts, seller_sector=UNIVERSITY, result=0, state=SIGNED, buyer_sector=FIRM)
    one, firm = small.add(small.results), small.firm(city=city, members=10**6)
    u = small.draw(offers.ZONE, one.key, step=0)
    for inside, where in ((int(u * 10**6), NO_ZONE), (int(u * 10**6) + 1, zone)):
        firm.in_zone, one.state, one.outcome = inside, IDLE, 0.0
        assert hand_over(small) == (1, 0) and one.zone == where


def test_signed_results_go_to_their_buyers(small: Any) -> None:
    small.add(small.producers["university"])
    small.add(small.producers["military_unit"])
    firm = small.firm()
    for seller, row, state, buyer in (
        (UNIVERSITY, 0, SIGNED, FIRM), (UNIVERSITY, 1, REFUSED, FIRM), (MILITARY, 2, SIGNED, FIRM),
        (UNIVERSITY, 3, SIGNED, OUTSIDE), (UNIVERSITY, -1, SIGNED, FIRM),
    ):  # fmt: skip
        small.add(small.contracts, seller_sector=seller, result=row, state=state, buyer_sector=buyer)
    for _ in range(4):
        small.add(small.results)
    assert hand_over(small) == (3, 0)
    assert small.producers["university"].rows["transferred"][0] == 2
    assert small.producers["military_unit"].rows["transferred"][0] == 1
    rows = small.results.rows
    assert rows["state"].tolist() == [SOLD, IDLE, SOLD, SOLD] and rows["buyer_key"].tolist() == [
        firm.key,
        0,
        firm.key,
        0,
    ]
    waits = [-3.0 * math.log(small.draw(offers.AFTERWARDS, key, step=0)) for key in rows["key"][[0, 3]]]
    assert rows["outcome"][[0, 3]] == pytest.approx([2015.0 + wait for wait in waits])
    assert hand_over(small)[0] == -1, "nothing is sold twice"


@pytest.mark.parametrize(("licensed", "value"), [(True, 231), (False, 1154)])
def test_a_licence_costs_a_part_of_a_sale_and_the_mean_over_both_stays(
    fair: Any, licensed: bool, value: int
) -> None:
    key = fair.results.rows["key"][0]
    u = fair.draw(licensing.NON_EXCLUSIVE, key, step=0)
    share = 1.0 / 6.0  # 1000 / (5/6 + 1/6 x 0.2) = 1153.8 for a sale, a fifth of it for a licence
    fair.results.rows["licences"] = licensed
    assert u > share, "its owner would sell it"
    assert offer(fair, nonexclusive_share=share)["value"].tolist() == [value]
    for shift, chosen in ((1e-9, True), (-1e-9, False)):
        parameters = fair.set("results", nonexclusive_share=u * (1.0 + shift))
        fair.results.rows["licences"] = 0
        assert licensing.is_licensed(fair.results.rows[0], parameters, fair.seed) == chosen


def test_a_licensed_result_comes_back_when_it_has_shown_how_its_user_fares(small: Any) -> None:
    owner, firm = small.add(small.producers["university"]), small.firm()
    one = small.add(small.results, seeking=True)
    small.add(small.contracts, seller_sector=UNIVERSITY, result=0, state=SIGNED, buyer_sector=FIRM)
    assert hand_over(small, licensed=1.0) == (0, 1)
    shows = 2015.0 - 3.0 * math.log(small.draw(offers.AFTERWARDS, one.key, step=1))
    again = 2015.0 - 2.0 * math.log(small.draw(licensing.NEXT_LICENCE, one.key, step=1))
    assert (one.state, one.licences, one.seeking, one.buyer_key) == (IDLE, 1, False, firm.key)
    assert (one.outcome, one.offered) == pytest.approx((shows, max(shows, again)))
    one.seeking = True
    assert len(offer(small, nonexclusive_share=1.0)) == 0, "its user's fate is open"
    small.add(small.contracts, seller_sector=UNIVERSITY, result=0, state=SIGNED, buyer_sector=OUTSIDE)
    assert hand_over(small, licensed=1.0)[0] == -1
    one.outcome = 0.0
    assert hand_over(small, licensed=0.0) == (0, 1), "who has licensed cannot sell to one alone"
    assert (one.licences, one.buyer_key, owner.transferred) == (2, 0, 1)


def test_a_success_adds_to_a_firm_what_it_would_to_one_of_mean_size(small: Any) -> None:
    sizes = ((math.log(4.0), 0.0, 5), (-1.0, 0.5, 1), (math.log(2.0), math.log(3.0), 2), (0.0, 0.0, 1))
    for ln_size, growth, members in sizes:
        small.firm(ln_size=ln_size, growth=growth, members=members)
    keys = small.enterprises.rows["key"].copy()
    for key in (*keys[:3], 99):
        small.add(small.results, buyer_key=key)
    parameters = small.set("results", success_growth=math.log(1.8))
    offers.reward_buyers(small.results.rows, np.array([0, 1, 2, 3]), small.enterprises.rows, parameters)
    gains = [math.log1p(0.8 / 20), 0.5 + math.log1p(0.8), math.log(3.0) + math.log1p(0.8 / 12), 0.0]
    assert small.enterprises.rows["growth"] == pytest.approx(gains)


def conclude(small: Any, budget: int = 10**9) -> list[int]:
    contracting.clear_claims(small.contracts.rows, small.needs.rows, budget, small.books)
    small.books.close()
    return [int(state) for state in small.contracts.rows["state"]]


def test_the_inventors_part_goes_to_the_households_at_once(small: Any) -> None:
    small.add(small.producers["university"], cash=1)
    small.firm(cash=1000)
    small.add(
        small.contracts,
        seller_sector=UNIVERSITY,
        buyer_sector=FIRM,
        value=600,
        inventor_part=200,
        need=-1,
        result=-1,
    )
    assert conclude(small) == [SIGNED]
    assert small.cash("university") == 401 and small.cash("enterprise") == 400
    assert small.paid("inventor_share", "university", "households") == 200


@pytest.mark.parametrize(("open_needs", "second"), [(1, REFUSED), (2, SIGNED)])
def test_the_same_need_is_claimed_by_lot(small: Any, open_needs: int, second: int) -> None:
    small.firm(cash=1000)
    small.add(small.needs, open=open_needs)
    for priority in (0.9, 0.1):
        small.add(
            small.contracts, seller_sector=OUTSIDE, buyer_sector=FIRM, value=10, need=0, priority=priority
        )
    assert conclude(small) == [second, SIGNED]


def test_a_treasurys_claims_are_contested_when_they_touch_its_reserve(small: Any) -> None:
    small.treasuries.rows["cash"][1], small.treasuries.rows["reserve"][1] = 100, 30
    small.books.open()
    for value, priority in ((40, 0.9), (40, 0.1), (30, 0.5)):
        small.add(
            small.contracts,
            seller_sector=OUTSIDE,
            buyer_sector=SECTOR["government"],
            buyer_row=1,
            value=value,
            need=-1,
            priority=priority,
        )
    assert conclude(small) == [REFUSED, SIGNED, SIGNED] and small.cash("government", 1) == 30
