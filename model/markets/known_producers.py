"""How needs find universities, institutes and military units: by research, reputation and field."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ...agents.owners import OWNERS, owners_of
from ...engine.rules import rule
from ...engine.table import Rows

if TYPE_CHECKING:
    from ...agents.rows import ProducerRow

_CELLS: Final = 128
"""Cells of the table that says where to look for a producer."""

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@rule
def weigh_producers(
    universities: Rows[ProducerRow],
    institutes: Rows[ProducerRow],
    military_units: Rows[ProducerRow],
    cross_field_share: float,
    weights: Floats,
    cities: Integers,
) -> None:
    """Weigh each producer as a need of each field sees it, and note where it sits.

    Parameters
    ----------
    cross_field_share : float
        Weight of a producer of another field than the need's, relative to one of the same.
    weights : ndarray of float64 of shape (3, fields, longest)
        Filled; 0 where a kind has fewer producers.
    cities : ndarray of int64 of shape (3, longest)
        Filled likewise.
    """
    weights[:] = 0.0
    cities[:] = 0
    for kind in range(len(OWNERS)):
        producers = owners_of(OWNERS[kind], universities, institutes, military_units)
        for row in range(len(producers)):
            producer = producers[row]
            cities[kind, row] = producer.city
            known = producer.rd_share * producer.reputation
            for field in range(weights.shape[1]):
                weights[kind, field, row] = known * (1.0 if producer.field == field else cross_field_share)


@rule
def add_up(numbers: Integers, totals: Floats, chances: Floats, guide: Integers) -> None:
    """Turn weights into cumulative chances, and say where to look in these.

    Parameters
    ----------
    numbers : ndarray of int64 of shape (3,)
        Producers of each kind.
    totals : ndarray of float64 of shape (3, fields)
        Sums of the weights.
    chances : ndarray of float64 of shape (3, fields, longest)
        Weights, turned into cumulative chances that end at 1; 2 where a kind has fewer producers.
    guide : ndarray of int64 of shape (3, fields, cells)
        Filled with the first producer whose chance reaches into each of even cells from 0 to 1.
    """
    _, fields, longest = chances.shape
    cells = guide.shape[2]
    for kind in range(len(numbers)):
        for field in range(fields):
            total = 0.0
            for row in range(numbers[kind]):
                total += chances[kind, field, row]
                chances[kind, field, row] = total / totals[kind, field]
            chances[kind, field, numbers[kind] :] = 2.0
            chances[kind, field, numbers[kind] - 1] = 1.0
            row = 0
            for cell in range(cells):
                while row < longest and chances[kind, field, row] < cell / cells:
                    row += 1
                guide[kind, field, cell] = row


def chances_of(
    universities: Rows[ProducerRow],
    institutes: Rows[ProducerRow],
    military_units: Rows[ProducerRow],
    fields: int,
    cross_field_share: float,
) -> tuple[Floats, Integers, Integers]:
    """Chances that a need finds each university, institute or military unit, by kind and field.

    Returns
    -------
    tuple of ndarray
        Cumulative chances of shape (3, fields, longest), where to look in them, of shape
        (3, fields, cells), and the producers' cities of shape (3, longest). They follow
        from R&D and field, which stay, and from reputation.
    """
    kinds = universities, institutes, military_units
    numbers = np.array([len(rows) for rows in kinds])
    longest = max(1, int(numbers.max()))
    chances = np.empty((len(kinds), fields, longest))
    cities = np.empty((len(kinds), longest), dtype=np.int64)
    weigh_producers(*kinds, cross_field_share, chances, cities)
    # What does not depend on the order of the producers is summed so that it does not.
    totals = np.array([[math.fsum(each) for each in by_field] for by_field in chances.tolist()])
    guide = np.empty((len(kinds), fields, _CELLS), dtype=np.int64)
    add_up(numbers, totals, chances, guide)
    return chances, guide, cities
