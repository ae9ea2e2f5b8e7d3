"""Enterprises that close down: the hazard by age, and what becomes of a row that loses members."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ..engine import luck
from ..engine.books import CAUSE, SECTOR, Flows, Purse, pay
from ..engine.rules import rule
from ..engine.table import Rows

if TYPE_CHECKING:
    from .inputs import Moment, Parameters
    from .rows import EnterpriseRow

EXIT = luck.mechanism("enterprise exit")

AGE_CLASSES: Final = ("under_1", "1_to_2", "2_to_3", "3_to_7", "over_7")
"""Ages in years between which the hazard of closing down changes."""

_ENTERPRISE: Final = SECTOR["enterprise"]
_HOUSEHOLDS: Final = SECTOR["households"]
_CLOSING: Final = CAUSE["closing_down"]

Counts = npt.NDArray[np.int64]

PARAMETERS_READ: Final = (
    "exit_hazard_later", "exit_hazard_old", "exit_hazard_year_1", "exit_hazard_year_2",
    "exit_hazard_year_3", "exit_size_factor_large", "incubation_exit_factor",
)  # fmt: skip
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def age_class(age: float) -> int:
    """Class of :data:`AGE_CLASSES` that a firm of this age in years is in."""
    if age < 1.0:
        return 0
    if age < 2.0:
        return 1
    if age < 3.0:
        return 2
    return 3 if age < 7.0 else 4


@rule
def exit_hazard(age: float, large: bool, parameters: Parameters) -> float:
    """Yearly hazard of closing down, by age (State Administration for Industry and Commerce 2013)."""
    return hazard_of_class(age_class(age), large, parameters)


@rule
def hazard_of_class(ages: int, large: bool, parameters: Parameters) -> float:
    """Yearly hazard of closing down of a class of :data:`AGE_CLASSES`."""
    hazard = parameters.exit_hazard_old
    if ages == 0:
        hazard = parameters.exit_hazard_year_1
    elif ages == 1:
        hazard = parameters.exit_hazard_year_2
    elif ages == 2:
        hazard = parameters.exit_hazard_year_3
    elif ages == 3:
        hazard = parameters.exit_hazard_later
    if large:
        hazard *= parameters.exit_size_factor_large
    return float(hazard)


@rule
def exit_chances(parameters: Parameters, now: Moment) -> npt.NDArray[np.float64]:
    """Chance to close down in the step: of small firms and of large ones, by class of age."""
    chances = np.empty((2, len(AGE_CLASSES)))
    for ages in range(len(AGE_CLASSES)):
        chances[0, ages] = 1.0 - math.exp(-hazard_of_class(ages, False, parameters) * now.dt)
        chances[1, ages] = 1.0 - math.exp(-hazard_of_class(ages, True, parameters) * now.dt)
    return chances


@rule
def weigh_ages(
    weights: npt.NDArray[np.float64], cell: float, growth: float, large: bool, parameters: Parameters
) -> None:
    """Fill in how many firms there are of each age, in cells of ``cell`` years, if entry grows."""
    alive = 1.0
    for i in range(len(weights)):
        age = (i + 0.5) * cell
        hazard = exit_hazard(age, large, parameters)
        weights[i] = alive * math.exp(-0.5 * hazard * cell - growth * age)
        alive *= math.exp(-hazard * cell)


@rule
def leavers(
    holders: int, members: int, exits: int, seed: np.uint64, key: np.uint64, step: int, k: int
) -> int:
    """How many of the ``exits`` that leave a row hold a mark which ``holders`` of its ``members`` hold.

    Drawn rather than rounded, because rounding down would lose marks without end.
    """
    drawn = luck.binomial_quantile(luck.uniform(seed, EXIT, key, step, k), exits, holders / members)
    return min(holders, max(exits - (members - holders), drawn))


@rule
def close_down(
    firms: Rows[EnterpriseRow],
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
    purse: Purse,
    flows: Flows,
    at_risk: Counts,
    closed_of_age: Counts,
) -> int:
    """Let firms exit; what cash they leave goes to their owners.

    A row of many members shrinks by those that exit. Members with a loan or an
    investor stay until it is settled, because no book must lose its other side.

    Parameters
    ----------
    at_risk, closed_of_age : ndarray of int64 of shape (age classes,)
        To which the firms of each class, and those of them that exit, are added.

    Returns
    -------
    int
        Firms that closed.
    """
    closed = 0
    chances = exit_chances(parameters, now)
    for i in range(len(firms)):
        firm = firms[i]
        ages = age_class(now.date - firm.born)
        at_risk[ages] += firm.members
        free = firm.members - firm.bound
        if free <= 0:
            continue
        chance = chances[1 if firm.large else 0, ages]
        if firm.incubated > 0:
            more = (parameters.incubation_exit_factor - 1.0) * firm.incubated / firm.members
            chance = min(1.0, chance * (1.0 + more))
        exits = luck.binomial_quantile(luck.uniform(seed, EXIT, firm.key, now.step, 0), free, chance)
        if exits == 0:
            continue
        closed += exits
        closed_of_age[ages] += exits
        left = firm.members - exits
        # Whole-number shares of what all members hold together.
        cash = firm.cash * exits // firm.members
        pay(purse, _ENTERPRISE, i, _HOUSEHOLDS, 0, cash, _CLOSING, flows)
        firm.registered -= leavers(firm.registered, firm.members, exits, seed, firm.key, now.step, 1)
        firm.certified -= leavers(firm.certified, firm.members, exits, seed, firm.key, now.step, 2)
        if firm.cultivated > 0:
            firm.cultivated -= leavers(firm.cultivated, firm.members, exits, seed, firm.key, now.step, 5)
            firm.cultivated = min(firm.cultivated, firm.certified)
        firm.incubated -= leavers(firm.incubated, firm.members, exits, seed, firm.key, now.step, 3)
        firm.in_zone -= leavers(firm.in_zone, firm.members, exits, seed, firm.key, now.step, 4)
        firm.attraction *= left / firm.members
        firm.appetite *= left / firm.members
        firm.revenue = firm.revenue * left // firm.members
        firm.rd = firm.rd * left // firm.members
        firm.relabelled = firm.relabelled * left // firm.members
        firm.members = left
    return closed
