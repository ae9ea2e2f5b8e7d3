"""A forecast that was stopped, taken up again from its folder alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import doors
from .cluster import executor_for
from .forecast import identity_of_forecast, make_forecast
from .futures import plan_runs
from .kinds import Rebuilt, check_unchanged
from .progress import ProgressFunction
from .store import Store
from .uncertainty import check_without, job_without
from .worker import Job


def _worlds(identity: Mapping[str, Any]) -> dict[str, Any]:
    """Give the scenarios by name; what they leave out of the uncertainty stands in them."""
    return {name: doors.scenario_of(entry["contents"]) for name, entry in identity["scenarios"].items()}


def rebuilt(identity: Mapping[str, Any]) -> Rebuilt:
    """Give scenarios and plan of a forecast; see `kinds.Kind`."""
    scenarios = _worlds(identity)
    seed, scale = int(identity["seed"]), float(identity["scale"])
    plan = plan_runs(list(scenarios), int(identity["runs"]), seed)
    without = check_without(identity.get("without"))
    if "luck" in without:
        model = doors.model()
        job = job_without(Job(scenarios, scale, model.run_one, model.run_together), without, seed)
        return Rebuilt(job.scenarios, plan, scale)
    return Rebuilt(scenarios, plan, scale)


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
    """
    identity = Store(folder).manifest()["identity"]
    worlds = _worlds(identity)
    runs, seed, scale = int(identity["runs"]), int(identity["seed"]), float(identity["scale"])
    precision, without = identity.get("precision"), check_without(identity.get("without"))
    now = identity_of_forecast(
        worlds, runs=runs, scale=scale, seed=seed, precision=precision, without=without
    )
    check_unchanged(folder, identity, now, "forecast")
    model = doors.model()
    made = make_forecast(
        worlds,
        model,
        runs=runs,
        scale=scale,
        seed=seed,
        out=folder,
        workers=workers,
        executor=executor_for(cluster, model.warm),
        precision=precision,
        without=without,
        again=again,
        progress=progress,
    )
    return made.exit_code
