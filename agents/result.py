"""Results: how they are disclosed, mature, and succeed or fail in use.

A result is a row of a ledger. The chances are sourced one by one in
``scenarios/parameters.yaml``; most are weak priors, and shown as such.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ..engine import luck
from ..engine.rules import rule
from ..engine.table import Rows
from .goods import EXPIRED, FAILED, IDLE, INDUSTRIALISED, NO_ZONE, ZONE_OF_CAPITAL

if TYPE_CHECKING:
    from .inputs import Moment, Parameters
    from .rows import ResultRow

PILOT = luck.mechanism("pilot test")
WORTH_WHILE = luck.mechanism("result worth a buyer's while")
LISTING = luck.mechanism("listing of an idle result")
OUTCOME = luck.mechanism("outcome of a result")
BASE = luck.mechanism("pilot of a bought result in an industrial base")

NO_DATE: Final = 9_999.0

Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

PARAMETERS_READ: Final = (
    "base_pilots_capital", "base_pilots_elsewhere", "declassification_years", "disclosure_before",
    "listing_clear_probability", "listing_worth_share", "no_pilot_success", "pilot_haste",
    "pilot_probability", "pilot_success", "result_life_years", "ripe_share_before", "worth_tail_index",
)  # fmt: skip
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def within_step(of_a_year: float, now: Moment) -> float:
    """Turn the chance of a year into that of a step."""
    return float(1.0 - (1.0 - of_a_year) ** now.dt)


@rule
def success_chance(ripe: bool, parameters: Parameters) -> float:
    """Chance that a result succeeds in use: tested, or in no need of a test, or neither."""
    return float(parameters.pilot_success if ripe else parameters.no_pilot_success)


@rule
def is_ripe(result: ResultRow) -> bool:
    """Whether a result can be used as it is."""
    return bool(result.piloted or not result.needs_pilot)


@rule
def usual_demand(parameters: Parameters) -> tuple[float, float]:
    """What ripeness is measured against: means over results of the usual mix of ripe and unripe.

    A buyer takes a result if its chance of success times what it is worth to him pays for the trouble.
    Worth has a Pareto tail, so that the chance to be taken follows the chance of success to the power of
    the tail's index: 0.7 in patent returns (Silverberg and Verspagen 2007).

    Returns
    -------
    tuple of float
        Mean of that power over all results; mean chance of success of those that are taken.
    """
    share = parameters.ripe_share_before
    ripe, unripe = success_chance(True, parameters), success_chance(False, parameters)
    taken_ripe = share * ripe**parameters.worth_tail_index
    taken_unripe = (1.0 - share) * unripe**parameters.worth_tail_index
    taken = taken_ripe + taken_unripe
    return taken, (taken_ripe * ripe + taken_unripe * unripe) / taken


@rule
def finish_pilot(result: ResultRow, parameters: Parameters, now: Moment) -> None:
    """A pilot is done: part of the wait is over, and a buyer who asked for the test comes back."""
    result.piloted = True
    if result.offered > now.date and result.offered != NO_DATE:
        result.offered -= parameters.pilot_haste * (result.offered - now.date)
    if result.if_tested and result.state == IDLE:
        result.seeking = True


@rule
def prepare(
    result: ResultRow, share: float, pilot_chance: float, parameters: Parameters, now: Moment, seed: np.uint64
) -> None:
    """Declassify, disclose (at the inventors' ``share``) and pilot an idle result, as far as it goes."""
    if result.classified and now.date >= result.born + parameters.declassification_years:
        result.classified = False
    if not result.disclosed and share >= result.resistance:
        result.disclosed = True
    if result.disclosed and result.needs_pilot and not result.piloted:
        if luck.uniform(seed, PILOT, result.key, now.step, 0) < pilot_chance:
            finish_pilot(result, parameters, now)


@rule
def look_for_buyer(
    result: ResultRow, transfer_probability: float, parameters: Parameters, now: Moment, seed: np.uint64
) -> None:
    """When its time has come, let a disclosed result prove worth a buyer's while, or not.

    The chance is of all results; only disclosed ones can be sold, a third to two thirds, so theirs is
    larger; what a policy brings to light beyond that is as good. It is that of the usual mix of results;
    ripe ones are taken more often, see :func:`usual_demand`.
    """
    result.offered = NO_DATE
    usual, _ = usual_demand(parameters)
    chance = transfer_probability / (0.5 * parameters.disclosure_before) / usual
    worth = luck.uniform(seed, WORTH_WHILE, result.key, 0, 0)
    power = parameters.worth_tail_index
    result.seeking = worth < chance * success_chance(is_ripe(result), parameters) ** power
    result.if_tested = not result.seeking and worth < chance * success_chance(True, parameters) ** power


@rule
def put_on_list(result: ResultRow, clearing_chance: float, now: Moment, seed: np.uint64) -> None:
    """Task 11: list or auction a disclosed result that nobody wanted for two years.

    Listing networks alone have no measurable effect (survey of 86 universities); what clears is what a
    buyer takes at the auctioneer's price.
    """
    result.listed = True
    result.seeking |= luck.uniform(seed, LISTING, result.key, now.step, 0) < clearing_chance


@rule
def pilot_in_base(result: ResultRow, ordered: float, parameters: Parameters, seed: np.uint64) -> None:
    """Test a bought result on the lines of the industrial base in its buyer's zone (task 12).

    Counted are pilots that nobody would have made otherwise: few in the capital, where there are other
    lines. National zones raise the innovation of ordinary cities and not of provincial capitals (Li and
    Yang 2019, 215 cities 2003-16: sign only).

    Parameters
    ----------
    ordered : float
        Chance in a base that is ordered for its buyer alone; the greater of the two holds.
    """
    if result.zone == NO_ZONE or not result.needs_pilot or result.piloted:
        return
    chance = parameters.base_pilots_elsewhere
    if result.zone == ZONE_OF_CAPITAL:
        chance = parameters.base_pilots_capital
    result.piloted = luck.uniform(seed, BASE, result.key, 0, 0) < max(chance, ordered)


@rule
def show_outcome(result: ResultRow, parameters: Parameters, seed: np.uint64) -> bool:
    """Let success or failure show, and tell: 0.8 with a pilot, 0.3 without, for each licensee anew."""
    chance = success_chance(is_ripe(result), parameters)
    worked = luck.uniform(seed, OUTCOME, result.key, result.licences, 0) < chance
    result.outcome = 0.0
    if result.licences > 0:
        result.licensees += worked
    else:
        result.state = INDUSTRIALISED if worked else FAILED
    return bool(worked)


@rule
def develop(
    results: Rows[ResultRow],
    inventor_share: Floats,
    transfer_probability: Floats,
    listing: float,
    ordered: Floats,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
    outcomes: Counts,
    worked: npt.NDArray[np.bool_],
) -> tuple[int, int]:
    """Take every result through the step: preparation, search, listing, outcome, age.

    Parameters
    ----------
    inventor_share : ndarray of float64 of shape (kinds, owners)
        By owner; see `model.rights`.
    transfer_probability : ndarray of float64 of shape (sectors,)
        By kind of owner.
    listing : float
        Lever of task 11: 0 off, 1 on.
    ordered : ndarray of float64 of shape (results,)
        Chance of a pilot in a base that is ordered for the buyer; see :func:`pilot_in_base`.
    outcomes : ndarray of int64 of shape (results,)
        Filled with the rows of those whose success or failure shows now.
    worked : ndarray of bool of shape (results,)
        Filled with whether it is success, in the same order.

    Returns
    -------
    tuple of int
        How many results seek a buyer; how many of ``outcomes`` and ``worked`` are filled.
    """
    # Powers are dear, and the same for all results.
    pilot_chance = within_step(parameters.pilot_probability, now)
    cleared = parameters.listing_clear_probability * parameters.listing_worth_share
    clearing_chance = within_step(cleared, now)
    seeking = 0
    shown = 0
    for i in range(len(results)):
        result = results[i]
        if result.state == IDLE:
            if now.date >= result.born + parameters.result_life_years:
                result.state = EXPIRED
                continue
            sector = result.owner_sector
            prepare(result, inventor_share[sector, result.owner_row], pilot_chance, parameters, now, seed)
            if result.disclosed and not result.classified and not result.seeking:
                if now.date >= result.offered:
                    look_for_buyer(result, transfer_probability[sector], parameters, now, seed)
                elif listing > 0.0 and now.date >= result.born + 2.0 and result.licences == 0:
                    put_on_list(result, clearing_chance, now, seed)
            if result.seeking:
                seeking += 1
        if result.outcome > 0.0 and now.date >= result.outcome:
            pilot_in_base(result, ordered[i], parameters, seed)
            outcomes[shown] = i
            worked[shown] = show_outcome(result, parameters, seed)
            shown += 1
    return seeking, shown


@rule
def mark_remembered(
    results: Rows[ResultRow], parameters: Parameters, now: Moment, staying: npt.NDArray[np.bool_]
) -> None:
    """Mark the results that are within their life or wait for their outcome."""
    for i in range(len(results)):
        result = results[i]
        staying[i] = now.date < result.born + parameters.result_life_years or result.outcome != 0.0


@rule
def is_usable_in_commissions(result: ResultRow) -> bool:
    """Whether its inventors may build on a result in work that is ordered: not secret, sold or licensed."""
    return bool(result.state == IDLE and not result.classified and result.licences == 0)
