"""Military units: institutes and works of the defence groups, with large R&D, much of it secret."""

from __future__ import annotations

from typing import Final

from .kind import Kind, declare
from .producer import COLUMNS, PARAMETERS_READ
from .view import RowView

KIND: Final = Kind("military_unit", "military units", COLUMNS, "producers", PARAMETERS_READ)
declare(KIND)


class MilitaryUnit(RowView, kind=KIND):
    """An institute or works of a defence group."""
