"""Bunching at a notch: who moved up to a threshold that pays, and how far."""

from __future__ import annotations

from math import inf
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...engine.errors import InputError
from .checks import read, within
from .estimate import Estimate, with_t

__all__ = ["FEWEST", "notch"]

FEWEST: Final = 200
"""Units needed beside the window, from which the shape without a notch is learnt."""

_BINS: Final = 0.05
"""Width of a bin, ln."""

_REACH: Final = 2.0
"""How far from the notch, ln, units tell of the shape."""

_DEGREE: Final = 4
"""Of the polynomial that the logarithm of the density is."""

_DRAWS: Final = 199
"""Samples of the bootstrap."""

_STEPS: Final = 50
_NEAR_ENOUGH: Final = 1e-8

Numbers = npt.NDArray[np.float64]


def notch(
    table: pd.DataFrame,
    *,
    ratio: str,
    low: float,
    high: float = 1.05,
    of_all: bool = False,
    seed: int = 1,
) -> Estimate:
    """Tell by how much those raised what they report who moved up to a notch.

    Parameters
    ----------
    table : DataFrame
        A row a unit.
    ratio : str
        Column: what is reported over what is asked, above zero; 1 is the notch.
    low, high : float
        Window about 1 outside which nobody moves. Its units are counted, what they report is not used for
        the shape.
    of_all : bool
        Give the mean of all units of the window instead, moved or not; it is known where nobody moved, too.
    seed : int
        Of the bootstrap.

    Returns
    -------
    Estimate
        In ln. ``treated`` counts who moved, ``controls`` units beside the window, ``left_out`` those too far
        from the notch.

    Raises
    ------
    InputError
        A window that does not hold the notch, fewer than `FEWEST` units beside it on one side, a ratio not
        above zero, nobody seen to have moved (unless ``of_all``); or as in `checks.read`.

    Notes
    -----
    The logarithm of the density without the notch is a polynomial, fitted by maximum likelihood to the counts
    of bins beside the window and to the number of units inside it, so that nobody is lost or won: who is
    missing below the notch stands at it. The sum of ln ratios in the window, less what the polynomial gives
    as many units, is what all moved together; it is divided by how many stand at or above the notch beyond
    the polynomial's. Chen, Liu, Suarez Serrato and Xu (2021), American Economic Review 111(7), 2065-2100,
    after Kleven and Waseem (2013), Quarterly Journal of Economics 128(2), 669-723, without their adjustment
    costs. Errors are of a bootstrap of units.

    It holds if who does not move reports what he would, and if the shape bends no more inside the window than
    beside it.
    """
    rows = read(table, {"ratio": ratio})
    if not (rows["ratio"] > 0.0).all():
        raise InputError(f"it is {rows['ratio'].min():g} in a row", key="ratio", allowed="above 0")
    if not 0.0 < low < 1.0 < high:
        raise InputError(f"{low:g} to {high:g} does not hold the notch", key="low", allowed="below 1 < high")
    within(1.0, rows["ratio"], "ratio")
    far = np.log(rows["ratio"].to_numpy())
    edges = _BINS * np.arange(-round(_REACH / _BINS), round(_REACH / _BINS) + 1)
    # Ends of the window are ends of bins.
    first, last = (int(np.abs(edges - np.log(end)).argmin()) for end in (low, high))
    kept = far[(far >= edges[0]) & (far < edges[-1])]
    bins = np.searchsorted(edges, kept, side="right") - 1
    counts = np.bincount(bins, minlength=len(edges) - 1).astype(np.float64)
    for side, number in (("below", counts[:first].sum()), ("above", counts[last:].sum())):
        if number < FEWEST:
            raise InputError(
                f"{number:.0f} units {side} the window", key="ratio", allowed=f"{FEWEST} or more on each side"
            )
    middles = 0.5 * (edges[1:] + edges[:-1])
    sums = np.bincount(bins, weights=kept, minlength=len(counts))
    means = np.divide(sums, counts, out=middles.copy(), where=counts > 0.0)
    window = slice(first, last)
    at = middles[window] > 0.0

    powers: Numbers = np.polynomial.legendre.legvander(middles / _REACH, _DEGREE).astype(np.float64)
    start: Numbers = np.linalg.lstsq(powers, np.log(counts + 0.5))[0].astype(np.float64)
    slopes = _fit(counts, powers, window, start)

    def moved(number: Numbers) -> tuple[float, float]:
        """Give what all moved together, and how many did, for these counts of bins."""
        shape = np.exp(powers[window] @ _fit(number, powers, window, slopes))
        shape /= shape.sum()
        total = number[window].sum()
        together = number[window] @ means[window] - total * float(shape @ middles[window])
        return float(together), float(number[window][at].sum() - total * shape[at].sum())

    together, movers = moved(counts)
    draws = np.random.default_rng(seed).poisson(counts, (_DRAWS, len(counts))).astype(np.float64)
    again = np.array([(*moved(drawn), drawn[window].sum()) for drawn in draws])
    if not of_all and movers < 2.0 * again[:, 1].std():
        raise InputError(
            f"{movers:.0f} units more than expected stand at the notch, and luck may do that",
            key="ratio",
            allowed="units that have moved",
        )
    by = counts[window].sum() if of_all else movers
    error = float((again[:, 0] / again[:, 2 if of_all else 1]).std())
    beside = int(counts.sum() - counts[window].sum())
    return with_t(together / by, error, inf, round(max(0.0, movers)), beside, len(far) - len(kept))


def _fit(counts: Numbers, powers: Numbers, window: slice, slopes: Numbers) -> Numbers:
    """Fit the polynomial by Fisher scoring, from slopes near it on; the window is one cell."""
    inside, total = powers[window], counts[window].sum()
    beside, number = (np.delete(of, np.r_[window], axis=0) for of in (powers, counts))
    for _ in range(_STEPS):
        alone, within_it = np.exp(beside @ slopes), np.exp(inside @ slopes)
        whole, lean = within_it.sum(), inside.T @ within_it
        score = beside.T @ (number - alone) + lean * (total / whole - 1.0)
        step = np.linalg.solve((beside.T * alone) @ beside + np.outer(lean, lean) / whole, score)
        slopes = slopes + step
        if np.abs(step).max() < _NEAR_ENOUGH:
            break
    return slopes
