"""A finished ranking: its table, and where everything lies."""

from __future__ import annotations

from typing import ClassVar

from ..effects.finished_packages import FinishedPackages
from ..keeping.store import RANKING

__all__ = ["RANKING", "Ranking"]


class Ranking(FinishedPackages):
    """What each item does alone and in the plan; ``table`` has the columns of `ranking_table.COLUMNS`."""

    TABLE: ClassVar[str] = RANKING
    CALLED: ClassVar[str] = "ranking"
