"""The guard: nothing is analysed unless every run of the design is there, once, whole and finite.

One missing or non-finite output among thousands makes an analysis say that nothing
matters, and shuffled ones make it say anything. So outputs are paired with the design
by their keys, never by their order, and whatever does not fit is refused by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...engine.errors import TransferError
from ..forecasting.target_and_indicator_tables import yearly
from ..planning.definitions import Definitions, TargetLike
from ..planning.plan_of_runs import future_seed, run_name
from ..running.batch import resume_command
from ..running.design_points import DESIGN, Design, point_name, point_number

FloatArray = npt.NDArray[np.float64]

_SHOWN: Final = 5
_ROW: Final = ["run_id", "indicator", "year", "quarter"]


class DesignError(TransferError):
    """A design whose outputs cannot be analysed; ``runs`` are all that are concerned."""

    def __init__(self, problem: str, runs: Sequence[str] = ()) -> None:
        super().__init__(problem)
        self.runs = tuple(runs)


@dataclass(frozen=True)
class Expected:
    """What a folder has to hold.

    ``futures`` at every point, each with the seed that follows from that of the batch; ``points`` are those
    that have to be there for a pilot, all of them by default.
    """

    folder: Path
    design: Design
    futures: int
    seed: int
    targets: Mapping[str, TargetLike]
    points: tuple[int, ...] | None = None

    @property
    def wanted(self) -> list[int]:
        """Points that have to be there, in order."""
        return sorted(range(self.design.points) if self.points is None else self.points)

    @property
    def runs(self) -> int:
        """Number of runs."""
        return len(self.wanted) * self.futures


@dataclass(frozen=True)
class Answers:
    """Outputs of a whole design; made by `guarded` alone, and all that an analysis accepts.

    ``values`` has by target an array (points, futures) in its unit; row i belongs to row i of the design.
    """

    design: Design
    values: Mapping[str, FloatArray] = field(default_factory=dict)


def check_manifest(manifest: Mapping[str, Any], design: Design) -> None:
    """Refuse a design that is not the one the folder was made for, or a changed manifest."""
    identity = manifest["identity"]
    kept = identity["design"]
    if kept["checksum"] != design.checksum or kept["points"] != design.points:
        raise DesignError(
            f"{DESIGN} is not the design of this folder: its checksum is {design.checksum[:12]}, "
            f"the manifest has {kept['checksum'][:12]}"
        )


def guarded(parts: Iterable[pd.DataFrame], expected: Expected, definitions: Definitions) -> Answers:
    """Pair outputs, whole runs in the store's columns in any order, with the points of a design.

    A `DesignError` names every run concerned, if runs are missing, cut short, double, foreign or not finite.
    """
    shape = (expected.design.points, expected.futures)
    values = {name: np.full(shape, np.nan) for name in expected.targets}
    seen = np.zeros(shape, dtype=np.int64)
    for frame in parts:
        _check_rows(frame, expected)
        # Futures of the pilot beyond those that were chosen are there and not used.
        used = frame[frame["future"] < expected.futures]
        seen[_cells(used.drop_duplicates("run_id"))] += 1
        years = yearly(used, definitions)
        for name, target in expected.targets.items():
            rows = years[(years["indicator"] == target.indicator) & (years["year"] == target.year)]
            values[name][_cells(rows)] = rows["value"]
    _refuse(np.argwhere(seen > 1), "stand in several parts", expected, "remove the part that is double")
    absent = np.zeros(shape, dtype=bool)
    for array in values.values():
        absent[expected.wanted] |= np.isnan(array[expected.wanted])  # what is there was found finite above
    _refuse(np.argwhere(absent), "are missing or not whole", expected, resume_command(expected.folder))
    whole = Design(expected.design.names, expected.design.shares[expected.wanted])
    return Answers(whole, {name: array[expected.wanted] for name, array in values.items()})


def _cells(rows: pd.DataFrame) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Give point and future of rows: their place in the table of outputs, whatever their order."""
    points = rows["scenario"].astype(str).map(point_number)
    return points.to_numpy(dtype=np.int64), rows["future"].to_numpy(dtype=np.int64)


def _check_rows(frame: pd.DataFrame, expected: Expected) -> None:
    """Refuse rows of a part that are foreign, double or not finite."""
    runs = frame[["run_id", "scenario", "future", "seed"]].astype({"run_id": str, "scenario": str})
    distinct = runs.drop_duplicates().itertuples(index=False)
    foreign = [str(run.run_id) for run in distinct if not _belongs(run, expected)]
    if foreign:
        raise DesignError(
            f"{len(foreign)} runs are not of this design or not of its seeds: {_some(foreign)}; "
            "remove the part that holds them",
            foreign,
        )
    for wrong, what in (
        (frame.duplicated(_ROW), "have rows that stand there twice"),
        (~np.isfinite(frame["value"]), "have values that are not finite numbers"),
    ):
        if wrong.any():
            names = sorted(set(runs.loc[wrong.to_numpy(), "run_id"]))
            raise DesignError(
                f"{len(names)} runs {what}: {_some(names)}; remove the part that holds them, then "
                f"{resume_command(expected.folder)}",
                names,
            )


def _belongs(run: Any, expected: Expected) -> bool:
    point = point_number(run.scenario)
    return (
        point is not None
        and point < expected.design.points
        and run.run_id == run_name(run.scenario, run.future)
        and run.seed == future_seed(expected.seed, run.future)
    )


def _refuse(cells: npt.NDArray[np.int64], what: str, expected: Expected, mend: str) -> None:
    if len(cells) == 0:
        return
    names = [run_name(point_name(point), future) for point, future in cells.tolist()]
    raise DesignError(f"{len(names)} of {expected.runs} runs {what}: {_some(names)}; {mend}", names)


def _some(names: Sequence[str]) -> str:
    """Write down the first few names, and how many more there are."""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
