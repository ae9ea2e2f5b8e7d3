"""What a forecast concludes, and in which futures each conclusion holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..forecasting.frame_of_runs import base_of
from ..planning.definitions import Definitions

__all__ = ["EFFECT", "LESS", "MET", "MISSED", "MORE", "TARGET", "Conclusion", "conclusions_of"]

TARGET: Final = "target"
EFFECT: Final = "effect"
"""What a conclusion is about: whether a target is met, or whether a scenario has more of it than the base."""

MET, MISSED, MORE, LESS = "met", "missed", "more", "not more"
"""What is concluded."""


@dataclass(frozen=True)
class Conclusion:
    """One sentence of a forecast, and the futures in which it holds.

    Attributes
    ----------
    kind : {'target', 'effect'}
    scenario, base : str
        ``base`` is empty for a target.
    target, counting, unit : str
    year : int
    said : {'met', 'missed', 'more', 'not more'}
        What is so in most futures.
    futures : ndarray of int64 of shape (futures,)
        Those in which it can be judged.
    holds : ndarray of bool of shape (futures,)
    """

    kind: str
    scenario: str
    base: str
    target: str
    counting: str
    unit: str
    year: int
    said: str
    futures: npt.NDArray[np.int64]
    holds: npt.NDArray[np.bool_]

    @property
    def flips(self) -> npt.NDArray[np.bool_]:
        """Futures in which it does not hold."""
        return ~self.holds


def conclusions_of(
    frame: pd.DataFrame, definitions: Definitions, worlds: Mapping[str, Any], asked: Sequence[str] = ()
) -> Iterator[Conclusion]:
    """List the conclusions of a forecast: each target of each scenario, and each difference from the base.

    What is concluded is what is so in at least half of the futures, so that the futures in which it does not
    hold are the fewer ones. A difference that is zero in every future is no conclusion.

    Parameters
    ----------
    frame : DataFrame
        Of `frame_of_runs.frame_of`.
    definitions : Definitions
    worlds : mapping
        Scenarios by name, the base last.
    asked : sequence of str
        Targets; all by default.
    """
    for scenario in worlds:
        rows = frame[frame["scenario"] == scenario]
        for name, target in definitions.targets.items():
            if asked and name not in asked:
                continue
            for counting in target.countings:
                head = (scenario, name, counting, target.unit, target.year)
                values = _column(rows, f"target.{name}.{counting}")
                if len(values):
                    yield _concluded(TARGET, "", head, values >= target.goal, (MET, MISSED))
                more = _column(rows, f"more.{name}.{counting}")
                if scenario != base_of(worlds) and (more != 0.0).any():
                    base = str(base_of(worlds))
                    yield _concluded(EFFECT, base, head, more > 0.0, (MORE, LESS))


def _column(rows: pd.DataFrame, name: str) -> pd.Series[float]:
    values = rows.set_index("future")[name] if name in rows else pd.Series(dtype=float)
    return values.dropna()


def _concluded(
    kind: str, base: str, head: tuple[str, str, str, str, int], so: pd.Series[bool], words: tuple[str, str]
) -> Conclusion:
    scenario, target, counting, unit, year = head
    mostly = bool(so.mean() >= 0.5)
    return Conclusion(
        kind=kind,
        scenario=scenario,
        base=base,
        target=target,
        counting=counting,
        unit=unit,
        year=year,
        said=words[0] if mostly else words[1],
        futures=so.index.to_numpy(np.int64),
        holds=(so if mostly else ~so).to_numpy(np.bool_),
    )
