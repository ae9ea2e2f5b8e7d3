"""Sums over accounts and small tables, worked out on paper."""

from __future__ import annotations

from typing import Any

import numpy as np

from shaanxi_transfer.agents.fund import GUIDANCE, OTHER, POOL
from shaanxi_transfer.agents.incubator import INCUBATOR, MAKER_SPACE, STAR_SKY
from shaanxi_transfer.engine.books import CAUSE
from shaanxi_transfer.model.state import sums


def test_accounts_add_up_what_went_out_and_came_back() -> None:
    public = np.zeros((3, 2, 4), dtype=np.int64)
    public[1] = [[10, -4, 0, 1], [5, 0, -7, 0]]
    public[2, 0, 0] = 3
    assert sums.add_up(public) == ([0, 5, 3], [0, 11, 0], [0, -2, 0])


def test_funds_are_summed_by_kind(small: Any) -> None:
    names = [
        name for name in sums.FundSums._fields if name not in ("public", "public_committed", "of_cities")
    ]
    for factor, kind, columns in ((1, POOL, {}), (10, GUIDANCE, {"treasury": 2}), (200, GUIDANCE, {})):
        numbers = {name: factor * (1 + place) for place, name in enumerate(names)}
        small.add(small.funds, kind=kind, **numbers, **columns)
    small.add(small.funds, kind=OTHER, government=0, committed=70, treasury=1)
    pool, guidance, other = (sums.sum_funds(small.funds.rows, kind) for kind in (POOL, GUIDANCE, OTHER))
    assert tuple(pool)[: len(names)] == tuple(range(1, 12))
    assert tuple(guidance)[: len(names)] == tuple(range(210, 12 * 210, 210))
    assert (guidance.public, guidance.public_committed, guidance.of_cities) == (2, 420, 1)
    assert (other.committed, other.public, other.public_committed, other.of_cities) == (70, 0, 0, 1)


def test_banks_are_summed(small: Any) -> None:
    for factor in (1, 10):
        numbers = {name: factor * (1 + place) for place, name in enumerate(sums.BankSums._fields)}
        small.add(small.banks, **numbers)
    assert tuple(sums.sum_banks(small.banks.rows)) == (11, 22, 33, 44, 55, 66, 77, 88, 99)


def test_brokers_are_counted_with_what_they_brought_about(small: Any) -> None:
    for certified, gone, closed in ((True, False, 4), (True, True, 2), (False, False, 1), (False, True, 0)):
        small.add(small.brokers, certified=certified, gone=gone, closed=closed, room=9, capacity=closed)
    assert sums.count_brokers(small.brokers.rows) == (2, 2, 7, 6, 36, 7)


def test_platforms_are_counted_by_kind_and_new_ones_from_their_date(small: Any) -> None:
    for kind, born, gone, certified in (
        (INCUBATOR, 2018.0, False, True), (INCUBATOR, 2017.99, False, False),
        (INCUBATOR, 2018.5, True, False), (MAKER_SPACE, 2018.5, False, False),
    ):  # fmt: skip
        columns = {"born": born, "gone": gone, "certified": certified, "capacity": 9, "tenants": 5}
        small.add(small.incubators, kind=kind, **columns)
    found = [sums.count_platforms(small.incubators.rows, kind, 2018.0) for kind in range(3)]
    assert found[INCUBATOR] == (2, 1, 1, 1, 27, 15)
    assert (found[MAKER_SPACE], found[STAR_SKY]) == ((1, 1, 0, 0, 9, 5), (0, 0, 0, 0, 0, 0))


def test_trained_people_are_counted_from_their_date_and_those_who_practise_at_any(small: Any) -> None:
    for born, practising in ((2016.0, False), (2015.99, True), (2016.5, True)):
        small.add(small.trainees, born=born, practising=practising)
    assert sums.count_trainees(small.trainees.rows, 2016.0) == (3, 2, 2)


def test_owners_are_summed_and_the_one_that_founded_most_is_found(small: Any) -> None:
    table = small.producers["university"]
    assert sums.sum_owners(table.rows) == (0, 0, 0)
    for research, founded in ((5, 1), (7, 4), (9, 2)):
        small.add(table, rd=research, founded=founded)
    assert sums.sum_owners(table.rows) == (21, 7, 4)


def test_payments_are_summed_by_cause(small: Any) -> None:
    small.flows[CAUSE["loan"], 2, 3], small.flows[CAUSE["loan"], 3, 0], small.flows[0, 1, 1] = 5, 6, 7
    paid = sums.paid_by_cause(small.flows)
    assert (paid[CAUSE["loan"]], paid[0], paid.sum()) == (11, 7, 18)
