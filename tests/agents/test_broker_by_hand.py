"""Brokers: what their people can do, what they are paid, who may be certified, and their funds."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import broker, broker_fund
from shaanxi_transfer.agents.goods import BROKERED, REFUSED, SEARCH, SIGNED
from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.books import SECTOR

FIRM = SECTOR["enterprise"]


def test_people_close_some_deals_a_year(small: Any) -> None:
    one = small.add(small.brokers, staff=10.0, closed=5)
    u = small.draw(broker.CAPACITY, one.key)
    for side, capacity in ((1, 3), (-1, 2)):
        # One client in two is served well, so that there are twice as many clients as deals.
        parameters = small.set("people", broker_deals_per_person=(2.0 + u * (1 + side * 1e-9)) / 5.0)
        broker.plan_work(small.brokers.rows, 0.5, parameters, small.now, small.seed)
        assert (one.room, one.capacity, one.closed) == (capacity, capacity, 0)


def test_a_fee_is_paid_out_of_what_the_seller_has(small: Any) -> None:
    parameters = small.set("people", broker_fee_share=0.05, broker_cash_per_person=4.0)
    one, idle = small.add(small.brokers, staff=2.5, cash=3), small.add(small.brokers, staff=1.0, cash=9)
    rich, poor = small.firm(cash=1000), small.firm(cash=7)
    for seller, channel, state, helper in (
        (0, BROKERED, SIGNED, 0), (1, BROKERED, SIGNED, 0), (0, SEARCH, SIGNED, 0), (0, BROKERED, REFUSED, 0),
        (0, BROKERED, SIGNED, -1),
    ):  # fmt: skip
        small.add(
            small.contracts,
            seller_sector=FIRM,
            seller_row=seller,
            channel=channel,
            state=state,
            broker=helper,
            value=219,
        )
    broker.collect_fees(small.contracts.rows, small.brokers.rows, parameters, small.purse, small.flows)
    # Fees of 10 and 7; ten yuan stay with 2.5 people, four with one.
    assert (rich.cash, poor.cash, one.cash, idle.cash) == (990, 0, 10, 4)
    assert (one.deals, one.closed, idle.deals) == (2, 2, 0)
    assert small.paid("wages", "broker", "households") == 3 + 17 - 10 + 5
    small.books.close()


def test_brokers_are_founded_with_and_without_support(small: Any) -> None:
    parameters = small.set("people", brokers_founded_reference=10.0)
    small.levers.brokers_founded = 14.0
    u = small.draw(broker.NUMBER_FOUNDED, small.key)
    number = broker.count_founded(small.key, 80.0, 300.0, parameters, small.levers, small.now, small.seed)
    assert number == luck.poisson_quantile(u, (80.0 + 300.0 + 4.0) / 4.0)


def test_a_new_broker_has_places_and_its_usual_vacancies(small: Any) -> None:
    parameters = small.set("people", broker_hiring=0.9, practising_attrition=0.1, broker_staff_mean=41.0)
    rows = small.brokers.extend(2)
    broker.found(
        rows,
        1,
        2,
        small.key,
        5,
        np.array([0.0, 1.0]),
        np.array([0.0, 1.0]),
        2015.0,
        20,
        parameters,
        small.seed,
    )
    one = rows[1]
    size, staff = small.two(broker.SIZE, one.key, 0)
    assert one.key == luck.child_key(small.key, broker.FOUNDING, 20, 5)
    assert one.places == 1 + int(-40.0 * math.log(size) + 0.5)
    assert one.staff == luck.binomial_quantile(staff, one.places, 0.9)
    assert (one.city, one.field, one.reputation, one.standing, one.born) == (1, 1, 1.0, 1.0, 2015.0)


def test_people_without_a_certificate_leave_and_vacancies_are_filled(small: Any) -> None:
    parameters = small.set("people", practising_attrition=0.8, broker_hiring=2.0, training_displacement=0.5)
    one = small.add(small.brokers, places=2000, standing=0.5, staff=600.0, trained=201)
    going, coming = small.two(broker.TURNOVER, one.key, small.step)
    left = luck.binomial_quantile(going, 399, 1.0 - math.exp(-0.2))
    hired = luck.binomial_quantile(coming, 1000 - 100 - (399 - left), 1.0 - math.exp(-0.5))
    broker.turn_over(small.brokers.rows, parameters, small.now, small.seed)
    assert one.staff == 600 + hired - left


CANDIDATE = {"staff": 5.0, "deals": 20, "born": 2013.0}


@pytest.mark.parametrize(
    ("columns", "candidate"),
    [
        ({}, True), ({"staff": 4.99}, False), ({"deals": 19}, False), ({"born": 2013.01}, False),
        ({"gone": True}, False), ({"certified": True}, False),
    ],
)  # fmt: skip
def test_who_may_be_a_demonstration_institution(small: Any, columns: dict[str, Any], candidate: bool) -> None:
    parameters = small.set(
        "people", demonstration_min_staff=5.0, demonstration_min_deals=20.0, demonstration_min_years=2.0
    )
    assert (
        broker.is_candidate(small.add(small.brokers, **{**CANDIDATE, **columns}), parameters, small.now)
        == candidate
    )


def certify(small: Any, **numbers: float) -> tuple[int, list[bool]]:
    parameters = small.set(
        "people",
        **{
            "demonstration_min_staff": 5.0,
            "demonstration_min_deals": 20.0,
            "demonstration_min_years": 2.0,
            "demonstration_certifications_reference": 1e-9,
            "demonstration_review": 99.0,
            "demonstration_exit": 0.0,
            **numbers,
        },
    )
    number = broker.certify(small.brokers.rows, 0.0, parameters, small.levers, small.now, small.seed)
    return number, [bool(certified) for certified in small.brokers.rows["certified"]]


def test_certifications_are_shared_by_the_candidates_no_faster_than_the_review(small: Any) -> None:
    first, second = (small.add(small.brokers, **CANDIDATE) for _ in range(2))
    small.add(small.brokers, **{**CANDIDATE, "staff": 1.0})
    won = [small.two(broker.CERTIFICATION, key, small.step)[0] for key in (first.key, second.key)]
    lucky = int(won[1] < won[0])
    for side in (-1, 1):
        hazard = small.hazard(min(won)) * (1 + side * 1e-6)
        # The programme's certifications are shared by two, the review is not.
        for lever, review in ((2.0 * hazard, 99.0), (1e9, hazard)):
            small.brokers.rows["certified"] = False
            small.levers.demonstration_certifications = lever
            number, certified = certify(small, demonstration_review=review)
            assert number == (side > 0) and certified[lucky] == (side > 0)
    small.brokers.rows["certified"] = False
    small.levers.demonstration_certifications = 1e9
    assert certify(small)[1] == [True, True, False]


def test_a_certificate_is_lost_at_its_hazard(small: Any) -> None:
    one = small.add(small.brokers, **{**CANDIDATE, "certified": True})
    lost = small.two(broker.CERTIFICATION, one.key, small.step)[1]
    for side in (-1, 1):
        one.certified = True
        exits = small.hazard(lost) * (1 + side * 1e-6)
        assert certify(small, demonstration_exit=exits) == (0, [side < 0])


def test_a_broker_gives_up_and_leaves_its_cash_to_its_people(small: Any) -> None:
    one = small.add(small.brokers, staff=5.0, trained=2, certified=True, cash=9)
    small.add(small.brokers, gone=True, cash=4)
    u = small.draw(broker.EXIT, one.key)
    for side in (-1, 1):
        parameters = small.set("people", broker_exit=small.hazard(u) * (1 + side * 1e-6))
        arguments = (small.brokers.rows, parameters, small.now, small.seed, small.purse, small.flows)
        assert broker.close_down(*arguments) == (side > 0)
        closed = (0.0, 0, False, 0) if side > 0 else (5.0, 2, True, 9)
        assert (one.staff, one.trained, one.certified, one.cash) == closed and one.gone == (side > 0)
    small.set("people", broker_exit=1e9)
    assert broker.close_down(*arguments) == 0, "who is gone does not close again"
    assert small.brokers.rows["cash"][1] == 4 and small.paid("closing_down", "broker", "households") == 9


def test_people_of_brokers_with_a_fund_show_it_their_clients(small: Any) -> None:
    one, _ = (
        small.add(small.brokers, field=1, staff=10.0),
        small.add(small.brokers, field=1, staff=99.0, gone=True),
    )
    u, places = small.draw(broker_fund.PARTNERSHIP, one.key, step=0), np.full(3, 9.0)
    parameters = small.set("finance", broker_fund_clients=3.0)
    for share, shown in ((u * (1 + 1e-9), 7.5), (u * (1 - 1e-9), 0.0)):
        broker_fund.count_places(small.brokers.rows, share, parameters, small.now, small.seed, places)
        assert places.tolist() == [0.0, shown, 0.0], "ten people, three clients a year each, a quarter"


def test_young_firms_with_a_result_are_shown(small: Any) -> None:
    parameters = small.set("finance", fund_venture_age=5.0)
    for columns in ({}, {"born": 2009.0}, {"bound": 1}, {}):
        small.firm(**{"born": 2014.0, "research_user": True, **columns})
    keys = small.enterprises.rows["key"].copy()
    for key in (0, *keys[:3], 5):
        small.add(small.results, buyer_key=key)
    lots = np.zeros((2, 4))
    broker_fund.look_at_clients(
        small.results.rows, small.enterprises.rows, keys, parameters, small.now, small.seed, lots
    )
    first = small.two(broker_fund.SHOWN, keys[0], small.step)
    assert lots.tolist() == [[first[0], 2.0, 2.0, 2.0], [first[1], 2.0, 2.0, 2.0]]
