"""What levers do to chances: nothing at zero, the right way beyond it, never past their bounds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.engine.columns import number_record
from shaanxi_transfer.model.state.levers_in_force import in_force, raised
from shaanxi_transfer.model.state.space import reach, reach_under
from shaanxi_transfer.scenarios import lever_catalogue, load

VALUES = load("no_plan").set(draw_parameters=False).parameter_draws(1)


def levers(**given: float) -> Any:
    return number_record({**dict.fromkeys(lever_catalogue(), 0.0), **given})


def moved(**given: float) -> dict[str, tuple[float, float]]:
    none, some = in_force(VALUES, levers()), in_force(VALUES, levers(**given))
    return {name: (none[name], some[name]) for name in some if none[name] != some[name]}


def test_at_zero_every_parameter_keeps_its_value_to_the_bit() -> None:
    assert {name: in_force(VALUES, levers())[name] for name in VALUES} == VALUES


@pytest.mark.parametrize("usual", [0.0, 0.3, 1.0])
def test_a_share_is_raised_from_its_usual_level_to_one(usual: float) -> None:
    assert raised(usual, 0.0) == usual and raised(usual, 1.0) == 1.0
    assert usual <= raised(usual, 0.5) <= 1.0


# Lever, parameter, and the sign of what the lever does to it.
SIGNS = [
    ("result_registration", "result_visible_share", 1),
    ("military_results_visible", "military_visible_share", 1),
    ("military_disposal_rights", "transfer_probability_military", 1),
    ("military_needs_opened", "military_need_share", 1),
    ("chain_allocation", "needs_pilot_share", -1),
    ("chain_allocation", "result_relevance", 1),
    ("transfer_duty", "disclosure_probability", 1),
    ("evaluation_methods", "disclosure_probability", 1),
    ("lead_expert_autonomy", "disclosure_probability", 1),
    ("transfer_in_promotion", "promotion_moves", 1),
    ("platform_upgrade", "quality_gain", 1),
    ("open_laboratories", "laboratory_shift", 1),
    ("alliance_membership", "tie_probability", 1),
    ("ip_protection", "transfer_outside_hazard", 1),
    ("base_coverage", "base_pilots_capital", 1),
    ("base_coverage", "base_pilots_elsewhere", 1),
    ("declassification_advance", "declassification_years", -1),
    ("leave_to_found", "founder_career_cost", -1),
    ("founder_subsidy", "founder_subsidy_offered", 1),
    ("fund_research_focus", "founder_financed_share", 1),
    ("technical_track", "results_per_million_rd_institute", 1),
    ("technical_track", "results_per_million_rd_military", 1),
    ("technical_track", "technical_career", 1),
    ("northwest_centre", "outside_demand_gain", 1),
    ("regional_subcentres", "subcentre_contact", 1),
    ("platform_reach", "platform_chance", 1),
    ("technology_import", "import_brokerage", 1),
    ("registration_service", "registration_hazard", 1),
    ("investment_loan_linkage", "linkage_points", 1),
    ("technology_branches", "branch_capacity", 1),
    ("publicity", "loan_demand_hazard", 1),
    ("publicity", "voucher_unused", -1),
]


@pytest.mark.parametrize(("lever", "parameter", "sign"), SIGNS)
def test_a_lever_moves_its_chance_the_stated_way_and_within_bounds(
    lever: str, parameter: str, sign: int
) -> None:
    entry = lever_catalogue()[lever]
    for value in (entry.plan, entry.high):
        before, after = moved(**{lever: value})[parameter]
        assert np.sign(after - before) == sign
        if parameter.endswith(("_share", "_probability", "_contact", "_chance")):
            assert 0.0 <= after <= 1.0


def test_a_lever_moves_no_more_than_what_its_file_names() -> None:
    assert set(moved(declassification_advance=2.0)) == {"declassification_years"}
    assert moved(declassification_advance=10.0)["declassification_years"][1] == 0.0
    assert set(moved(northwest_centre=0.2)) == {"outside_demand_gain"}
    assert set(moved(technical_track=0.3)) == {
        "results_per_million_rd_institute",
        "results_per_million_rd_military",
        "technical_career",
    }, "universities have careers of their own"


@pytest.mark.parametrize(
    ("lever", "parameter"),
    [("transfer_duty", "disclosure_probability"), ("result_registration", "result_visible_share")],
)
def test_duties_reach_no_more_than_the_research_that_the_province_pays(lever: str, parameter: str) -> None:
    before, after = moved(**{lever: 1.0})[parameter]
    assert (after - before) / (1.0 - before) == pytest.approx(VALUES["programme_share_of_research"])


def test_a_listing_platform_does_about_nothing() -> None:
    """The one estimate that there is says zero; the whole lever may not do much more."""
    assert in_force(VALUES, levers(platform_reach=0.5))["platform_chance"] < 0.01


def test_enclaves_bring_the_capital_nearer_and_nobody_else() -> None:
    kilometres = np.array([[0.0, 100.0, 200.0], [100.0, 0.0, 150.0], [200.0, 150.0, 0.0]])
    usual = reach(kilometres, 150.0, 0.2)
    assert np.array_equal(reach_under(kilometres, 0, levers(), 150.0, 0.2), usual)
    nearer = reach_under(kilometres, 0, levers(enclaves_and_trusteeship=0.5), 150.0, 0.2)
    assert (nearer[0, 1:] > usual[0, 1:]).all() and (nearer[1:, 0] > usual[1:, 0]).all()
    assert nearer[1, 2] == usual[1, 2] and (nearer.diagonal() == 1.0).all()
    assert (reach_under(kilometres, 0, levers(enclaves_and_trusteeship=1.0), 150.0, 0.2)[0] == 1.0).all()
