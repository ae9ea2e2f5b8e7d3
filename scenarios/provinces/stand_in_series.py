"""Series without which no run can be made, of a province whose statistics have no year of them.

Outside paths need them. Each follows the series of all other provinces together, or the nation's where no
other has it, times what the province has of another series beside them: an assumption, whose source says so.
A run takes it as if it were known, for no prior of a path exists that knows nothing of its level.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final, NamedTuple

from .own_parameters import STAND_INS
from .sources_read import NATION, Sources

__all__ = ["BEGINS", "StandIn", "stand_ins_of"]

NEEDED: Final = ("rd_expenditure", "fiscal_science_technology", "contract_count_output")

_OUTPUT: Final = ("gdp", "fiscal_total")
"""Either will do: `model.state.outside` takes the first that is there."""

BEGINS: Final = "scaled from other provinces by "
"""How the source of such a series begins."""


class StandIn(NamedTuple):
    """A series that follows that of others.

    Attributes
    ----------
    indicator, by : str
        The series, and the one by which the province is compared with the others.
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

    A province that cannot be compared by any series has none: a run of its pack is refused.
    """
    needed = [*NEEDED, *([] if set(_OUTPUT) & set(known) else [_OUTPUT[-1]])]
    for indicator in needed:
        others = [] if indicator in known else _others(sources, province, indicator)
        part = _part(sources, province, others) if others else None
        if part is None:
            continue
        by, year, share = part
        whole = _together(sources, others, indicator)
        source = f"{BEGINS}{by} in {year} (ratio {share:.3g}), for {indicator} is not known here"
        yield StandIn(indicator, by, {each: value * share for each, value in whole.items()}, source)


def _others(sources: Sources, province: str, indicator: str) -> list[str]:
    """Name the provinces that have most years of a series; the nation where there is none."""
    years = {name: len(_series(sources, name, indicator)) for name in sources.provinces if name != province}
    most = max(years.values(), default=0)
    if most:
        return [name for name, count in years.items() if count == most]
    return [NATION] if _series(sources, NATION, indicator) else []


def _part(sources: Sources, province: str, others: Sequence[str]) -> tuple[str, int, float] | None:
    """Give the first series by which the province is comparable, its last such year, and the ratio."""
    for by in STAND_INS:
        own, whole = _series(sources, province, by), _together(sources, others, by)
        if common := [year for year in own if own[year] > 0.0 and whole.get(year, 0.0) > 0.0]:
            return by, max(common), own[max(common)] / whole[max(common)]
    return None


def _together(sources: Sources, others: Sequence[str], indicator: str) -> dict[int, float]:
    """Add up a series over provinces, in the years that all of them have."""
    each = [_series(sources, name, indicator) for name in others]
    years = sorted(set.intersection(*(set(one) for one in each)))
    return {year: sum(one[year] for one in each) for year in years}


def _series(sources: Sources, who: str, indicator: str) -> dict[int, float]:
    return {
        year: float(row["value"])
        for (name, of, year), row in sources.panel.items()
        if (name, of) == (who, indicator)
    }
