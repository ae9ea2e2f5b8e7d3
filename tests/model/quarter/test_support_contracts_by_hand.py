"""Supported contracts: what each programme pays, what it is worth, and with whom it is made."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import incubator, voucher
from shaanxi_transfer.agents.enterprise import BOTH
from shaanxi_transfer.agents.goods import (
    CONSULTING,
    DEVELOPMENT,
    IDLE,
    PROPOSED,
    SERVICE,
    SOLD,
    TRANSFER,
    VOUCHER,
)
from shaanxi_transfer.engine.books import SECTOR
from shaanxi_transfer.model.quarter import support_contracts
from shaanxi_transfer.model.quarter.support_programmes import Programme, programmes_in_force

FIRM, MILITARY, UNIVERSITY = SECTOR["enterprise"], SECTOR["military_unit"], SECTOR["university"]


@pytest.fixture
def programmes(small: Any) -> Any:
    small.steered = {
        "challenge_grant": 300.0,
        "county_grant": 50.0,
        "dispatched_service_value": 20.0,
        "instrument_grant": 10.0,
        "programme_copayment": 0.4,
        "voucher_producer_share": 0.7,
        "dispatched_services_per_year": 3.0,
        "star_sky_services": 5.0,
        "secondment_contracts": 0.5,
        "alliance_order_additional": 0.2,
        "alliance_order_value": 700.0,
        "pool_share": 0.0,
        "pool_licence_rate": 0.1,
        "pool_licence_value": 800.0,
        "secondment_value": 900.0,
    }
    small.levers.voucher_face_value, small.levers.voucher_copayment = 50.0, 0.2
    return small


# Lever and its value; code, task, contracts a year, what is paid for each and what each is worth; flags.
PROGRAMMES: list[tuple[str, float, tuple[float, ...], dict[str, float]]] = [
    ("voucher_budget", 1000.0, (0, 22, 20, 50, 63), {"producer_share": 0.7}),
    ("challenge_tenders", 900.0, (1, 5, 3, 300, 500), {"large": 1}),
    ("dispatched_scientists", 4.0, (2, 16, 12, 20, 20), {"away": 1}),
    ("county_cooperation", 100.0, (3, 20, 2, 50, 83), {"large": 1, "away": 1}),
    ("open_instruments", 100.0, (4, 24, 10, 10, 17), {}),
    ("city_plans", 100.0, (5, 26, 2, 50, 83), {"producer_share": 0.7, "large": 1, "cities_pay": 1}),
    ("talent_pool", 8.0, (7, 13, 4, 0, 900), {"large": 1, "producer": MILITARY}),
    ("alliance_orders", 10.0, (8, 8, 2, 0, 700), {"producer_share": 0.7, "large": 1, "type": DEVELOPMENT}),
]  # fmt: skip


@pytest.mark.parametrize(("lever", "value", "numbers", "served"), PROGRAMMES)
def test_what_a_programme_pays_and_what_the_contract_is_worth(
    programmes: Any, lever: str, value: float, numbers: tuple[float, ...], served: dict[str, float]
) -> None:
    assert programmes_in_force(programmes, programmes.levers) == []
    setattr(programmes.levers, lever, value)
    (one,) = programmes_in_force(programmes, programmes.levers)
    assert (one.code, one.task, one.yearly, one.face, one.value) == pytest.approx(numbers)
    usual = {
        "producer_share": 1.0,
        "large": 0,
        "away": 0,
        "absorbing": 0,
        "cities_pay": 0,
        "producer": -1,
        "type": -1,
    }
    assert {name: getattr(one, name) for name in usual} == {**usual, **served}


def test_platforms_host_services_and_pools_license_what_is_in_them(programmes: Any) -> None:
    for kind, gone in ((incubator.STAR_SKY, False), (incubator.STAR_SKY, True), (incubator.INCUBATOR, False)):
        programmes.add(programmes.incubators, kind=kind, gone=gone)
    (hosted,) = programmes_in_force(programmes, programmes.levers)
    assert (hosted.code, hosted.task, hosted.yearly, hosted.face, hosted.away) == (6, 23, 5.0, 20.0, 1.0)
    programmes.incubators.close(0)
    for columns in ({}, {"disclosed": False}, {"classified": True}, {"state": SOLD}, {}):
        programmes.add(programmes.results, **{"disclosed": True, "state": IDLE, **columns})
    assert programmes_in_force(programmes, programmes.levers) == []
    programmes.steered["pool_share"] = 0.5
    (licence,) = programmes_in_force(programmes, programmes.levers)
    assert (licence.code, licence.task, licence.yearly, licence.value) == pytest.approx((9, 8, 0.1, 800.0))
    assert (licence.large, licence.absorbing, licence.type) == (1.0, 1.0, 1.0)


def test_void_tenders_and_losers_are_counted(small: Any) -> None:
    small.reach = np.ones((2, 2))
    small.directory = SimpleNamespace(listing=small.listing)
    small.set("trade", cross_field_share=0.5, tender_bids=40.0, voucher_producer_share=1.0)
    small.set("trade", voucher_additional=0.8, voucher_additional_enterprise=0.2)
    small.firm(key=50)
    for kind in small.producers:
        small.add(small.producers[kind], attraction=1.0, reputation=1.0)
    for _ in range(3):
        small.add(small.finance.vouchers, bidder=-1, fate=voucher.ADDITIONAL)
    support_contracts.hold_tenders(small, small.finance.vouchers.rows)
    assert (small.finance.vouchers.rows["bidder"] >= 0).all()
    assert small.supported["tenders void"] == 0 and 90 < small.supported["bids refused"] < 150
    small.set("trade", tender_bids=1e-9)
    support_contracts.hold_tenders(small, small.finance.vouchers.rows)
    assert small.supported["tenders void"] == 3


def test_a_price_below_a_yuan_is_no_programme(programmes: Any) -> None:
    programmes.levers.voucher_budget = 1000.0
    for face, number in ((1.0, 1), (0.99, 0)):
        programmes.levers.voucher_face_value = face
        assert len(programmes_in_force(programmes, programmes.levers)) == number


def propose(small: Any, **columns: Any) -> Any:
    """Let one ticket of a firm of field 1 look for a partner among three producers and one seller."""
    given = {
        "of_producer": True,
        "producer": -1,
        "type": -1,
        "value": 160,
        "fate": voucher.ADDITIONAL,
        "bidder": -1,
        "key": 9,
    }
    small.finance.vouchers.close(0)
    small.contracts.close(0)
    small.contracts.reserve(4)
    small.add(small.finance.vouchers, **{**given, **columns})
    small.contracts.close(
        support_contracts.propose_voucher_contracts(
            small.finance.vouchers.rows, small.enterprises.rows, np.array([0, 1, 2]), np.array([5, 6, 7]),
            np.array([0, 1, 1]), np.array([1, 1, 0]), np.array([1.0, 2.0, 4.0]), small.listing(),
            small.set("trade", cross_field_share=0.25), small.now, small.seed, small.contracts.storage, 0,
        )
    )  # fmt: skip
    return small.contracts.rows


@pytest.fixture
def ticketed(small: Any) -> Any:
    small.firm(field=1, city=1, key=50)
    small.firm(field=1, city=0, key=51, role=BOTH, attraction=1.0)
    return small


def test_a_ticket_leads_to_a_producer_of_the_field_by_weight(ticketed: Any) -> None:
    for key in range(9, 30):
        (one,) = propose(ticketed, key=key)
        place = ticketed.draw(support_contracts.CHOICE, key)
        kind, priority = ticketed.two(support_contracts.CHOICE, key, ticketed.step, 1)
        # Weights 1 and 2 in the field, 4 beyond it at a quarter.
        chosen = int(place * 4.0 >= 1.0) + int(place * 4.0 >= 3.0)
        assert (one.seller_sector, one.seller_row, one.seller_city) == (chosen, 5 + chosen, min(1, chosen))
        assert one.type == (SERVICE if kind < 0.5 else CONSULTING if kind < 0.75 else DEVELOPMENT)
        assert (one.priority, one.value, one.field, one.buyer_city, one.state) == (
            priority,
            160,
            1,
            1,
            PROPOSED,
        )
        assert (one.channel, one.need, one.result, one.key, one.buyer_sector) == (VOUCHER, -1, -1, key, FIRM)
        (asked,) = propose(ticketed, key=key, producer=MILITARY, type=DEVELOPMENT)
        assert (asked.seller_sector, asked.seller_row, asked.type) == (2, 7, DEVELOPMENT)
    assert len(propose(ticketed, fate=voucher.DEADWEIGHT)) == len(propose(ticketed, fate=voucher.UNUSED)) == 0


def test_who_won_a_tender_gets_the_contract(ticketed: Any) -> None:
    (one,) = propose(ticketed, bidder=2)
    assert (one.seller_sector, one.seller_row, one.seller_city) == (2, 7, 1)
    (one,) = propose(ticketed, bidder=1, of_producer=False)
    assert (one.seller_sector, one.seller_row, one.seller_city) == (FIRM, 1, 0)


def test_the_others_go_to_an_enterprise_that_sells(ticketed: Any) -> None:
    (one,) = propose(ticketed, of_producer=False)
    assert (one.seller_sector, one.seller_row, one.seller_city) == (FIRM, 1, 0)
    assert ticketed.finance.vouchers.rows["contract"].tolist() == [0]
    (one,) = propose(ticketed, of_producer=True)
    assert one.seller_sector != FIRM
    ticketed.enterprises.rows["role"] = 0
    assert len(propose(ticketed, of_producer=False)) == 0


# What is changed of a university's service for a small firm away from the capital; programmes that pay:
# any, those for firms away from the capital, for researchers, for developments, for military units.
CONTRACTS: list[tuple[dict[str, int], dict[str, int], tuple[bool, ...]]] = [
    ({}, {}, (True, True, False, False, False)),
    ({"type": DEVELOPMENT}, {}, (True, True, False, True, False)),
    ({"type": TRANSFER}, {}, (False, False, False, False, False)),
    ({"seller_sector": MILITARY}, {}, (True, True, False, False, True)),
    ({"seller_sector": FIRM}, {}, (True, True, False, False, True)),
    ({"seller_sector": SECTOR["outside"]}, {}, (False, False, False, False, False)),
    ({"buyer_sector": MILITARY}, {}, (False, False, False, False, False)),
    ({}, {"city": 0}, (True, False, False, False, False)),
    ({}, {"research_user": 1}, (True, True, True, False, False)),
    ({}, {"large": 1}, (False, False, False, False, False)),
]


@pytest.mark.parametrize(("contract", "firm", "pays"), CONTRACTS)
def test_which_contracts_a_programme_would_pay(
    small: Any, contract: dict[str, int], firm: dict[str, int], pays: tuple[bool, ...]
) -> None:
    small.firm(**{"city": 1, **firm})
    given = {"buyer_sector": FIRM, "seller_sector": UNIVERSITY, "type": SERVICE, **contract}
    small.add(small.contracts, **given)
    programmes: tuple[dict[str, float], ...] = (
        {},
        {"away": 1},
        {"absorbing": 1},
        {"type": DEVELOPMENT},
        {"producer": MILITARY},
    )
    for programme, expected in zip(programmes, pays, strict=True):
        one = Programme(0, 22, 1, 50, 63, **programme)
        assert paid_anyway(small, one) == ([0] if expected else []), programme
    everyone = paid_anyway(small, Programme(0, 22, 1, 50, 63, large=1))
    assert everyone == ([0] if pays[0] or firm.get("large") else [])


def paid_anyway(small: Any, programme: Programme) -> list[int]:
    elsewhere_than = small.finance.capital if programme.away else -1
    contracts, firms = small.contracts.rows, small.enterprises.rows
    return [
        row
        for row in support_contracts.contracts_made_anyway(small).tolist()
        if voucher.would_pay(programme, contracts[row], firms[contracts[row].buyer_row], elsewhere_than)
    ]


def test_contracts_made_anyway_stand_in_the_order_of_keys(small: Any) -> None:
    for key in (9, 3, 5):
        small.add(small.contracts, key=key, buyer_sector=FIRM, seller_sector=FIRM)
    assert support_contracts.contracts_made_anyway(small).tolist() == [1, 2, 0]
