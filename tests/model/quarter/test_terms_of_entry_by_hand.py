"""What law, levers and offices make of the terms on which contracts are registered, worked out on paper."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents.goods import TYPES
from shaanxi_transfer.engine.books import CAUSE
from shaanxi_transfer.model import INDICATORS
from shaanxi_transfer.model.quarter import registration


@pytest.fixture
def offices(small: Any) -> Any:
    """A tenth of tax of which half is kept, half of it for a fifth of services; two types of four, even."""
    small.values.update(
        small.REGISTERING,
        registration_relief_rate=0.1, registration_relief_kept=0.5, registration_relief_bound=0.2,
        registration_other_gain=0.01, type_share_transfer=0.0, type_share_consulting=0.0,
        registration_service_saving=0.5, split_parts_most=2.6, relabelling_fine=1.0,
        office_entries_share=0.1, enterprise_contracts_2017=400.0, office_cost_per_contract=30.0,
    )  # fmt: skip
    small.now.entry_threshold = 1000.0
    small.registry = SimpleNamespace(left_out_before=0)
    small.tally = SimpleNamespace(rewards_due=0, entered_by_offices=0, value_by_type=np.zeros(4, np.int64))
    return small


def test_relief_is_whole_for_development_and_transfer_and_in_part_for_the_rest(offices: Any) -> None:
    relief = dict(zip(TYPES, registration.relief_by_type(offices.values), strict=True))
    whole, part = 0.05, 0.01
    expected = {"development": whole, "transfer": whole, "consulting": part, "service": part}
    assert relief == pytest.approx(expected)


def test_paper_costs_what_the_usual_contract_of_the_threshold_brings(offices: Any) -> None:
    terms = registration.terms_of_entry(offices)
    assert (terms.gain, terms.bound_gain) == pytest.approx((0.06, 0.02))
    # Development and services are even in number: a contract of 1000 yuan brings 40.
    assert terms.paper == pytest.approx(40.0) and terms.parts == 3
    assert (terms.reward, terms.audit, terms.spared, terms.called) == (0.0, 0.0, 1.0, 0.0)
    offices.now.entry_threshold = 0.0
    assert registration.terms_of_entry(offices).paper == 0.0


def test_service_points_do_a_part_of_the_paper_of_those_on_whom_they_call(offices: Any) -> None:
    offices.levers.registration_service = 0.1
    served = 1.0 - math.exp(-0.1)
    assert registration.terms_of_entry(offices).paper == pytest.approx(40.0 * (1.0 - 0.5 * served))


@pytest.mark.parametrize(("audit", "spared"), [(0.0, 1.0), (0.25, 0.5), (0.5, 0.0), (1.0, 0.0)])
def test_an_audit_takes_the_undue_gain_and_a_fine(offices: Any, audit: float, spared: float) -> None:
    offices.levers.registration_audit_rate = audit
    assert registration.terms_of_entry(offices).spared == pytest.approx(spared)


def test_offices_enter_their_quota_as_far_as_their_hours_go(offices: Any) -> None:
    # Ten contracts a quarter at most: a tenth of 400 a year.
    offices.levers.registration_quota = 0.5
    for left_out, chance in ((0, 0.5), (20, 0.5), (21, 10.0 / 21.0), (100, 0.1)):
        offices.registry.left_out_before = left_out
        assert registration.terms_of_entry(offices).called == pytest.approx(chance)
    offices.levers.registration_quota = 0.05
    assert registration.chance_of_call(offices) == pytest.approx(0.05)
    offices.levers.registration_quota = 0.0
    assert registration.chance_of_call(offices) == 0.0


@pytest.mark.parametrize(
    ("cash", "wages", "rewards"), [(1000, 90, 500), (590, 90, 500), (589, 90, 499), (90, 90, 0), (80, 80, 0)]
)
def test_offices_and_rewards_are_paid_while_the_budget_lasts(
    offices: Any, cash: int, wages: int, rewards: int
) -> None:
    offices.treasuries.rows["cash"] = [cash, 7, 7]
    offices.books.open()
    offices.tally.rewards_due, offices.tally.entered_by_offices = 500, 3
    registration.pay_for_registration(offices)
    assert offices.treasuries.rows["cash"].tolist() == [cash - wages - rewards, 7, 7]
    assert offices.public[26, 0, CAUSE["administration"]] == wages
    assert offices.public[2, 0, CAUSE["subsidy"]] == rewards == read("registration_rewards", offices)
    assert offices.paid("subsidy", "government", "households") == rewards
    offices.books.close()


def test_tax_forgone_follows_from_what_was_declared_and_no_treasury_pays_it(offices: Any) -> None:
    offices.tally.value_by_type[:] = [1000, 100, 10, 2000]
    assert read("tax_forgone", offices) == pytest.approx(50.0 + 5.0 + 0.1 + 20.0)
    registration.pay_for_registration(offices)
    assert not offices.public.any() and not offices.flows.any()


def read(indicator: str, province: Any) -> float:
    found = INDICATORS[indicator].read
    assert found is not None
    return found(province)
