"""Carry out a sweep: settle its points, make their runs, write the table; take one up again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..effects.package_runs import PackageStudy, put_together_again
from ..planning import door_to_model
from .design import SweepPoints, design_of
from .finished_sweep import SWEEP, Sweep
from .options import SweepOptions
from .sweep_table import sweep_table

__all__ = ["KIND", "carry_out", "study_again", "study_of"]

KIND: Final = "sweep"
"""Kind of the experiment in the manifest."""


def study_of(scenario: Any, model: door_to_model.Model, options: SweepOptions) -> PackageStudy:
    """Settle the points that each future is run in; refuse what cannot be swept."""
    levels = options.levels
    points = SweepPoints(
        scenario, [name for name, _ in levels], design_of(levels, options.points, options.seed)
    )
    points.check()
    asked = {"lever": [[name, list(values)] for name, values in levels], "points": options.points}
    by_future = [list(points)] * options.runs
    return PackageStudy.of(KIND, scenario, by_future, model.definitions, options, points, **asked)


def study_again(identity: Mapping[str, Any], model: door_to_model.Model, **how: Any) -> PackageStudy:
    """Put a sweep together again from the identity in its manifest."""
    return put_together_again(identity, model, study_of, SweepOptions, "lever", "points", **how)


def carry_out(study: PackageStudy, model: door_to_model.Model) -> Sweep:
    """Make the runs that are missing, then the table; see `sweep.sweep`."""
    points: Any = study.worlds
    store = study.make(model)
    table = sweep_table(study.figures(store), study.options.runs, points, study.definitions)
    store.write_csv(SWEEP, table)
    store.list_files()
    return Sweep.read(store.folder)
