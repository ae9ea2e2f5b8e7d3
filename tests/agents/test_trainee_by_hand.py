"""People trained for transfer: what a course costs, who passes, practises, leaves and is employed."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from shaanxi_transfer.agents import trainee
from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.books import CAUSE, SECTOR
from shaanxi_transfer.model.orders import FIRST_CALL

BROKER, UNIVERSITY = SECTOR["broker"], SECTOR["university"]


@pytest.mark.parametrize(("cash", "seats"), [(10**6, None), (299, 29), (9, 0)])
def test_seats_are_paid_as_far_as_the_treasury_goes(small: Any, cash: int, seats: int | None) -> None:
    small.treasuries.rows["cash"][:] = cash
    u = small.draw(trainee.SEATS, small.key)
    small.levers.training_seats = 30.0
    for side in (-1, 1):
        small.treasuries.rows["cash"][0] = cash
        small.public[:] = 0
        usual = 4.0 * (100.0 + u * (1 + side * 1e-9)) - 10.0
        parameters = small.set("people", training_seats_reference=20.0, training_cost_per_seat=9.6)
        found = trainee.offer_seats(
            small.key,
            usual,
            parameters,
            small.levers,
            small.now,
            small.seed,
            small.purse,
            small.flows,
            small.public,
        )
        expected = seats if seats is not None else 100 + (side > 0)
        assert found == expected and small.treasuries.rows["cash"].tolist() == [
            cash - 10 * expected,
            cash,
            cash,
        ]
        assert small.public[15, 0, CAUSE["training"]] == 10 * expected


def test_each_seat_passes_and_practises_by_itself(small: Any) -> None:
    passes, practises = small.two(trainee.SEAT, small.key, small.step, 1)
    key = luck.child_key(small.key, trainee.SEAT, small.step, 1)
    office = small.draw(trainee.PRACTICE, key, step=0)
    small.trainees.reserve(2)

    def course(side: int) -> Any:
        shares = {
            "training_pass_share": passes,
            "practising_share": practises,
            "practising_office_share": office,
        }
        if side < 0:
            shares["training_pass_share"] = 1.0
        parameters = small.set(
            "people", **{name: share * (1 + side * 1e-9) for name, share in shares.items()}
        )
        small.trainees.close(
            trainee.train(small.trainees.storage, 0, 2, small.key, parameters, small.now, small.seed)
        )
        rows = small.trainees.rows
        return rows[rows["key"] == key]

    (lucky,) = course(1)
    assert lucky["practising"] and lucky["employer_sector"] == UNIVERSITY and lucky["born"] == 2015.0
    (other,) = course(-1)
    assert not other["practising"] and other["employer_sector"] == BROKER
    parameters = small.set("people", training_pass_share=passes * (1 - 1e-9))
    number = trainee.train(small.trainees.storage, 0, 2, small.key, parameters, small.now, small.seed)
    assert key not in small.trainees.storage["key"][:number]


def leave(small: Any, **numbers: float) -> int:
    parameters = small.set("people", **numbers)
    return trainee.leave(
        small.trainees.rows, small.brokers.rows, small.producers["university"].rows, parameters, small.levers,
        small.now, small.seed,
    )  # fmt: skip


@pytest.mark.parametrize("sector", [BROKER, UNIVERSITY])
def test_people_leave_their_employer_unless_they_are_kept(small: Any, sector: int) -> None:
    desk = small.add(small.brokers, key=5, staff=3.0, trained=2)
    office = small.add(small.producers["university"], key=5, staff=3.0)
    one = small.add(small.trainees, practising=True, employer_sector=sector, employer=5)
    small.add(small.trainees, employer_sector=sector, employer=5)
    small.levers.practising_retention = 0.75
    u = small.draw(trainee.LEAVING, one.key)
    for side in (-1, 1):
        gone = leave(small, practising_attrition=4.0 * small.hazard(u) * (1 + side * 1e-6))
        assert gone == (side > 0) and one.practising == (side < 0) and one.employer == (5 if side < 0 else 0)
        broker_staff = 2.0 if side > 0 and sector == BROKER else 3.0
        assert (desk.staff, desk.trained) == (broker_staff, broker_staff - 1.0)
        assert office.staff == (2.0 if side > 0 and sector == UNIVERSITY else 3.0)


@pytest.mark.parametrize(("columns", "employer"), [({}, 5), ({"gone": True}, 0), ({"key": 6}, 0)])
def test_who_loses_his_broker_looks_for_another(small: Any, columns: dict[str, Any], employer: int) -> None:
    small.add(small.brokers, **{"key": 5, "staff": 3.0, **columns})
    one = small.add(small.trainees, practising=True, employer_sector=BROKER, employer=5)
    assert leave(small, practising_attrition=0.0) == 0
    assert one.employer == employer and one.practising and small.brokers.rows["staff"][0] == 3.0


def test_posts_are_filled_by_lot_with_those_who_do_not_practise(small: Any) -> None:
    rows = [
        small.add(small.trainees, practising=k == 2, employer=7, employer_sector=BROKER) for k in range(3)
    ]
    draws = [small.draw(trainee.POST, row.key) for row in rows]
    lucky = int(draws[1] < draws[0])

    def fill(posts: float) -> int:
        return trainee.fill_posts(small.trainees.rows, posts, FIRST_CALL, small.now, small.seed)

    assert fill(0.0) == 0
    # Two do not practise; eight times the chance are the posts a year.
    assert fill(8.0 * min(draws[:2]) * (1 - 1e-9)) == 0
    assert fill(8.0 * min(draws[:2]) * (1 + 1e-9)) == 1
    one = rows[lucky]
    assert (one.practising, one.employer, one.employer_sector) == (True, 0, UNIVERSITY)
    assert rows[2].employer == 7


@pytest.mark.parametrize("sector", [BROKER, UNIVERSITY])
def test_an_employer_is_chosen_by_size_and_luck_of_the_pair(small: Any, sector: int) -> None:
    universities = small.producers["university"]
    for k, size in enumerate((1.0, 8.0, 3.0, 0.0)):
        small.add(small.brokers, key=100 + k, places=int(size) or 50, gone=size == 0.0)
        small.add(universities, key=100 + k, rd_share=size)
    one = small.add(small.trainees, practising=True, employer_sector=sector)
    waits = [
        -math.log(small.draw(trainee.CHOICE, int(one.key) ^ (100 + k), step=0)) / size
        for k, size in enumerate((1.0, 8.0, 3.0))
    ]
    everywhere = np.ones(4, dtype=np.bool_)

    def take_up(hiring: npt.NDArray[np.bool_]) -> int:
        rows = (small.trainees.rows, small.brokers.rows, universities.rows)
        return trainee.take_up_work(*rows, hiring, small.seed)

    if sector == UNIVERSITY:
        assert take_up(~everywhere) == 0, "no university has a post"
    placed = take_up(everywhere)
    chosen = int(np.argmin(waits))
    assert placed == 1 and one.employer == 100 + chosen
    staff = [float(k == chosen) for k in range(4)]
    tables = (small.brokers.rows, universities.rows)
    mine, other = tables if sector == BROKER else tables[::-1]
    assert mine["staff"].tolist() == staff and not other["staff"].any()
    assert small.brokers.rows["trained"].tolist() == (
        [int(number) for number in staff] if sector == BROKER else [0] * 4
    )
    assert take_up(everywhere) == 0


def test_without_an_employer_nobody_takes_up_work(small: Any) -> None:
    for practising in (True, False):
        small.add(small.trainees, practising=practising, employer_sector=BROKER)
    universities, nowhere = small.producers["university"].rows, np.zeros(0, dtype=np.bool_)
    assert (
        trainee.take_up_work(small.trainees.rows, small.brokers.rows, universities, nowhere, small.seed) == 0
    )
    small.add(small.brokers, places=3)
    assert (
        trainee.take_up_work(small.trainees.rows, small.brokers.rows, universities, nowhere, small.seed) == 1
    )
    assert small.trainees.rows["employer"][1] == 0
