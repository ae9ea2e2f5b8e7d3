"""The rivals' half of a backtest: forecast the past from its own past, and score every figure.

At an origin nothing later than the origin enters. The national series that
`constant_national_share` needs is the nation's row of the same yearbook table: contracts by
seller for output, by buyer for inflow. The two differ by less than a ten-millionth, since what
is sold is bought. Both exceed the sum of the provinces, because sellers and buyers abroad belong
to none (scenarios/sources/README.md), so that shares do not sum to one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from ...engine.errors import InputError
from ...scenarios import Pack, load_pack
from ...scenarios.choosing.pack_years import PackYears, shipped_years
from ..forecasting.discrepancy import SERIES
from ..planning.definitions import LAST_YEAR
from .all_provinces import AllProvinces
from .rivals import RIVALS, SHARE_LAYER, rival_sample
from .scores import BANDS, QUANTILES, score_sample
from .series_to_origin import past_of
from .stored_forecasts import STORED, kept_of

FIRST_AFTER: Final = 3
"""Years after the first simulated one with which origins begin: no earlier one has two figures in a row."""

USUAL: Final = 4
"""Origins that are tried if none are named: the latest."""


def origins_of(years: PackYears) -> tuple[int, ...]:
    """Give the years from which a forecast may be tried in a pack, in rising order."""
    return tuple(range(years.first + FIRST_AFTER, years.last))


ORIGINS: Final = origins_of(shipped_years())
"""Those of the packs that come with the package."""

DRAWS: Final = 2_000
"""Draws a forecast."""

COLUMNS: Final = (
    "origin",
    "indicator",
    "year",
    "horizon",
    "forecaster",
    "observed",
    "median",
    "crps_log",
    "abs_log_error",
    *QUANTILES,
    *BANDS,
)
"""Columns of the table of scores; one row a forecast of one figure."""

Series = Mapping[int, float]


def check_origins(text: str, possible: Sequence[int] = ORIGINS) -> tuple[int, ...]:
    """Read origins separated by commas; refuse years from which no forecast can be tried."""
    known = [str(year) for year in possible]
    words = [word.strip() for word in text.split(",") if word.strip()]
    for word in words:
        if word not in known or words.count(word) > 1:
            raise InputError(
                f"{word!r} is no origin, or stands there twice", key="origins", allowed=", ".join(known)
            )
    if not words:
        raise InputError("no origin is named", key="origins", allowed=", ".join(known))
    return tuple(sorted(int(word) for word in words))


def rival_scores(
    own: Series,
    national: Series,
    indicator: str,
    *,
    origins: Sequence[int] = ORIGINS,
    last: int = LAST_YEAR,
    draws: int = DRAWS,
    seed: int = 1,
    province: str = "",
    everyone: AllProvinces | None = None,
) -> pd.DataFrame:
    """Backtest every rival on one series, in the columns of `COLUMNS` and `stored_forecasts.STORED`.

    A year without a figure has no row.

    ``own`` and ``national`` give year to figure, years without one absent or NaN; what came is known up to
    ``last``. Each province has its own luck. With ``everyone``, of which it is one, the share layer is among
    the rivals. Refuses an origin that is not before the last year, or at which too little is known.
    """
    rows = []
    for origin in origins:
        if origin >= last:
            raise InputError(
                f"origin {origin} leaves no year to forecast",
                key="origins",
                allowed=f"years before {last}",
            )
        past = past_of(own, origin, national)
        asked = {"horizon": last - origin, "draws": draws, "seed": seed}
        samples = {
            name: rival_sample(name, past, about=f"{province} {indicator}", **asked) for name in RIVALS
        }
        if everyone is not None:
            samples[SHARE_LAYER] = everyone.layer_at(origin).sample(province, indicator, **asked)
        for name, sample in samples.items():
            for horizon, levels in enumerate(sample.T, start=1):
                year = origin + horizon
                observed = own.get(year, math.nan)
                if math.isnan(observed):
                    continue
                head = {"origin": origin, "indicator": indicator, "year": year, "horizon": horizon}
                told = {**score_sample(levels, observed), **kept_of(np.log(levels))}
                rows.append({**head, "forecaster": name, **told})
    return pd.DataFrame(rows, columns=[*COLUMNS, *STORED])


def backtest_rivals(
    province: str | Pack,
    *,
    indicators: Sequence[str] = SERIES,
    origins: Sequence[int] = ORIGINS,
    draws: int = DRAWS,
    seed: int = 1,
    everyone: AllProvinces | None = None,
) -> pd.DataFrame:
    """Backtest every rival on the series of a pack, indicators in the order given; see `rival_scores`."""
    pack = province if isinstance(province, Pack) else load_pack(province)
    tables = [
        rival_scores(
            pack.series_of(indicator, "province"),
            pack.series_of(indicator, "china"),
            indicator,
            origins=origins,
            last=pack.years.last,
            draws=draws,
            seed=seed,
            province=pack.name,
            everyone=everyone,
        )
        for indicator in indicators
    ]
    return pd.concat(tables, ignore_index=True)
