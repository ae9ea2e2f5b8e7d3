"""Paired differences, of two worlds of one future each: the one rule of "visible", and what a table says."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.special import bdtrc, betaincinv

FEWEST_PAIRS: Final = 10
"""Fewer futures agree on a sign by chance: two do so half of the time."""

CHANCE_OF_SEEING: Final = 0.8
"""With which the smallest visible difference is seen: the usual power of a test (Cohen, 1988)."""

MORE: Final = "more"
LESS: Final = "less"
NOT_VISIBLE: Final = "not visible"
IDENTICAL: Final = "identical"

QUANTILES: Final = {
    "q05": 0.05, "q10": 0.10, "q25": 0.25, "q50": 0.50, "q75": 0.75, "q90": 0.90, "q95": 0.95,
}  # fmt: skip

DIFFERENCE_COLUMNS: Final = (
    *QUANTILES, "mean", "share_positive", "share_zero", "pairs", "smallest_visible", "verdict",
)  # fmt: skip
"""What `differences_of` says, in this order, wherever a table speaks of paired differences."""


def verdict_of(moved: npt.ArrayLike) -> str:
    """Say whether paired differences of one quantity differ from nothing: the one rule of "visible".

    Of ten or more pairs at least nine of ten have to be of one sign. A pair without any difference counts
    for neither sign, but it is a pair.

    Parameters
    ----------
    moved : array_like of shape (pairs,)
        Differences of two worlds of one future, one for each future.

    Returns
    -------
    str
        `MORE`, `LESS`, `NOT_VISIBLE`, or `IDENTICAL` if all differences are exactly zero, however few.
    """
    return str(differences_of(moved)["verdict"])


def differences_of(moved: npt.ArrayLike) -> dict[str, Any]:
    """Say all that a table tells of paired differences.

    Parameters
    ----------
    moved : array_like of shape (pairs, ...)
        Differences of two worlds of one future, finite, each quantity in its own unit.

    Returns
    -------
    dict
        In the order of `DIFFERENCE_COLUMNS`; values are numbers and one word, or arrays of the shape
        behind ``pairs``. Shares are fractions of all pairs. Without any pair numbers are nan, and the verdict
        is `NOT_VISIBLE`.
    """
    effects = np.asarray(moved, np.float64)
    pairs = len(effects)
    positive, negative = (effects > 0.0).sum(axis=0), (effects < 0.0).sum(axis=0)
    zero = pairs - positive - negative
    none = np.full(effects.shape[1:], np.nan)
    quantiles: Any = np.quantile(effects, [*QUANTILES.values()], axis=0) if pairs else [none] * len(QUANTILES)
    enough = pairs >= FEWEST_PAIRS
    verdict = np.select(
        [
            (zero == pairs) & (pairs > 0),
            enough & (10 * positive >= 9 * pairs),
            enough & (10 * negative >= 9 * pairs),
        ],
        [IDENTICAL, MORE, LESS],
        NOT_VISIBLE,
    )
    said = {
        **dict(zip(QUANTILES, quantiles, strict=True)),
        "mean": effects.mean(axis=0) if pairs else none,
        "share_positive": positive / pairs if pairs else none,
        "share_zero": zero / pairs if pairs else none,
        "pairs": np.full(effects.shape[1:], pairs),
        "smallest_visible": smallest_visible(effects),
        "verdict": verdict,
    }
    return {name: np.asarray(value)[()] for name, value in said.items()}


def smallest_visible(moved: npt.ArrayLike) -> Any:
    """Give the median difference that so many pairs would have seen, of either sign, with a chance of 0.8.

    Pairs are taken to be spread about their median as they are here, wherever it lies. Of ``n`` pairs ``k``,
    at least nine of ten, have to be of one sign. They are with the wished chance if one pair is of it with
    the chance p for which P(Binomial(n, p) >= k) = 0.8, an inverse of the beta function (Clopper and
    Pearson, Biometrika 26, 1934). So zero has to lie at the quantile 1 - p of the pairs. The larger of the
    two distances, one for each sign, is given; nan below `FEWEST_PAIRS`, who see nothing.
    """
    effects = np.asarray(moved, np.float64)
    pairs = len(effects)
    if pairs < FEWEST_PAIRS:
        return np.full(effects.shape[1:], np.nan)[()]
    needed = -(-9 * pairs // 10)
    share = float(betaincinv(needed, pairs - needed + 1, CHANCE_OF_SEEING))
    low, middle, high = np.quantile(effects, [1.0 - share, 0.5, share], axis=0)
    return np.maximum(middle - low, high - middle)[()]


def visible_by_luck(pairs: int) -> float:
    """Give the chance that an item which shifts nothing is called visible: signs fall like coins then.

    Examples
    --------
    >>> round(visible_by_luck(10), 4), visible_by_luck(9), visible_by_luck(200) < 1e-30
    (0.0215, 0.0, True)
    """
    if pairs < FEWEST_PAIRS:
        return 0.0
    return 2.0 * float(bdtrc(-(-9 * pairs // 10) - 1, pairs, 0.5))
