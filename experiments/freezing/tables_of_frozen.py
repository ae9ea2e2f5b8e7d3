"""The tables of a frozen forecast: draws by year, their quantiles, and the chance of each target.

Quantiles and chances are worked out from the draws that are frozen, in the way in which they are
scored later, so that the three tables never contradict each other.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ..backtesting.scores import QUANTILES
from ..forecasting.discrepancy import SERIES
from ..forecasting.target_and_indicator_tables import wilson_interval
from ..forecasting.yearly_values import YearsOfRuns
from ..keeping.store import Store
from ..planning.definitions import Definitions, TargetLike
from ..planning.plan_of_runs import future_seed

MODEL: Final = "model"
"""Forecaster of the draws that the model made; the others are named as in `rivals.RIVALS`."""

DIGITS: Final = 12
"""Of a quantile: a whole number that went through a logarithm is written as a whole number again."""

_WORDS: Final = pa.dictionary(pa.int32(), pa.string())
_SCHEMA: Final = pa.schema(
    [
        pa.field("forecaster", _WORDS, nullable=False),
        pa.field("scenario", _WORDS, nullable=False),
        pa.field("indicator", _WORDS, nullable=False),
        pa.field("year", pa.int32(), nullable=False),
        pa.field("draw", pa.int32(), nullable=False),
        pa.field("value", pa.float64(), nullable=False),
    ]
)
DRAW_COLUMNS: Final = tuple(_SCHEMA.names)
"""Columns of ``draws.parquet``; a rival has an empty scenario."""

_KEY: Final = ["forecaster", "scenario", "indicator", "year"]


def frozen_indicators(definitions: Definitions) -> tuple[str, ...]:
    """Name what is frozen unless something else is asked: four series of contracts, and the targets."""
    judged = [target.indicator for target in definitions.targets.values()]
    return tuple(dict.fromkeys([*SERIES, *judged]))


def model_draws(
    store: Store,
    definitions: Definitions,
    scenarios: Sequence[str],
    *,
    indicators: Sequence[str],
    years: Sequence[int],
) -> pd.DataFrame:
    """Read the years of the predictive rows of a finished forecast, in `DRAW_COLUMNS`.

    Scenarios and indicators stand in the order given; an indicator that no record carries has no rows.
    ``draw`` is the number of the future, which pairs scenarios.
    """
    with YearsOfRuns(store, definitions) as found:
        tables = [found.of(name) for name in indicators if name in found.indicators]
    rows = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=[*_KEY[1:], "value"])
    rows = rows[rows["year"].isin(list(years))]
    parts = [rows[rows["scenario"] == name] for name in scenarios]
    rows = pd.concat(parts, ignore_index=True).rename(columns={"future": "draw"})
    rows = rows.assign(forecaster=MODEL)
    order = {name: place for place, name in enumerate(indicators)}
    ranked = rows.assign(_rank=rows["indicator"].map(order), _scenario=rows["scenario"].map(_rank(scenarios)))
    ranked = ranked.sort_values(["_scenario", "_rank", "year", "draw"], ignore_index=True)
    return ranked[list(DRAW_COLUMNS)]


def with_own_level(draws: pd.DataFrame, of_model: pd.DataFrame) -> pd.DataFrame:
    """Give draws whose level is from elsewhere the model's own, where it has another."""
    keys = ["scenario", "indicator", "year", "draw"]
    own = of_model.rename(columns={"future": "draw"}).set_index(keys)["value"]
    found = own.reindex(pd.MultiIndex.from_frame(draws[keys])).to_numpy(np.float64)
    values = np.where(np.isnan(found), draws["value"].to_numpy(np.float64), found)
    return draws.assign(forecaster=MODEL, value=values)


def seed_table(draws: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Give the seed of each future; beside rivals, which have none, whole numbers would become inexact."""
    futures = sorted(int(future) for future in draws["draw"].unique())
    return pd.DataFrame({"draw": futures, "seed": [future_seed(seed, future) for future in futures]})


def _rank(names: Sequence[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}


def quantile_table(draws: pd.DataFrame, units: Mapping[str, str]) -> pd.DataFrame:
    """Give the quantiles of every forecast of a figure, as `scores.score_sample` takes them."""
    rows = []
    for key, mine in _by_forecast(draws):
        middle, *ends = _quantiles(mine)
        rows.append(
            {**dict(zip(_KEY, key, strict=True)), "unit": units[key[2]], "draws": len(mine), "median": middle}
            | dict(zip(QUANTILES, ends, strict=True))
        )
    return pd.DataFrame(rows, columns=[*_KEY, "unit", "draws", "median", *QUANTILES])


def _quantiles(sample: npt.NDArray[np.float64]) -> list[float]:
    at = [0.5, *QUANTILES.values()]
    if (sample > 0.0).all():  # between two draws the logarithm is interpolated, as in the scores
        ends = np.exp(np.quantile(np.log(sample), at, method="weibull"))
    else:
        ends = np.quantile(sample, at, method="weibull")
    return [float(f"{end:.{DIGITS}g}") for end in ends]


def chance_table(draws: pd.DataFrame, targets: Mapping[str, TargetLike]) -> pd.DataFrame:
    """Give the chance of each target with each forecaster that says anything about it.

    ``reached`` are draws of at least the goal, ``probability`` is their share with its 95 % Wilson interval,
    for the number of draws alone. A target without draws in its year has no row.
    """
    rows = []
    forecasts = list(_by_forecast(draws))
    for name, target in targets.items():
        for (forecaster, scenario, indicator, year), mine in forecasts:
            if (indicator, year) != (target.indicator, target.year):
                continue
            reached = int(np.count_nonzero(mine >= target.goal))
            low, high = wilson_interval(reached, len(mine))
            rows.append(
                {
                    "forecaster": forecaster,
                    "scenario": scenario,
                    "target": name,
                    "indicator": indicator,
                    "goal": float(target.goal),
                    "unit": target.unit,
                    "year": year,
                    "draws": len(mine),
                    "reached": reached,
                    "probability": reached / len(mine),
                    "probability_low": low,
                    "probability_high": high,
                }
            )
    return pd.DataFrame(rows, columns=list(CHANCE_COLUMNS))


CHANCE_COLUMNS: Final = (
    *("forecaster", "scenario", "target", "indicator", "goal", "unit", "year", "draws", "reached"),
    *("probability", "probability_low", "probability_high"),
)


def _by_forecast(draws: pd.DataFrame) -> list[tuple[tuple[str, str, str, int], npt.NDArray[np.float64]]]:
    """Give the draws of each forecast of a figure, in the order in which the table names them."""
    groups: Any = draws.groupby(_KEY, sort=False, observed=True)["value"]
    return [
        ((str(key[0]), str(key[1]), str(key[2]), int(key[3])), mine.to_numpy(np.float64))
        for key, mine in groups
    ]


def bytes_of_draws(draws: pd.DataFrame) -> bytes:
    """Give the contents of ``draws.parquet``: a function of the rows and the library's version alone."""
    columns = [pa.array(draws[field.name], type=_plain(field.type)) for field in _SCHEMA]
    plain = pa.schema([pa.field(field.name, _plain(field.type), field.nullable) for field in _SCHEMA])
    table = pa.Table.from_arrays(columns, schema=plain).cast(_SCHEMA)
    sink = pa.BufferOutputStream()
    pq.write_table(
        table,
        sink,
        compression="zstd",
        use_dictionary=[name for name in DRAW_COLUMNS if name != "value"],
        use_byte_stream_split=["value"],  # bytes of one place beside each other: half as large
    )
    contents: bytes = sink.getvalue().to_pybytes()
    return contents


def _plain(kind: pa.DataType) -> pa.DataType:
    return pa.string() if pa.types.is_dictionary(kind) else kind


def read_draws(contents: bytes) -> pd.DataFrame:
    """Read ``draws.parquet``; words come back as categories."""
    frame: pd.DataFrame = pq.read_table(pa.BufferReader(contents)).to_pandas()
    return frame


def bytes_of_csv(table: pd.DataFrame) -> bytes:
    """Give the contents of a CSV: every digit, line feeds alone, UTF-8."""
    buffer = io.StringIO()
    table.to_csv(buffer, index=False, lineterminator="\n")
    return buffer.getvalue().encode()
