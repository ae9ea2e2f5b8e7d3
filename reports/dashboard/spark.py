"""A small fan for a card: two bands and medians over the years, as points of an inline picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..figures.fans import Fan
from ..figures.forecast import target_fans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..tables.experiment_folder import Results
    from ..words.phrases import Language

__all__ = ["Band", "Spark", "spark_of", "sparks_of"]

WIDTH: Final = 240
HEIGHT: Final = 76
YEARS_BEFORE: Final = 4
"""Years before the plan that are drawn."""
_HEAD: Final = 1.06


@dataclass(frozen=True)
class Band:
    """One scenario: the outline of its 90 % band, and its median line, as points of the picture."""

    outline: str
    median: str


@dataclass(frozen=True)
class Spark:
    """A small fan.

    Attributes
    ----------
    bands : tuple of Band
        The scenario in question first, what it is held against last.
    goal : float, optional
        Height of the goal's line.
    start : float
        Where the plan starts.
    first, last : int
        Years.
    """

    bands: tuple[Band, ...]
    goal: float | None
    start: float
    first: int
    last: int
    width: int = WIDTH
    height: int = HEIGHT


def sparks_of(results: Results, language: Language) -> dict[str, Spark]:
    """Draw the small fan of every modelled target, by target."""
    return {name: spark_of(fan) for name, fan in target_fans(results, language).items()}


def spark_of(fan: Fan) -> Spark:
    """Draw one fan small: the bands of its years from shortly before the plan on, from zero to the top."""
    start = fan.plan_start
    first = min(int(band.index.min()) for band in fan.bands.values())
    if start is not None:
        first = max(first, start.year - YEARS_BEFORE)
    bands = [band[band.index >= first] for band in fan.bands.values()]
    last = max(int(band.index.max()) for band in bands)
    top = _HEAD * max([*(float(band["q95"].max()) for band in bands), fan.goal or 0.0, 1e-9])

    def points(years: Sequence[int], values: Sequence[float]) -> list[str]:
        return [
            f"{WIDTH * (year - first) / max(1, last - first):.1f},{HEIGHT * (1.0 - value / top):.1f}"
            for year, value in zip(years, values, strict=True)
        ]

    drawn = []
    for band in bands:
        years = [int(year) for year in band.index]
        low, middle, high = (points(years, band[one].tolist()) for one in ("q05", "q50", "q95"))
        drawn.append(Band(" ".join([*high, *reversed(low)]), " ".join(middle)))
    return Spark(
        bands=tuple(drawn),
        goal=None if fan.goal is None else HEIGHT * (1.0 - fan.goal / top),
        start=0.0 if start is None else WIDTH * max(0, start.year - first) / max(1, last - first),
        first=first,
        last=last,
    )
