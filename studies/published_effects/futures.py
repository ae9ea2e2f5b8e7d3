"""Designs over many futures: each future is one task of the batch machinery, and comes back as numbers."""

from __future__ import annotations

import importlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...engine.errors import InputError
from ...engine.quarters import Quarter
from ...experiments.planning.plan_of_runs import plan_runs
from ...experiments.planning.runs import Failed, Finished, Job
from ...experiments.running.runner import run_batch

if TYPE_CHECKING:
    from .design import Enacted

__all__ = ["COLUMNS", "design_called", "enact", "estimates", "futures_of"]

DESIGNS: Final = {
    "lottery": ("voucher_lottery", "LOTTERY"),
    "placebo": ("placebo", "PLACEBO"),
    "history": ("history", "HISTORY"),
    "twins": ("grants_by_score", "TWINS"),
    "bank loans": ("bank_loans", "BANK_LOANS"),
    "transfer offices": ("transfer_offices", "TRANSFER_OFFICES"),
    "ownership pilots": ("ownership_pilots", "OWNERSHIP_PILOTS"),
    "income share": ("income_share", "INCOME_SHARE"),
    "fund across provinces": ("fund_across_provinces", "FUND_ACROSS_PROVINCES"),
    "zones": ("zones", "ZONES"),
}
"""Where each design stands: file and name in it. Worlds that several figures need are lived once."""

COLUMNS: Final = ("design", "figure", "future", "effect", "low", "high", "true")

_NUMBERS: Final = ("effect", "low", "high", "treated", "controls", "true")
_ONE_QUARTER: Final = (Quarter(2017, 4),)


@dataclass(frozen=True)
class _Row:
    """The estimates of a future in the shape of a record."""

    indicators: tuple[str, ...]
    quarters: tuple[Quarter, ...]
    values: npt.NDArray[np.float64]


def design_called(name: str) -> Enacted:
    """Give a design by its name."""
    module, held = DESIGNS[name]
    found: Enacted = getattr(importlib.import_module(f".{module}", __package__), held)
    return found


def futures_of(designs: Sequence[str], runs: int) -> dict[str, int]:
    """Give how many futures each design is enacted in, of ``runs`` that are asked for: one at least."""
    return {name: max(1, round(runs * design_called(name).share_of_futures)) for name in designs}


def enact(scenario: tuple[str, str], *, seed: int, scale: float = 1.0) -> _Row:
    """Live the worlds of one future of a design, and estimate as its study did.

    Parameters
    ----------
    scenario : tuple of str
        Name of the design, and province.
    scale : float
        Not asked for: each design has its own.
    """
    name, province = scenario
    design = design_called(name)
    worlds = design.lived(province, seed)
    told: dict[str, float] = {}
    for figure, measure in design.measure(worlds, seed).items():
        try:
            measured = measure()
        except InputError:  # an estimator that refuses what this future gave it
            continue
        found = measured.estimate
        numbers = (found.effect, found.low, found.high, found.treated, found.controls, measured.true)
        told |= {f"{figure}.{word}": number for word, number in zip(_NUMBERS, numbers, strict=True)}
    told = {key: number for key, number in told.items() if math.isfinite(number)}
    return _Row(tuple(told), _ONE_QUARTER, np.array([[*told.values()]], dtype=np.float64))


def estimates(
    designs: tuple[str, ...], province: str, *, runs: int, seed: int, workers: int | None = None
) -> tuple[pd.DataFrame, list[Failed]]:
    """Enact designs in many futures, each in its share of ``runs``, the first ones.

    Parameters
    ----------
    runs : int
        Futures of a design whose `Enacted.share_of_futures` is 1; of others more, or fewer.

    Returns
    -------
    table : DataFrame
        A row a figure and future, in the columns of `COLUMNS`.
    failures : list of Failed
    """
    job = Job({name: (name, province) for name in designs}, 1.0, enact)
    rows: list[dict[str, Any]] = []
    failures: list[Failed] = []
    futures = futures_of(designs, runs)
    plan = plan_runs(list(designs), max(futures.values(), default=0), seed)
    chosen = [run for run in plan if run.future < futures[run.scenario]]
    for outcome in run_batch(chosen, job, workers=workers):
        if isinstance(outcome, Finished):
            rows += _rows(outcome)
        else:
            failures.append(outcome)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.sort_values(["design", "figure", "future"], ignore_index=True), failures


def _rows(outcome: Finished) -> list[dict[str, Any]]:
    numbers = dict(zip(outcome.indicators, outcome.values[0].tolist(), strict=True))
    figures = dict.fromkeys(name.rpartition(".")[0] for name in numbers)
    return [
        {"design": outcome.run.scenario, "figure": figure, "future": outcome.run.future}
        | {word: numbers.get(f"{figure}.{word}", math.nan) for word in COLUMNS[3:]}
        for figure in figures
    ]
