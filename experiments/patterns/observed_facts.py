"""The facts behind the patterns: what was observed of each, and what the model has to say to it.

Three kinds. Figures of the pack's observed table, by indicator and year. Formulas, which
are put to the observed and to each simulated future alike (growth, a mean, a change).
Figures of studies, from ``scenarios/sources/parameters.csv``, which name what is
simulated beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import pandas as pd

from ..calibrating.observed_figures import FITTED, Side
from ..planning.definitions import LAST_YEAR
from .formulas import Figures, Formula, at
from .pattern_list import FORMULAS, INPUTS, OBSERVED, STUDIES, Measure

_LEAST_TOLERANCE: Final = 0.15
_ERRORS: Final = 2.0
"""Near is within so many observation errors, and never asked for closer than the least tolerance."""


class Fact(NamedTuple):
    """One fact of a pattern.

    ``value`` is the observed figure or a bound of it (``side``), ``measure`` says whether distance is
    ln(simulated / observed) or simulated less observed, ``tolerance`` is the largest distance of the median
    that counts as near. ``use``: whether the figure is fitted, only checks, goes into the model itself, so
    that it shows no more than that nothing bends it on the way (input), or is of a vintage after 2017 (later
    check). ``simulated`` gives one number for each future; KeyError where the model has no answer.
    """

    pattern: int
    name: str
    value: float
    unit: str
    side: Side
    measure: Measure
    tolerance: float
    use: str
    note: str
    simulated: Formula


def facts(observed: pd.DataFrame, studies: Mapping[str, float]) -> list[Fact]:
    """List the facts that a province's observed table and the studies give, pattern by pattern.

    ``studies`` has the central value by row of ``scenarios/sources/parameters.csv``. A pattern of which
    nothing was observed has no fact.
    """
    listed = [*_observed_facts(observed), *_compared_facts(observed, studies)]
    return sorted(listed, key=lambda fact: fact.pattern)


def _observed_facts(observed: pd.DataFrame) -> Iterator[Fact]:
    for row in observed.sort_values(["indicator", "year"]).to_dict("records"):
        name, year = str(row["indicator"]), int(row["year"])
        if name not in OBSERVED or row["use"] == "prior":
            continue
        note = "" if pd.isna(row["note"]) or row["note"] == "-" else str(row["note"])
        use = "later check" if year > LAST_YEAR else "fit" if row["use"] in FITTED else "check"
        if name in INPUTS:
            use = "input"
        yield Fact(
            OBSERVED[name],
            f"{name}.{year}",
            float(row["value"]),
            str(row["unit"]),
            _side(str(row["use"]), note),
            "log",
            max(_LEAST_TOLERANCE, _ERRORS * float(row["ln_error"])),
            use,
            note,
            at(name, min(year, LAST_YEAR)),
        )


def _side(use: str, note: str) -> Side:
    """Bounds that are fitted say so in ``use``, those that only check begin their note with it."""
    if note.startswith("lower bound"):
        return "at_least"
    return "at_most" if note.startswith("upper bound") else FITTED.get(use, "equal")


def _compared_facts(observed: pd.DataFrame, studies: Mapping[str, float]) -> Iterator[Fact]:
    figures = Figures.observed(observed)
    for each in (*FORMULAS, *STUDIES):
        try:
            value = each.observed(figures, studies)
        except KeyError:
            continue
        head = (each.pattern, each.name, value, each.unit, each.side, each.measure, each.tolerance)
        yield Fact(*head, each.use, each.note, each.simulated)
