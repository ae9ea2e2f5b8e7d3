"""At the ends of the world: no research, no buyers, no money."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from shaanxi_transfer.model import run
from shaanxi_transfer.model.ecosystem import Ecosystem
from shaanxi_transfer.model.indicators import INDICATORS
from shaanxi_transfer.scenarios import load

Hold = Callable[..., None]

PLAN = load("action_plan").set(plan_start="2010-Q3", end="2012-Q4")

NO_BUYERS = {
    "enterprise_contracts_2017": 0.0,
    "commission_intensity_university": 0.0,
    "commission_intensity_institute": 0.0,
    "commission_intensity_military": 0.0,
    "transfer_outside_hazard": 0.0,
}
NO_RESULTS = {
    f"results_per_million_rd_{kind}": 0.0 for kind in ("university", "institute", "military", "enterprise")
}


def modelled(*names: str) -> None:
    missing = [name for name in names if name not in INDICATORS or not INDICATORS[name].modelled]
    if missing:
        pytest.skip(f"not modelled yet: {', '.join(missing)}")


def test_without_buyers_there_are_no_contracts(hold: Hold) -> None:
    hold(**NO_BUYERS)
    # Nor does anybody buy for the firms: the programmes that pay for contracts, or lead to them, are closed.
    closed = dict.fromkeys((f"task_{task:02d}" for task in (5, 8, 13, 16, 20, 22, 23, 24)), "no_plan")
    record = run(PLAN.set(**closed, organisation_1="no_plan"), seed=2, scale=0.02)
    for name in record.indicators:
        if name.startswith("contract_"):
            assert not record.series(name).any(), name
    assert not record.series("registration_coverage").any()


def test_without_research_there_are_no_results(hold: Hold) -> None:
    modelled("results_created")
    hold(**NO_RESULTS)
    record = run(PLAN, seed=2, scale=0.02)
    for name in record.indicators:
        if name.startswith(("results_", "spin_offs")):
            assert not record.series(name).any(), name
    assert record.series("contract_value_output").all(), "technology services go on"


def test_without_research_nobody_founds_a_firm_out_of_it(hold: Hold) -> None:
    hold(rd_share_university=0.0, rd_share_institute=0.0, rd_share_military=0.0)
    record = run(PLAN, seed=2, scale=0.02)
    for name in record.indicators:
        if name.startswith(("spin_offs", "firms_of_", "ventures_", "one_institute_", "military_firms")):
            assert not record.series(name).any(), name


def test_without_a_habit_of_registering_nothing_is_registered(hold: Hold) -> None:
    hold(
        registered_share_2010=0.0, registration_hazard=0.0, registration_imitation=0.0,
        registration_small_extra=0.0, commission_registered_share=0.0, registration_elsewhere_2010=0.0,
        registration_elsewhere_2017=0.0,
    )  # fmt: skip
    record = run(PLAN.set(registration_service=0.0), seed=2, scale=0.02)
    assert record.series("contract_value_signed").all()
    for name in (
        "contract_value_output",
        "contract_count_output",
        "contract_value_inflow",
        "registration_coverage",
    ):
        assert not record.series(name).any(), name


def test_when_everybody_registers_everything_coverage_is_one(hold: Hold) -> None:
    hold(
        registered_share_2010=1.0, registration_hazard=1e6, registration_hazard_before_market_factor=1.0,
        commission_registered_share=1.0, commission_registered_start=1.0, entry_threshold=1e-9,
    )  # fmt: skip
    record = run(PLAN, seed=2, scale=0.02)
    coverage = record.series("registration_coverage")
    assert coverage[0] == 1.0
    # Entrants take up the habit at the end of their first quarter.
    assert (coverage <= 1.0).all() and coverage.mean() > 0.93


def test_coverage_never_exceeds_one_and_kinds_sum_to_the_whole() -> None:
    record = run(load("action_plan").set(end="2013-Q4"), seed=8, scale=0.02)
    value, signed = record.series("contract_value_output"), record.series("contract_value_signed")
    assert (value <= signed).all()
    assert (record.series("registration_coverage") == value / signed).all()
    kinds = ("university", "research_institute", "military_unit", "enterprise")
    types = ("development", "transfer", "consulting", "service")
    cities = [name for name in record.indicators if name.startswith("contract_value_output.")]
    for parts in ([f"contract_value_output_{kind}" for kind in kinds],
                  [f"contract_value_output_{kind}" for kind in types], cities):  # fmt: skip
        assert np.array_equal(np.sum([record.series(part) for part in parts], axis=0), value), parts
    assert (record.series("contract_value_major") <= value).all()
    assert (record.series("contract_count_major") <= record.series("contract_count_output")).all()
    assert (record.series("contract_value_local") <= signed).all()
    # What cities win and lose is the one figure below zero; over all of them it is nothing.
    shifts = np.array([name.startswith("entries_shifted.") for name in record.indicators])
    assert np.isfinite(record.values).all() and (record.values[:, ~shifts] >= 0.0).all()
    assert np.abs(record.values[:, shifts].sum(axis=1)).max() < 1e-9


def test_without_a_budget_no_voucher_is_redeemed() -> None:
    modelled("vouchers_redeemed")
    full = run(PLAN.set(voucher_budget=1e8), seed=2, scale=0.05)
    none = run(PLAN.set(voucher_budget=0), seed=2, scale=0.05)
    assert full.series("vouchers_redeemed").any()
    assert not none.series("vouchers_redeemed").any()


@pytest.mark.parametrize("budget", [1e6, 2e7])
def test_vouchers_never_cost_more_than_their_budget(budget: float) -> None:
    modelled("vouchers_redeemed")
    ecosystem = Ecosystem(PLAN.set(voucher_budget=budget), seed=2, scale=0.05)
    paid = []
    while ecosystem.running:
        ecosystem.step()
        paid.append(ecosystem.province.books.paid("voucher"))
    assert sum(paid) > 0
    assert max(paid) <= budget / 4.0


def test_without_seats_nobody_is_trained() -> None:
    modelled("trained_people")
    seats = {name for name in load("nothing").lever_paths() if "training" in name or "seats" in name}
    assert seats
    record = run(load("nothing").set(end="2012-Q4"), seed=2, scale=0.02)
    assert not record.series("trained_people").any()


def test_without_money_no_fund_is_raised() -> None:
    modelled("guidance_fund_committed")
    record = run(load("nothing").set(end="2014-Q4"), seed=2, scale=0.02)
    assert not record.series("guidance_fund_committed").any()
    assert not record.series("guidance_fund_government").any()


def test_full_compensation_does_not_raise_lending_beyond_demand() -> None:
    modelled("loans_new")
    start = {"plan_start": "2011-Q2", "end": "2014-Q4"}
    generous = load("no_plan").set(
        **start, compensation_share=0.8, compensation_pool=1e9, compensation_threshold=2
    )
    more = generous.set(compensation_pool=9e8)
    # With a pool that never binds, more money in it changes no loan.
    assert (
        run(generous, seed=2, scale=0.05).series("loans_new")
        == run(more, seed=2, scale=0.05).series("loans_new")
    ).all()
