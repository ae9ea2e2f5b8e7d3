"""A sensitivity analysis that was stopped, taken up again from its folder alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import doors
from .cluster import executor_for
from .design import DesignScenarios
from .kinds import Rebuilt, check_unchanged
from .progress import ProgressFunction
from .sensitivity_run import carry_out
from .sensitivity_study import study_again
from .store import Store


def rebuilt(identity: Mapping[str, Any]) -> Rebuilt:
    """Give scenarios and plan of a sensitivity analysis; see `kinds.Kind`."""
    study = study_again(identity, doors.model().definitions.targets)
    scenarios = DesignScenarios(study.base, study.question.factors, study.design)
    return Rebuilt(scenarios, study.plan(study.most_futures), study.scale)


def resume(
    folder: Path,
    *,
    workers: int | None = None,
    cluster: str | None = None,
    again: bool = False,
    progress: ProgressFunction | None = None,
) -> int:
    """Make the runs that are missing, then the tables; see `kinds.Kind`.

    Raises
    ------
    InputError
        If rules or data have changed since: old and new runs must not be mixed.
    DesignError
        If runs are still missing, or do not belong to the design.
    """
    model = doors.model()
    identity = Store(folder).manifest()["identity"]
    study = study_again(identity, model.definitions.targets)
    check_unchanged(folder, identity, study.identity(), "analysis")
    carry_out(
        study,
        model,
        out=folder,
        workers=workers,
        executor=executor_for(cluster, model.warm),
        again=again,
        progress=progress,
    )
    return 0
