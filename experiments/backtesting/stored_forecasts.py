"""What is kept of every forecast of a backtest beside its score, so that later designs need no new runs.

Two files beside the table of scores, one row a forecaster and point in each:

- ``*_quantiles.parquet``: 99 quantiles of the logarithm, at the probabilities 0.01 to 0.99, and the two ends
  of the 95 % band, with what came;
- ``*_draws.parquet``: the logarithms of the first `JOINT_DRAWS` futures. Futures of one number share the
  nation in all provinces, series and years of an origin, wherever the forecaster has a nation: of them the
  energy score over provinces is made. The other rivals' draws of one number have nothing in common.

Logarithms are rounded to `STEP`, a relative error of 0.003 %, which halves the files. 1,200 points of 8
forecasters take 2.5 MB of quantiles and 2.5 MB of draws, on made forecasts
(``pytest tests/experiments/backtesting/test_stored_forecasts.py -k size``).
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...engine.errors import InputError
from ..keeping.atomic_files import write_atomically
from .quantile_scores import NEEDED

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    *("JOINT_DRAWS", "LEVELS", "STORED", "draws_file", "kept_of", "quantiles_file"),
    *("quantiles_of", "read_draws", "read_quantiles", "write_stored"),
]

FloatArray = npt.NDArray[np.float64]

LEVELS: Final[FloatArray] = np.union1d(np.arange(1.0, 100.0) / 100.0, NEEDED)
"""Probabilities of the quantiles that are kept: 0.01 to 0.99, and the ends of the 95 % band."""

JOINT_DRAWS: Final = 100
"""Futures whose draws are kept; of those beyond, a forecast keeps its quantiles alone."""

STEP: Final = 2.0**-14
"""What a logarithm that is kept is rounded to."""

STORED: Final = ("quantiles", "draws")
"""Columns that a table of scores has in memory only: arrays of shape (101,) and (`JOINT_DRAWS`,)."""

_POINT: Final = ("province", "origin", "indicator", "year", "forecaster")


def quantiles_of(logs: FloatArray) -> FloatArray:
    """Give the quantiles of draws at `LEVELS`, as `scores.score_sample` takes them."""
    return np.asarray(np.quantile(logs, LEVELS, method="weibull"), np.float64)


def kept_of(logs: FloatArray, futures: npt.NDArray[np.int64] | None = None) -> dict[str, FloatArray]:
    """Give what is kept of a forecast, by column of `STORED`.

    Parameters
    ----------
    logs : ndarray of shape (draws,)
        Logarithms of the draws.
    futures : ndarray of shape (futures,), optional
        Numbers of the futures of which the first draws are; by default they are counted from 0. A future
        that failed has no draw, and is nan.
    """
    numbers = np.arange(len(logs)) if futures is None else np.asarray(futures, np.int64)
    inside = numbers < JOINT_DRAWS
    joint = np.full(JOINT_DRAWS, np.nan)
    joint[numbers[inside]] = logs[: len(numbers)][inside]
    return {"quantiles": _rounded(quantiles_of(logs)), "draws": _rounded(joint)}


def _rounded(logs: FloatArray) -> FloatArray:
    return np.asarray(np.round(logs / STEP) * STEP)


def quantiles_file(table: str) -> str:
    """Name the file of quantiles that stands beside a table of scores.

    Examples
    --------
    >>> quantiles_file("backtest.csv"), draws_file("backtest.csv")
    ('backtest_quantiles.parquet', 'backtest_draws.parquet')
    """
    return f"{Path(table).stem}_quantiles.parquet"


def draws_file(table: str) -> str:
    """Name the file of draws that stands beside a table of scores."""
    return f"{Path(table).stem}_draws.parquet"


def write_stored(folder: Path, table: str, scores: pd.DataFrame, *, draws: bool = True) -> None:
    """Write what is kept of the forecasts of a table of scores, each file whole or not at all.

    Parameters
    ----------
    folder : Path
        Of the table.
    table : str
        Its name.
    scores : DataFrame
        The columns of `_POINT` (without ``province`` in a table of one province), ``observed`` and `STORED`.
    draws : bool
        Whether draws are written, too: provinces of one batch share a nation, one alone has nobody to.
    """
    if missing := [name for name in STORED if name not in scores]:
        raise InputError(f"the scores have no column {missing[0]!r}", key="scores", allowed=", ".join(STORED))
    names = [name for name in _POINT if name in scores]
    _write(folder / quantiles_file(table), scores, [*names, "observed"], "quantiles")
    if draws:
        _write(folder / draws_file(table), scores, names, "draws")


def _write(file: Path, scores: pd.DataFrame, names: list[str], stored: str) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    values = np.stack(list(scores[stored])).astype(np.float32)
    columns: dict[str, pa.Array] = {name: pa.array(scores[name]) for name in names}
    columns |= {_named(stored, place): pa.array(column) for place, column in enumerate(values.T)}
    table = pa.table(columns)
    long = [_named(stored, place) for place in range(values.shape[1])]
    write = partial(
        pq.write_table, table, compression="zstd", use_dictionary=names, use_byte_stream_split=long
    )
    write_atomically(file, write)


def _named(stored: str, place: int) -> str:
    return f"p{round(1000 * LEVELS[place]):03d}" if stored == "quantiles" else f"d{place:03d}"


def read_quantiles(folder: Path, table: str) -> pd.DataFrame:
    """Read the quantiles beside a table of scores, as the column ``quantiles`` of arrays of shape (101,).

    Raises
    ------
    InputError
        If the file is missing (the table was made before quantiles were kept), lacks a column, or holds a
        quantile that is not finite or smaller than the one before it.
    """
    file = folder / quantiles_file(table)
    found = _read(file, "quantiles", len(LEVELS), ["observed"])
    values = np.stack(list(found["quantiles"])) if len(found) else np.zeros((0, len(LEVELS)))
    wrong = ~np.isfinite(values).all(axis=1) | (np.diff(values, axis=1) < 0.0).any(axis=1)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise InputError(
            f"row {row + 1} has quantiles that cross or are not finite", file=file, key="quantiles"
        )
    return found


def read_draws(folder: Path, table: str) -> pd.DataFrame:
    """Read the draws beside a table of scores, as the column ``draws`` of arrays, (`JOINT_DRAWS`,)."""
    return _read(folder / draws_file(table), "draws", JOINT_DRAWS, [])


def _read(file: Path, stored: str, many: int, more: list[str]) -> pd.DataFrame:
    if not file.is_file():
        raise InputError(
            f"there are no {stored} of this backtest; it was made before they were kept",
            file=file,
            allowed="a backtest made with this version",
        )
    frame: Any = pd.read_parquet(file)
    columns = [_named(stored, place) for place in range(many)]
    for name in (*_POINT[1:], *more, *columns):
        if name not in frame:
            raise InputError("the file lacks a column", file=file, key=name)
    values = frame[columns].to_numpy(np.float64)
    names = [name for name in (*_POINT, *more) if name in frame]
    told: pd.DataFrame = frame[names].assign(**{stored: list(values)})
    return told
