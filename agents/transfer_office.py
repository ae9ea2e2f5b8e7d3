"""Transfer offices of universities: their people take up results that wait for a buyer or found none."""

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
def is_case(result: ResultRow) -> bool:
    """Whether a university's result may be taken up: disclosed, not secret, and nobody is shown it yet."""
    return bool(
        result.owner_sector == _UNIVERSITY
        and result.state == IDLE
        and result.disclosed
        and not result.classified
        and not result.seeking
    )


@rule
def take_up_cases(
    results: Rows[ResultRow],
    universities: Rows[ProducerRow],
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
) -> int:
    """Let the people of each office look for buyers of its results.

    One person works on so many cases a year, the licensing officer's caseload; no result
    is a case more than once a year. A result that waits for its time is shown to buyers
    now, who judge it as they would later; one that they passed over finds somebody else.
    The offices of the past are in the delay and in the chance of a sale.

    Returns
    -------
    int
        Results brought before buyers.
    """
    staff = 0.0
    for i in range(len(universities)):
        staff += universities[i].staff
    if staff <= 0.0:
        return 0
    waiting = np.zeros(len(universities))
    cases = np.empty(len(results), dtype=np.int64)
    number = 0
    for i in range(len(results)):
        if is_case(results[i]):
            waiting[results[i].owner_row] += 1.0
            cases[number] = i
            number += 1
    chances = np.zeros(len(universities))
    for i in range(len(universities)):
        if universities[i].staff > 0.0 and waiting[i] > 0.0:
            worked_on = parameters.office_cases_per_person * universities[i].staff
            a_year = min(1.0, worked_on / waiting[i])
            chances[i] = 1.0 - math.exp(-a_year * parameters.office_success * now.dt)
    taken_up = 0
    for row in cases[:number]:
        result = results[row]
        if luck.uniform(seed, CASE, result.key, now.step, 0) < chances[result.owner_row]:
            if result.offered == NO_DATE:
                result.seeking = True
            else:
                result.offered = min(result.offered, now.date)
            taken_up += 1
    return taken_up
