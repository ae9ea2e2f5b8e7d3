"""How large the fits of all provinces are, and at which scale each province is run."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ...engine.errors import InputError
from ...engine.seed_and_scale import SMALLEST_SCALE
from ...scenarios.provinces.posterior import FEWEST_DRAWS
from ..planning.definitions import LAST_YEAR
from .province_beliefs import MOVED

FIRMS: Final = 2_000
"""Rows of enterprises that a province is simulated with, about."""

LARGEST_SCALE: Final = 0.1

ENOUGH: Final = 1.25 * FEWEST_DRAWS
"""Draws that a posterior is to be worth with a further bank: what one bank promises is uncertain itself."""

LARGEST_BANK: Final = 5.0
"""A further bank, in banks of ``last_members``, where figures are so far from the model that luck rules."""


@dataclass(frozen=True)
class Settings:
    """How large the fits of all provinces are, and their forecasts of the past.

    Forecasts start from ``origins``, in ``runs`` futures; each fit has ``banks`` of ``members`` runs, but the
    last bank of the fit to all years, whose posterior is kept, has ``last_members``: its effective sample
    size is about half of them. Where it is too small to be kept, a further bank follows. ``shared`` is a
    folder of `backtest` of `province_beliefs.SHARED_FROM`, None for priors. Without ``all_years`` there are
    the fits at the origins alone, without origins that to all years alone: no run at one year depends on
    another year, so that a backtest may be made in pieces. ``packs`` is a folder of packs of one's own, all
    known up to ``last_year``; None for those that come with the package.
    """

    origins: tuple[int, ...] = ()
    members: int = 50
    last_members: int = 250
    banks: int = 2
    runs: int = 80
    seed: int = 1
    shared: Path | None = None
    all_years: bool = True
    packs: Path | None = None
    last_year: int = LAST_YEAR

    @property
    def fitted(self) -> tuple[int, ...]:
        """Last years of the fits: the origins, and all years."""
        return (*self.origins, *([self.last_year] if self.all_years else []))

    def pack_of(self, province: str) -> str:
        """Give what a province's pack is loaded by: its name, or its folder among packs of one's own."""
        return province if self.packs is None else str(self.packs / province)

    def members_of(self, bank: int, year: int) -> int:
        """Runs of a bank of the fit up to a year, one of `fitted`."""
        return self.last_members if year == self.last_year and bank == self.banks - 1 else self.members

    def planned(self, provinces: int) -> int:
        """Count the runs of so many provinces, without further banks."""
        each = 0
        for bank in range(self.banks):
            each += sum(self.members_of(bank, year) for year in self.fitted)
        return provinces * (each + self.runs * len(self.origins))

    def check(self, provinces: int) -> None:
        """Refuse what is too small for slopes that so many provinces have in common."""
        for key, value, least in (
            ("members", self.members, 10),
            ("last_members", self.last_members, 10),
            ("banks", self.banks, 1),
            ("runs", self.runs, 10),
        ):
            if value < least:
                raise InputError(f"{value} is too few", key=key, allowed=f"{least} or more")
        if self.banks * self.members * provinces < 2 * len(MOVED):
            raise InputError(
                f"{self.members} runs are too few for the slopes of {len(MOVED)} parameters",
                key="members",
                allowed=f"{-(-2 * len(MOVED) // (self.banks * provinces))} or more",
            )

    def further_members(self, worth: float, draws: int) -> int:
        """Give the runs of a further bank of the fit to all years; 0 if its posterior can be kept without.

        One over the effective sample size is one over the draws plus what the banks add by chance (see
        `linear_update.effective_sample_size`), which falls with the number of runs.

        Examples
        --------
        >>> settings = Settings((2016,), 50, 250, 2, 80, 1)
        >>> settings.further_members(100.0, 400), settings.further_members(50.0, 400)
        (0, 796)
        """
        if worth >= FEWEST_DRAWS:
            return 0
        times = (1.0 / worth - 1.0 / draws) / (1.0 / ENOUGH - 1.0 / draws)
        return math.ceil(min(times, LARGEST_BANK) * self.last_members)


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
