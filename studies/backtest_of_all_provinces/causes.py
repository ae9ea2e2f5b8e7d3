"""Why the model forecasts some provinces worse than others: one row a province of what may be behind it.

Nothing is run: scores and fits of the backtest across provinces, facts and series of the packs. What is read
from figures after an origin (turns, volatility of all years) explains a miss and could not have foretold it.
How these go together over provinces: `correlations`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...experiments.backtesting.pooled_discrepancy import volatility_of
from ...experiments.forecasting.discrepancy import SERIES
from ...experiments.planning.definitions import LAST_YEAR
from ...scenarios.provinces.gaps import LUCK_AS_LARGE_AS_A_FORECAST, VALUE_SOLD
from ...scenarios.provinces.posterior import FEWEST_DRAWS
from .tables import MODEL

if TYPE_CHECKING:
    from ...scenarios import Pack

__all__ = [
    "COLUMNS",
    "FLAGS",
    "MISSED",
    "ONE_SIDED",
    "SHARP",
    "YEARS_BEFORE",
    "causes",
    "growth_about",
    "series_of_packs",
]

Series = Mapping[int, float]
Numbers = npt.NDArray[np.float64]

YEARS_BEFORE: Final = 3
"""Growth before an origin is that since the earliest figure at most so many years before it: the panel has
of 2011 the value sold alone, and its earlier figures are five years apart."""

ONE_SIDED: Final = 0.8
"""A model whose bias is such a part of its mean miss, or more, was too high, or too low, nearly always."""

MISSED: Final = 4.0
"""Squared errors a figure from which on a fit has missed the past: two standard deviations away."""

SHARP: Final = 0.2
"""Change of growth, ln a year, from which on a series sped up or slowed sharply: whoever goes on as before
is wrong by half after two years."""

_UNSTEADY: Final = 0.8
"""Unsteady are the provinces beyond this quantile of volatility: one in five."""

FLAGS: Final = (
    *("too high", "too low", "fit missed the past", "few draws", "luck"),
    *("unsteady", "sped up", "slowed", "turned"),
)
"""What may stand out in a province; the page says when."""

COLUMNS: Final[Mapping[str, str]] = {
    "province": "name of the pack",
    "points": "forecasts of the model that were scored",
    "crps_log": "CRPS of the logarithm, mean over the points",
    "model_less": "that less the CRPS of the best rival over all provinces",
    "miss": "mean distance of ln median from ln observed",
    "bias": "mean of ln observed less ln median: above zero where the model was too low",
    "one_sided": "bias over miss, without its sign: 1 where all misses are on one side",
    "worst_series": "series with the largest CRPS of the model",
    "worst_crps": "its CRPS",
    "worst_bias": "its bias",
    "worst_before": f"its growth before the origins: ln a year, over at most {YEARS_BEFORE} years, mean",
    "worst_after": f"its growth after the origins: ln a year, to the last figure up to {LAST_YEAR}, mean",
    "worst_turned": "part of the origins at which these two have different signs",
    "turn": "growth after an origin less growth before it, without sign, mean over series and origins",
    "misfit_fitted": f"distance of the fitted median run from the figures up to {LAST_YEAR}, squared "
    "errors a figure",
    "effective_sample_size": f"independent draws that the posterior fitted up to {LAST_YEAR} is worth",
    "luck_of_a_year": "standard deviation of ln of a year's value sold by luck alone",
    "bought_over_sold": f"value bought over value sold, {LAST_YEAR}",
    "volatility": f"standard deviation of the yearly growth of ln value sold, all figures up to {LAST_YEAR}",
    "volatility_before": "the same up to the first origin, when nothing that was forecast was known",
    "stands_out": "what is out of the ordinary here, see `studies/backtest_of_all_provinces/causes.py`",
}
"""Columns of the table, each with what it holds."""


def causes(
    scores: pd.DataFrame,
    by_province: pd.DataFrame,
    facts: pd.DataFrame,
    series: Mapping[str, Mapping[str, Series]],
) -> pd.DataFrame:
    """Put beside each province's scores what may be behind them.

    Parameters
    ----------
    scores : DataFrame
        ``province`` and the columns of `rivals_half.COLUMNS`.
    by_province : DataFrame
        `tables.by_province`, with the facts of the fits.
    facts : DataFrame
        `facts.province_facts`; a province may be missing.
    series : mapping of str to mapping
        By province, then by name of `discrepancy.SERIES`: year to figure.

    Returns
    -------
    DataFrame
        Columns of `COLUMNS`, provinces in the order of ``by_province``; what is not known is missing.
    """
    model = scores[scores["forecaster"] == MODEL]
    model = model.assign(bias=np.log(model["observed"] / model["median"]))
    by_pack = facts.set_index("province")[["luck_of_a_year", "bought_over_sold"]]
    origins = sorted(int(year) for year in model["origin"].unique())
    rows = []
    for row in by_province.to_dict("records"):
        province = str(row["province"])
        mine, worst = model[model["province"] == province], str(row["worst_series"])
        growths = {name: growth_about(series[province].get(name, {}), origins) for name in SERIES}
        before, after, turned = _about_worst(growths[worst])
        miss = float(mine["abs_log_error"].mean())
        of_worst = mine[mine["indicator"] == worst]
        value_sold = series[province].get(VALUE_SOLD, {})
        rows.append(
            {
                **{name: row[name] for name in ("province", "points", "crps_log", "model_less", "bias")},
                "miss": miss,
                "one_sided": abs(row["bias"]) / miss if miss > 0.0 else 0.0,
                "worst_series": worst,
                "worst_crps": float(of_worst["crps_log"].mean()),
                "worst_bias": float(of_worst["bias"].mean()),
                "worst_before": before,
                "worst_after": after,
                "worst_turned": turned,
                "turn": _turn(growths.values()),
                "misfit_fitted": row["misfit_fitted"],
                "effective_sample_size": row["effective_sample_size"],
                **{str(name): value for name, value in by_pack.reindex([province]).iloc[0].items()},
                "volatility": math.sqrt(volatility_of(value_sold, LAST_YEAR).variance),
                "volatility_before": math.sqrt(volatility_of(value_sold, min(origins)).variance),
            }
        )
    table = pd.DataFrame(rows)
    return table.assign(stands_out=_standing_out(table))[list(COLUMNS)]


def growth_about(series: Series, origins: Iterable[int]) -> Numbers:
    """Measure how a series grew before and after origins.

    Parameters
    ----------
    series : mapping of int to float
        Year to figure; years may be missing, figures of zero or less are left out.
    origins : iterable of int

    Returns
    -------
    ndarray of shape (n, 2)
        Growth of the logarithm a year before and after; a row for each origin that has a figure, an earlier
        one at most `YEARS_BEFORE` years before it, and a later one up to `definitions.LAST_YEAR`.

    Examples
    --------
    >>> growth_about({2010: 1.0, 2013: 1.0, 2017: 1.0}, [2013, 2014]).tolist()
    [[0.0, 0.0]]
    """
    known = {year: math.log(value) for year, value in series.items() if value > 0.0 and year <= LAST_YEAR}
    rows = []
    for origin in origins:
        first = min((year for year in known if origin - YEARS_BEFORE <= year < origin), default=None)
        last = max((year for year in known if year > origin), default=None)
        if origin in known and first is not None and last is not None:
            here = known[origin]
            rows.append(((here - known[first]) / (origin - first), (known[last] - here) / (last - origin)))
    return np.array(rows, np.float64).reshape(-1, 2)


def _about_worst(growths: Numbers) -> tuple[float, float, float]:
    """Give mean growth before and after, and the part of the origins at which growth changed its sign."""
    if not len(growths):
        return math.nan, math.nan, math.nan
    before, after = growths.T
    return float(before.mean()), float(after.mean()), float((before * after < 0.0).mean())


def _turn(growths: Iterable[Numbers]) -> float:
    """Give the mean size of the change of growth at an origin, each series with the same weight."""
    of_series = [float(np.abs(one[:, 1] - one[:, 0]).mean()) for one in growths if len(one)]
    return float(np.mean(of_series)) if of_series else math.nan


def _standing_out(table: pd.DataFrame) -> list[str]:
    """Name for each province what is out of the ordinary, in words that the page takes over."""
    steady = table["volatility"].quantile(_UNSTEADY)
    change = table["worst_after"] - table["worst_before"]
    one_sided = table["one_sided"] >= ONE_SIDED
    found = {
        "too high": one_sided & (table["bias"] < 0.0),
        "too low": one_sided & (table["bias"] > 0.0),
        "fit missed the past": table["misfit_fitted"] >= MISSED,
        "few draws": table["effective_sample_size"] < FEWEST_DRAWS,
        "luck": table["luck_of_a_year"] >= LUCK_AS_LARGE_AS_A_FORECAST,
        "unsteady": table["volatility"] > steady,
        "sped up": change >= SHARP,
        "slowed": change <= -SHARP,
        "turned": table["worst_turned"] > 0.5,
    }
    return ["; ".join(name for name in FLAGS if found[name][row]) for row in table.index]


def series_of_packs(packs: Mapping[str, Pack]) -> dict[str, dict[str, dict[int, float]]]:
    """Read figures by province, name of `discrepancy.SERIES` and year; nothing where a pack has none."""
    rows = {province: pack.series[pack.series["scope"] == "province"] for province, pack in packs.items()}
    return {
        province: {
            name: {
                int(year): float(value)
                for year, value in mine.loc[mine["indicator"] == name, ["year", "value"]].to_numpy()
            }
            for name in SERIES
        }
        for province, mine in rows.items()
    }
