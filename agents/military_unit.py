"""Military units: institutes and works of the defence groups, with large R&D, much of it secret."""

from __future__ import annotations

from .producer import COLUMNS
from .view import RowView


class MilitaryUnit(RowView):
    """An institute or works of a defence group."""

    COLUMNS = COLUMNS
    SECTOR = "military_unit"
