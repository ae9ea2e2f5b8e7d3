"""Owners of research of a province, as rules take them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..markets.demand import PRODUCERS

if TYPE_CHECKING:
    from ...agents.rows import ProducerRow
    from ...engine.table import RowArray
    from ..province import Province


def rows_of_owners(
    province: Province,
) -> tuple[RowArray[ProducerRow], RowArray[ProducerRow], RowArray[ProducerRow]]:
    """Give the rows of universities, institutes and military units."""
    universities, institutes, military_units = (province.producers[kind].rows for kind in PRODUCERS)
    return universities, institutes, military_units
