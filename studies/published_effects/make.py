"""Enact published evaluations inside the province, and hold what they find against what was published.

``make published-effects`` writes ``results/reference/published_effects.csv``, a row a figure. Every estimate
is made from recorded tables of single units, as the study made its own; the effect that the paired world
shows stands beside it, so that the bias of an estimator is seen too.
"""

from __future__ import annotations

import math
import sys
import time
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from ...engine.errors import InputError
from ...experiments.keeping.provenance import basis_of
from ...experiments.keeping.store import Store
from ...experiments.planning import door_to_model
from ...experiments.running.table_command import report_failures, run_table
from .estimate import Estimate
from .futures import DESIGNS, estimates
from .placebo import BY
from .registered import Figure, registered
from .verdict import AGREE, MISS, Found, verdict

__all__ = ["COLUMNS", "FILE", "PLACEBO_DESIGN", "table_of_effects"]

FILE: Final = "published_effects.csv"

PLACEBO: Final = "placebo"
"""How the name of a design begins in which nothing is done."""
PLACEBO_DESIGN: Final = "D6"
_COVERS: Final = (0.9, 0.97)
"""Share of placebos whose 95 % interval has to hold zero."""

COLUMNS: Final = (
    "figure", "study", "design", "place", "outcome", "unit", "kind",
    "published", "published_low", "published_high",
    "q05", "q50", "q95", "true_effect", "coverage", "class", "used_in_fit", "verdict", "rule", "futures",
    "basis",
)  # fmt: skip
"""Quantiles are of the estimates; ``true_effect`` is the median of the paired world's effect and ``coverage``
the share of futures whose interval holds theirs, both empty where no paired world says it."""


def table_of_effects(found: pd.DataFrame, figures: Mapping[str, Figure], basis: str) -> pd.DataFrame:
    """Hold the estimates of many futures against the registered figures.

    Parameters
    ----------
    found : DataFrame
        From `futures.estimates`.
    figures : mapping of str to Figure
        From `registered`.
    basis : str
        What the futures rest on.

    Returns
    -------
    DataFrame
        In the columns of `COLUMNS`: figures in the order in which they are registered, then placebos.

    Raises
    ------
    InputError
        If a figure was estimated that nobody registered.
    """
    is_fake = found["design"].str.startswith(PLACEBO).to_numpy(dtype=bool)
    enacted, fake = found[~is_fake], found[is_fake]
    unknown = sorted(set(enacted["figure"]) - set(figures))
    if unknown:
        raise InputError("nobody registered the figure", key=unknown[0], allowed="registered.csv")
    rows = [_row(figures[name], part, basis) for name, part in _in_order(enacted, figures)]
    named = [name.partition(BY) for name in fake["figure"]]
    fake = fake.assign(figure=[name[0] for name in named], estimator=[name[2] for name in named])
    rows += [
        _placebo(figures[name], str(estimator) or figures[name].estimator, own, basis)
        for name, part in _in_order(fake, figures)
        for estimator, own in part.groupby("estimator", sort=True)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _in_order(found: pd.DataFrame, figures: Mapping[str, Figure]) -> Iterator[tuple[str, pd.DataFrame]]:
    parts = dict(list(found.groupby("figure")))
    return ((name, parts[name]) for name in figures if name in parts)


def _row(figure: Figure, part: pd.DataFrame, basis: str) -> dict[str, Any]:
    numbers = part[["effect", "low", "high"]].to_numpy(dtype=np.float64).tolist()
    seen = Found.over([Estimate(effect, low, high, 0, 0) for effect, low, high in numbers], figure)
    return {
        "figure": figure.name,
        "study": figure.study,
        "design": figure.design,
        "place": figure.place,
        "outcome": figure.outcome,
        "unit": figure.unit,
        "kind": figure.kind,
        "published": figure.published,
        "published_low": figure.low,
        "published_high": figure.high,
        "q05": seen.q05,
        "q50": seen.q50,
        "q95": seen.q95,
        **_truth(part),
        "class": figure.kind_of_use,
        "used_in_fit": figure.used_in_fit,
        "verdict": verdict(figure, seen),
        "rule": figure.rule,
        "futures": len(part),
        "basis": basis,
    }


def _truth(part: pd.DataFrame) -> dict[str, float]:
    """Give the median true effect, and how often an interval holds that of its future."""
    known = part[np.isfinite(part["true"])]
    if known.empty:
        return {"true_effect": math.nan, "coverage": math.nan}
    covered = (known["low"] <= known["true"]) & (known["true"] <= known["high"])
    return {"true_effect": float(known["true"].median()), "coverage": float(covered.mean())}


def _placebo(figure: Figure, estimator: str, part: pd.DataFrame, basis: str) -> dict[str, Any]:
    """Give the row of a placebo: nothing was done, and its true effect, zero, is what there is to find."""
    row = _row(figure, part, basis)
    low, high = _COVERS
    return row | {
        "study": f"placebo: {estimator}",
        "design": PLACEBO_DESIGN,
        "kind": "zero",
        "published": 0.0,
        "published_low": math.nan,
        "published_high": math.nan,
        "class": "test",
        "used_in_fit": False,
        "verdict": AGREE if low <= row["coverage"] <= high else MISS,
    }


def _write(given: Namespace) -> int:
    if given.scale != 1:
        raise InputError(
            f"at scale {given.scale:g} a row stands for several firms", key="--scale", allowed="1"
        )
    start = time.monotonic()
    found, failures = estimates(
        tuple(DESIGNS), given.province, runs=given.runs, seed=given.seed, workers=given.workers
    )
    basis = basis_of(door_to_model.loaded("no_plan", province=given.province))
    table = table_of_effects(found, registered(), basis)
    Store(given.out).write_csv(FILE, table)
    print(
        f"{given.out / FILE}: {len(table)} rows from {given.runs} futures, placebos from"
        f" {table['futures'].max()}, {(time.monotonic() - start) / 60.0:.0f} min",
        file=sys.stderr,
    )
    return report_failures(failures)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table; 0 done, 1 done with failed runs, 2 refused input."""
    return run_table(
        _write, "studies.published_effects.make", __doc__, runs=200, scale=1.0, arguments=arguments
    )


if __name__ == "__main__":
    sys.exit(main())
