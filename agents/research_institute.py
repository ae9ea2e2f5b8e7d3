"""Independent research institutes; some incubate firms on a large scale."""

from __future__ import annotations

from typing import Final

from .kind import Kind, declare
from .producer import COLUMNS, PARAMETERS_READ
from .view import RowView

KIND: Final = Kind("research_institute", "research institutes", COLUMNS, "producers", PARAMETERS_READ)
declare(KIND)


class ResearchInstitute(RowView, kind=KIND):
    """An independent research institute."""
