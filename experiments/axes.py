"""The sides of a cube of runs: which scenarios, futures, quarters and indicators a store holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..engine.quarters import Quarter
from .parts import read_part
from .store import Store

if TYPE_CHECKING:
    import pandas as pd


class Axes:
    """Labels of the sides, gathered from the parts, and the place of each row among them.

    Parameters
    ----------
    store : Store
        The experiment.
    kind : str
        ``runs`` or ``predictive``.

    Attributes
    ----------
    scenarios, indicators : list of str
        Scenarios in the order of the experiment, indicators in that of the records.
    futures : list of int
        Ascending.
    quarters : list of Quarter
        Ascending.
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
