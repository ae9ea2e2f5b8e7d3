"""Sales to the outside: drawn one by one, counted, and paid in one sum."""

from __future__ import annotations

from typing import Any

import numpy as np

from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.books import SECTOR
from shaanxi_transfer.model.markets import outside_sales
from shaanxi_transfer.model.state import registry

FIRM, OUTSIDE, UNIVERSITY = SECTOR["enterprise"], SECTOR["outside"], SECTOR["university"]
GOVERNMENT = SECTOR["government"]


def sell(small: Any, admitted: float = 1.0, threshold: float = 0.0) -> tuple[int, Any]:
    parameters = small.set("trade", contract_value_cap=1e12)
    counted = registry.Registry(2)
    total = outside_sales.sell_outside(
        small.enterprises.rows,
        FIRM,
        np.array([1.0, 0.0]),
        np.array([0.25, 0.0]),
        np.array([0.5, 0.25]),
        1000.0,
        0.0,
        np.array([0.0, 0.0, 1.0, 1.0]),
        np.array([9.0, 9.0, 2.0, 9.0]),
        admitted,
        small.TERMS._replace(paper=threshold),
        parameters,
        small.now,
        small.seed,
        counted.tally,
        counted.city_value,
        counted.city_count,
    )
    return total, counted


def test_sellers_of_each_field_win_what_is_asked_of_it(small: Any) -> None:
    for field in (0, 1):
        small.firm(attraction=40.0, value_scale=1.0, field=field)
    u = [
        small.draw(luck.mechanism("number of contracts with the outside"), key)
        for key in small.enterprises.rows["key"]
    ]
    sell(small)
    assert small.enterprises.rows["sold"].tolist() == [
        2001 * luck.poisson_quantile(each, wanted) for each, wanted in zip(u, (20.0, 10.0), strict=True)
    ]


def test_sales_outside_are_counted_one_by_one_and_paid_in_one_sum(small: Any) -> None:
    for city in (1, 0):
        small.firm(attraction=40.0, value_scale=1.5, city=city, sold=7)
    u = [
        small.draw(luck.mechanism("number of contracts with the outside"), key)
        for key in small.enterprises.rows["key"]
    ]
    first, second = (luck.poisson_quantile(each, 20.0) for each in u)
    total, counted = sell(small)
    tally = counted.tally
    assert small.enterprises.rows["sold"].tolist() == [3001 * first, 3001 * second]
    assert total == 3001 * (first + second) == tally.signed_value == tally.signed_by_seller[FIRM]
    assert tally.signed_count == first + second and tally.refused == 0
    assert counted.city_value.tolist() == [0, 3001 * first] and counted.city_count.tolist() == [0, first]
    assert (tally.value_by_type[2], tally.count_by_type[2]) == (3001 * first, first)
    assert tally.high_tech_signed == tally.high_tech_value == int(0.25 * 3001 * first + 0.5)
    outside_sales.receive(small.enterprises.rows, FIRM, small.purse, small.flows)
    assert small.enterprises.rows["cash"].tolist() == [3001 * first, 3001 * second]
    assert small.paid("contract", "outside", "enterprise") == total
    small.books.close()


def test_fewer_are_admitted_and_the_others_counted_as_refused(small: Any) -> None:
    for _ in range(2):
        small.firm(attraction=40.0, value_scale=1.5)
    small.enterprises.rows["attraction"][1] = 0.0
    key = small.enterprises.rows["key"][0]
    number = sell(small)[0] // 3001
    stream = small.stream(outside_sales.SALE, key, small.step)
    admitted = sum(luck.pick(stream, 5 * k + 2) < 0.4 for k in range(number))
    total, counted = sell(small, admitted=0.4)
    assert total == 3001 * admitted and counted.tally.refused == number - admitted
    # Half of the registering sellers' contracts are as small as the threshold.
    entered = sum(luck.pick(stream, 5 * k + 4) < 3001 / 4001 for k in range(number))
    assert sell(small, threshold=1000.0)[1].city_count.tolist() == [entered, 0]


def test_a_dated_push_on_small_contracts_raises_the_count_and_lowers_the_mean(small: Any) -> None:
    """Pattern 12: one large seller of which two thirds register; then offices enter small contracts."""
    parameters = small.set("trade", contract_value_cap=1.5e9)
    small.firm(attraction=5000.0, value_scale=1.0)
    usual = small.TERMS._replace(gain=0.02, bound_gain=0.01, paper=600.0, small_value=1e6)

    def ln_count_and_mean(step: int, called: float) -> Any:
        small.now.step = step
        counted = registry.Registry(2)
        outside_sales.sell_outside(
            small.enterprises.rows, FIRM, np.array([0.67]), np.zeros(1), np.ones(2), 2.7e6, 2.0,
            np.array([0.4, 0.43, 0.5, 1.0]), np.ones(4), 1.0, usual._replace(called=called), parameters,
            small.now, small.seed, counted.tally, counted.city_value, counted.city_count,
        )  # fmt: skip
        count, value = int(counted.city_count.sum()), int(counted.city_value.sum())
        return np.log([count, value / count]), int(counted.tally.signed_value)

    before, _ = ln_count_and_mean(20, 0.0)
    after, signed = ln_count_and_mean(24, 0.0)
    pushed, as_much = ln_count_and_mean(24, 0.8)
    assert signed == as_much
    count, mean = pushed - after
    assert 0.25 < count < 0.45 and -0.45 < mean < -0.25
    assert abs(after[0] - before[0]) < 0.05, "without the push two years differ by their luck alone"
