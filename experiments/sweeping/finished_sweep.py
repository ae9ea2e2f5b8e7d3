"""A finished sweep: its table, and where everything lies."""

from __future__ import annotations

from typing import ClassVar

from ..effects.finished_packages import FinishedPackages
from ..effects.paired_effects import COST
from ..keeping.store import SWEEP
from .sweep_table import HEAD

__all__ = ["SWEEP", "Sweep"]


class Sweep(FinishedPackages):
    """What each point comes to; ``table`` has the columns of `sweep_table.columns_of`."""

    TABLE: ClassVar[str] = SWEEP
    CALLED: ClassVar[str] = "sweep"

    @property
    def levers(self) -> list[str]:
        """Levers that are swept, in the order in which they were named."""
        names = list(self.table.columns)
        return [str(name) for name in names[len(HEAD) : names.index("kind")]]

    @property
    def net_costs(self) -> dict[str, float]:
        """Mean net public cost against the base by point, yuan of all years together."""
        rows = self.table[(self.table["kind"] == "cost") & (self.table["id"] == COST)]
        return {str(point): float(mean) for point, mean in zip(rows["point"], rows["mean"], strict=True)}
