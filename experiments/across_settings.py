"""How large a backtest across provinces is, and at which scale each province is run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .checks import SMALLEST_SCALE
from .definitions import LAST_YEAR

__all__ = ["FIRMS", "LARGEST_SCALE", "Cost", "Settings", "scale_of"]

FIRMS: Final = 2_000
"""Rows of enterprises that a province is simulated with, about."""

LARGEST_SCALE: Final = 0.1


@dataclass(frozen=True)
class Settings:
    """How large a backtest across provinces is.

    Attributes
    ----------
    origins : tuple of int
        From which is forecast.
    members : int
        Runs of a bank.
    last_members : int
        Runs of the last bank of the fit to all years, whose posterior is kept: its effective sample size
        is about half of them.
    banks : int
        Banks of each fit.
    runs : int
        Futures of a forecast.
    seed : int
    shared : Path or None
        Folder of `backtest` of `province_beliefs.SHARED_FROM`; None for priors.
    """

    origins: tuple[int, ...]
    members: int
    last_members: int
    banks: int
    runs: int
    seed: int
    shared: Path | None = None

    @property
    def fitted(self) -> tuple[int, ...]:
        """Last years of the fits: the origins, and all years."""
        return (*self.origins, LAST_YEAR)

    def members_of(self, bank: int) -> tuple[int, ...]:
        """Runs of a bank at each of `fitted`."""
        last = self.last_members if bank == self.banks - 1 else self.members
        return (*(self.members for _ in self.origins), last)


@dataclass
class Cost:
    """What a province cost: runs, failed ones, and seconds on the clock."""

    runs: int = 0
    failed: int = 0
    seconds: float = 0.0


def scale_of(firms: float) -> float:
    """Choose the scale at which a province has about `FIRMS` rows of enterprises.

    Numbers of contracts are drawn whole whatever the scale, so that a province that sells much stays dear.

    Examples
    --------
    >>> scale_of(20_000), scale_of(80_000), scale_of(900)
    (0.1, 0.025, 0.1)
    """
    return max(SMALLEST_SCALE, min(LARGEST_SCALE, FIRMS / firms))
