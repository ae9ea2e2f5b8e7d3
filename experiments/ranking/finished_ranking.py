"""A finished ranking: its table, and where everything lies."""

from __future__ import annotations

from typing import ClassVar, Final

from ..effects.finished_packages import FinishedPackages

__all__ = ["RANKING", "Ranking"]

RANKING: Final = "ranking.csv"


class Ranking(FinishedPackages):
    """What each item does alone and in the plan; ``table`` has the columns of `ranking_table.COLUMNS`."""

    TABLE: ClassVar[str] = RANKING
    CALLED: ClassVar[str] = "ranking"
