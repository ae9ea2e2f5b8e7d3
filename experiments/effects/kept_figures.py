"""The figures of runs in a store: by package and future, as they are predicted."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..forecasting.predictive import Prediction, series_behind
from ..keeping.store import RUNS, Store
from ..planning.definitions import Definitions
from .quantities import Quantity

__all__ = ["Figures", "figures_of"]

FloatArray = npt.NDArray[np.float64]


class Figures:
    """Values of some quantities by package and future.

    Parameters
    ----------
    quantities : sequence of Quantity
    found : mapping
        By package and future, values of shape (quantities,).
    """

    def __init__(self, quantities: Sequence[Quantity], found: Mapping[tuple[str, int], FloatArray]) -> None:
        self.quantities = tuple(quantities)
        self._found = found

    def futures_with(self, packages: Sequence[str], futures: Sequence[int]) -> list[int]:
        """List the futures in which every one of some packages ended well."""
        return [future for future in futures if all((name, future) in self._found for name in packages)]

    def futures_of(self, package: str) -> list[int]:
        """List the futures in which a package ended well."""
        return sorted(future for name, future in self._found if name == package)

    def of(self, package: str, futures: Sequence[int]) -> FloatArray:
        """Give the values of a package in some futures, of shape (futures, quantities)."""
        if not futures:
            return np.zeros((0, len(self.quantities)))
        return np.stack([self._found[package, future] for future in futures])


def figures_of(
    store: Store, quantities: Sequence[Quantity], definitions: Definitions, prediction: Prediction | None
) -> Figures:
    """Read the runs of a store part by part.

    Parameters
    ----------
    store : Store
        Whose runs hold the indicators and years that the quantities ask for.
    quantities : sequence of Quantity
    definitions : Definitions
        Says which indicator is a flow.
    prediction : Prediction or None
        As in a forecast: residual carried on, and discrepancy; None leaves runs as they are.
    """
    found: dict[tuple[str, int], FloatArray] = {}
    factors = _Factors(prediction)
    for frame in store.frames(RUNS):
        found.update(_of_part(frame, quantities, definitions, factors))
    return Figures(quantities, found)


def _of_part(
    frame: pd.DataFrame, quantities: Sequence[Quantity], definitions: Definitions, factors: _Factors
) -> dict[tuple[str, int], FloatArray]:
    """Give the values of the runs of a part, which stand in it whole, one like the other."""
    codes = frame["run_id"].cat.codes.to_numpy()
    rows = int((codes == codes[0]).sum())
    width = int(frame["indicator"].iloc[:rows].nunique())
    cube = frame["value"].to_numpy(np.float64).reshape(-1, rows // width, width)
    years = frame["year"].to_numpy(np.int64)[:rows:width]
    place = {str(name): column for column, name in enumerate(frame["indicator"].iloc[:width])}
    heads = frame.iloc[::rows]
    seeds = heads["seed"].to_numpy(np.int64)

    def of_year(indicator: str, year: int) -> FloatArray:
        values = cube[:, years == year, place[indicator]]
        kind = definitions.of(indicator).kind
        found: FloatArray = (
            values.sum(axis=1)
            if kind == "flow"
            else values[:, -1]
            if kind == "stock"
            else values.mean(axis=1)
        )
        return found

    columns = []
    for one in quantities:
        if one.kind == "cost":
            # nothing of a plan is paid before it starts: years before it fall out of every difference
            columns.append(cube[:, :, place[one.indicator]].sum(axis=1))
            continue
        values = of_year(one.indicator, one.year)
        series = series_behind(one.indicator)
        if factors.known(series, one.year):
            observed = of_year(str(series), factors.until)
            values = values * factors.of(str(series), seeds, observed, one.year)
        columns.append(values)
    keys = zip(heads["scenario"].astype("str"), heads["future"].astype(int), strict=True)
    return dict(zip(keys, np.stack(columns, axis=1), strict=True))


class _Factors:
    """What turns simulated years into predicted ones, once for each future: packages share a past."""

    def __init__(self, prediction: Prediction | None) -> None:
        self._prediction = prediction
        self.until = 0 if prediction is None else prediction.observed_until
        self._known: dict[tuple[str, int, float, int], float] = {}

    def known(self, series: str | None, year: int) -> bool:
        """Whether a series is predicted otherwise than it is simulated."""
        return (
            self._prediction is not None
            and series in self._prediction.discrepancy.series
            and year > self.until
        )

    def of(self, series: str, seeds: npt.NDArray[np.int64], observed: FloatArray, year: int) -> FloatArray:
        """Give the factor of each run; ``observed`` is its simulated last observed year."""
        return np.array(
            [self._of(series, *run, year) for run in zip(seeds.tolist(), observed.tolist(), strict=True)]
        )

    def _of(self, series: str, seed: int, observed: float, year: int) -> float:
        key = (series, seed, observed, year)
        if key not in self._known and self._prediction is not None:
            ln = self._prediction.ln_factors(series, seed, observed, year - self.until)
            self._known[key] = math.exp(ln[-1])
        return self._known[key]
