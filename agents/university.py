"""Universities: many, small in contracts, large in ideas."""

from __future__ import annotations

from typing import Final

from .kind import Kind, declare
from .producer import COLUMNS, PARAMETERS_READ
from .view import RowView

KIND: Final = Kind("university", "universities", COLUMNS, "producers", PARAMETERS_READ)
declare(KIND)


class University(RowView, kind=KIND):
    """A regular university or college."""
