"""The table of who gains: a difference and its parts, future by future, which sum to it to the yuan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...engine.errors import InputError, RunError
from ..forecasting.paired_differences import DIFFERENCE_COLUMNS, differences_of, visible_by_luck
from ..planning.definitions import Definitions
from .breakdowns import ZERO_SUM, Breakdown, breakdowns_in

__all__ = ["ALL", "COLUMNS", "check_sums", "gains_table", "wanted_indicators"]

FloatArray = npt.NDArray[np.float64]

ALL: Final = "all"
"""Name of the row of the whole."""

COLUMNS: Final = (
    "province", "base", "scenario", "by", "id", "unit", "year", "part", "base_mean", "relative",
    *DIFFERENCE_COLUMNS, "share_negative", "comparisons", "by_luck",
)  # fmt: skip
"""Columns of ``who_gains.csv``: ``base_mean`` is the part's mean in the base, ``relative`` the mean
difference over it; ``share_negative`` the share of futures with less; ``comparisons`` the parts that stand
beside it, and ``by_luck`` how many of these would be called visible if none differed."""

_YUAN: Final = 1.0
"""Parts of a future sum to the whole within one yuan, or one thousandth of a unit that is counted."""
_COUNT: Final = 1e-3


def wanted_indicators(names: Sequence[str], by: Sequence[str]) -> list[str]:
    """List the indicators that the table needs of those that a record has."""
    found = [one for each in by for one in breakdowns_in(names, each)]
    return list(dict.fromkeys(name for one in found for name in (one.whole, *one.parts.values())))


def gains_table(
    years: pd.DataFrame,
    definitions: Definitions,
    scenarios: Sequence[str],
    province: str,
    by: Sequence[str],
    first_year: int,
) -> pd.DataFrame:
    """Break down what each scenario changes against the last one.

    Parameters
    ----------
    years : DataFrame
        As of `target_and_indicator_tables.yearly_of_parts`, predicted.
    definitions : Definitions
    scenarios : sequence of str
        The base last.
    province : str
        Name to show.
    by : sequence of str
        Of `breakdowns.BREAKDOWNS`.
    first_year : int
        Nothing differs before it.

    Raises
    ------
    InputError
        If the record holds no parts of this kind.
    RunError
        If two scenarios have no future in common; if parts do not sum to the whole, a defect of the counting.
    """
    names = list(dict.fromkeys(years["indicator"]))
    years = years[years["year"] >= first_year]
    rows: list[dict[str, Any]] = []
    for one in by if len(years) else ():
        found = breakdowns_in(names, one)
        if not found:
            raise InputError(
                f"these runs took down nothing by {one}",
                key="by",
                allowed="a comparison that was begun with it: runs take sizes down on request only",
            )
        for breakdown in found:
            values = _Values(years, [breakdown.whole, *breakdown.parts.values()])
            for scenario in scenarios[:-1]:
                rows += _rows(values, breakdown, definitions, province, scenario, scenarios[-1])
    return pd.DataFrame(rows, columns=list(COLUMNS))


class _Values:
    """Values of some indicators: by scenario a table of (indicator, year) by future."""

    def __init__(self, years: pd.DataFrame, names: Sequence[str]) -> None:
        mine = years[years["indicator"].isin(names)]
        self._of = {
            str(scenario): rows.pivot(index="future", columns=["indicator", "year"], values="value")
            for scenario, rows in mine.groupby("scenario")
        }

    def both(self, scenario: str, base: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Give two scenarios in the futures and years that both have."""
        both = [self._of[name] for name in (scenario, base) if name in self._of]
        if len(both) < 2 or both[0].index.intersection(both[1].index).empty:
            raise RunError(f"there is no future in which both {scenario!r} and {base!r} ended well")
        one, other = both
        futures = one.index.intersection(other.index)
        columns = one.columns.intersection(other.columns)
        return one.loc[futures, columns], other.loc[futures, columns]


def _rows(
    values: _Values,
    breakdown: Breakdown,
    definitions: Definitions,
    province: str,
    scenario: str,
    base: str,
) -> Iterator[dict[str, Any]]:
    one, other = values.both(scenario, base)
    unit = definitions.of(breakdown.whole).unit
    calendar = sorted({int(year) for year in one.columns.get_level_values("year")})
    for year in calendar:
        names = [breakdown.whole, *breakdown.parts.values()]
        before = np.stack([other[name, year].to_numpy(np.float64) for name in names], axis=1)
        moved = np.stack([one[name, year].to_numpy(np.float64) for name in names], axis=1) - before
        if breakdown.whole in ZERO_SUM:
            before[:, 0] = moved[:, 0] = 0.0
        check_sums(moved, breakdown, unit, year)
        check_sums(before, breakdown, unit, year)
        said = {name: np.asarray(found) for name, found in differences_of(moved).items()}
        comparisons = len(breakdown.parts)
        order = [0, *(1 + np.argsort(-said["mean"][1:], kind="stable"))]
        for place in order:
            part = ALL if place == 0 else list(breakdown.parts)[place - 1]
            level = float(before[:, place].mean())
            yield {
                "province": province, "base": base, "scenario": scenario, "by": breakdown.by,
                "id": breakdown.whole, "unit": unit, "year": year, "part": part, "base_mean": level,
                "relative": float(said["mean"][place]) / level if level else np.nan,
                **{name: found[place] for name, found in said.items()},
                "share_negative": float((moved[:, place] < 0.0).mean()),
                "comparisons": comparisons,
                "by_luck": comparisons * visible_by_luck(len(moved)),
            }  # fmt: skip


def check_sums(values: FloatArray, breakdown: Breakdown, unit: str, year: int) -> None:
    """Refuse parts that do not sum to their whole, which stands first: a defect of the model's counting.

    Parameters
    ----------
    values : ndarray of shape (futures, 1 + parts)
    breakdown : Breakdown
    unit : str
    year : int

    Raises
    ------
    RunError
        With what they miss it by.
    """
    apart = np.abs(values[:, 1:].sum(axis=1) - values[:, 0])
    if len(apart) and apart.max() > (_YUAN if unit == "yuan" else _COUNT):
        raise RunError(
            f"the parts of {breakdown.whole} by {breakdown.by} miss it by {apart.max():g} {unit} in {year}"
        )
