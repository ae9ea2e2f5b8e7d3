"""What a policy moved: differences of two worlds of one future, so that luck falls out of them."""

from __future__ import annotations

import functools
from collections.abc import Collection
from typing import Final

import numpy as np
import numpy.typing as npt

from ...engine.quarters import Quarter
from ..forecasting.paired_differences import LESS, MORE, differences_of, verdict_of
from ..planning.definitions import Definitions
from ..planning.runs import Finished

COST: Final = "public_cost"
GROSS: Final = "public_cost_gross"
FORGONE: Final = ("tax_forgone", "tax_relief_of_certificates")
"""Taxes that nobody pays as a contract is registered or a firm is certified: no payment of a treasury."""


@functools.cache
def plan_year() -> int:
    """Give the last year of the shipped plan, whose figures are compared; costs are of all years together."""
    from ...scenarios.choosing.declared_targets import shipped_plan

    return Quarter.parse(shipped_plan().end).year


def of_the_year(outcome: Finished, wanted: Collection[str], definitions: Definitions) -> dict[str, float]:
    """Give each wanted indicator's value of `plan_year`, and ``all_...`` for the costs of all years together.

    To keep all indicators of a large batch would fill the memory.
    """
    last = [i for i, quarter in enumerate(outcome.quarters) if quarter.year == plan_year()]
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


def effect_of(moved: npt.ArrayLike) -> dict[str, float | bool]:
    """Say of paired differences: quantiles, mean, how many moved, and whether they differ from nothing.

    These are the columns of tables that were committed before `differences_of`, by the same rule.
    """
    said = differences_of(moved)
    return {
        **{name: said[name] for name in ("q05", "q50", "q95", "mean")},
        "share_moved": float((np.asarray(moved) != 0.0).mean()),
        "visible": said["verdict"] in (MORE, LESS),
    }


def is_visible(moved: npt.ArrayLike) -> bool:
    """Whether a paired effect differs from nothing, by the rule of `verdict_of`."""
    return verdict_of(moved) in (MORE, LESS)
