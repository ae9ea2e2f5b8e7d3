"""The directory of sellers: a weighted choice that one birth more does not renumber.

Sellers stand in buckets (field by size class) and, within a bucket, in slots given
by their key. A buyer's luck points at a slot and a depth; an empty place is drawn
again. A firm that exists in one world only changes just the draws that hit it; a
choice by cumulated weights would move half of all other choices.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ..agents.enterprise import BUYER
from ..engine import luck
from ..engine.rules import rule
from ..engine.table import Rows

CLASSES: Final = 12
"""Size classes: each spans a factor of two in attraction per member."""

_ROOM: Final = 2.4
"""Places of a slot over its sellers at the start: room for growth and for the luck of the keys."""

_TRIES: Final = 400
_LOG_TWO: Final = math.log(2.0)
_POINT = luck.mechanism("place in the directory")

Numbers = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float64]


@rule
def size_class(attraction_of_one: float) -> int:
    """Class of a seller by the attraction of one of its members."""
    if attraction_of_one <= 0.0:
        return 0
    return min(CLASSES - 1, max(0, 4 + int(math.floor(math.log(attraction_of_one) / _LOG_TWO))))


@rule
def enter_sellers(
    firms: Rows,
    slots: Numbers,
    base: Numbers,
    order: Numbers,
    first: Numbers,
    weight: Weights,
    place: Numbers,
) -> None:
    """Sort the sellers into buckets and slots by counting.

    Parameters
    ----------
    firms : structured ndarray of shape (n,)
        In the order of their keys, so that sums and slots do not depend on history.
    slots, base : ndarray of int64 of shape (fields * CLASSES,)
        Slots of each bucket (a power of two) and its first slot, fixed for a whole run.
    order : ndarray of int64 of shape (n,)
        Filled with rows of sellers, slot by slot.
    first : ndarray of int64 of shape (all slots + 1,)
        Filled with the start of each slot in ``order``.
    weight : ndarray of float64 of shape (fields, CLASSES)
        Filled with the attraction of each bucket.
    place : ndarray of int64 of shape (n,)
        Working room.
    """
    weight[:] = 0.0
    first[:] = 0
    for i in range(len(firms)):
        firm = firms[i]
        place[i] = -1
        if firm.role == BUYER or firm.members == 0:
            continue
        bucket = firm.field * CLASSES + size_class(firm.attraction / firm.members)
        weight[firm.field, bucket % CLASSES] += firm.attraction
        place[i] = base[bucket] + luck.slot_of(firm.key, slots[bucket])
        first[place[i] + 1] += 1
    for slot in range(len(first) - 1):
        first[slot + 1] += first[slot]
    for i in range(len(firms)):
        if place[i] >= 0:
            order[first[place[i]]] = i
            first[place[i]] += 1
    for slot in range(len(first) - 1, 0, -1):
        first[slot] = first[slot - 1]
    first[0] = 0


@rule
def choose_seller(
    u: float,
    key: Any,
    seed: Any,
    step: int,
    k: int,
    field: int,
    city: int,
    firms: Rows,
    reach: Weights,
    slots: Numbers,
    depth: Numbers,
    base: Numbers,
    order: Numbers,
    first: Numbers,
    weight: Weights,
    biggest: Weights,
) -> int:
    """Let a buyer find a seller in a field, the larger and the nearer the likelier.

    Parameters
    ----------
    u : float
        Uniform draw that chooses the size class.
    key, seed, step, k
        Name the luck of this search.
    slots, depth, base : ndarray of int64 of shape (fields * CLASSES,)
        Slots of each bucket, places in each of its slots, its first slot.
    reach : ndarray of float64 of shape (cities, cities)
        Relative chance to be found by a buyer of one city in another, at most 1.
    biggest : ndarray of float64 of shape (fields, CLASSES)
        Largest attraction of a row in each bucket.

    Returns
    -------
    int
        Row of the seller, -1 if none was found.
    """
    total = 0.0
    for c in range(CLASSES):
        total += weight[field, c]
    if total <= 0.0:
        return -1
    point = u * total
    chosen = 0
    while chosen < CLASSES - 1 and point >= weight[field, chosen]:
        point -= weight[field, chosen]
        chosen += 1
    bucket = field * CLASSES + chosen
    for attempt in range(_TRIES):
        where, accept = luck.two_uniforms(seed, _POINT, key, step, k * _TRIES + attempt)
        pointed = where * slots[bucket]
        slot = base[bucket] + int(pointed)
        place = first[slot] + int((pointed - math.floor(pointed)) * depth[bucket])
        if place >= first[slot + 1]:
            continue
        row = order[place]
        firm = firms[row]
        if accept * biggest[field, chosen] < firm.attraction * reach[city, firm.city]:
            return int(row)
    return -1


class Directory:
    """The sellers of a step, found by field, size and place.

    Parameters
    ----------
    fields : int
        Number of fields.
    firms : structured ndarray of shape (n,)
        Enterprises at the start of the run; they fix the number of slots for good.
    """

    def __init__(self, fields: int, firms: Rows) -> None:
        buckets = fields * CLASSES
        sizes = np.zeros(buckets, dtype=np.int64)
        for firm in firms[firms["role"] != BUYER]:
            sizes[int(firm["field"]) * CLASSES + size_class(float(firm["attraction"] / firm["members"]))] += 1
        self.slots = np.array([_slots_for(int(size)) for size in sizes], dtype=np.int64)
        self.depth = (np.ceil(_ROOM * sizes / self.slots) + 6).astype(np.int64)
        self.base = np.concatenate([[0], np.cumsum(self.slots)[:-1]]).astype(np.int64)
        self.first = np.zeros(int(self.slots.sum()) + 1, dtype=np.int64)
        self.weight = np.zeros((fields, CLASSES), dtype=np.float64)
        self.biggest = np.zeros((fields, CLASSES), dtype=np.float64)
        self.order = np.zeros(0, dtype=np.int64)

    def enter(self, firms: Rows) -> None:
        """Take down who sells now."""
        self.order = np.zeros(len(firms), dtype=np.int64)
        place = np.zeros(len(firms), dtype=np.int64)
        enter_sellers(firms, self.slots, self.base, self.order, self.first, self.weight, place)
        find_biggest(firms, self.biggest)


def _slots_for(sellers: int) -> int:
    """Slots so that six to twelve sellers share one: few draws point at an empty place."""
    slots = 1
    while slots * 12 < sellers:
        slots *= 2
    return slots


@rule
def find_biggest(firms: Rows, biggest: Weights) -> None:
    """Note the largest attraction of a row in each bucket."""
    biggest[:] = 0.0
    for i in range(len(firms)):
        firm = firms[i]
        if firm.role == BUYER or firm.members == 0:
            continue
        bucket = size_class(firm.attraction / firm.members)
        biggest[firm.field, bucket] = max(biggest[firm.field, bucket], firm.attraction)
