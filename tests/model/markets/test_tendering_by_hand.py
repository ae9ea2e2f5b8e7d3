"""Challenge tenders: when one is void, which bid wins, and what an enterprise that wins changes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import voucher
from shaanxi_transfer.agents.enterprise import BOTH
from shaanxi_transfer.engine import luck
from shaanxi_transfer.model.markets import tendering


@pytest.fixture
def tender(small: Any) -> Any:
    """A firm of field 1 that does no research, three producers, and one other firm that sells."""
    small.firm(field=1, city=1, key=50)
    small.firm(field=1, city=0, key=51, role=BOTH, attraction=1.0, reputation=1.0)
    small.set("trade", cross_field_share=0.25, tender_bids=5.0, voucher_producer_share=1.0)
    small.set("trade", voucher_additional=0.8, voucher_additional_enterprise=0.2)
    return small


def hold(tender: Any, key: int = 9, reputation: tuple[float, ...] = (1.0, 1.0, 2.0)) -> tuple[Any, list[int]]:
    tickets, outcomes = tender.finance.vouchers, np.zeros(2, dtype=np.int64)
    tickets.close(0)
    one = tender.add(tickets, key=key, fate=voucher.ADDITIONAL, of_producer=True, bidder=-1, firm_row=0)
    tendering.hold_tenders(
        tickets.rows, tender.enterprises.rows, np.array([1, 0, 1]), np.array(reputation),
        np.array([1.0, 3.0, 4.0]), tender.listing(), tender.terms.trade, tender.now, tender.seed, outcomes,
    )  # fmt: skip
    return one, outcomes.tolist()


def bids(tender: Any, key: int) -> tuple[int, list[tuple[float, int]]]:
    """Work out by hand how many bid for a tender, and merit and place of each."""
    number = luck.poisson_quantile(tender.draw(tendering.BIDDERS, key), 5.0)
    found = []
    for k in range(number):
        _, place = tender.two(tendering.BID, key, tender.step, 2 * k)
        u = tender.draw(tendering.BID, key, 2 * k + 1)
        bidder = int(place * 4.0 >= 1.0) + int(place * 4.0 >= 3.0)
        found.append((math.log((1.0, 0.25, 2.0)[bidder]) - math.log(-math.log(u)), bidder))
    return number, found


def test_the_best_of_at_least_three_bids_wins(tender: Any) -> None:
    void = 0
    for key in range(9, 60):
        number, found = bids(tender, key)
        one, outcomes = hold(tender, key)
        if number < 3:
            void += 1
            assert (one.bidder, one.fate, outcomes) == (-1, voucher.UNUSED, [1, 0])
        else:
            assert (one.bidder, one.fate) == (max(found)[1], voucher.ADDITIONAL)
            assert one.of_producer and outcomes == [0, number - 1]
    assert 1 <= void <= 15
    # Two bids are too few, three are enough: the mean on both sides of the tender's own luck.
    u = tender.draw(tendering.BIDDERS, 9)
    means = np.linspace(0.01, 20.0, 4000)
    enough = next(mean for mean in means if luck.poisson_quantile(u, mean) == 3)
    for mean, fate in ((enough, voucher.ADDITIONAL), (enough - 0.01, voucher.UNUSED)):
        tender.set("trade", tender_bids=mean)
        assert hold(tender)[0].fate == fate


def test_who_does_research_weighs_the_bids_against_its_own_work(tender: Any) -> None:
    tender.enterprises.rows["research_user"][0] = True
    kept = 0
    for key in range(9, 60):
        number, found = bids(tender, key)
        if number < 3:
            continue
        own = -math.log(-math.log(tender.draw(tendering.BIDDERS, key, 1)))
        one, outcomes = hold(tender, key)
        if own >= max(found)[0]:
            kept += 1
            assert (one.bidder, one.fate, outcomes) == (-1, voucher.UNUSED, [0, number])
        else:
            assert (one.bidder, outcomes) == (max(found)[1], [0, number - 1])
    assert kept > 0


def test_an_enterprise_that_wins_makes_fewer_contracts(tender: Any) -> None:
    tender.set("trade", voucher_producer_share=0.0, tender_bids=30.0)
    u = tender.draw(tendering.BIDDERS, 9, 2)
    for side, fate in ((1, voucher.ADDITIONAL), (-1, voucher.DEADWEIGHT)):
        tender.set("trade", voucher_additional_enterprise=0.8 * u * (1 + side * 1e-9))
        one, _ = hold(tender)
        assert (one.bidder, bool(one.of_producer), one.fate) == (1, False, fate)
    tender.enterprises.rows["role"][1] = 0
    one, outcomes = hold(tender)
    assert (one.bidder, one.fate, outcomes) == (-1, voucher.UNUSED, [1, 0])
