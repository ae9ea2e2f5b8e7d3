"""Independent research institutes; some incubate firms on a large scale."""

from __future__ import annotations

from .producer import COLUMNS
from .view import RowView


class ResearchInstitute(RowView):
    """An independent research institute."""

    COLUMNS = COLUMNS
    SECTOR = "research_institute"
