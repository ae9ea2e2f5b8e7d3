"""All runs of an experiment as a labelled cube of scenario, future and quarter, for each indicator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ...engine.errors import InputError
from ...engine.quarters import Quarter
from ..planning.definitions import Definitions
from .parquet_parts import read_part
from .store import PREDICTIVE, Store

if TYPE_CHECKING:
    import pandas as pd
    import xarray


class Axes:
    """Labels of the sides, gathered from the parts, and the place of each row among them.

    Scenarios stand in the order of the experiment, indicators in that of the records, futures and quarters
    ascend.
    """

    def __init__(self, store: Store, kind: str) -> None:
        scenarios: dict[str, None] = {}
        indicators: dict[str, None] = {}
        seeds: dict[int, int] = {}
        quarters: set[Quarter] = set()
        for part in store.parts(kind):
            rows = read_part(part, ["scenario", "indicator", "future", "seed", "year", "quarter"])
            scenarios.update(dict.fromkeys(rows["scenario"].unique().to_pylist()))
            indicators.update(dict.fromkeys(rows["indicator"].unique().to_pylist()))
            futures = rows.group_by("future").aggregate([("seed", "min")])
            seeds.update(zip(futures["future"].to_pylist(), futures["seed_min"].to_pylist(), strict=True))
            dates = rows.group_by(["year", "quarter"]).aggregate([])
            quarters.update(
                Quarter(year, quarter)
                for year, quarter in zip(dates["year"].to_pylist(), dates["quarter"].to_pylist(), strict=True)
            )
        named = [name for name in store.manifest()["identity"].get("scenarios", ()) if name in scenarios]
        self.scenarios = named + sorted(scenarios.keys() - set(named))  # a design's points have no name there
        self.indicators = list(indicators)
        self.futures = sorted(seeds)
        self.quarters = sorted(quarters)
        self._seeds = seeds

    @property
    def shape(self) -> tuple[int, int, int]:
        """Lengths of the sides: scenarios, futures, quarters."""
        return len(self.scenarios), len(self.futures), len(self.quarters)

    def places(self, frame: pd.DataFrame) -> tuple[npt.NDArray[np.intp], ...]:
        """Give the place of each row: indicator, scenario, future, quarter."""
        steps = [quarter.index for quarter in self.quarters]  # four a year
        step = 4 * frame["year"].to_numpy(np.int64) + frame["quarter"].to_numpy(np.int64) - 1
        return (
            codes_of(frame["indicator"], self.indicators),
            codes_of(frame["scenario"], self.scenarios),
            np.searchsorted(self.futures, frame["future"].to_numpy(np.int64)),
            np.searchsorted(steps, step),
        )

    def coordinates(self) -> dict[str, Any]:
        """Give the labels."""
        return {
            "scenario": self.scenarios,
            "future": self.futures,
            "quarter": [str(quarter) for quarter in self.quarters],
            "seed": ("future", np.array([self._seeds[future] for future in self.futures], np.int64)),
            "year": ("quarter", np.array([quarter.year for quarter in self.quarters], np.int32)),
            "quarter_of_year": ("quarter", np.array([q.quarter for q in self.quarters], np.int32)),
        }


def codes_of(words: pd.Series[Any], labels: Sequence[str]) -> npt.NDArray[np.intp]:
    """Give the place of each word of a column among the labels."""
    found = words.astype("category")
    place = {label: number for number, label in enumerate(labels)}
    of_category = np.array([place[str(word)] for word in found.cat.categories], np.intp)
    return of_category[found.cat.codes.to_numpy()]


def dataset_of(store: Store, definitions: Definitions, kind: str = PREDICTIVE) -> xarray.Dataset:
    """Read all runs into an xarray dataset.

    Parameters
    ----------
    store : Store
        A finished experiment.
    definitions : Definitions
        Units and kinds of the indicators.
    kind : str
        ``predictive``, from which the tables are made, or ``runs``.

    Returns
    -------
    xarray.Dataset
        One float64 variable for each indicator, with dimensions ``scenario``, ``future``, ``quarter``
        (labels such as ``2018-Q2``) and attributes ``units`` and ``kind``; NaN where a run failed.
        Coordinates ``seed`` along futures, ``year`` and ``quarter_of_year`` along quarters. All of it
        is in memory: 8 bytes for each number.

    Raises
    ------
    InputError
        If xarray is not installed, a part is damaged, or nothing is stored.
    """
    try:
        import xarray
    except ImportError as error:
        raise InputError(
            "xarray is not installed",
            key="form",
            allowed="with the extra: pip install 'shaanxi-transfer[cube]'",
        ) from error
    axes = Axes(store, kind)
    if not axes.futures:
        raise InputError(f"{str(store.folder)!r} holds no run", key="folder", allowed="a finished experiment")
    cube = np.full((len(axes.indicators), *axes.shape), np.nan)
    for frame in store.frames(kind):
        cube[axes.places(frame)] = frame["value"].to_numpy(np.float64)
    dimensions = ("scenario", "future", "quarter")
    variables: dict[str, Any] = {}
    for values, name in zip(cube, axes.indicators, strict=True):
        of = definitions.of(name)
        variables[name] = (dimensions, values, {"units": of.unit, "kind": of.kind})
    return xarray.Dataset(variables, coords=axes.coordinates())
