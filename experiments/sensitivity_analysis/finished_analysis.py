"""What a sensitivity analysis gives back: what it announces before runs, and its tables at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd

from ...engine.errors import InputError
from ..keeping.integrity import open_finished
from ..keeping.shown import Shown

SENSITIVITY: Final = "sensitivity.csv"
CONVERGENCE: Final = "convergence.csv"


@dataclass(frozen=True)
class Announcement:
    """What is announced before runs are made.

    Attributes
    ----------
    stage : {'pilot', 'start'}
        Before the pilot, which measures luck and time, or before all the rest.
    factors, points, futures, runs : int
        Of the whole study; before the pilot ``futures`` is the most it can come to.
    left : int
        Runs of this stage that are not made yet.
    seconds : float or None
        Estimated time for them on all workers; None if nothing was measured yet.
    luck : mapping
        By target the share of luck in the variance of the means that the pilot foresees for
        ``futures``, and None for a target that is the same at all of its points.
    capped : bool
        Whether more futures are needed than are taken.
    """

    stage: Literal["pilot", "start"]
    factors: int
    points: int
    futures: int
    runs: int
    left: int
    seconds: float | None
    luck: Mapping[str, float | None]
    capped: bool = False


Announce = Callable[[Announcement], None]


@dataclass(frozen=True, repr=False)
class Sensitivity(Shown):
    """A finished sensitivity analysis.

    Attributes
    ----------
    folder : Path
        Holds design, runs, tables, manifest.
    indices : DataFrame
        ``sensitivity.csv``; columns `index_tables.COLUMNS`.
    convergence : DataFrame
        ``convergence.csv``: the same on nested smaller designs.
    """

    folder: Path
    indices: pd.DataFrame
    convergence: pd.DataFrame

    @classmethod
    def read(cls, folder: str | Path) -> Sensitivity:
        """Read a finished analysis from its folder.

        Raises
        ------
        InputError
            If the folder holds none.
        """
        store = open_finished(Path(folder))
        try:
            words = {name: "" for name in ("factor", "title_en", "title_zh", "group")}
            indices, convergence = (store.read_csv(file).fillna(words) for file in (SENSITIVITY, CONVERGENCE))
            return cls(store.folder, indices, convergence)
        except OSError as error:
            raise InputError(
                f"{str(folder)!r} holds no finished sensitivity analysis",
                key="folder",
                allowed=f"a folder with {SENSITIVITY} and {CONVERGENCE}",
            ) from error

    @property
    def exit_code(self) -> int:
        """0: an analysis with missing runs is refused."""
        return 0

    def plot(self, target: str, lang: str | None = None) -> Any:
        """Draw the bars of a target, in English or Chinese (``zh``)."""
        return self._drawn(target, lang)

    def __repr__(self) -> str:
        """Say where it is and how large."""
        row = self.indices.iloc[0]
        size = f"{row['points']} points, {row['futures']} futures"
        return f"<Sensitivity in {str(self.folder)!r}, {row['method']}: {size}>"
