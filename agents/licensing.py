"""Licences: which owners keep the right to license others, and when a licensed result is on offer again."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from ..engine import luck
from ..engine.rules import rule

if TYPE_CHECKING:
    from .inputs import Moment, Parameters
    from .rows import ResultRow

NON_EXCLUSIVE = luck.mechanism("result licensed to several buyers")
NEXT_LICENCE = luck.mechanism("time to the next licence of a result")

PARAMETERS_READ: Final = ("nonexclusive_share", "nonexclusive_wait_years")
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def is_licensed(result: ResultRow, parameters: Parameters, seed: np.uint64) -> bool:
    """Whether its owner gives the right to use a result to several buyers, instead of selling it to one."""
    chosen = luck.uniform(seed, NON_EXCLUSIVE, result.key, 0, 0) < parameters.nonexclusive_share
    return bool(result.licences > 0 or chosen)


@rule
def wait_for_next_licensee(result: ResultRow, parameters: Parameters, now: Moment, seed: np.uint64) -> None:
    """Put a licensed result on offer again by a constant hazard, once it has shown how the last one fares."""
    wait = -math.log(luck.uniform(seed, NEXT_LICENCE, result.key, result.licences, 0))
    result.seeking = False
    result.offered = max(result.outcome, now.date + parameters.nonexclusive_wait_years * wait)
