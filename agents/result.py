"""Results: how they come into being, are disclosed, mature, and succeed or fail in use.

A result is a row of a ledger. The chances are sourced one by one in
``scenarios/parameters.yaml``; most are weak priors, and shown as such.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ..engine import luck
from ..engine.books import SECTOR
from ..engine.rules import rule
from ..engine.table import Rows
from .buying import draw_code
from .goods import EXPIRED, FAILED, IDLE, INDUSTRIALISED, NO_ZONE, ZONE_OF_CAPITAL

if TYPE_CHECKING:
    from .inputs import Moment, Parameters
    from .rows import EnterpriseRow, ProducerRow, ResultRow

NUMBER_OF_RESULTS = luck.mechanism("number of results")
RESULT = luck.mechanism("result")
TRAITS = luck.mechanism("traits of a result")
PILOT = luck.mechanism("pilot test")
WORTH_WHILE = luck.mechanism("result worth a buyer's while")
LISTING = luck.mechanism("listing of an idle result")
OUTCOME = luck.mechanism("outcome of a result")
BASE = luck.mechanism("pilot of a bought result in an industrial base")

NEVER: Final = 2.0
"""Resistance of an inventor whom no income share moves."""

NO_DATE: Final = 9_999.0

_MILITARY_UNIT: Final = SECTOR["military_unit"]

Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

PARAMETERS_READ: Final = (
    "base_pilots_capital", "base_pilots_elsewhere", "declassification_years", "delay_geometric_mean",
    "delay_ln_sd", "disclosure_before", "disclosure_probability", "disclosure_threshold",
    "disclosure_threshold_share", "founding_delay_geometric_mean", "founding_delay_ln_sd",
    "listing_clear_probability", "listing_worth_share", "military_visible_share", "needs_pilot_share",
    "no_pilot_success", "own_use_success", "own_use_years", "pilot_haste", "pilot_probability",
    "pilot_success", "promotion_moves", "quality_gain", "result_life_years", "result_relevance",
    "result_visible_share", "ripe_share_before", "worth_tail_index",
)  # fmt: skip
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def count_results(
    owners: Rows[EnterpriseRow | ProducerRow],
    results_per_yuan: float,
    years: float,
    now: Moment,
    seed: np.uint64,
    numbers: Counts,
) -> int:
    """Draw how many results each owner's R&D brings in the step; gives the rows to reserve.

    Parameters
    ----------
    results_per_yuan : float
        Mean number for a yuan of R&D.
    years : float
        Span that the column ``rd`` covers in this step: 1 if it is the step's R&D, ``dt`` if a year's.
    numbers : ndarray of int64 of shape (n,)
        Filled with each owner's number.
    """
    total = 0
    for i in range(len(owners)):
        numbers[i] = 0
        mean = results_per_yuan * owners[i].rd * years
        if mean > 0.0:
            u = luck.uniform(seed, NUMBER_OF_RESULTS, owners[i].key, now.step, 0)
            numbers[i] = luck.poisson_quantile(u, mean)
            total += numbers[i]
    return total


@rule
def inventor_resistance(u: float, passes: bool, parameters: Parameters) -> float:
    """Income share below which an inventor keeps a result to himself.

    A third would respond to a higher share, a third discloses anyway, a third never does
    (Arque-Castells et al. 2016) unless promotion moves it; the response is a threshold
    (Ge, Zhang and Yuan 2024). What evaluation and approval stop is never disclosed.
    """
    responds = parameters.disclosure_threshold_share
    moved = parameters.promotion_moves * (0.5 - 0.5 * responds)
    if not passes or u > 0.5 + 0.5 * responds + moved:
        return NEVER
    if u > 0.5 + 0.5 * responds:
        return 0.0
    if u > 0.5 - 0.5 * responds:
        within = (u - 0.5 + 0.5 * responds) / responds
        return float(parameters.disclosure_threshold * (0.6 + 0.8 * within))
    return 0.0


@rule
def create_results(
    owners: Rows[ProducerRow],
    sector: int,
    numbers: Counts,
    field_cumulative: Floats,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
    results: Rows[ResultRow],
    count: int,
) -> int:
    """Write those of the producers' new results that may be disclosed one day, a row each.

    The delay between result and contract is lognormal with a geometric mean of 3.7 years and a geometric
    standard deviation of 2.6, the same in all fields and unrelated to worth (CEA, Technovation 2007). A
    firm of the inventor's own does not wait for a buyer: its time comes by a shorter delay of its own.

    Returns
    -------
    int
        Rows of ``results`` in use.
    """
    visible = parameters.result_visible_share
    if sector == _MILITARY_UNIT:
        visible = parameters.military_visible_share
    for i in range(len(owners)):
        owner = owners[i]
        owner.results += numbers[i]
        for k in range(numbers[i]):
            key = luck.child_key(owner.key, RESULT, now.step, k)
            chances = luck.stream(seed, TRAITS, key, 0)
            passes = luck.pick(chances, 0) < parameters.disclosure_probability
            resistance = inventor_resistance(luck.pick(chances, 1), passes, parameters)
            if resistance >= NEVER:
                continue
            delay = luck.normal_quantile(luck.pick(chances, 2))
            result = results[count]
            result.key = key
            result.owner_sector = sector
            result.owner_row = i
            result.city = owner.city
            result.field = owner.field
            if luck.pick(chances, 3) < parameters.result_relevance:
                result.field = draw_code(luck.pick(chances, 4), field_cumulative)
            result.quality = luck.normal_quantile(luck.pick(chances, 5)) + parameters.quality_gain
            result.born = now.date
            result.offered = now.date + parameters.delay_geometric_mean * math.exp(
                parameters.delay_ln_sd * delay
            )
            sooner = luck.normal_quantile(luck.pick(chances, 9))
            result.founding = now.date + parameters.founding_delay_geometric_mean * math.exp(
                parameters.founding_delay_ln_sd * sooner
            )
            result.resistance = resistance
            result.needs_pilot = luck.pick(chances, 6) < parameters.needs_pilot_share
            result.classified = luck.pick(chances, 7) < owner.classified_share
            result.visible = luck.pick(chances, 8) < visible
            result.state = IDLE
            count += 1
    return count


@rule
def create_own_results(
    firms: Rows[EnterpriseRow],
    numbers: Counts,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
    coming: Counts,
) -> None:
    """Let enterprises take their new results into use in their own works, after a while and if they succeed.

    Parameters
    ----------
    numbers : ndarray of int64 of shape (n,)
        From :func:`count_results`.
    coming : ndarray of int64 of shape (steps ahead,)
        Where those that go into use are added, by the number of steps until they do;
        what lies beyond is not seen.
    """
    for i in range(len(firms)):
        if numbers[i] == 0:
            continue
        chances = luck.stream(seed, RESULT, firms[i].key, now.step)
        years = parameters.own_use_years * -math.log(luck.pick(chances, 0))
        wait = int(math.ceil(years / now.dt))
        if wait < len(coming):
            success = parameters.own_use_success
            coming[wait] += luck.binomial_quantile(luck.pick(chances, 1), numbers[i], success)


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
def pilot_in_base(result: ResultRow, parameters: Parameters, seed: np.uint64) -> None:
    """Test a bought result on the lines of the industrial base in its buyer's zone (task 12).

    Counted are pilots that nobody would have made otherwise: few in the capital, where there are other
    lines. National zones raise the innovation of ordinary cities and not of provincial capitals (Li and
    Yang 2019, 215 cities 2003-16: sign only).
    """
    if result.zone == NO_ZONE or not result.needs_pilot or result.piloted:
        return
    chance = parameters.base_pilots_elsewhere
    if result.zone == ZONE_OF_CAPITAL:
        chance = parameters.base_pilots_capital
    result.piloted = luck.uniform(seed, BASE, result.key, 0, 0) < chance


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
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
    outcomes: Counts,
    worked: npt.NDArray[np.bool_],
) -> tuple[int, int]:
    """Take every result through the step: preparation, search, listing, outcome, age.

    Parameters
    ----------
    inventor_share, transfer_probability : ndarray of float64 of shape (sectors,)
        By kind of owner.
    listing : float
        Lever of task 11: 0 off, 1 on.
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
            prepare(result, inventor_share[sector], pilot_chance, parameters, now, seed)
            if result.disclosed and not result.classified and not result.seeking:
                if now.date >= result.offered:
                    look_for_buyer(result, transfer_probability[sector], parameters, now, seed)
                elif listing > 0.0 and now.date >= result.born + 2.0 and result.licences == 0:
                    put_on_list(result, clearing_chance, now, seed)
            if result.seeking:
                seeking += 1
        if result.outcome > 0.0 and now.date >= result.outcome:
            pilot_in_base(result, parameters, seed)
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
