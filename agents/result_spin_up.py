"""Results in the years before the start: sold, licensed and used in commissions, unrecorded."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from ..engine import luck
from ..engine.rules import rule
from ..engine.table import Rows
from .goods import IDLE, SOLD
from .licensing import is_licensed, wait_for_next_licensee
from .result import is_usable_in_commissions, show_outcome

if TYPE_CHECKING:
    from .inputs import Moment, Parameters
    from .rows import ResultRow

PAST_SALE = luck.mechanism("sale of a result before the start")
PAST_USE = luck.mechanism("use of a result in a commission before the start")

_ROUNDS: Final = 20
"""Of a fixed point that is close after a few, at most."""

PARAMETERS_READ: Final = ("outcome_years", "transfer_outside_hazard")
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def sell_in_the_past(results: Rows[ResultRow], parameters: Parameters, now: Moment, seed: np.uint64) -> None:
    """Before the start of the run let those who seek a buyer find one at the usual pace, unrecorded."""
    chance = 1.0 - math.exp(-parameters.transfer_outside_hazard * now.dt)
    for i in range(len(results)):
        result = results[i]
        if result.seeking and result.state == IDLE:
            if luck.uniform(seed, PAST_SALE, result.key, now.step, 0) < chance:
                result.outcome = now.date + parameters.outcome_years
                if is_licensed(result, parameters, seed):
                    result.licences += 1
                    wait_for_next_licensee(result, parameters, now, seed)
                else:
                    result.state = SOLD


@rule
def past_hazard_of_use(results: Rows[ResultRow], sector: int, now: Moment) -> float:
    """Yearly hazard at which commissions used results of a kind of owner before the last year.

    As many were used a year as in the last one: h solves U = h sum(exp(-h a)), with U used in the
    last year and a the years for which each of those left could have been used before it. There is
    no more than one use a result and year.
    """
    used = left = 0
    years = np.empty(len(results))
    for i in range(len(results)):
        result = results[i]
        if result.owner_sector == sector:
            used += result.commissioned
            if is_usable_in_commissions(result):
                years[left] = max(0.0, now.date - 1.0 - result.born)
                left += 1
    hazard = min(1.0, used / max(1, left))
    for _ in range(_ROUNDS):
        stock = 0.0
        for i in range(left):
            stock += math.exp(-hazard * years[i])
        before = hazard
        hazard = min(1.0, used / max(1.0, stock))
        if hazard == before:
            break
    return float(hazard)


@rule
def use_in_past_commissions(
    results: Rows[ResultRow],
    sector: int,
    hazard: float,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
) -> None:
    """Let commissions before the last year have used results of a kind of owner, unrecorded.

    Parameters
    ----------
    hazard : float
        A year, from :func:`past_hazard_of_use`.
    """
    for i in range(len(results)):
        result = results[i]
        if result.owner_sector != sector or not is_usable_in_commissions(result):
            continue
        wait = -math.log(luck.uniform(seed, PAST_USE, result.key, 0, 0)) / max(hazard, 1e-9)
        if wait < now.date - 1.0 - result.born:
            result.state = SOLD
            result.commissioned = True
            result.outcome = result.born + wait + parameters.outcome_years
            if now.date >= result.outcome:
                show_outcome(result, parameters, seed)
