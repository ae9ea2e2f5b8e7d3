"""What a forecast missed of the nation, and what of the province: the past with the true nation given.

Each forecast of the past is made twice, in the same futures: as it was, and with the nation's true figures of
the years that it forecasts. What is left in the second is the province's part of the error, the rest is the
nation's. A part of the province that grows with the horizon or changes with the origin is a trend in the
error, and that is a missing mechanism: it is looked for before anything is pooled (decision 0045).
Errors are those of the growth since the origin, so that a level that is missed there counts for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...engine.errors import InputError
from .model_half import world_of_origin

if TYPE_CHECKING:
    from ...scenarios import Pack, Scenario

__all__ = ["NATION", "split_errors", "told_the_nation", "trends"]

FloatArray = npt.NDArray[np.float64]

NATION: Final = ("contract_count_output", "contract_value_output")
"""Series of the nation that are told; the province's own part of them stays that of the origin."""

_FIGURE: Final = ["origin", "indicator", "year"]
_UNITS: Final = {"contract_count_output": "contracts", "contract_value_output": "yuan"}
_COLUMNS: Final = ("province", "province_zh", "year", "indicator", "value", "unit", "source")


def told_the_nation(pack: Pack, province: str, origin: int, belief: str, file: Path) -> Scenario:
    """Give the world that is run on from an origin with the nation as it became.

    Parameters
    ----------
    pack : Pack
        Of today, which knows the nation's later years.
    province : str
        Folder of the pack that is run, which ends with the origin (`earlier_pack.write_earlier_pack`).
    origin : int
        Last year that is known of all else.
    belief : str
        As for `model_half.world_of_origin`, without which the two worlds would not have the same futures.
    file : Path
        Where the stated years go, in the panel's form.

    Raises
    ------
    InputError
        If a figure of the nation after the origin is missing.
    """
    rows = []
    for name in NATION:
        series = pack.series_of(name, "china")
        for year in range(origin + 1, pack.years.last + 1):
            if year not in series:
                raise InputError(f"{name} of the nation in {year} is not known", key="origin")
            rows.append(("china", "china", year, name, series[year], _UNITS[name], "as it became"))
    pd.DataFrame(rows, columns=list(_COLUMNS)).to_csv(file, index=False, lineterminator="\n")
    return world_of_origin(province, origin, belief, pack.years.last).set(
        outside={"file": str(file)}, name=f"origin_{origin}_told"
    )


def split_errors(free: Mapping[str, pd.DataFrame], told: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Split the error of each forecast into the nation's part and the province's.

    Parameters
    ----------
    free, told : mapping of str to DataFrame
        By province, columns of `points.POINT_COLUMNS`: forecasts as they were, and with the nation given.

    Returns
    -------
    DataFrame
        ``province``, ``origin``, ``indicator``, ``year``, ``horizon``; ``error`` of the median growth of the
        logarithm since the origin (above zero: forecast too high), ``of_the_nation`` and ``of_the_province``,
        whose sum it is.

    Raises
    ------
    InputError
        If the two are not of the same provinces and figures.
    """
    errors = [_errors(tables) for tables in (free, told)]
    if not errors[0].index.equals(errors[1].index):
        odd = errors[0].index.symmetric_difference(errors[1].index)[0]
        raise InputError(
            f"{odd} is in one of the two backtests alone", key="points", allowed="the same figures"
        )
    split = pd.DataFrame({"error": errors[0], "of_the_province": errors[1]})
    split.insert(1, "of_the_nation", split["error"] - split["of_the_province"])
    split = split.reset_index()
    split.insert(4, "horizon", split["year"] - split["origin"])
    return split


def _errors(tables: Mapping[str, pd.DataFrame]) -> pd.Series[float]:
    found = {}
    for province, points in tables.items():
        grown = points["ln_simulated"] - points["ln_simulated_at_origin"]
        came = points["ln_observed"] - points["ln_observed_at_origin"]
        missed = points.assign(missed=grown - came)
        found[province] = missed.groupby(_FIGURE, sort=True)["missed"].median()
    errors: pd.Series[float] = pd.concat(found, names=["province", *_FIGURE]).sort_index()
    return errors


def trends(
    split: pd.DataFrame,
    by: Sequence[str] = ("horizon", "origin"),
    part: str = "of_the_province",
    *,
    again: int = 2000,
    seed: int = 1,
) -> pd.DataFrame:
    """Look for trends in a part of the error: slopes on horizon and origin together, for each series.

    The earlier an origin the more horizons it has, so that each alone would stand for the other as well.

    Parameters
    ----------
    split : DataFrame
        Of `split_errors`, two provinces or more.
    by : sequence of str
        Columns of ``split``, in years.
    part : str
        ``of_the_province``, ``of_the_nation`` or ``error``.
    again, seed : int
        Draws of whole provinces, for the interval; their seed.

    Returns
    -------
    DataFrame
        ``indicator``, ``by``, ``slope`` (logarithm a year), ``low`` and ``high`` (95 % interval), ``seen``:
        whether the interval leaves zero out.

    Raises
    ------
    InputError
        With fewer than two provinces, or where all horizons or all origins are one.
    """
    provinces = sorted(split["province"].unique())
    if len(provinces) < 2:
        raise InputError(f"{len(provinces)} province", key="provinces", allowed="2 or more")
    chosen = np.random.default_rng(seed).integers(0, len(provinces), (again, len(provinces)))
    times = np.stack([np.bincount(row, minlength=len(provinces)) for row in chosen]).astype(np.float64)
    rows = []
    for name, mine in split.groupby("indicator", sort=True):
        facts = np.column_stack([np.ones(len(mine)), mine[list(by)].to_numpy(np.float64)])
        if np.linalg.matrix_rank(facts - [0.0, *facts[:, 1:].mean(axis=0)]) < facts.shape[1]:
            raise InputError(
                f"{name} has no spread of {' and '.join(by)}", key="by", allowed="two years or more"
            )
        squares, products = _sums(mine, provinces, facts, mine[part].to_numpy(np.float64))
        slopes = _solved(squares.sum(axis=0), products.sum(axis=0))
        drawn = _solved(np.einsum("ap,pij->aij", times, squares), times @ products)
        low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
        for place, fact in enumerate(by, start=1):
            ends = float(low[place]), float(high[place])
            seen = ends[0] > 0.0 or ends[1] < 0.0
            rows.append((name, fact, float(slopes[place]), *ends, seen))
    return pd.DataFrame(rows, columns=["indicator", "by", "slope", "low", "high", "seen"])


def _sums(
    split: pd.DataFrame, provinces: Sequence[str], facts: FloatArray, errors: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Give each province's part of the normal equations: a province drawn twice counts twice."""
    of = split["province"].to_numpy()
    squares = np.stack([facts[of == name].T @ facts[of == name] for name in provinces])
    products = np.stack([facts[of == name].T @ errors[of == name] for name in provinces])
    return squares, products


def _solved(squares: FloatArray, products: FloatArray) -> FloatArray:
    solved: FloatArray = np.einsum("...ij,...j->...i", np.linalg.pinv(squares), products)
    return solved
