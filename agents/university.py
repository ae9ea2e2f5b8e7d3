"""Universities: many, small in contracts, large in ideas."""

from __future__ import annotations

from .producer import COLUMNS
from .view import RowView


class University(RowView):
    """A regular university or college."""

    COLUMNS = COLUMNS
    SECTOR = "university"
