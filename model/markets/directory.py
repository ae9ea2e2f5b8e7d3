"""The directory of sellers: a weighted choice that one birth more does not renumber.

Sellers stand in buckets (field by size class) and, within a bucket, in slots given
by their key. A buyer's luck points at a slot and a place in it; an empty place is
drawn again. A firm that exists in one world only changes just the draws that hit it;
a choice by cumulated weights would move half of all other choices.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ...agents.enterprise import BUYER
from ...engine import luck
from ...engine.columns import row_dtype
from ...engine.rules import rule
from ...engine.table import Rows

if TYPE_CHECKING:
    from ...agents.rows import Bucket, EnterpriseRow, Place

CLASSES: Final = 12
"""Size classes: each spans a factor of two in attraction per member."""

_TRIES: Final = 400
DRAWS: Final = 2 * _TRIES
"""Numbers of a stream that a search may take."""

_HALF_WORD: Final = np.uint64(32)

BUCKETS: Final = row_dtype(
    [
        ("slots", np.int64),  # a power of two, fixed for a whole run
        ("start", np.int64),  # its first slot
        ("depth", np.int64),  # places of each slot: the power of two that holds the fullest one
        ("upto", np.float64),  # attraction of all sellers of this and the smaller classes of the field
        ("biggest", np.float64),  # largest attraction of a row
    ]
)
PLACES: Final = row_dtype([("row", np.int64), ("city", np.int64), ("attraction", np.float64)])

Numbers = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float64]


class Listing(NamedTuple):
    """What a search looks at.

    Attributes
    ----------
    buckets : structured ndarray of shape (fields * CLASSES,)
    first : ndarray of int64 of shape (all slots + 1,)
        Start of each slot in ``places``.
    places : structured ndarray of shape (sellers,)
        Row, city and attraction of each seller, slot by slot.
    reach : ndarray of float64 of shape (cities, cities)
        Relative chance to be found by a buyer of one city in another, at most 1.
    """

    buckets: Rows[Bucket]
    first: Numbers
    places: Rows[Place]
    reach: Weights


@rule
def size_class(attraction_of_one: float) -> int:
    """Class of a seller by the attraction of one of its members."""
    if attraction_of_one <= 0.0:
        return 0
    _, power = math.frexp(attraction_of_one)  # of the next greater power of two
    return min(CLASSES - 1, max(0, 3 + power))


@rule
def count_sellers(firms: Rows[EnterpriseRow], sizes: Numbers) -> None:
    """Count the rows that sell by bucket, into zeros."""
    for i in range(len(firms)):
        firm = firms[i]
        if firm.role != BUYER:
            sizes[firm.field * CLASSES + size_class(firm.attraction / firm.members)] += 1


@rule
def enter_sellers(
    firms: Rows[EnterpriseRow],
    buckets: Rows[Bucket],
    first: Numbers,
    places: Rows[Place],
    slot_of_row: Numbers,
) -> None:
    """Sort the sellers into buckets and slots by counting.

    Parameters
    ----------
    firms : structured ndarray of shape (n,)
        In the order of their keys, so that sums and slots do not depend on history.
    buckets : structured ndarray of shape (fields * CLASSES,)
        Their depth, attraction and largest seller are filled.
    first : ndarray of int64 of shape (all slots + 1,)
        Filled.
    places : structured ndarray of shape (n,)
        Filled.
    slot_of_row : ndarray of int64 of shape (n,)
        Working room.
    """
    for b in range(len(buckets)):
        buckets[b].depth = 1
        buckets[b].upto = 0.0
        buckets[b].biggest = 0.0
    first[:] = 0
    for i in range(len(firms)):
        firm = firms[i]
        slot_of_row[i] = -1
        if firm.role == BUYER or firm.members == 0:
            continue
        bucket = buckets[firm.field * CLASSES + size_class(firm.attraction / firm.members)]
        bucket.upto += firm.attraction
        bucket.biggest = max(bucket.biggest, firm.attraction)
        slot = bucket.start + luck.slot_of(firm.key, bucket.slots)
        slot_of_row[i] = slot
        first[slot + 1] += 1
        while bucket.depth < first[slot + 1]:
            bucket.depth *= 2
    for b in range(len(buckets)):
        if b % CLASSES > 0:
            buckets[b].upto += buckets[b - 1].upto
    for slot in range(len(first) - 1):
        first[slot + 1] += first[slot]
    for i in range(len(firms)):
        slot = slot_of_row[i]
        if slot >= 0:
            place = places[first[slot]]
            place.row = i
            place.city = firms[i].city
            place.attraction = firms[i].attraction
            first[slot] += 1
    for slot in range(len(first) - 1, 0, -1):
        first[slot] = first[slot - 1]
    first[0] = 0


@rule
def choose_seller(
    u: float,
    chances: np.uint64,
    k: int,
    field: int,
    city: int,
    buckets: Rows[Bucket],
    first: Numbers,
    places: Rows[Place],
    reach: Weights,
) -> int:
    """Let a buyer find a seller in a field, the larger and the nearer the likelier.

    Parameters
    ----------
    u : float
        Uniform draw that chooses the size class.
    chances : uint64
        Stream of the buyer's luck.
    k : int
        Where in it this search begins; it may take :data:`DRAWS` numbers.
    field, city : int
        What the buyer looks for, and from where.
    buckets, first, places, reach
        Of :class:`Listing`.

    Returns
    -------
    int
        Row of the seller, -1 if none was found.

    Notes
    -----
    Slot and place are the low bits of a word. When a bucket grows and its slots get
    twice as deep, the half of the words that pointed at the old places still do.
    """
    chosen = field * CLASSES
    last = chosen + CLASSES - 1
    point = u * buckets[last].upto
    if point <= 0.0:
        return -1
    for size in range(chosen, last):
        chosen += point >= buckets[size].upto
    bucket = buckets[chosen]
    for attempt in range(_TRIES):
        word = luck.word(chances, k + 2 * attempt)
        slot = bucket.start + luck.slot_of(word, bucket.slots)
        at = first[slot] + luck.slot_of(word >> _HALF_WORD, bucket.depth)
        if at >= first[slot + 1]:
            continue
        place = places[at]
        accept = luck.pick(chances, k + 2 * attempt + 1)
        if accept * bucket.biggest < place.attraction * reach[city, place.city]:
            return int(place.row)
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

    def __init__(self, fields: int, firms: Rows[EnterpriseRow]) -> None:
        sizes = np.zeros(fields * CLASSES, dtype=np.int64)
        count_sellers(firms, sizes)
        self.buckets = np.zeros(len(sizes), dtype=BUCKETS)
        self.buckets["slots"] = [_slots_for(int(size)) for size in sizes]
        self.buckets["start"] = np.cumsum(self.buckets["slots"]) - self.buckets["slots"]
        self._first = np.zeros(int(self.buckets["slots"].sum()) + 1, dtype=np.int64)
        self._places = np.zeros(0, dtype=PLACES)

    def enter(self, firms: Rows[EnterpriseRow]) -> None:
        """Take down who sells now."""
        if len(firms) > len(self._places):
            self._places = np.zeros(2 * len(firms), dtype=PLACES)
        working_room = np.empty(len(firms), dtype=np.int64)
        enter_sellers(firms, self.buckets, self._first, self._places, working_room)

    def listing(self, reach: Weights) -> Listing:
        """What a search looks at, given who is within reach of whom."""
        return Listing(self.buckets, self._first, self._places, reach)


def _slots_for(sellers: int) -> int:
    """Slots so that six to twelve sellers share one: few draws point at an empty place."""
    slots = 1
    while slots * 12 < sellers:
        slots *= 2
    return slots
