"""Simulated years as a vector of summaries: how far, in logarithms, from each observed figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..planning.definitions import Definitions
from ..planning.runs import Finished
from .compare_observed import figures_of
from .observed_figures import Observation

Numbers = npt.NDArray[np.float64]

LEAST: Final = 0.02
"""A simulated figure below this share of the observed one, nothing at all for example, counts as this
share: its logarithm would otherwise outweigh all others."""

_AT_ONCE: Final = 64


class Summaries:
    """Turns records of runs into distances from the observed figures."""

    def __init__(self, observations: Sequence[Observation], definitions: Definitions) -> None:
        self.observations = tuple(observations)
        self._definitions = definitions
        self._wanted = list(dict.fromkeys(seen.indicator for seen in self.observations))

    @property
    def labels(self) -> list[str]:
        """Names of the summaries."""
        return [seen.label for seen in self.observations]

    def of(self, finished: Iterable[Finished]) -> Iterator[tuple[int, Numbers]]:
        """Yield future and distances of runs of different futures; gone through once, a few at a time.

        Distances, shape (observations,), are ln(simulated / observed); of a bound, only what lies beyond it.
        Not a number where the model does not answer to the figure.
        """
        rest = iter(finished)
        while runs := list(islice(rest, _AT_ONCE)):
            figures = figures_of(yearly_values(runs, self._definitions), self._wanted)
            futures = [done.run.future for done in runs]
            table = np.column_stack([_distances(figures, seen, futures) for seen in self.observations])
            yield from zip(futures, table, strict=True)


def _distances(figures: pd.DataFrame, seen: Observation, futures: list[int]) -> Numbers:
    if seen.indicator not in figures.columns:
        return np.full(len(futures), np.nan)
    year = figures[seen.indicator].xs(seen.year, level="year").reindex(pd.Index(futures)).to_numpy(np.float64)
    ratio: Numbers = np.log(np.maximum(year / seen.value, LEAST))
    if seen.side == "at_least":
        return np.minimum(ratio, 0.0)
    if seen.side == "at_most":
        return np.maximum(ratio, 0.0)
    return ratio


def yearly_values(runs: Sequence[Finished], definitions: Definitions) -> pd.DataFrame:
    """Turn records of runs with the same quarters and indicators into calendar years.

    Index (future, year) in rising order, one column an indicator: the sum of a flow, the last value of a
    stock, the mean of a ratio.
    """
    first = runs[0]
    years = sorted({quarter.year for quarter in first.quarters})
    quarters = np.stack([done.values for done in runs]).reshape(len(runs), len(years), 4, -1)
    kinds = np.array([definitions.of(name).kind for name in first.indicators])
    values = np.where(
        kinds == "flow",
        quarters.sum(axis=2),
        np.where(kinds == "stock", quarters[:, :, 3], quarters.mean(axis=2)),
    )
    index = pd.MultiIndex.from_product([[done.run.future for done in runs], years], names=["future", "year"])
    wide = pd.DataFrame(values.reshape(len(index), -1), index=index, columns=list(first.indicators))
    return wide.sort_index()
