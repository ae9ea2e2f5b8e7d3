"""A finished explanation: its table, and where everything lies."""

from __future__ import annotations

from typing import ClassVar

import pandas as pd

from ..effects.finished_packages import FinishedPackages
from ..keeping.store import WHY

__all__ = ["WHY", "Why"]


class Why(FinishedPackages):
    """Why a number is what it is; ``table`` has the columns of `why_table.COLUMNS`."""

    TABLE: ClassVar[str] = WHY
    CALLED: ClassVar[str] = "explanation"

    @property
    def last_year(self) -> pd.DataFrame:
        """The rows of the last year that was asked for, of which sentences and figures speak."""
        rows: pd.DataFrame = self.table[self.table["year"] == self.table["year"].max()]
        return rows
