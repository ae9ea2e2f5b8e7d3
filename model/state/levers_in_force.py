"""What levers do to the chances that rules read: the parameters in force under a policy.

A task of the plan that is neither money nor a new actor makes something likelier:
that a result is registered, that an inventor comes forward, that a need in a county
finds a seller. Each function here gives the parameters in force for one such family,
from those of the future and the levers; with a lever at zero a parameter keeps its
value to the bit. Nothing here touches an indicator: what becomes of a chance is the
business of the rules. All gains are priors, most of them assumptions, and carry their
sources in ``scenarios/parameters.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .first_contact import pace_of_first_contact

if TYPE_CHECKING:
    from ...agents.inputs import Levers

Values = Mapping[str, float]
Numbers = dict[str, float]


def raised(usual: float, share: float) -> float:
    """Raise a share by a part of what it lacks to one: ``usual`` at 0, everything at 1."""
    return usual + (1.0 - usual) * share


def result_information(values: Values, levers: Levers) -> Numbers:
    """Registration of results lets strangers find more of them, military ones too (tasks 1 and 3).

    Acceptance of a project asks for registration (task 1), so that only research which the province's
    programmes pay is reached: a lever of 1 registers every result of it. At 0 the share of the future's
    history is kept.
    """
    accepted = levers.result_registration * values["programme_share_of_research"]
    civil = raised(values["result_visible_share"], accepted)
    military = raised(civil, levers.military_results_visible)
    return {"result_visible_share": civil, "military_visible_share": military}


def willingness_to_disclose(values: Values, levers: Levers) -> Numbers:
    """Duties, evaluation, free lead experts and promotion bring more results to the owner's office.

    Duties in provincial projects reach only the research that the province pays
    (task 5), other methods of evaluation let pass a part of what evaluation stops
    (task 10), lead experts who decide themselves what approval stops (task 17). Weight
    in promotion moves some of the third of inventors whom no income moves
    (organisation 2). Income itself is another matter: its share is a threshold that 21
    provinces had passed, see ``agents.new_result.inventor_resistance``.
    """
    stopped = 1.0 - levers.transfer_duty * values["programme_share_of_research"]
    stopped *= 1.0 - levers.evaluation_methods * values["evaluation_gain"]
    stopped *= 1.0 - levers.lead_expert_autonomy * values["autonomy_gain"]
    return {
        "disclosure_probability": raised(values["disclosure_probability"], 1.0 - stopped),
        "disclosure_before": values["disclosure_probability"],
        "promotion_moves": levers.transfer_in_promotion * values["promotion_gain"],
    }


def maturity_at_birth(values: Values, levers: Levers) -> Numbers:
    """Programmes along the chain make results riper and nearer to needs (task 4), platforms better (task 6).

    Only research that the province's programmes pay is reached by task 4, only frontier
    fields by task 6. Relevance: a larger part of results lies in the fields of needs
    rather than in the owner's main field.
    """
    reached = levers.chain_allocation * values["programme_share_of_research"]
    # Those that look for a buyer without the test that they need, when nothing is done about it.
    untested = (1.0 - values["pilot_probability"]) ** values["delay_geometric_mean"]
    quality = levers.platform_upgrade * values["frontier_share"] * values["platform_quality_gain"]
    return {
        "needs_pilot_share": values["needs_pilot_share"] * (1.0 - reached * values["chain_maturity_gain"]),
        "result_relevance": raised(values["cross_field_share"], reached * values["chain_relevance_gain"]),
        "quality_gain": quality,
        "ripe_share_before": 1.0 - values["needs_pilot_share"] * untested,
    }


def outcome_in_bases(values: Values, levers: Levers) -> Numbers:
    """Industrial bases make pilots of results that firms in zones bought (task 12)."""
    return {
        "base_pilots_capital": levers.base_coverage * values["base_gain_capital"],
        "base_pilots_elsewhere": levers.base_coverage * values["base_gain_elsewhere"],
    }


def trade_in_results(values: Values, levers: Levers) -> Numbers:
    """Protection makes owners license rather than keep secret (task 9); alliances share a pool (task 8)."""
    gain = 1.0 + levers.ip_protection * values["ip_trade_gain"]
    return {
        "transfer_outside_hazard": values["transfer_outside_hazard"] * gain,
        "pool_share": levers.alliance_membership,
        "tie_probability": raised(
            values["tie_probability"], levers.alliance_membership * values["alliance_tie_gain"]
        ),
    }


def transfer_by_owner(values: Values, levers: Levers) -> Numbers:
    """Military units with the right to dispose and to keep income come nearer to universities (task 3)."""
    military = values["transfer_probability_military"]
    lacking = max(0.0, values["transfer_probability_university"] - military)
    return {"transfer_probability_military": military + levers.military_disposal_rights * lacking}


def declassification(values: Values, levers: Levers) -> Numbers:
    """Rules of declassification shorten the wait of secret results (task 13)."""
    years = max(0.0, values["declassification_years"] - levers.declassification_advance)
    return {"declassification_years": years}


def founding_of_firms(values: Values, levers: Levers) -> Numbers:
    """Say what a founder gives up and brings in: leave lets him return, funds and subsidies pay a part.

    Who may come back within three years risks less of his career (rules of 2016), who has a technical
    career as good as a manager's risks more (task 17). Sub-funds that look for research first bring
    the capital of those founders whom they reach (task 21).
    """
    career = values["founder_career_cost"]
    risked = 1.0 - levers.leave_to_found * values["leave_relief"]
    return {
        "founder_career_cost": career * risked,
        "founder_usual_cost": career + values["founder_capital"],
        "founder_financed_share": levers.fund_research_focus * values["focus_reach"],
        "founder_subsidy_offered": levers.founder_subsidy,
        "technical_career": 1.0 + levers.technical_track * values["technical_track_worth"],
    }


def research_careers(values: Values, levers: Levers) -> Numbers:
    """Posts as good as managers' keep lead researchers of institutes and defence groups at it (task 17).

    The model follows no researchers: a share of the R&D money brings a few results more.
    """
    more = 1.0 + levers.technical_track * values["technical_track_gain"]
    return {
        name: values[name] * more
        for name in ("results_per_million_rd_institute", "results_per_million_rd_military")
    }


def search_for_partners(values: Values, levers: Levers) -> Numbers:
    """Platforms, sub-centres and brokers with partners abroad help those who find no seller.

    Listing networks alone had no measurable effect (survey of 86 universities); the
    prior of ``platform_contact`` begins at zero, and deals on platforms are small. How
    fast buyers find new partners without any help follows from what stays unmet.
    """
    years = values["need_expiry_quarters"] / 4.0
    return {
        "first_contact": pace_of_first_contact(values["unmet_alone_share"], values["search_spread"], years),
        "platform_chance": levers.platform_reach * values["platform_contact"],
        "subcentre_contact": levers.regional_subcentres * values["subcentre_gain"],
        "import_brokerage": levers.technology_import,
    }


def outside_demand(values: Values, levers: Levers) -> Numbers:
    """The north-west centre raises what the north-west and the Belt-and-Road ask for here (task 14)."""
    return {"outside_demand_gain": levers.northwest_centre * values["northwest_share_of_demand"]}


def local_demand(values: Values, levers: Levers) -> Numbers:
    """Who asks for more here, and who is asked: military units open needs, laboratories their doors.

    Opened laboratories meet a part of the needs that went outside (task 6), defence ones too.
    """
    return {
        "military_need_share": values["military_need_share"] * (1.0 + levers.military_needs_opened),
        "laboratory_shift": levers.open_laboratories * values["laboratory_gain"],
    }


def habits_of_registration(values: Values, levers: Levers) -> Numbers:
    """Service points add to the yearly hazard at which sellers begin to register (task 2)."""
    return {"registration_hazard": values["registration_hazard"] + levers.registration_service}


def access_to_loans(values: Values, levers: Levers) -> Numbers:
    """Publicity makes more firms ask; an investor counts with banks, and branches lend more.

    Publicity also lets fewer vouchers lie unused (organisation 3).
    """
    aware = levers.publicity * values["publicity_gain"]
    return {
        "loan_demand_hazard": values["loan_demand_hazard"] * (1.0 + aware),
        "voucher_unused": values["voucher_unused"] * (1.0 - aware),
        "linkage_points": levers.investment_loan_linkage * values["linkage_gain"],
        "branch_capacity": 1.0 + levers.technology_branches,
    }


FAMILIES = (
    result_information,
    willingness_to_disclose,
    maturity_at_birth,
    outcome_in_bases,
    trade_in_results,
    transfer_by_owner,
    declassification,
    founding_of_firms,
    research_careers,
    search_for_partners,
    outside_demand,
    local_demand,
    habits_of_registration,
    access_to_loans,
)


def in_force(values: Values, levers: Levers) -> Numbers:
    """Give all parameters as they are under the levers in force.

    Parameters
    ----------
    values : mapping of str to float
        Parameters of the future.
    levers : record
        Levers of the step.

    Returns
    -------
    dict of str to float
        ``values`` with those replaced that a lever moves, and with what only levers bring about.
    """
    steered = dict(values)
    for family in FAMILIES:
        steered.update(family(values, levers))
    return steered
