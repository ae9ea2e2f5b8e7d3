"""Shapley values of a few players from the values of all their coalitions, and what pairs do together.

The value of player i (Shapley 1953, in Contributions to the Theory of Games II, 307-317) is what i adds to
those before it, averaged over all orders in which the players may come::

    phi_i = sum over S without i of  |S|! (n - |S| - 1)! / n!  (v(S + i) - v(S))

and the interaction of i and j (Grabisch and Roubens 1999, doi:10.1007/s001820050125) is what both add
together beyond what each adds alone, averaged likewise::

    I_ij = sum over S without i, j of  |S|! (n - |S| - 2)! / (n - 1)!  d_ij(S),
    d_ij(S) = v(S + i + j) - v(S + i) - v(S + j) + v(S)

A coalition is a number whose bit i says whether player i is in it: 0 is nobody, ``2**n - 1`` everybody.
"""

from __future__ import annotations

from math import factorial
from typing import Final

import numpy as np
import numpy.typing as npt

from ...engine.errors import InputError

__all__ = ["MOST_PLAYERS", "players_of", "shapley_interactions", "shapley_values"]

FloatArray = npt.NDArray[np.float64]

MOST_PLAYERS: Final = 16
"""More have more coalitions than anybody runs."""


def players_of(values: npt.ArrayLike) -> int:
    """Give the number of players whose coalitions the rows of a table are.

    Raises
    ------
    InputError
        If the number of rows is no power of two from 2 to ``2**MOST_PLAYERS``.
    """
    rows = len(np.asarray(values))
    players = rows.bit_length() - 1
    if not 1 <= players <= MOST_PLAYERS or rows != 1 << players:
        raise InputError(
            f"{rows} values are not those of all coalitions",
            key="values",
            allowed=f"2 to the number of players, of whom there may be 1 to {MOST_PLAYERS}",
        )
    return players


def shapley_values(values: npt.ArrayLike) -> FloatArray:
    """Share out what all players reach together.

    Parameters
    ----------
    values : array_like of shape (2**players, ...)
        Value of each coalition, in any unit; further sides (futures) are kept.

    Returns
    -------
    ndarray of shape (players, ...)
        In the same unit. In each future their sum is the value of everybody less that of nobody, but for the
        rounding of floating-point sums.

    Examples
    --------
    Two left gloves and one right one, of which a pair is worth 1:

    >>> shapley_values([0, 0, 0, 0, 0, 1, 1, 1]).round(4).tolist()
    [0.1667, 0.1667, 0.6667]
    """
    found = np.asarray(values, np.float64)
    players = players_of(found)
    masks, sizes = _coalitions(players)
    weight = np.array(
        [factorial(size) * factorial(players - size - 1) for size in range(players)], np.float64
    )
    shares = []
    for player in range(players):
        before = masks[masks >> player & 1 == 0]
        added = found[before | 1 << player] - found[before]
        shares.append(np.tensordot(weight[sizes[before]] / factorial(players), added, axes=1))
    return np.stack(shares)


def shapley_interactions(values: npt.ArrayLike) -> FloatArray:
    """Say what each pair of players does together beyond what each does alone.

    Parameters
    ----------
    values : array_like of shape (2**players, ...)
        As for `shapley_values`.

    Returns
    -------
    ndarray of shape (players, players, ...)
        Symmetric, 0 on the diagonal: above 0 where two help each other, below where they hinder.

    Examples
    --------
    >>> shapley_interactions([0, 1, 1, 3]).tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    found = np.asarray(values, np.float64)
    players = players_of(found)
    masks, sizes = _coalitions(players)
    together = np.zeros((players, players, *found.shape[1:]))
    weight = np.array(
        [factorial(size) * factorial(players - size - 2) for size in range(players - 1)], np.float64
    )
    for one in range(players):
        for other in range(one):
            pair = 1 << one | 1 << other
            before = masks[masks & pair == 0]
            added = found[before | pair] - found[before | 1 << one] - found[before | 1 << other]
            share = np.tensordot(
                weight[sizes[before]] / factorial(players - 1), added + found[before], axes=1
            )
            together[one, other] = together[other, one] = share
    return together


def _coalitions(players: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Give the number of each coalition, and how many players are in it."""
    masks = np.arange(1 << players, dtype=np.int64)
    return masks, np.bitwise_count(masks).astype(np.int64)
