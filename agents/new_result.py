"""New results: how many research brings, and with what traits they come into being."""

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
from .goods import IDLE
from .owners import OWNERS, owners_of

if TYPE_CHECKING:
    from .inputs import Moment, Parameters
    from .rows import EnterpriseRow, ProducerRow, ResultRow

NUMBER_OF_RESULTS = luck.mechanism("number of results")
RESULT = luck.mechanism("result")
TRAITS = luck.mechanism("traits of a result")

NEVER: Final = 2.0
"""Resistance of an inventor whom no income share moves."""

_MILITARY_UNIT: Final = SECTOR["military_unit"]

Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

PARAMETERS_READ: Final = (
    "delay_geometric_mean", "delay_ln_sd", "disclosure_probability", "disclosure_threshold",
    "disclosure_threshold_share", "founding_delay_geometric_mean", "founding_delay_ln_sd",
    "military_visible_share", "needs_pilot_share", "own_use_success", "own_use_years",
    "promotion_moves", "quality_gain", "result_relevance", "result_visible_share",
)  # fmt: skip
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def number_of_results(
    owner: EnterpriseRow | ProducerRow, results_per_yuan: float, years: float, now: Moment, seed: np.uint64
) -> int:
    """Draw how many results an owner's R&D brings in the step.

    Parameters
    ----------
    results_per_yuan : float
        Mean number for a yuan of R&D.
    years : float
        Span that the column ``rd`` covers in this step: 1 if it is the step's R&D, ``dt`` if a year's.
    """
    mean = results_per_yuan * owner.rd * years
    if mean <= 0.0:
        return 0
    u = luck.uniform(seed, NUMBER_OF_RESULTS, owner.key, now.step, 0)
    return int(luck.poisson_quantile(u, mean))


@rule
def count_results(
    universities: Rows[ProducerRow],
    institutes: Rows[ProducerRow],
    military_units: Rows[ProducerRow],
    results_per_yuan: Floats,
    now: Moment,
    seed: np.uint64,
) -> tuple[Counts, int]:
    """Draw how many results the R&D of each university, institute and military unit brings in the step.

    Parameters
    ----------
    results_per_yuan : ndarray of float64 of shape (3,)
        Mean number for a yuan of R&D, by kind of owner.

    Returns
    -------
    ndarray of int64, int
        Each owner's number, one kind after the other; the rows to reserve.
    """
    numbers = np.empty(len(universities) + len(institutes) + len(military_units), dtype=np.int64)
    place = total = 0
    for sector in OWNERS:
        owners = owners_of(sector, universities, institutes, military_units)
        for i in range(len(owners)):
            numbers[place] = number_of_results(owners[i], results_per_yuan[sector], 1.0, now, seed)
            total += numbers[place]
            place += 1
    return numbers, total


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
def create_results_of_owners(
    universities: Rows[ProducerRow],
    institutes: Rows[ProducerRow],
    military_units: Rows[ProducerRow],
    numbers: Counts,
    field_cumulative: Floats,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
    results: Rows[ResultRow],
    count: int,
    undisclosed: Counts,
) -> int:
    """Write the new results of all producers that may be disclosed one day, and count the others.

    Parameters
    ----------
    numbers : ndarray of int64
        From :func:`count_results`.
    undisclosed : ndarray of int64 of shape (sectors,)
        Where the number of the others is put, by kind of owner.

    Returns
    -------
    int
        Rows of ``results`` in use.
    """
    first = 0
    for sector in OWNERS:
        owners = owners_of(sector, universities, institutes, military_units)
        theirs = numbers[first : first + len(owners)]
        first += len(owners)
        before = count
        count = create_results(
            owners, sector, theirs, field_cumulative, parameters, now, seed, results, count
        )
        undisclosed[sector] = before - count
        for i in range(len(theirs)):
            undisclosed[sector] += theirs[i]
    return count


@rule
def create_own_results(
    firms: Rows[EnterpriseRow],
    results_per_yuan: float,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
    coming: Counts,
) -> int:
    """Let enterprises take their new results into use in their own works, after a while and if they succeed.

    Parameters
    ----------
    results_per_yuan : float
        Mean number for a yuan of R&D.
    coming : ndarray of int64 of shape (steps ahead,)
        Where those that go into use are added, by the number of steps until they do;
        what lies beyond is not seen.

    Returns
    -------
    int
        New results of all enterprises.
    """
    total = 0
    for i in range(len(firms)):
        number = number_of_results(firms[i], results_per_yuan, now.dt, now, seed)
        if number == 0:
            continue
        total += number
        chances = luck.stream(seed, RESULT, firms[i].key, now.step)
        years = parameters.own_use_years * -math.log(luck.pick(chances, 0))
        wait = int(math.ceil(years / now.dt))
        if wait < len(coming):
            success = parameters.own_use_success
            coming[wait] += luck.binomial_quantile(luck.pick(chances, 1), number, success)
    return total
