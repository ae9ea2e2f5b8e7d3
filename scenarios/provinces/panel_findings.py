"""What a panel lacks, and which of its figures look odd: told, never mended.

A figure looks odd in three ways, each by a rule that is stated here and in the report.

- A jump: the logarithm of a series moves in a year by more than four spreads away from how it moves
  elsewhere. The spread is 1.4826 times the median distance from the median, over all provinces and years of
  the indicator: the robust estimate of a standard deviation (Hampel, F. R., 1974, The influence curve and its
  role in robust estimation, Journal of the American Statistical Association 69).
- A unit: a figure is about a thousand or ten thousand times its neighbour, in either direction.
- A sum: provinces together have more than the nation, or a part of it that is not that of other years.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from .gaps import in_years, missing_years
from .panel import Panel
from .sources_read import NATION

__all__ = ["KINDS", "Finding", "in_order", "panel_findings"]

KINDS: Final = ("no_series", "stands_in", "missing_years", "ends_early", "unit", "sum", "jump")
"""What may be told, in the order in which it is."""

SPREADS: Final = 4.0
FACTORS: Final = (1e3, 1e4)
_NEAR_A_FACTOR: Final = 0.4
"""Distance in logarithms from a factor within which a figure counts as being off by it."""
_SUM_MAY_EXCEED: Final = 0.02
_SUM_MAY_MOVE: Final = 0.05
_FEWEST_MOVES: Final = 8
"""With fewer moves of an indicator no spread is told."""


class Finding(NamedTuple):
    """One thing that a reader of a panel should know.

    Attributes
    ----------
    kind : str
        Of `KINDS`.
    province : str
        Name of the pack; `NATION` for the nation.
    indicator : str
    years : str
        The years in question.
    value, expected : float or None
        The figure, or the part of the nation, and what was nearest to be expected.
    parameter, by : str
        Of a series for which another stands in: what is scaled, and by which series; an empty ``by`` says
        that the value of the province of measurement is taken over.
    """

    kind: str
    province: str
    indicator: str
    years: str
    value: float | None = None
    expected: float | None = None
    parameter: str = ""
    by: str = ""

    @property
    def distance(self) -> float:
        """How far the figure is from what was to be expected, in logarithms; 0 where there is no figure."""
        return abs(math.log(self.value / self.expected)) if self.value and self.expected else 0.0


def panel_findings(panel: Panel) -> list[Finding]:
    """Tell what a panel lacks and what looks odd in it.

    Parameters
    ----------
    panel : Panel

    Returns
    -------
    list of Finding
        By kind, in the order of `KINDS`; odd figures by how far they are from what was to be expected.
    """
    return in_order([*_gaps(panel), *_odd_moves(panel), *_odd_sums(panel)])


def in_order(found: Iterable[Finding]) -> list[Finding]:
    """Sort findings by kind; odd figures by how far they are from what was to be expected."""
    return sorted(found, key=lambda one: (KINDS.index(one.kind), -one.distance))


def _gaps(panel: Panel) -> Iterator[Finding]:
    expected: dict[str, set[int]] = {}
    for province, indicator, year in panel.figures:
        if province != NATION:
            expected.setdefault(indicator, set()).add(year)
    for province in panel.provinces:
        has = {indicator: panel.series(province, indicator) for indicator in expected}
        for indicator, years in missing_years(expected, has).items():
            known = has[indicator]
            late = [year for year in years if known and year > max(known)]
            between = [year for year in years if year not in late]
            if not known:
                yield Finding("no_series", province, indicator, in_years(years))
                continue
            if between:
                yield Finding("missing_years", province, indicator, in_years(between))
            if late:
                yield Finding("ends_early", province, indicator, in_years(late))


class _Move(NamedTuple):
    province: str
    before: int
    year: int
    value: float
    last: float
    ln_a_year: float


def _odd_moves(panel: Panel) -> Iterator[Finding]:
    for indicator in sorted({name for _, name, _ in panel.figures}):
        moves = []
        for province in [*panel.provinces, NATION]:
            known = {year: one for year, one in panel.series(province, indicator).items() if one > 0.0}
            for (before, last), (year, value) in pairwise(known.items()):
                moves.append(
                    _Move(province, before, year, value, last, math.log(value / last) / (year - before))
                )
        if len(moves) < _FEWEST_MOVES:
            continue
        middle = statistics.median(move.ln_a_year for move in moves)
        spread = 1.4826 * statistics.median(abs(move.ln_a_year - middle) for move in moves)
        for move in moves:
            expected = move.last * math.exp(middle * (move.year - move.before))
            off = abs(math.log(move.value / expected))
            if any(abs(off - math.log(factor)) < _NEAR_A_FACTOR for factor in FACTORS):
                yield Finding("unit", move.province, indicator, str(move.year), move.value, expected)
            elif abs(move.ln_a_year - middle) > SPREADS * spread > 0.0:
                yield Finding("jump", move.province, indicator, str(move.year), move.value, expected)


def _odd_sums(panel: Panel) -> Iterator[Finding]:
    """Compare the sum of provinces with the nation, in years in which as many provinces are known as ever."""
    for indicator in sorted({name for _, name, _ in panel.figures}):
        nation = panel.series(NATION, indicator)
        series = [panel.series(province, indicator) for province in panel.provinces]
        most = max((sum(year in one for one in series) for year in nation), default=0)
        parts = {
            year: sum(one.get(year, 0.0) for one in series) / whole
            for year, whole in nation.items()
            if whole > 0.0 and sum(year in one for one in series) == most > 1
        }
        if not parts:
            continue
        usual = statistics.median(parts.values())
        for year, part in parts.items():
            if part > 1.0 + _SUM_MAY_EXCEED or abs(part - usual) > _SUM_MAY_MOVE:
                yield Finding("sum", NATION, indicator, str(year), part, usual)
