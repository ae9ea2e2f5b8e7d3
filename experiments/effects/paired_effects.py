"""What a policy moved: differences of two worlds of one future, so that luck falls out of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import numpy as np

from ..planning.definitions import Definitions
from ..planning.runs import Finished

YEAR: Final = 2020
"""The year whose figures are compared; costs are of all years together."""

COST: Final = "public_cost"
GROSS: Final = "public_cost_gross"
FORGONE: Final = ("tax_forgone", "tax_relief_of_certificates")
"""Taxes that nobody pays as a contract is registered or a firm is certified: no payment of a treasury."""


def of_the_year(outcome: Finished, wanted: Collection[str], definitions: Definitions) -> dict[str, float]:
    """Give each wanted indicator's value of `YEAR`, and ``all_...`` for the costs of all years together.

    To keep all indicators of a large batch would fill the memory.
    """
    last = [i for i, quarter in enumerate(outcome.quarters) if quarter.year == YEAR]
    found = {}
    for column, indicator in enumerate(outcome.indicators):
        if indicator not in wanted:
            continue
        values = outcome.values[:, column]
        flow = definitions.of(indicator).kind == "flow"
        found[indicator] = float(values[last].sum() if flow else values[last[-1]])
        if indicator in (COST, GROSS, *FORGONE):
            found[f"all_{indicator}"] = float(values.sum())
    return found


def effect_of(moved: Any) -> dict[str, float | bool]:
    """Say of paired differences: quantiles, mean, how many moved, and whether they differ from nothing."""
    effects = np.asarray(moved)
    low, middle, high = np.quantile(effects, [0.05, 0.5, 0.95])
    return {
        "q05": low,
        "q50": middle,
        "q95": high,
        "mean": effects.mean(),
        "share_moved": float((effects != 0.0).mean()),
        "visible": is_visible(effects),
    }


FEWEST_PAIRS: Final = 10
"""Fewer futures agree on a sign by chance: two do so half of the time."""


def is_visible(moved: Any) -> bool:
    """Whether a paired effect differs from nothing: of ten or more futures nine of ten agree on its sign."""
    effects = np.asarray(moved)
    return len(effects) >= FEWEST_PAIRS and bool(max((effects > 0.0).mean(), (effects < 0.0).mean()) >= 0.9)
