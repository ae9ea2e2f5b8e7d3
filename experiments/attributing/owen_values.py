"""Owen values of the members of a group, from sampled orders.

The value of a member (Owen 1977, doi:10.1007/978-3-642-45494-3_7) is what it adds to those before it,
averaged over all orders in which no group is torn apart: the groups come one after the other, and within each
its members do. Added up within a group it is the group's own Shapley value among the groups. An order is
drawn with its reverse, in which who came early comes late: the errors of the two partly cancel out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Order", "orders", "scaled_to"]

FloatArray = npt.NDArray[np.float64]


class Order(NamedTuple):
    """One order, as it looks from a group: which groups come before it, and how its members follow.

    Attributes
    ----------
    before : frozenset of int
        Groups that come before.
    members : tuple of int
        Members of the group, the first one first.
    """

    before: frozenset[int]
    members: tuple[int, ...]


def orders(sizes: Sequence[int], pairs: int, generator: np.random.Generator) -> list[list[Order]]:
    """Draw orders, each followed by its reverse.

    Parameters
    ----------
    sizes : sequence of int
        Members of each group.
    pairs : int
        How many orders are drawn; as many reverses come on top.
    generator : numpy.random.Generator

    Returns
    -------
    list of list of Order
        By group, ``2 * pairs`` each.
    """
    found: list[list[Order]] = [[] for _ in sizes]
    for _ in range(pairs):
        groups = generator.permutation(len(sizes))
        within = [generator.permutation(size) for size in sizes]
        for turn in (1, -1):
            line = groups[::turn].tolist()
            for place, group in enumerate(line):
                members = tuple(within[group][::turn].tolist())
                found[group].append(Order(frozenset(line[:place]), members))
    return found


def scaled_to(exact: npt.ArrayLike, added: npt.ArrayLike) -> FloatArray:
    """Let what the members of a group added in sampled orders sum up to the group's exact value.

    What is lacking in a future is laid upon members in proportion to their variance over futures: on those
    most that are known least, and nothing on one that never added anything. (A common factor, the plain way,
    would blow up where a group's value is near zero.) Where nothing varies members bear it in proportion to
    the size of what they added, and if that is nothing, alike.

    Parameters
    ----------
    exact : array_like of shape (futures,)
        Shapley value of the group among the groups, in each future.
    added : array_like of shape (futures, members)
        What each member added, averaged over the orders of a future, in the same unit.

    Returns
    -------
    ndarray of shape (futures, members)
        The mean over futures is the estimate of the Owen values, and its standard error that of a mean of
        independent futures: it holds what both futures and orders leave open.
    """
    sample, whole = np.asarray(added, np.float64), np.asarray(exact, np.float64)
    weights = (sample.var(axis=0), np.abs(sample.mean(axis=0)), np.ones(sample.shape[1]))
    weight = next(one for one in weights if one.any())
    part = weight / weight.sum()
    scaled: FloatArray = sample + (whole - sample.sum(axis=1))[:, None] * part
    return scaled
