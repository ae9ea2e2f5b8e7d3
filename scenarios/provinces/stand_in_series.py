"""Series without which no run can be made, of a province whose statistics have no year of them.

Outside paths need them. Each follows the nation's series, times the part of the nation that the province has
by another series: an assumption, whose source says so. A run takes it as if it were known, for no prior of a
path exists that knows nothing of its level.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from .own_parameters import STAND_INS
from .sources_read import NATION, Sources

__all__ = ["StandIn", "stand_ins_of"]

_OUTPUT: Final = ("gdp", "fiscal_total")
"""Either will do: `model.state.outside` takes the first that is there."""

NEEDED: Final = ("rd_expenditure", "fiscal_science_technology", "contract_count_output")


class StandIn(NamedTuple):
    """A series that follows the nation's.

    Attributes
    ----------
    indicator, by : str
        The series, and the one by which the province's part of the nation is told.
    values : dict of int to float
        By year.
    source : str
    """

    indicator: str
    by: str
    values: dict[int, float]
    source: str


def stand_ins_of(sources: Sources, province: str, known: Collection[str]) -> Iterator[StandIn]:
    """Give the series that a province needs and has no year of; ``known`` are those that it has.

    A province that has no part of the nation by any series has none: its pack says that it cannot be run.
    """
    needed = [*NEEDED, *([] if set(_OUTPUT) & set(known) else [_OUTPUT[-1]])]
    for indicator in needed:
        part = None if indicator in known else _part(sources, province)
        nation = _series(sources, NATION, indicator)
        if part is None or not nation:
            continue
        by, year, share = part
        source = (
            f"scaled from the nation by {by} in {year} (part {share:.3g}), for {indicator} is not known here"
        )
        yield StandIn(indicator, by, {each: value * share for each, value in nation.items()}, source)


def _part(sources: Sources, province: str) -> tuple[str, int, float] | None:
    """Give the series, the year and the province's part of the nation by which it is scaled."""
    for by in STAND_INS:
        own, nation = (_series(sources, who, by) for who in (province, NATION))
        if common := [year for year in own if nation.get(year, 0.0) > 0.0 and own[year] > 0.0]:
            return by, max(common), own[max(common)] / nation[max(common)]
    return None


def _series(sources: Sources, who: str, indicator: str) -> dict[int, float]:
    return {
        year: float(row["value"])
        for (name, of, year), row in sources.panel.items()
        if (name, of) == (who, indicator)
    }
