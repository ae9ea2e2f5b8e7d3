from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import broker, producer, trainee
from shaanxi_transfer.engine.books import SECTOR, Books
from shaanxi_transfer.engine.columns import number_record
from shaanxi_transfer.engine.table import Table
from shaanxi_transfer.model.orders import FIRST_CALL

SEED = np.uint64(12)
PROVINCE = np.uint64(99)

PARAMETERS = {
    "training_cost_per_seat": 6_000.0,
    "training_seats_reference": 100.0,
    "training_pass_share": 0.8,
    "practising_share": 0.1,
    "practising_office_share": 0.2,
    "practising_attrition": 0.15,
}


def parameters(**changes: float) -> Any:
    return number_record({**PARAMETERS, **changes})


def now_at(step: int, dt: float = 0.25) -> Any:
    now = np.zeros(1, dtype=np.dtype((np.record, [("step", "i8"), ("date", "f8"), ("dt", "f8")])))[0]
    now.step, now.dt, now.date = step, dt, 2014.0 + step * dt
    return now


class School:
    """A treasury, brokers, universities and people to train."""

    def __init__(self, budget: int = 10**9, brokers: int = 40) -> None:
        self.treasury: Table[Any] = Table("governments", (*producer.COLUMNS,))
        self.treasury.extend(1)
        self.brokers = Table("brokers", broker.COLUMNS)
        rows = self.brokers.extend(brokers)
        rows["key"] = np.arange(brokers) + 1_000
        rows["places"] = np.arange(brokers) % 5 + 1
        self.universities = Table("universities", producer.COLUMNS)
        offices = self.universities.extend(3)
        offices["key"] = [7, 8, 9]
        offices["rd_share"] = [0.7, 0.3, 0.0]
        self.people = Table("trainees", trainee.COLUMNS)
        self.books = Books({"government": self.treasury, "broker": self.brokers}, 1)
        self.books.endow("government", np.array([budget]))

    def seats(self, lever: float, step: int, usual: float = 100.0, **changes: float) -> int:
        return trainee.offer_seats(
            PROVINCE,
            usual,
            parameters(**changes),
            number_record({"training_seats": lever}),
            now_at(step),
            SEED,
            self.books.purse,
            self.books.flows,
            self.books.public,
        )

    def leave(self, step: int, retention: float = 0.0, **changes: float) -> int:
        return trainee.leave(
            self.people.rows,
            self.brokers.rows,
            self.universities.rows,
            parameters(**changes),
            number_record({"practising_retention": retention}),
            now_at(step),
            SEED,
        )

    def posts(self, lever: float, step: int) -> int:
        return trainee.fill_posts(self.people.rows, lever, FIRST_CALL, now_at(step), SEED)

    def take_up_work(self) -> int:
        everywhere = np.ones(len(self.universities), dtype=np.bool_)
        rows = (self.people.rows, self.brokers.rows, self.universities.rows)
        return trainee.take_up_work(*rows, everywhere, SEED)

    def quarter(self, lever: float, step: int, **changes: float) -> int:
        seats = self.seats(lever, step, **changes)
        given = parameters(**changes)
        self.leave(step, **changes)
        self.people.reserve(seats)
        self.people.close(
            trainee.train(self.people.storage, self.people.count, seats, PROVINCE, given, now_at(step), SEED)
        )
        self.take_up_work()
        return seats

    def check_heads(self) -> None:
        rows = self.people.rows
        working = rows[rows["practising"]]
        for i in range(len(self.brokers)):
            at_work = int((working["employer"] == self.brokers.rows["key"][i]).sum())
            assert self.brokers.rows["trained"][i] == at_work == self.brokers.rows["staff"][i]
        for i in range(len(self.universities)):
            assert (
                self.universities.rows["staff"][i]
                == (working["employer"] == self.universities.rows["key"][i]).sum()
            )


def test_no_seats_nobody_trained_nothing_paid() -> None:
    school = School()
    school.books.open()
    assert sum(school.quarter(0.0, step) for step in range(20)) == 0
    assert len(school.people) == 0 and not school.books.flows.any()
    school.books.close()


def test_seats_of_a_year_sum_to_the_programme_and_are_paid_by_the_treasury() -> None:
    school = School()
    school.books.open()
    seats = sum(school.seats(350.0, step, usual=75.0) for step in range(400))
    assert seats / 100 == pytest.approx(75.0 + 250.0, rel=0.005)
    assert school.books.paid("training", "government", "households") == 6_000 * seats
    assert school.books.public[trainee.TASK].sum() == 6_000 * seats
    school.books.close()


def test_an_empty_treasury_opens_no_course() -> None:
    school = School(budget=6_000 * 5 + 1)
    assert school.seats(400.0, 0, usual=100.0) == 5
    assert school.seats(400.0, 1, usual=100.0) == 0


def test_passing_and_practising_are_binomial() -> None:
    passed, practising = [], []
    for step in range(400):
        school = School(brokers=1)
        seats = school.quarter(400.0, step)
        assert seats == 100
        passed.append(len(school.people))
        practising.append(int(school.people.rows["practising"].sum()))
    assert np.mean(passed) == pytest.approx(80.0, abs=0.8)
    assert np.var(passed) == pytest.approx(100 * 0.8 * 0.2, rel=0.25)
    assert np.mean(practising) == pytest.approx(8.0, abs=0.5)
    assert np.var(practising) == pytest.approx(100 * 0.08 * 0.92, rel=0.25)


def test_certificates_never_fall_and_heads_match_rows() -> None:
    school = School()
    before = 0
    for step in range(40):
        school.quarter(300.0, step, practising_share=0.5)
        assert len(school.people) >= before
        before = len(school.people)
        school.check_heads()
    offices = school.people.rows["employer_sector"] == SECTOR["university"]
    assert offices.mean() == pytest.approx(0.2, abs=0.03)
    assert school.universities.rows["staff"][2] == 0.0, "no research, no office"
    # Brokers with more places attract more.
    staff, places = school.brokers.rows["staff"], school.brokers.rows["places"]
    assert staff[places == 5].mean() > 2.0 * staff[places == 1].mean()


def test_practising_people_leave_at_the_stated_hazard() -> None:
    school = School()
    school.quarter(4_000.0, 0, practising_share=1.0)
    start = int(school.people.rows["practising"].sum())
    for step in range(1, 5):
        school.leave(step)
    assert school.people.rows["practising"].sum() / start == pytest.approx(math.exp(-0.15), abs=0.03)
    school.check_heads()


def test_better_pay_keeps_people() -> None:
    left = {}
    for retention in (0.0, 0.6):
        school = School()
        school.quarter(4_000.0, 0, practising_share=1.0)
        left[retention] = sum(school.leave(step, retention) for step in range(1, 5))
    assert 0.3 < left[0.6] / left[0.0] < 0.5


def test_posts_are_filled_with_idle_holders_of_the_certificate() -> None:
    filled = []
    for step in range(100):
        school = School()
        school.quarter(2_000.0, step, practising_share=0.0)
        idle = len(school.people)
        filled.append(school.posts(40.0, step))
        school.take_up_work()
        assert school.universities.rows["staff"].sum() == filled[-1] <= idle
        school.check_heads()
    assert np.mean(filled) == pytest.approx(10.0, abs=1.0)
    assert school.posts(0.0, 3) == 0


def test_people_of_a_closed_broker_find_another() -> None:
    school = School()
    school.quarter(2_000.0, 0, practising_share=1.0)
    rows = school.brokers.rows
    lost = int(rows["trained"][0])
    assert lost > 0
    rows["gone"][0], rows["staff"][0], rows["trained"][0] = True, 0, 0
    school.leave(1, practising_attrition=0.0)
    placed = school.take_up_work()
    assert placed == lost and rows["staff"][0] == 0
    school.check_heads()


def test_more_seats_leave_the_others_as_they_are() -> None:
    few, many = School(), School()
    few.quarter(100.0, 3)
    many.quarter(700.0, 3)
    shared = np.isin(many.people.rows["key"], few.people.rows["key"])
    assert shared.sum() == len(few.people) < len(many.people)
    assert (many.people.rows[shared] == few.people.rows).all()


def test_one_more_broker_takes_its_share_and_changes_no_other_choice() -> None:
    one, two = School(), School(brokers=41)
    for school in (one, two):
        school.quarter(4_000.0, 0, practising_share=1.0)
    moved = one.people.rows["employer"] != two.people.rows["employer"]
    assert 0 < moved.sum() < 0.05 * len(moved)
    assert (two.people.rows["employer"][moved] == 1_040).all()
