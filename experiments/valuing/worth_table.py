"""The table of what statistics are worth to who decides whether to carry out a scenario.

The decision is one scenario or the base. Its net benefit in a future is ``price * more - cost``: what the
scenario has more of a target than the base, at a price that a unit is worth to who decides, less what it
costs treasuries more, net, all years together. Nobody has said the price. By default it is the one at which
the decision is closest, mean cost over mean effect, and half and twice as much: at the first information is
worth most.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..forecasting.difference_table import NET_COST
from ..planning.definitions import Definitions
from .observing import observed
from .sample_information import perfect_value, value_by_luck, value_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...scenarios import Scenario, Statistic

__all__ = ["BY_LUCK", "COLUMNS", "VISIBLE", "worth_table"]

COLUMNS: Final = (
    "province", "scenario", "base", "target", "counting", "unit", "year", "price", "over_break_even",
    "decision", "net_benefit", "rank", "statistic", "title_en", "title_zh", "indicator", "observed", "sample",
    "value", "error", "q05", "q95", "by_luck", "perfect", "share_of_perfect", "units_of_target", "cost",
    "futures", "verdict",
)  # fmt: skip
"""Columns of ``worth.csv``. Money is yuan: ``price`` for a unit of the target; ``value`` is the expected
value of sample information, ``error`` its standard error, from which ``q05`` and ``q95`` come; ``by_luck``
that of a statistic about nothing, ``perfect`` that of knowing the net benefit itself; ``units_of_target`` is
value over price. ``decision`` is what is best without any statistic."""

OVER_BREAK_EVEN: Final = (1.0, 0.5, 2.0)
VISIBLE: Final = "worth something"
BY_LUCK: Final = "no more than luck"
CARRY_OUT: Final = "carry out"
LEAVE: Final = "leave"
EITHER: Final = "either"

_Z90: Final = 1.6448536269514722
_EQUAL: Final = 1e-9

FloatArray = npt.NDArray[np.float64]


def worth_table(
    frame: pd.DataFrame,
    statistics: Sequence[Statistic],
    definitions: Definitions,
    worlds: Mapping[str, Scenario],
    asked: Sequence[str] = (),
    price: float | None = None,
) -> pd.DataFrame:
    """Value each statistic for each target that a scenario moves, in the columns of `COLUMNS`.

    Parameters
    ----------
    frame : DataFrame
        Of `frame_of_runs.frame_of`, with the indicators of the statistics.
    statistics : sequence of Statistic
    definitions : Definitions
    worlds : mapping
        Scenarios by name, the base last.
    asked : sequence of str
        Targets; all by default.
    price : float, optional
        Yuan for a unit of the target; those of `OVER_BREAK_EVEN` by default.

    Returns
    -------
    DataFrame
        Without a row for a target of which a scenario brings no more on the mean, or which costs nothing: no
        price makes such a decision a close one.
    """
    *others, base = worlds
    rows: list[dict[str, Any]] = []
    for scenario in others:
        mine = frame[frame["scenario"] == scenario]
        for name, target in definitions.targets.items():
            for counting in target.countings if not asked or name in asked else ():
                column = f"more.{name}.{counting}"
                if column not in mine or f"more.{NET_COST}" not in mine:
                    continue
                whole = mine.dropna(subset=[column, f"more.{NET_COST}"])
                head = {
                    "province": worlds[scenario].pack().name,
                    "scenario": scenario,
                    "base": base,
                    "target": name,
                    "counting": counting,
                    "unit": target.unit,
                    "year": target.year,
                }
                more = whole[column].to_numpy(np.float64)
                cost = whole[f"more.{NET_COST}"].to_numpy(np.float64)
                for one, over in _prices(more, cost, price):
                    told = {**head, "price": one, "over_break_even": over}
                    rows += _valued(told, whole, one * more - cost, statistics)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _prices(more: FloatArray, cost: FloatArray, price: float | None) -> Iterator[tuple[float, float]]:
    """Give prices of a unit, each also as a multiple of the one at which the decision is closest."""
    effect, spent = float(more.mean()) if len(more) else 0.0, float(cost.mean()) if len(cost) else 0.0
    close = spent / effect if effect > 0.0 and spent > 0.0 else np.nan
    if price is not None and len(more):
        yield price, price / close
    elif np.isfinite(close):
        yield from ((over * close, over) for over in OVER_BREAK_EVEN)


def _best(benefit: FloatArray) -> str:
    """Say what is best as long as nothing more is known."""
    mean = float(benefit.mean())
    if abs(mean) <= _EQUAL * float(np.abs(benefit).mean()):
        return EITHER
    return CARRY_OUT if mean > 0.0 else LEAVE


def _valued(
    head: dict[str, Any], runs: pd.DataFrame, benefit: FloatArray, statistics: Sequence[Statistic]
) -> list[dict[str, Any]]:
    """Value the statistics for one decision, the one that is worth most first."""
    seeds = runs["seed"].to_numpy(np.int64)
    perfect, luck = perfect_value(benefit), value_by_luck(benefit)
    rows = []
    for one in statistics:
        truth = runs[f"indicator.{one.indicator}.{one.year}"].to_numpy(np.float64)
        value = value_of(observed(one, truth, seeds), benefit)
        rows.append(
            {
                **head,
                "decision": _best(benefit),
                "net_benefit": float(benefit.mean()),
                "statistic": one.id,
                "title_en": one.title_en,
                "title_zh": one.title_zh,
                "indicator": one.indicator,
                "observed": one.year,
                "sample": one.sample,
                "value": value.mean,
                "error": value.error,
                "q05": max(0.0, value.mean - _Z90 * value.error),
                "q95": value.mean + _Z90 * value.error,
                "by_luck": luck,
                "perfect": perfect,
                "share_of_perfect": value.mean / perfect if perfect > 0.0 else 0.0,
                "units_of_target": value.mean / head["price"],
                "cost": one.cost,
                "futures": len(benefit),
                "verdict": VISIBLE if value.mean > luck else BY_LUCK,
            }
        )
    rows.sort(key=lambda row: -row["value"])
    return [{**row, "rank": rank} for rank, row in enumerate(rows, start=1)]
