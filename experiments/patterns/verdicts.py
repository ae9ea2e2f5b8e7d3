"""Hold the model against the patterns of the specification: reproduced, partly, or not.

``python -m shaanxi_transfer.experiments.patterns.verdicts --province shaanxi`` runs ``no_plan`` to the
end of 2017, when all scenarios are still one and the same, and writes
``results/reference/patterns_shaanxi.csv``: a row a fact.

The rule. A fact is *near* if the median of the futures is within the stated tolerance of
what was observed; it is *inside* if the observed lies between the 5 and 95 % quantiles.
A bound is met from one side: distance counts only what lies beyond it, and inside is
a band that reaches the allowed side. Near and inside: reproduced. One of both: partly.
Neither: not. A band more than four tolerances wide is marked as wide, since hardly
anything would lie outside it: there the median alone says something.

A pattern is reproduced if at least four fifths of its facts are and none is missed, not
reproduced if more than half of its facts are missed, and partly reproduced otherwise. A
fact to which the model has no answer counts as missed.
"""

from __future__ import annotations

import math
from argparse import Namespace
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..calibrating.compare_observed import six_digits
from ..calibrating.observed_figures import Side, observed_table
from ..planning import door_to_model
from ..running.table_command import keep_table, report_failures, run_table
from .formulas import Figures
from .jumps import jumps_of_the_panel
from .observed_facts import Fact, facts
from .pattern_list import PATTERNS, Measure
from .simulated_against_observed import years_of

if TYPE_CHECKING:
    from ...scenarios import Scenario
    from ...scenarios.provinces.sources_read import Sources

COLUMNS: Final = (
    "pattern", "fact", "unit", "use", "side", "observed", "q05", "median", "q95", "measure", "distance",
    "tolerance", "inside", "band_width", "band", "verdict", "futures", "scale", "seed", "note",
)  # fmt: skip
"""Columns of the table. ``distance`` is of the median, ``band_width`` of the 5 to 95 % band; both are
logarithms of a ratio where ``measure`` is log and differences where it is absolute."""

REPRODUCED: Final = "reproduced"
PARTLY: Final = "partly"
MISSED: Final = ("not", "not simulated")

_WIDE: Final = 4.0
_MOST: Final = 0.8

Numbers = npt.NDArray[np.float64]


def verdict(inside: bool, near: bool) -> str:
    """Judge one fact, as the head of this file says."""
    if inside and near:
        return REPRODUCED
    return PARTLY if inside or near else MISSED[0]


def _apart(simulated: float, observed: float, measure: Measure) -> float:
    """Distance of a simulated number from the observed; nothing simulated is infinitely far in logarithms."""
    if measure == "absolute":
        return simulated - observed
    return math.log(simulated / observed) if simulated > 0.0 else -math.inf


def _beyond(distance: float, side: Side) -> float:
    """What of a distance counts against a figure or a bound."""
    if side == "at_least":
        return min(distance, 0.0)
    return max(distance, 0.0) if side == "at_most" else distance


def _inside(low: float, observed: float, high: float, side: Side) -> bool:
    return (side == "at_most" or observed <= high) and (side == "at_least" or low <= observed)


def judged(fact: Fact, sample: Numbers, *, scale: float, seed: int) -> dict[str, Any]:
    """Hold one fact against what each future gives: a row of the table; not finite numbers do not count."""
    sample = sample[np.isfinite(sample)]
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    row |= {"pattern": fact.pattern, "fact": fact.name, "unit": fact.unit, "use": fact.use, "side": fact.side}
    row |= {
        "observed": six_digits(fact.value),
        "measure": fact.measure,
        "tolerance": round(fact.tolerance, 4),
    }
    row |= {"futures": len(sample), "scale": scale, "seed": seed, "note": fact.note}
    if len(sample) == 0:
        return row | {"inside": "", "band": "", "verdict": MISSED[1]}
    low, median, high = (six_digits(float(value)) for value in np.quantile(sample, [0.05, 0.5, 0.95]))
    distance = _beyond(_apart(median, fact.value, fact.measure), fact.side)
    inside = _inside(low, six_digits(fact.value), high, fact.side)
    near = abs(distance) <= fact.tolerance + 1e-9
    width = high - low if fact.measure == "absolute" else math.log(high / low) if low > 0.0 else math.inf
    return row | {
        "q05": low,
        "median": median,
        "q95": high,
        "distance": round(distance, 4),
        "inside": "yes" if inside else "no",
        "band_width": round(width, 4),
        "band": "wide" if width > _WIDE * fact.tolerance and fact.side == "equal" else "",
        "verdict": verdict(inside, near),
    }


def pattern_table(listed: Iterable[Fact], years: pd.DataFrame, *, scale: float, seed: int) -> pd.DataFrame:
    """Hold facts against one scenario's rows of `target_and_indicator_tables.yearly`.

    Scale and seed say how the runs were made. A fact without an answer keeps its row, and so does a pattern
    of which nothing was observed.
    """
    wide = years.pivot(index=["future", "year"], columns="indicator", values="value").sort_index()
    figures = Figures.simulated(wide)
    rows = [judged(fact, _sample(fact, figures), scale=scale, seed=seed) for fact in listed]
    for pattern in sorted(set(PATTERNS) - {row["pattern"] for row in rows}):
        rows.append({"pattern": pattern, "fact": "nothing observed", "verdict": "", "futures": 0})
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.sort_values("pattern", kind="stable", ignore_index=True)


def _sample(fact: Fact, figures: Figures) -> Numbers:
    try:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(fact.simulated(figures), dtype=np.float64)
    except KeyError:
        return np.empty(0)


def verdicts_of_patterns(table: pd.DataFrame) -> pd.DataFrame:
    """Judge each pattern of a `pattern_table` by its facts, index pattern.

    ``distance`` is the root mean square of the facts' distances over their tolerances, infinite ones left
    out.
    """
    rows = []
    for pattern, title in PATTERNS.items():
        own = table[(table["pattern"] == pattern) & (table["verdict"] != "")]
        total = len(own)
        good, missed = int((own["verdict"] == REPRODUCED).sum()), int(own["verdict"].isin(MISSED).sum())
        relative = (own["distance"].astype(float) / own["tolerance"].astype(float)).to_numpy()
        relative = relative[np.isfinite(relative)]
        far = round(float(np.sqrt(np.mean(relative**2))), 2) if len(relative) else math.nan
        whole = "nothing observed"
        if total:
            whole = REPRODUCED if good >= _MOST * total and not missed else PARTLY
            whole = MISSED[0] if 2 * missed > total else whole
        rows.append((pattern, title, whole, total, good, total - good - missed, missed, far))
    columns = ["pattern", "title", "verdict", "facts", "reproduced", "partly", "missed", "distance"]
    return pd.DataFrame(rows, columns=columns).set_index("pattern")


def patterns(world: Scenario, years: pd.DataFrame, *, scale: float, seed: int) -> pd.DataFrame:
    """Hold the simulated years of a world against the patterns: `pattern_table` of all facts."""
    from ...scenarios.provinces.sources_read import Sources

    observed = observed_table(world.pack(), door_to_model.model().definitions)
    return pattern_table(facts(observed, studies(Sources())), years, scale=scale, seed=seed)


def studies(sources: Sources) -> dict[str, float]:
    """Give the central value of each row of ``parameters.csv`` that has a number, and jumps of the panel."""
    central = pd.Series({row["name"]: row["central"] for row in sources.table("parameters.csv")})
    numbers = pd.to_numeric(central, errors="coerce").dropna()
    return {**{str(name): float(value) for name, value in numbers.items()}, **jumps_of_the_panel(sources)}


def write_patterns(given: Namespace) -> int:
    """Make and write the table of a province; says each pattern's verdict, and which runs failed."""
    world, years, failures = years_of(given)
    table = patterns(world, years, scale=given.scale, seed=given.seed)
    file = keep_table(given, f"patterns_{given.province}", table)
    print(f"{file}: {len(table)} facts")
    for pattern, row in verdicts_of_patterns(table).iterrows():
        print(f"{pattern:>2} {row['verdict']}: {row['title']} ({row['reproduced']} of {row['facts']} facts)")
    return report_failures(failures)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table; 0 done, 1 done with failed runs, 2 refused input."""
    return run_table(write_patterns, "experiments.patterns.verdicts", __doc__, runs=200, arguments=arguments)


if __name__ == "__main__":
    raise SystemExit(main())
