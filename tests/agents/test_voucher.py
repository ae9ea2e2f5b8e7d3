"""Vouchers: never more than the budget, paid only for signed contracts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import voucher
from shaanxi_transfer.agents.goods import DEVELOPMENT, IDLE, REFUSED, SIGNED, TRANSFER, VOUCHER
from shaanxi_transfer.agents.government import PROVINCE, carried_on
from shaanxi_transfer.agents.incubator import STAR_SKY
from shaanxi_transfer.engine.books import CAUSE, SECTOR
from shaanxi_transfer.model.indicators import INDICATORS
from shaanxi_transfer.model.province import Province
from shaanxi_transfer.model.quarter import trade
from shaanxi_transfer.model.quarter.capacity import commission
from shaanxi_transfer.model.quarter.support_contracts import issue_vouchers, redeem_vouchers


@pytest.fixture
def province(begin_step: Callable[..., Province]) -> Province:
    return begin_step(2, riches=10**9)


def issue(province: Province, budget: float) -> Any:
    province.levers.voucher_budget = budget
    issue_vouchers(province)
    return province.finance.vouchers.rows


def trade_before_finance(province: Province) -> None:
    """Bring to the market what firms need anyway."""
    trade.voice_needs(province)
    trade.meet_local_needs(province)


def test_no_budget_no_vouchers(province: Province) -> None:
    assert len(issue(province, 0.0)) == 0
    redeem_vouchers(province)
    assert province.finance.redeemed[0] == 0 == province.books.paid("voucher")


@pytest.mark.parametrize("budget", [2e5, 1.99e5, 3e6, 2e7, 4e8])
def test_no_more_is_issued_than_the_budget_pays(province: Province, budget: float) -> None:
    rows = issue(province, budget)
    assert rows["face"].sum() <= budget / 4.0
    if budget >= 3e6:
        assert rows["face"].sum() > 0.6 * budget / 4.0


def test_no_more_is_issued_than_the_treasury_holds(province: Province) -> None:
    assert voucher.number_to_issue(0.0, 50_000, 10**9) == 0
    assert voucher.number_to_issue(2000.0, 0, 10**9) == 0
    assert voucher.number_to_issue(2000.0, 50_000, 150_001) == 3


def test_what_is_left_of_a_step_is_carried(province: Province) -> None:
    """Seven vouchers a year are one and three quarters a quarter: 1, 2, 2, 2; then seven wait for nobody."""
    issued = [len(issue(province, 7 * 50_000.0)) for _ in range(4)]
    assert issued == [1, 2, 2, 2]
    assert province.finance.carried["voucher"] == 0.0
    issue(province, 0.0)
    assert "voucher" not in province.finance.carried


def test_what_no_treasury_pays_within_a_year_lapses() -> None:
    assert carried_on(2.75, 2, 1.0, 7.0) == 0.75
    assert carried_on(9.0, 0, 1.0, 7.0) == 7.0
    assert carried_on(0.9, 0, 1.0, 0.5) == 0.9
    assert carried_on(1.999999, 2, 1.0, 7.0) == 0.0


PROGRAMMES = {
    "challenge_tenders": 5,
    "dispatched_scientists": 16,
    "county_cooperation": 20,
    "open_instruments": 24,
}


@pytest.mark.parametrize(("lever", "task"), PROGRAMMES.items())
def test_each_programme_pays_signed_contracts_out_of_its_own_account(
    province: Province, lever: str, task: int
) -> None:
    setattr(province.levers, lever, 3000.0 if lever == "dispatched_scientists" else 4e7)
    issue_vouchers(province)
    rows = province.finance.vouchers.rows
    assert len(rows) > 10 and (rows["task"] == task).all()
    firms = province.enterprises.rows[rows["firm_row"]]
    if lever in ("dispatched_scientists", "county_cooperation"):
        assert (firms["city"] != province.finance.capital).all()
    if lever in ("dispatched_scientists", "open_instruments"):
        assert not firms["large"].any()
    mine = province.contracts.rows["channel"] == VOUCHER
    province.contracts.rows["state"][mine] = SIGNED
    before = int(province.treasuries.rows["cash"][PROVINCE])
    redeem_vouchers(province)
    paid = before - int(province.treasuries.rows["cash"][PROVINCE])
    used = rows["fate"] != voucher.UNUSED
    assert paid == province.books.public[task].sum() > 0
    assert 0.9 * rows["face"][used].sum() <= paid <= rows["face"][used].sum()
    assert province.books.paid("voucher") == 0
    province.books.close()


# Lever, its value, its code and what it leads to: who sells, what.
UNPAID = [
    ("talent_pool", 2000.0, "secondment", {SECTOR["military_unit"]}, None),
    ("alliance_orders", 2000.0, "alliance_order", None, DEVELOPMENT),
]


@pytest.mark.parametrize(("lever", "value", "programme", "sellers", "kind"), UNPAID)
def test_what_brings_two_houses_together_leads_to_contracts_and_costs_nothing(
    province: Province, lever: str, value: float, programme: str, sellers: set[int] | None, kind: int | None
) -> None:
    setattr(province.levers, lever, value)
    issue_vouchers(province)
    tickets = province.finance.vouchers.rows
    code = voucher.PROGRAMMES.index(programme)
    assert len(tickets) > 10 and (tickets["programme"] == code).all()
    assert (tickets["fate"] == voucher.ADDITIONAL).all() and not tickets["face"].any()
    contracts = province.contracts.rows[province.contracts.rows["channel"] == VOUCHER]
    assert 0.9 * len(tickets) <= len(contracts) <= len(tickets)
    assert sellers is None or set(contracts["seller_sector"].tolist()) == sellers
    assert kind is None or (contracts["type"] == kind).all()
    mine = np.flatnonzero(province.contracts.rows["channel"] == VOUCHER)
    province.contracts.rows["state"][mine] = SIGNED
    province.contracts.rows["state"][mine[0]] = REFUSED
    cash = int(province.treasuries.rows["cash"].sum())
    redeem_vouchers(province)
    assert province.finance.redeemed[code] == len(contracts) - 1
    assert province.treasuries.rows["cash"].sum() == cash and not province.books.public.any()


def pooled_licences(province: Province) -> int:
    issue_vouchers(province)
    return len(province.finance.vouchers)


def test_pools_license_what_is_in_them_to_firms_that_can_absorb_it(province: Province) -> None:
    province.steered["pool_licence_rate"] = 1.0
    assert pooled_licences(province) == 0, "nobody is in an alliance"
    province.steered["pool_share"] = 0.5
    rows = province.results.rows
    pooled = 0.5 * float((rows["disclosed"] & ~rows["classified"] & (rows["state"] == IDLE)).sum())
    assert pooled_licences(province) == pytest.approx(pooled / 4.0, rel=0.2) and pooled > 40
    buyers = province.enterprises.rows[province.finance.vouchers.rows["firm_row"]]
    assert buyers["research_user"].all()
    contracts = province.contracts.rows[province.contracts.rows["channel"] == VOUCHER]
    assert (contracts["type"] == TRANSFER).all() and (contracts["result"] == -1).all()
    rows["disclosed"] = False
    assert pooled_licences(province) == 0, "an empty pool has nothing to license"


def test_star_sky_platforms_host_services_in_the_country_and_are_counted_apart(province: Province) -> None:
    before = len(province.incubators)
    province.levers.star_sky_platforms = 200.0
    commission(province)
    new = province.incubators.rows[before:]
    founded = new[new["kind"] == STAR_SKY]
    assert 20 < len(founded) < 90 and not founded["capacity"].any()
    assert (founded["city"] != province.finance.capital).all() and len(set(founded["city"].tolist())) > 5
    apart, among = (INDICATORS[name].read for name in ("star_sky_platforms", "incubation_platforms"))
    assert apart is not None and among is not None
    assert apart(province) == len(founded)
    assert among(province) == len(province.incubators) - len(founded)
    issue_vouchers(province)
    tickets = province.finance.vouchers.rows
    services = len(founded) * province.values["star_sky_services"] / 4.0
    assert len(tickets) == pytest.approx(services, rel=0.2)
    assert set(tickets["task"].tolist()) == {23}
    assert (province.enterprises.rows["city"][tickets["firm_row"]] != province.finance.capital).all()


def test_each_city_pays_for_its_own_firms(province: Province) -> None:
    province.levers.city_plans = 4e8
    issue_vouchers(province)
    rows = province.finance.vouchers.rows
    cities = province.enterprises.rows["city"][rows["firm_row"]]
    assert len(rows) > 100 and (rows["treasury"] == 1 + cities).all()
    province.contracts.rows["state"][province.contracts.rows["channel"] == VOUCHER] = SIGNED
    before = province.treasuries.rows["cash"].copy()
    redeem_vouchers(province)
    paid = before - province.treasuries.rows["cash"]
    assert paid[PROVINCE] == 0 and paid.sum() == province.books.public[26].sum() > 0
    assert (paid == province.books.public[26].sum(axis=1)).all()
    province.books.close()


def test_fates_of_vouchers_for_producers_follow_the_lottery(province: Province) -> None:
    province.steered["voucher_producer_share"] = 1.0
    trade_before_finance(province)
    rows = issue(province, 1e8)
    fates = np.bincount(rows["fate"], minlength=3)
    assert fates.sum() > 400
    assert fates / fates.sum() == pytest.approx([0.8, 0.1, 0.1], abs=0.06)


def test_what_is_paid_anyway_pays_a_contract_of_the_market(province: Province) -> None:
    trade_before_finance(province)
    before = province.contracts.count
    rows = issue(province, 1e8)
    anyway = rows[rows["fate"] == voucher.DEADWEIGHT]
    contracts = province.contracts.rows[anyway["contract"]]
    assert len(anyway) > 50 and len(set(anyway["contract"].tolist())) == len(anyway), "each pays one"
    assert (anyway["contract"] < before).all() and (contracts["channel"] != VOUCHER).all()
    assert (contracts["buyer_row"] == anyway["firm_row"]).all()
    assert ((contracts["seller_sector"] != SECTOR["enterprise"]) == anyway["of_producer"]).all()
    assert not province.enterprises.rows["large"][anyway["firm_row"]].any()


def test_each_additional_voucher_makes_one_contract_with_somebody_here(province: Province) -> None:
    rows = issue(province, 4e7)
    contracts = province.contracts.rows[province.contracts.rows["channel"] == VOUCHER]
    additional = (rows["fate"] == voucher.ADDITIONAL).sum()
    assert 0.9 * additional <= len(contracts) <= additional
    assert (contracts["seller_row"] >= 0).all() and (contracts["seller_city"] >= 0).all()
    assert (contracts["value"] == 62_500).all()
    assert (contracts["inventor_part"] == 0).all()


def test_only_signed_contracts_are_paid(province: Province) -> None:
    issue(province, 4e7)
    contracts = province.contracts.rows
    mine = contracts["channel"] == VOUCHER
    contracts["state"][mine] = REFUSED
    first = np.flatnonzero(mine)[:5]
    contracts["state"][first] = SIGNED
    before = int(province.treasuries.rows["cash"][PROVINCE])
    redeem_vouchers(province)
    assert province.finance.redeemed[0] == 5
    paid = before - int(province.treasuries.rows["cash"][PROVINCE])
    assert paid == 50_000 * 5
    assert province.books.public[22, PROVINCE, CAUSE["voucher"]] == paid
    province.books.close()


def test_an_empty_treasury_pays_none(province: Province) -> None:
    issue(province, 4e7)
    province.contracts.rows["state"] = SIGNED
    left = int(province.treasuries.rows["cash"][PROVINCE]) - 60_000
    province.treasuries.rows["cash"][PROVINCE] = 60_000
    province.books.holders["outside"].rows["cash"] += left
    redeem_vouchers(province)
    assert province.finance.redeemed[0] == 1
    assert province.treasuries.rows["cash"][PROVINCE] == 10_000
