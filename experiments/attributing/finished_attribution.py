"""A finished attribution: its table, and where everything lies."""

from __future__ import annotations

from typing import ClassVar

from ..effects.finished_packages import FinishedPackages
from ..keeping.store import ATTRIBUTION

__all__ = ["ATTRIBUTION", "Attribution"]


class Attribution(FinishedPackages):
    """What each project and task adds; columns of ``table`` are those of `attribution_table.COLUMNS`.

    A future in which a run failed is left out.
    """

    TABLE: ClassVar[str] = ATTRIBUTION
    CALLED: ClassVar[str] = "attribution"
