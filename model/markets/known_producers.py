"""How needs find universities, institutes and military units: by research, reputation and field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ...agents.owners import OWNERS, owners_of
from ...engine.exact_sums import cumulate
from ...engine.rules import rule
from ...engine.table import Rows

if TYPE_CHECKING:
    from ...agents.rows import ProducerRow

_CELLS: Final = 128
"""Cells of the table that says where to look for a producer."""

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@rule
def chances_of_producers(
    universities: Rows[ProducerRow],
    institutes: Rows[ProducerRow],
    military_units: Rows[ProducerRow],
    fields: int,
    cross_field_share: float,
) -> tuple[Floats, Integers, Integers]:
    """Work out the chances that a need finds each university, institute or military unit, by kind and field.

    Parameters
    ----------
    cross_field_share : float
        Weight of a producer of another field than the need's, relative to one of the same.

    Returns
    -------
    tuple of ndarray
        Cumulative chances of shape (3, fields, longest), where to look in them, of shape
        (3, fields, cells), and the producers' cities of shape (3, longest). They follow
        from R&D and field, which stay, and from reputation.
    """
    longest = max(1, len(universities), len(institutes), len(military_units))
    chances = np.full((len(OWNERS), fields, longest), 2.0)
    cities = np.zeros((len(OWNERS), longest), dtype=np.int64)
    guide = np.zeros((len(OWNERS), fields, _CELLS), dtype=np.int64)
    for kind in range(len(OWNERS)):
        producers = owners_of(OWNERS[kind], universities, institutes, military_units)
        if len(producers) == 0:
            continue
        for row in range(len(producers)):
            producer = producers[row]
            cities[kind, row] = producer.city
            known = producer.rd_share * producer.reputation
            for field in range(fields):
                chances[kind, field, row] = known * (1.0 if producer.field == field else cross_field_share)
        for field in range(fields):
            cumulate(chances[kind, field, : len(producers)])
            chances[kind, field, len(producers) - 1] = 1.0  # whoever draws the last bit finds somebody
            row = 0
            for cell in range(_CELLS):
                while chances[kind, field, row] < cell / _CELLS:
                    row += 1
                guide[kind, field, cell] = row
    return chances, guide, cities
