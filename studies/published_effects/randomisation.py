"""Randomisation inference: what the effect would look like had other units been treated."""

from __future__ import annotations

import math
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...engine.errors import InputError
from .collapsed import changes
from .estimate import LEVEL, Estimate

__all__ = ["DRAWS", "randomised"]

DRAWS: Final = 1999
"""Ways to choose the treated that are tried when there are more."""


def randomised(
    table: pd.DataFrame, *, outcome: str, unit: str, period: str, treated: str, start: float, seed: int = 1
) -> Estimate:
    """Compare changes as `collapsed.collapsed_t` does, with the interval from choosing the treated anew.

    Parameters
    ----------
    table, outcome, unit, period, treated, start
        As in `collapsed.collapsed_t`.
    seed : int
        Of the draws. Where there are no more than `DRAWS` ways to choose the treated, all are tried and the
        seed does nothing.

    Returns
    -------
    Estimate
        In the unit of the outcome.

    Raises
    ------
    InputError
        So few ways to choose the treated that none is rare enough: one city of eleven can be chosen in 11
        ways, and 95 % needs 20; or as in `collapsed.collapsed_t`.

    Notes
    -----
    The interval holds every effect d, alike for all treated, that is not refuted: with d taken from the
    treated, the observed difference is among the outer 5 % of those under other choices. A choice has the
    difference a - d b, where a is the difference of changes and b that of being treated, and it is at least
    as far from zero as the observed a0 - d just when d lies between::

        (a0 - a) / (1 - b)   and   (a0 + a) / (1 + b)

    with a0 always between them, so that the ends of the interval are order statistics of these bounds, and no
    search is needed.

    Fisher (1935), The Design of Experiments; Rosenbaum (2002), Observational Studies, 2nd edition, section
    2.6.2. It holds if each unit was as likely to be treated.
    """
    units = changes(table, outcome=outcome, unit=unit, period=period, treated=treated, start=start)
    number = int(units["treated"].sum())
    others = len(units) - number
    ways = math.comb(number + others, number)
    # In how many choices a difference so far out may come about and still be called rare.
    rare = math.floor(min(ways, DRAWS + 1) * (1.0 - LEVEL) + 1e-9)
    change, is_treated = units["change"].to_numpy(), units["treated"].to_numpy() == 1.0
    chosen = _choices(is_treated, ways, seed)
    b = _difference(chosen, is_treated.astype(np.float64), number, others)
    # The observed choice never refutes, nor does its mirror where both halves are alike.
    open_ended = np.abs(b) > 1.0 - 1e-9
    if int(open_ended.sum()) > rare:
        raise InputError(
            f"{number} of {number + others} units can be chosen in {ways} ways, none of them rare enough",
            key="treated",
            allowed=f"{math.ceil(1 / (1 - LEVEL) - 1e-9)} ways or more, twice as many for one half of all",
            suggestion="collapsed_t",
        )
    a = _difference(chosen, change, number, others)
    effect = float(change[is_treated].mean() - change[~is_treated].mean())
    with np.errstate(divide="ignore", invalid="ignore"):
        bounds = np.sort([(effect - a) / (1.0 - b), (effect + a) / (1.0 + b)], axis=0)
    bounds[:, open_ended] = [[-np.inf], [np.inf]]
    low, high = np.sort(bounds[0])[rare], np.sort(bounds[1])[-1 - rare]
    return Estimate(effect, float(low), float(high), number, others)


def _choices(observed: npt.NDArray[np.bool_], ways: int, seed: int) -> npt.NDArray[np.bool_]:
    """Give all choices of as many treated, or the observed and `DRAWS` by lot, a row a choice."""
    units, number = len(observed), int(observed.sum())
    if ways <= DRAWS + 1:
        places = np.array(list(combinations(range(units), number)))
    else:
        places = np.random.default_rng(seed).random((DRAWS, units)).argsort(axis=1)[:, :number]
        places = np.vstack([np.flatnonzero(observed), places])
    chosen = np.zeros((len(places), units), dtype=np.bool_)
    np.put_along_axis(chosen, places, True, axis=1)
    return chosen


def _difference(
    chosen: npt.NDArray[np.bool_], values: npt.NDArray[np.float64], number: int, others: int
) -> npt.NDArray[np.float64]:
    inside: npt.NDArray[np.float64] = chosen @ values
    difference: npt.NDArray[np.float64] = inside / number - (values.sum() - inside) / others
    return difference
