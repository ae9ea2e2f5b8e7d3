"""The pool: several forecasts averaged quantile by quantile, with weights that are learnt from the past.

At probability p the logarithm of the pooled quantile is the weighted mean of the members' (Vincent
averaging). It keeps the members' shape, where a mixture of their densities would be wider than each of them.
Weights of a series at an origin come from points that lie wholly in its past: those whose target year is not
after it. They are what makes the mean CRPS of these points smallest, drawn towards equal weights, which count
as `WEIGHT_OF_EQUAL` forecasts (a province and origin being one, however many years it is held against)::

    mean CRPS(w) + WEIGHT_OF_EQUAL / n  x  mean CRPS(equal)  x  sum over members (w - 1 / members)^2

Lichtendahl, Grushka-Cockayne, Winkler (2013), Is it better to average probabilities or quantiles?,
Management Science 59(7), 1594-1611.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import BaseModel, Field, ValidationError, model_validator

from ...engine.errors import InputError, nearest
from ...scenarios.choosing.schema import FROZEN
from ...scenarios.reading.refusals import FieldProblem, FieldProblems, raise_all, refuse
from ...scenarios.reading.yaml_with_places import read_yaml
from ..forecasting.discrepancy import SERIES
from ..keeping.provenance import hash_of_mechanisms
from ..keeping.yaml_files import write_yaml
from .quantile_scores import crps_of_quantiles, nearest_to
from .stored_forecasts import LEVELS

__all__ = ["COMBINED", "FEWEST", "POOL_FILE", "QuantilePool", "learnt_pool", "pooled_points"]

FloatArray = npt.NDArray[np.float64]

COMBINED: Final = "combined"
"""Name of the pool in tables."""

POOL_FILE: Final = "quantile_pool.yaml"
"""Beside the posteriors: weights learnt from all past points, with which forecasts are combined."""

FEWEST: Final = 20
"""Points of a series in the past of an origin without which no weights are learnt."""

WEIGHT_OF_EQUAL: Final = 30.0
"""Forecasts as which equal weights count: those of one origin in all provinces."""

DIGITS: Final = 3
"""Of a weight: the file holds what the backtest tried."""

_POINT: Final = ["province", "origin", "indicator", "year"]

_HEAD: Final = (
    "# Weights by series with which forecasts are averaged, quantile by quantile, learnt from the backtest\n"
    "# of all provinces up to `origin`. Made by `make across`, adopted by `make adopt-across`; do not edit.\n"
)


class QuantilePool(BaseModel):
    """Weights of a pool at an origin.

    ``origin`` is the last year that was looked at; ``points`` says of how many forecasts the weights of a
    series were learnt, 0 where they are equal because there were too few; ``weights`` of the members, by
    series, sum to one; ``rules`` is `provenance.hash_of_mechanisms` of then.
    """

    model_config = FROZEN

    source: str = Field(min_length=8)
    origin: int
    rules: str = Field(min_length=16, max_length=16)
    points: dict[str, int] = Field(min_length=1)
    weights: dict[str, dict[str, float]] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_a_mean(self) -> Self:
        problems = [
            FieldProblem(
                ("weights", name), f"unknown series {name!r}", ", ".join(SERIES), nearest(name, SERIES)
            )
            for name in self.weights
            if name not in SERIES
        ]
        members = set(next(iter(self.weights.values())))
        for name, mine in self.weights.items():
            total = sum(mine.values())
            if set(mine) != members or min(mine.values()) < 0.0 or abs(total - 1.0) > 10.0**-DIGITS / 2.0:
                told = ", ".join(f"{member} {weight:g}" for member, weight in mine.items())
                allowed = "weights of the same members, none below zero, which sum to one"
                problems.append(FieldProblem(("weights", name), told, allowed))
        if problems:
            raise FieldProblems(problems)
        return self

    @property
    def members(self) -> tuple[str, ...]:
        """Forecasters that are averaged."""
        return tuple(next(iter(self.weights.values())))

    @property
    def of_other_rules(self) -> bool:
        """Whether the rules of the model have changed since it was learnt."""
        return self.rules != hash_of_mechanisms()

    def mean(self, series: str, of_members: Mapping[str, FloatArray]) -> FloatArray:
        """Average logarithms of the members at the same probabilities, whatever the shape."""
        weights = self.weights[series]
        return np.asarray(sum(weights[name] * of_members[name] for name in weights), np.float64)

    def draws(
        self, series: str, drawn: FloatArray, quantiles: Mapping[str, FloatArray], levels: FloatArray = LEVELS
    ) -> FloatArray:
        """Give the pool's draws of futures, from the logarithms that the first member drew of them.

        Each draw is moved to where the pool has its probability, so that futures keep what they share.
        Between quantiles is interpolated; beyond the last ones the other members stay at them.
        """
        first = self.members[0]
        chances = np.interp(drawn, quantiles[first], levels)
        others = {name: np.interp(chances, levels, quantiles[name]) for name in self.members[1:]}
        return self.mean(series, {first: drawn, **others})

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file of `write`. An error names file, line and column."""
        document = read_yaml(path)
        try:
            return cls.model_validate(document.data)
        except ValidationError as error:
            raise_all(refuse(error, cls, document.places))
            raise

    def write(self, path: Path) -> None:
        """Write it as YAML; whole or not at all."""
        write_yaml(path, _HEAD, self.model_dump())


def learnt_pool(
    points: pd.DataFrame,
    members: Sequence[str],
    origin: int,
    *,
    levels: FloatArray = LEVELS,
    equal_if_too_few: bool = False,
    source: str = "backtest of all provinces",
) -> QuantilePool:
    """Learn the weights of a pool from the points in the past of an origin; others are not looked at.

    Parameters
    ----------
    points : DataFrame
        ``province``, ``origin``, ``indicator``, ``year``, ``forecaster``, ``observed`` (in the series' unit)
        and ``quantiles`` (logarithms, arrays of shape (levels,)), as of `stored_forecasts.read_quantiles`.
    members : sequence of str
        Forecasters that are averaged.
    origin : int
    levels : ndarray of shape (levels,)
        Probabilities of the quantiles.
    equal_if_too_few : bool
        Whether weights are equal where there are too few points: who asks for it has to say so.
    source : str
        Written into the file.

    Raises
    ------
    InputError
        Fewer than `FEWEST` points of a series, a member without any, or a point that stands there twice.
    """
    past = _beside(points[points["year"] <= origin], members)
    counted, weights = {}, {}
    for series in SERIES:
        mine = past[past["indicator"] == series]
        counted[series] = len(mine)
        if len(mine) < FEWEST and not equal_if_too_few:
            raise InputError(
                f"{len(mine)} points of {series} lie wholly in the past of {origin}",
                key="pool",
                allowed=f"at least {FEWEST} forecasts of figures up to {origin}",
            )
        if len(mine) < FEWEST or len(members) == 1:
            counted[series] = 0 if len(mine) < FEWEST else len(mine)
            found = np.full(len(members), 1.0 / len(members))
        else:
            found = _learnt(mine, members, levels)
        weights[series] = _rounded(members, found)
    return QuantilePool(
        source=source, origin=origin, rules=hash_of_mechanisms(), points=counted, weights=weights
    )


def _beside(points: pd.DataFrame, members: Sequence[str]) -> pd.DataFrame:
    """Put the members' quantiles beside each other: one row a point that all of them forecast."""
    for name in members:
        if name not in set(points["forecaster"]) and len(points):
            known = sorted(set(points["forecaster"]))
            raise InputError(
                f"there is no forecast of {name!r}",
                key="pool",
                allowed=", ".join(known),
                suggestion=nearest(name, known),
            )
    mine = points[points["forecaster"].isin(list(members))]
    twice = mine.duplicated([*_POINT, "forecaster"])
    if twice.any():
        row = mine[twice].iloc[0]
        raise InputError(
            f"{row['forecaster']} forecasts {row['indicator']} of {row['province']} in {row['year']} from "
            f"{row['origin']} twice",
            key="pool",
            allowed="each point once",
        )
    table = mine.drop_duplicates(_POINT)[[*_POINT, "observed"]]
    for name in members:
        of_one = mine[mine["forecaster"] == name][[*_POINT, "quantiles"]]
        table = table.merge(of_one.rename(columns={"quantiles": name}), on=_POINT)
    return table.sort_values(_POINT, ignore_index=True)


def _learnt(points: pd.DataFrame, members: Sequence[str], levels: FloatArray) -> FloatArray:
    """Find the weights; the score is convex in them, so that the start does not matter."""
    from scipy.optimize import minimize

    quantiles = np.stack([np.stack(list(points[name])) for name in members], axis=1)
    outcomes = np.log(points["observed"].to_numpy(np.float64))[:, np.newaxis]
    each = 1.0 / points.groupby(["province", "origin"])["year"].transform("size").to_numpy(np.float64)
    shares, cells = each / each.sum(), 2.0 * nearest_to(levels)
    equal = np.full(len(members), 1.0 / len(members))

    def score(weights: FloatArray) -> tuple[float, FloatArray]:
        pooled = np.einsum("m,iml->il", weights, quantiles)
        slopes = cells * ((outcomes < pooled) - levels)
        losses = shares @ (slopes * (pooled - outcomes)).sum(axis=1)
        return float(losses), np.asarray(np.einsum("i,il,iml->m", shares, slopes, quantiles), np.float64)

    drawn = WEIGHT_OF_EQUAL / float(each.sum()) * score(equal)[0]

    def surprise(weights: FloatArray) -> tuple[float, FloatArray]:
        value, slope = score(weights)
        return value + drawn * float(((weights - equal) ** 2).sum()), slope + 2.0 * drawn * (weights - equal)

    one_in_all: Any = {"type": "eq", "fun": lambda w: w.sum() - 1.0, "jac": lambda w: np.ones(len(w))}
    search: Any = minimize  # whose stubs know no function that gives value and slope together
    found = search(
        surprise,
        equal,
        jac=True,
        method="SLSQP",
        bounds=[(0.0, 1.0)] * len(members),
        constraints=one_in_all,
        options={"ftol": 1e-10, "maxiter": 500},
    )
    return np.asarray(found.x, np.float64)


def _rounded(members: Sequence[str], weights: FloatArray) -> dict[str, float]:
    """Round weights; the last one is what the others leave."""
    first = [round(float(weight), DIGITS) for weight in np.clip(weights[:-1], 0.0, 1.0)]
    return dict(zip(members, [*first, round(max(0.0, 1.0 - sum(first)), DIGITS)], strict=True))


def pooled_points(
    points: pd.DataFrame,
    members: Sequence[str],
    *,
    levels: FloatArray = LEVELS,
    equal_if_too_few: bool = False,
) -> tuple[pd.DataFrame, dict[int, QuantilePool]]:
    """Pool every point with the weights that were learnt up to its origin.

    Parameters
    ----------
    points, members, levels, equal_if_too_few
        As for `learnt_pool`.

    Returns
    -------
    pooled : DataFrame
        The columns of ``points`` and ``crps_log``; the forecaster is `COMBINED`. A point that a member lacks
        is not in it.
    pools : dict of int to QuantilePool
        By origin.
    """
    table = _beside(points, members)
    pools = {
        origin: learnt_pool(points, members, origin, levels=levels, equal_if_too_few=equal_if_too_few)
        for origin in sorted(int(one) for one in table["origin"].unique())
    }
    quantiles = [
        pools[int(row["origin"])].mean(row["indicator"], {name: row[name] for name in members})
        for row in table.to_dict("records")
    ]
    told = pd.Series(quantiles, index=table.index, dtype=object)
    pooled = table[[*_POINT, "observed"]].assign(forecaster=COMBINED, quantiles=told)
    outcomes = np.log(pooled["observed"].to_numpy(np.float64))
    scores = crps_of_quantiles(levels, np.stack(quantiles), outcomes) if quantiles else np.empty(0)
    return pooled.assign(crps_log=scores), pools
