"""What buyers think of universities, institutes and military units: learnt from the fate of sold results."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ..engine.rules import rule
from ..engine.table import Rows
from .owners import OWNERS, owners_of

if TYPE_CHECKING:
    from .inputs import Parameters
    from .rows import ProducerRow, ResultRow

Integers = npt.NDArray[np.int64]

PARAMETERS_READ: Final = ("outcome_memory", "reputation_heed")
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def count_outcomes(
    results: Rows[ResultRow],
    shown: Integers,
    success: npt.NDArray[np.bool_],
    sector: int,
    worked: Integers,
    tried: Integers,
) -> None:
    """Count the results of a kind of owner whose outcome showed, by owner.

    Parameters
    ----------
    shown : ndarray of int64 of shape (n,)
        Rows of all results whose success or failure has just shown.
    success : ndarray of bool of shape (n,)
        Whether it was success.
    sector : int
        Kind of owner.
    worked, tried : ndarray of int64 of shape (producers,)
        To which the results are added: those that came into use, and all.
    """
    for i in range(len(shown)):
        result = results[shown[i]]
        if result.owner_sector == sector:
            tried[result.owner_row] += 1
            worked[result.owner_row] += success[i]


@rule
def learn_from_outcomes(
    producers: Rows[ProducerRow], worked: Integers, tried: Integers, usual: float, parameters: Parameters
) -> None:
    """Let the names of a kind follow whose sold results came into use more often than usual.

    An opinion rests on some ``outcome_memory`` results, and buyers heed it by
    ``reputation_heed``. It is relative: commissions move between producers of a kind,
    none is added.

    Parameters
    ----------
    worked, tried : ndarray of int64 of shape (producers,)
        Results of each that came into use in the step, and all whose outcome showed.
    usual : float
        Share of all results whose outcome showed that came into use, above 0.
    """
    before = after = 0.0
    for i in range(len(producers)):
        producer = producers[i]
        if tried[i] > 0:
            weight = 1.0 - math.exp(-tried[i] / parameters.outcome_memory)
            seen = 1.0 + parameters.reputation_heed * (worked[i] / (usual * tried[i]) - 1.0)
            producer.reputation += weight * (seen - producer.reputation)
        before += producer.rd_share
        after += producer.rd_share * producer.reputation
    if after > 0.0:
        for i in range(len(producers)):
            producers[i].reputation *= before / after


@rule
def follow_outcomes(
    results: Rows[ResultRow],
    shown: Integers,
    success: npt.NDArray[np.bool_],
    universities: Rows[ProducerRow],
    institutes: Rows[ProducerRow],
    military_units: Rows[ProducerRow],
    parameters: Parameters,
) -> None:
    """Let the names of all owners follow the results whose outcome has just shown, if any came into use.

    Parameters
    ----------
    shown : ndarray of int64 of shape (n,)
        Rows of these results.
    success : ndarray of bool of shape (n,)
        Which of them came into use.
    """
    successes = 0
    for i in range(len(success)):
        successes += success[i]
    if successes == 0:
        return
    usual = successes / len(success)
    for sector in OWNERS:
        producers = owners_of(sector, universities, institutes, military_units)
        worked, tried = np.zeros(len(producers), dtype=np.int64), np.zeros(len(producers), dtype=np.int64)
        count_outcomes(results, shown, success, sector, worked, tried)
        learn_from_outcomes(producers, worked, tried, usual, parameters)
