"""Juries: grants that go to those with the best score, who would have done better anyway.

Chinese innovation grants look good when winners are matched with firms like them (Guo,
Guo and Jiang 2016), and do nothing at the threshold of the score that decides (Wang, Li and
Furman 2017): juries see something of a firm's prospects that statistics do not. Here a
score joins a little of the firm's luck with size in the coming year and much noise; what the
grant does is another parameter.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ..engine import luck
from ..engine.rules import rule
from ..engine.table import RowArray, Rows
from .enterprise import SIZE

if TYPE_CHECKING:
    from .inputs import Moment, Parameters
    from .rows import EnterpriseRow

Counts = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

PARAMETERS_READ: Final = ("jury_foresight",)
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def score_candidates(
    firms: Rows[EnterpriseRow],
    waiting: Counts,
    mechanism: np.uint64,
    next_year: int,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
    rows: Counts,
    scores: Numbers,
) -> None:
    """Give every member that waits for a grant its score.

    Parameters
    ----------
    waiting : ndarray of int64 of shape (firms,)
        Members of each row that wait.
    mechanism : int
        Luck of the programme.
    next_year : int
        Step in which sizes drift next.
    rows, scores : ndarray of shape (all that wait,)
        Filled with the firm's row and the score, a standard normal number.
    """
    seen = parameters.jury_foresight
    noise = math.sqrt(1.0 - seen * seen)
    found = 0
    for i in range(len(firms)):
        if waiting[i] == 0:
            continue
        ahead = luck.normal_quantile(luck.uniform(seed, SIZE, firms[i].key, next_year, 0))
        for k in range(waiting[i]):
            own = luck.normal_quantile(luck.uniform(seed, mechanism, firms[i].key, now.step, k))
            rows[found] = i
            scores[found] = seen * ahead + noise * own
            found += 1


def choose(
    firms: RowArray[EnterpriseRow],
    waiting: Counts,
    number: int,
    mechanism: np.uint64,
    next_year: int,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
    won: Counts,
) -> None:
    """Give the grants to those with the best scores, until all are given.

    Parameters
    ----------
    waiting, mechanism, next_year
        See :func:`score_candidates`.
    number : int
        Grants of the step.
    won : ndarray of int64 of shape (firms,)
        Filled with the members of each row that get one.
    """
    total = int(waiting.sum())
    rows, scores = np.empty(total, dtype=np.int64), np.empty(total)
    score_candidates(firms, waiting, mechanism, next_year, parameters, now, seed, rows, scores)
    best = np.argpartition(-scores, number - 1)[:number] if number < total else slice(None)
    won[:] = np.bincount(rows[best], minlength=len(firms))
