"""Transfer offices of universities: their people take up results that found no buyer by themselves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from ..engine import luck
from ..engine.books import SECTOR
from ..engine.rules import rule
from ..engine.table import Rows
from .goods import IDLE
from .result import NO_DATE

if TYPE_CHECKING:
    from .inputs import Moment, Parameters
    from .rows import ProducerRow, ResultRow

CASE = luck.mechanism("case of a transfer office")

_UNIVERSITY: Final = SECTOR["university"]

PARAMETERS_READ: Final = ("office_cases_per_person", "office_success")
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def was_passed_over(result: ResultRow) -> bool:
    """Whether a university's disclosed result has been shown to buyers, and none wanted it."""
    return bool(
        result.owner_sector == _UNIVERSITY
        and result.state == IDLE
        and result.disclosed
        and not result.classified
        and not result.seeking
        and result.offered == NO_DATE
    )


@rule
def take_up_cases(
    results: Rows[ResultRow],
    universities: Rows[ProducerRow],
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
) -> int:
    """Let the people of each office look for buyers of results that were passed over.

    One person works on so many cases a year, the licensing officer's caseload; no result
    is a case more than once a year. What the office does for results that sell anyway is
    in the chance that they do.

    Returns
    -------
    int
        Results that now look for a buyer.
    """
    staff = 0.0
    for i in range(len(universities)):
        staff += universities[i].staff
    if staff <= 0.0:
        return 0
    waiting = np.zeros(len(universities))
    for i in range(len(results)):
        if was_passed_over(results[i]):
            waiting[results[i].owner_row] += 1.0
    taken_up = 0
    for i in range(len(results)):
        result = results[i]
        if not was_passed_over(result) or universities[result.owner_row].staff <= 0.0:
            continue
        cases = parameters.office_cases_per_person * universities[result.owner_row].staff
        a_year = min(1.0, cases / waiting[result.owner_row])
        chance = 1.0 - math.exp(-a_year * parameters.office_success * now.dt)
        if luck.uniform(seed, CASE, result.key, now.step, 0) < chance:
            result.seeking = True
            taken_up += 1
    return taken_up
