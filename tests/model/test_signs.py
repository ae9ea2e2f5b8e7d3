"""Where evidence gives a sign it holds in each of some futures; where it says nothing, little may move."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt
import pytest

from shaanxi_transfer.model.record import Record
from shaanxi_transfer.model.running import run_together
from shaanxi_transfer.scenarios import load

SEEDS: Final = range(200, 208 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 204)
SCALE: Final = 0.1

WORLDS: Final[dict[str, dict[str, float | dict[str, float]]]] = {
    "owners": {"ownership_pilots": 1.0},
    "equity": {"equity_share_university": 0.8, "equity_share_institute": 0.8, "equity_share_military": 0.5},
    "no approval": {"own_decision_university": 1.0, "own_decision_institute": 1.0},
    "right to invest": {"own_decision_military": 1.0},
    "lower royalty": {"inventor_share_university": 0.2, "inventor_share_institute": 0.2},
    "subsidy": {"founder_subsidy": 7.5e5},
    "vouchers for a year": {"voucher_budget": {"2018-Q3": 5e8, "2019-Q3": 0.0}},
    "lower threshold": {"compensation_threshold": 1.0},
    "higher compensation": {"compensation_share": 0.8},
    "seats": {"training_seats": 350.0},
    "incubators": {"incubators_founded": 60.0},
    "list": {"listing_of_idle_results": 1.0, "listed_income_share": 0.7},
    "platform": {"platform_reach": 1.0},
    "fund": {"fund_size": 2e10},
    "pilots": {"pilot_grants": 5e8},
    "mentors": {"founders_mentored": 5000.0},
    "brokers' funds": {"broker_funds": 1.0},
}

Effects = dict[str, list[tuple[Record, Record]]]


@pytest.fixture(scope="module")
def effects() -> Effects:
    """Each world beside the one without the plan, by future."""
    base = load("no_plan")
    worlds = [base, *(base.set(**levers) for levers in WORLDS.values())]
    found: Effects = {name: [] for name in WORLDS}
    for seed in SEEDS:
        none, *others = run_together(worlds, seed=seed, scale=SCALE)
        for name, record in zip(WORLDS, others, strict=True):
            found[name].append((none, record))
    return found


@pytest.fixture
def moved(
    effects: Effects, of_year: Callable[[Record, str, int], float]
) -> Callable[[str, str, int], npt.NDArray[np.float64]]:
    """Paired differences of an indicator in a year."""

    def differences(world: str, indicator: str, year: int = 2020) -> npt.NDArray[np.float64]:
        pairs = effects[world]
        return np.array([of_year(two, indicator, year) - of_year(one, indicator, year) for one, two in pairs])

    return differences


Moved = Callable[..., npt.NDArray[np.float64]]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("world", "indicator"),
    [
        ("owners", "spin_offs"),
        ("equity", "spin_offs"),
        ("no approval", "ventures_since_2010"),
        ("right to invest", "military_firms_since_2000"),
        ("subsidy", "firms_of_researchers"),
        ("lower threshold", "loans_new"),
        ("seats", "trained_people"),
        ("incubators", "incubator_tenants"),
        ("fund", "guidance_fund_committed"),
        ("pilots", "results_industrialised_share_university"),
    ],
)
def test_what_has_a_sign_keeps_it(world: str, indicator: str, moved: Moved) -> None:
    effect = moved(world, indicator)
    assert effect.mean() > 0.0 and (effect >= 0.0).all(), effect


@pytest.mark.slow
def test_equity_moves_foundings_and_a_royalty_does_not(moved: Moved, effects: Effects) -> None:
    """The one incentive with a Chinese estimate above zero, and the one with an estimate of zero."""
    level = np.mean([one.series("results_disclosed")[-1] for one, _ in effects["lower royalty"]])
    assert abs(moved("lower royalty", "results_disclosed").mean()) < 0.1 * level
    assert moved("lower royalty", "spin_offs").mean() >= 0.0, "a better licence keeps from founding"
    assert moved("equity", "results_disclosed").mean() > 0.0, "who founds has told his owner"


@pytest.mark.slow
def test_without_approval_firms_come_sooner(moved: Moved) -> None:
    first, later = (moved("no approval", "spin_offs", year) for year in (2018, 2020))
    assert first.mean() > 0.0 and later.mean() > 0.0


@pytest.mark.slow
def test_vouchers_make_contracts_while_they_last_and_none_afterwards(moved: Moved) -> None:
    during = moved("vouchers for a year", "contract_count_output", 2019)
    assert during.mean() > 100 and (during > 0.0).all()
    after = moved("vouchers for a year", "contract_count_output", 2020)
    assert abs(after.mean()) < 0.1 * during.mean()


@pytest.mark.slow
def test_incubators_bring_tenants_through_but_save_no_firm(moved: Moved) -> None:
    """Tenants close as often as others or somewhat more often; none is saved on the whole."""
    tenants = moved("incubators", "incubator_tenants").mean()
    assert tenants > 1000
    assert -0.1 * tenants < moved("incubators", "technology_enterprises").mean() < 0.01 * tenants


@pytest.mark.slow
def test_mentors_save_no_firm(moved: Moved) -> None:
    """None but one that, a little larger, is bound by a loan or buys a result that becomes a firm."""
    assert moved("mentors", "founders_with_mentor").mean() > 3000
    assert abs(moved("mentors", "technology_enterprises").mean()) < 1.0


@pytest.mark.slow
def test_funds_of_brokers_change_who_is_invested_in_not_how_much(moved: Moved, effects: Effects) -> None:
    """Eleven quarters of other firms in the funds' books: what was invested stays within one in fifty."""
    assert moved("brokers' funds", "broker_fund_deals").mean() > 10
    pairs = effects["brokers' funds"]
    for name in ("guidance_fund_invested", "venture_invested"):
        level = np.mean([one.series(name)[-1] for one, _ in pairs])
        assert abs(moved("brokers' funds", name).mean()) < 0.02 * level


@pytest.mark.slow
@pytest.mark.parametrize("world", ["list", "platform"])
def test_listing_does_next_to_nothing_for_the_target(world: str, moved: Moved, effects: Effects) -> None:
    level = np.mean([one.series("contract_value_output")[-4:].sum() for one, _ in effects[world]])
    assert abs(moved(world, "contract_value_output").mean()) < 0.01 * level


@pytest.mark.slow
def test_compensation_changes_who_gets_a_loan_more_than_who_converts(moved: Moved, effects: Effects) -> None:
    lent = np.mean([one.series("loans_new")[-4:].sum() for one, _ in effects["higher compensation"]])
    sold = np.mean(
        [one.series("contract_value_output")[-4:].sum() for one, _ in effects["higher compensation"]]
    )
    assert abs(moved("higher compensation", "contract_value_output").mean()) / sold < (
        abs(moved("higher compensation", "loans_new").mean()) / lent
    )


@pytest.mark.slow
def test_a_public_yuan_crowds_in_far_less_than_the_nominal_ratio(effects: Effects) -> None:
    """About nine tenths, and more where other funds have nothing left that partners could move."""
    for none, more in effects["fund"]:
        for record in (none, more):
            crowded = record.series("guidance_fund_crowded_in")[-1]
            own = record.series("guidance_fund_government")[-1]
            assert 0.5 * own < crowded < record.series("guidance_fund_private")[-1]
            assert crowded < 0.5 * (record.series("guidance_fund_committed")[-1] - own)
