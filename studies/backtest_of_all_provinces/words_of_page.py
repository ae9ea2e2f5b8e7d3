"""How the page of the backtest across provinces says things: verdicts, intervals, names."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from ...experiments.backtesting.rivals import RIVALS
from ...experiments.backtesting.scores import BANDS
from ...scenarios.provinces.names import in_both_languages
from .figures import WORDS
from .tables import FITTED, MODEL, PAST_ONLY

__all__ = [
    "FEW",
    "FORMS",
    "Row",
    "Verdict",
    "coverage_in_words",
    "interval",
    "listed",
    "name_of_forecaster",
    "ratio",
    "signed",
    "verdict_of",
]

Row = Mapping[Any, Any]
Verdict = Literal["better", "level", "worse"]

FEW: Final = 10
"""With fewer provinces than this the page warns: intervals from drawing so few again are too narrow."""

FORMS: Final = {
    MODEL: "model, with carry and discrepancy of the other provinces",
    FITTED: "model, fitted alone",
    PAST_ONLY: "model, with the discrepancy that was known at the origin",
}

NOMINAL: Final = {"inside_50": 0.50, "inside_80": 0.80, "inside_95": 0.95}

_SAME: Final = 1e-6
"""Tables are written to six digits: an interval that ends this near to a number contains it."""


def verdict_of(row: Row) -> Verdict:
    """Tell from the interval of ``model_less`` whether the model is better, worse, or not told apart."""
    if row["model_less_high"] < 0.0:
        return "better"
    return "worse" if row["model_less_low"] > 0.0 else "level"


def name_of_forecaster(name: str) -> str:
    """Say what a forecaster is, with the name that it has in the tables."""
    words = FORMS[name] if name in FORMS else str(WORDS[name].en) if name in RIVALS else name
    return f"{words} (`{name}`)"


def signed(value: float) -> str:
    """Write a difference with its sign; nothing where it is missing."""
    return "" if math.isnan(value) else f"{value:+.3f}"


def interval(row: Row, name: str, form: str = ".3f") -> str:
    """Write a number of the summary with its interval."""
    middle, low, high = (format(row[name + end], form) for end in ("", "_low", "_high"))
    return f"{middle} ({low} to {high})"


def ratio(bias: float) -> str:
    """Write a mean of ln observed less ln median as how many times the observed the median is.

    Examples
    --------
    >>> ratio(0.6931), ratio(-0.6931)
    ('0.50', '2.00')
    """
    return "" if math.isnan(bias) else f"{math.exp(-bias):.2f}"


def coverage_in_words(row: Row) -> str:
    """Say whether bands hold as much as they promise, as far as the intervals tell."""
    wrong = []
    for band in BANDS:
        nominal = NOMINAL[band]
        if row[f"{band}_high"] < nominal - _SAME:
            wrong.append(f"the {nominal:.0%} band is too narrow, it held {interval(row, band, '.2f')}")
        elif row[f"{band}_low"] > nominal + _SAME:
            wrong.append(f"the {nominal:.0%} band is too wide, it held {interval(row, band, '.2f')}")
    if wrong:
        return "not calibrated: " + "; ".join(wrong).replace("%", " %")
    return "calibrated as far as this can tell: each of the three intervals contains what its band promises"


def listed(provinces: Iterable[str], most: int = 12) -> str:
    """Name provinces in both languages, or only count them where there are many."""
    names = list(provinces)
    return f"{len(names)} provinces" if len(names) > most else ", ".join(map(in_both_languages, names))
