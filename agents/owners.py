"""Owners of research by kind: universities, institutes and military units, the one order for all rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..engine.books import SECTOR
from ..engine.rules import rule
from ..engine.table import Rows

if TYPE_CHECKING:
    from .rows import ProducerRow

OWNERS: Final = (SECTOR["university"], SECTOR["research_institute"], SECTOR["military_unit"])
"""Sectors of those who own results of research, in the order in which rules take their rows.

They are 0, 1 and 2, the first of all sectors: in arrays by kind of owner a sector is a place.
"""

_UNIVERSITY, _INSTITUTE, _ = OWNERS


@rule
def owners_of(
    sector: int,
    universities: Rows[ProducerRow],
    institutes: Rows[ProducerRow],
    military_units: Rows[ProducerRow],
) -> Rows[ProducerRow]:
    """Give the rows of one kind of owner."""
    if sector == _UNIVERSITY:
        return universities
    return institutes if sector == _INSTITUTE else military_units
