"""Departments that manage the plan: they see how far a target is, and move what they decide on towards it.

A plan as written is an open loop: its levers stand where the scenario puts them,
whatever comes of it. Plans are carried out otherwise: the text asks that tasks be
broken down level by level with a road map and dates, and who is behind trains,
certifies, founds and registers more, as far as money and candidates go. How much
of a gap departments close cannot be estimated from what was found, so it is a lever.

Each act moves a lever that is there anyway: seats of courses (task 15),
certificates (task 10), foundings of incubators and maker spaces (task 23), service
points of registration (task 2). What binds them then is what binds these always:
the treasury's money, candidates with people and deals, people who pass, contracts
that are left to register.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from ...agents.government import PROVINCE
from ...agents.incubator import INCUBATOR, MAKER_SPACE, STAR_SKY
from ...agents.programme import yearly_level
from ...engine.books import CAUSE, SECTOR, pay_public
from ...engine.columns import row_at
from ...scenarios.choosing.catalogue import lever_catalogue
from ...scenarios.choosing.declared_targets import DeclaredTarget

if TYPE_CHECKING:
    from ...agents.inputs import Levers
    from ..province import Province

SERVICE: Final = "registration_service"

PRUDENCE: Final = 1.645
"""Spreads of bad luck that a department allows for: it falls short of what it plans in one of twenty cases.

An assumption; without it everyone would plan to reach a target with the chance of one half.
"""

_HOUSEHOLDS: Final = SECTOR["households"]
_ADMINISTRATION: Final = CAUSE["administration"]


class Act(NamedTuple):
    """What a department may move.

    Attributes
    ----------
    lever : str
    at_work, asked : float
        What the programme does a year now, and what would close the gap by the target's date.
    """

    lever: str
    at_work: float
    asked: float


def act_on_gaps(province: Province) -> None:
    """Move levers towards what the targets lack, as far as `target_management` says.

    In a province for which the shipped plan was not written nobody is held to its targets; those that a
    scenario declares hold where it is run. After the year of a target nobody acts on it.
    """
    share = float(province.levers.target_management)
    written_here = province.pack.manifest.plan_written_for in ("", province.pack.name)
    if share == 0.0 or not (written_here or province.scenario.targets):
        return
    ordered = province.levers
    managed = row_at(np.array([ordered]), 0)
    for act in (*_on_people(province), *_on_institutions(province), *_on_platforms(province)):
        _move(managed, act, share)
    for act in _on_turnover(province):
        _move(managed, act, share)
        _pay_for_service(province, getattr(managed, SERVICE) - getattr(ordered, SERVICE))
    province.put_in_force(managed)


def note_turnover(province: Province) -> None:
    """Report what was signed and registered in the step, for the departments' look at the next one."""
    province.totals.signed.append(int(province.tally.signed_value))
    province.totals.registered.append(int(province.tally.value_by_seller.sum()))


def prudent(lacking: float, variance: float) -> float:
    """Give what has to be aimed at so that bad luck does not undo it; 0 if nothing is lacking.

    Parameters
    ----------
    lacking : float
        What a target lacks.
    variance : float
        Variance of what is done, for each unit of it: 1 if it comes at random times, ``1 - p`` if each
        attempt succeeds with probability ``p``.
    """
    return lacking + PRUDENCE * math.sqrt(lacking * variance) if lacking > 0.0 else 0.0


def _move(levers: Levers, act: Act, share: float) -> None:
    """Raise a lever by a share of what its programme lacks a year; never lower it, nor beyond its bound."""
    before = float(getattr(levers, act.lever))
    wished = before + share * max(0.0, act.asked - act.at_work)
    setattr(levers, act.lever, max(before, min(wished, lever_catalogue()[act.lever].high)))


def _target_of(province: Province, indicator: str) -> DeclaredTarget | None:
    """Find the target that is held against an indicator, the scenario's own or else the shipped plan's."""
    targets = province.scenario.judged_by
    return next((one for name, one in targets.items() if indicator in one.counted(name).values()), None)


def _goal(province: Province, indicator: str) -> float:
    """Give what is asked of an indicator; only where `_years_left` says that something is."""
    target = _target_of(province, indicator)
    return math.inf if target is None else target.goal


def _years_left(province: Province, indicator: str) -> float:
    """Years from the start of the step to the end of the target's year; 0 once it is over, or without one."""
    target, now = _target_of(province, indicator), province.now
    if target is None:
        return 0.0
    left = target.year + 1.0 - (now.date - 0.5 * now.dt)
    return left if left > 0.5 * now.dt else 0.0


def _on_people(province: Province) -> list[Act]:
    """Open as many seats as lack certificates, for those who fail too."""
    left = _years_left(province, "trained_people")
    if left == 0.0:
        return []
    parameters = province.terms.people
    trained = int(np.count_nonzero(province.trainees.rows["born"] >= province.pack.years.training_from))
    passing = parameters.training_pass_share
    lacking = prudent(_goal(province, "trained_people") - trained, 1.0 - passing)
    at_work = yearly_level(
        province.levers.training_seats, province.usual.seats, parameters.training_seats_reference
    )
    return [Act("training_seats", at_work, lacking / (left * passing))]


def _on_institutions(province: Province) -> list[Act]:
    """Certify as many as lack, and as many as will close or lose the status meanwhile."""
    left = _years_left(province, "demonstration_institutions")
    if left == 0.0:
        return []
    parameters = province.terms.people
    in_force = int(province.brokers.rows["certified"].sum())
    lacking = prudent(_goal(province, "demonstration_institutions") - in_force, 1.0)
    lost = in_force * (parameters.demonstration_exit + parameters.broker_exit)
    at_work = yearly_level(
        province.levers.demonstration_certifications,
        province.usual.certifications,
        parameters.demonstration_certifications_reference,
    )
    return [Act("demonstration_certifications", at_work, lacking / left + lost)]


def _on_platforms(province: Province) -> list[Act]:
    """Support foundings of both kinds in the proportion in which they are founded now."""
    left = _years_left(province, "incubation_platforms")
    if left == 0.0:
        return []
    from .capacity import platforms_a_year

    rows = province.incubators.rows
    stock = int(((rows["kind"] != STAR_SKY) & ~rows["gone"]).sum())
    asked = (_goal(province, "incubation_platforms") - stock) / left
    founded = [platforms_a_year(province, kind) for kind in (INCUBATOR, MAKER_SPACE)]
    total = sum(founded)
    shares = [each / total if total > 0.0 else 0.5 for each in founded]
    levers = ("incubators_founded", "maker_spaces_founded")
    return [Act(lever, each, asked * part) for lever, each, part in zip(levers, founded, shares, strict=True)]


def _on_turnover(province: Province) -> list[Act]:
    """Open service points until what the last year lacked is registered out of what lay unregistered.

    With a hazard ``h`` of beginning to register, a share ``1 - exp(-h t)`` of what is unregistered
    has come in after ``t`` years.
    """
    left = _years_left(province, "contract_value_output")
    steps = province.calendar.steps_per_year
    if left == 0.0 or len(province.totals.signed) < steps:
        return []
    signed, registered = (sum(each[-steps:]) for each in (province.totals.signed, province.totals.registered))
    lacking = _goal(province, "contract_value_output") - registered
    unregistered = signed - registered
    if lacking <= 0.0 or unregistered <= 0:
        return []
    most = lever_catalogue()[SERVICE].high
    part = min(lacking / unregistered, 1.0 - math.exp(-most * left))
    return [Act(SERVICE, float(getattr(province.levers, SERVICE)), -math.log1p(-part) / left)]


def _pay_for_service(province: Province, added: float) -> None:
    """Pay for further service points what those of the plan cost, in proportion, as far as there is money."""
    lever = lever_catalogue()[SERVICE]
    yearly = lever.admin_cost_per_year * added / lever.plan
    amount = min(round(yearly * province.now.dt), int(province.treasuries.rows["cash"][PROVINCE]))
    if amount > 0:
        books = province.books
        task = int(lever.task)
        pay_public(
            books.purse, PROVINCE, _HOUSEHOLDS, 0, amount, _ADMINISTRATION, task, books.flows, books.public
        )
