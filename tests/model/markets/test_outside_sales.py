"""Sales to the outside: counted as they are drawn, paid in full, and within the outside world's budget."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from shaanxi_transfer.engine.books import SECTOR
from shaanxi_transfer.model.ecosystem import Ecosystem
from shaanxi_transfer.model.markets.demand import PRODUCERS
from shaanxi_transfer.model.province import Province
from shaanxi_transfer.model.quarter import trade
from shaanxi_transfer.scenarios import load


@pytest.fixture
def province() -> Iterator[Province]:
    with np.errstate(over="ignore"):
        ecosystem = Ecosystem(load("no_plan").set(draw_parameters=False), seed=3, scale=0.05)
        ecosystem.step()
        ecosystem.province.begin()
        yield ecosystem.province


def sold(province: Province) -> int:
    sellers = [province.enterprises, *(province.producers[kind] for kind in PRODUCERS)]
    return sum(int(table.rows["sold"].sum()) for table in sellers)


def test_what_is_counted_is_what_is_owed_and_what_is_paid(province: Province) -> None:
    trade.sell_outside(province)
    owed = sold(province)
    assert owed == province.tally.signed_value == province.tally.signed_by_seller.sum() > 10**9
    assert 0 < province.tally.value_by_seller.sum() < owed
    assert province.registry.city_value.sum() == province.tally.value_by_seller.sum()
    assert province.registry.city_count.sum() == province.tally.count_by_seller.sum()
    province.contracts.close(0)
    trade.conclude_contracts(province)
    paid = sum(province.books.paid("contract", "outside", kind) for kind in ("enterprise", *PRODUCERS))
    assert paid == owed
    province.books.close()


# All contracts are refused with one chance, so that of a budget for a few of them one large contract
# leaves much unspent; no run comes near such a budget.
@pytest.mark.parametrize(("headroom", "least"), [(0.5, 0.9), (0.1, 0.7), (0.01, 0.2)])
def test_the_outside_world_spends_its_budget_and_no_more(
    province: Province, headroom: float, least: float
) -> None:
    usual = load("no_plan").parameter_centrals()["outside_budget_headroom"]
    used = []
    for step in range(8):
        province.now = province.at(step)
        province.values["outside_budget_headroom"] = usual
        province.registry.clear()
        trade.sell_outside(province)
        without_limit, signed = sold(province), int(province.tally.signed_count)
        province.values["outside_budget_headroom"] *= (
            headroom * without_limit / trade.outside_budget(province)
        )
        province.registry.clear()
        trade.sell_outside(province)
        budget = trade.outside_budget(province)
        assert sold(province) <= budget
        assert sold(province) == province.tally.signed_value
        assert province.tally.signed_count + province.tally.refused == signed
        assert province.outside_budget_left >= 0
        used.append(sold(province) / budget)
    assert np.mean(used) > least


def test_nobody_buys_nothing_is_sold(province: Province) -> None:
    province.demand = province.demand._replace(
        outside_enterprise=0.0, outside_producer=dict.fromkeys(PRODUCERS, 0.0)
    )
    trade.sell_outside(province)
    assert sold(province) == 0 == province.tally.signed_count
    assert SECTOR["outside"] not in {int(sector) for sector in province.contracts.rows["seller_sector"][:0]}


def test_a_seller_more_leaves_the_sales_of_the_others_alone(province: Province) -> None:
    trade.sell_outside(province)
    before = province.enterprises.rows["sold"].copy()
    attraction = province.enterprises.rows["attraction"]
    total = float(attraction.sum())
    one = int(np.argmax(before))
    attraction[one] = 0.0
    # Demand follows the sellers that are left, as it does when one more is born.
    left = float(attraction.sum()) / total
    province.demand = province.demand._replace(outside_enterprise=province.demand.outside_enterprise * left)
    province.registry.clear()
    trade.sell_outside(province)
    after = province.enterprises.rows["sold"]
    assert after[one] == 0
    others = np.arange(len(before)) != one
    assert (after[others] == before[others]).mean() > 0.99
