"""A forecast that was stopped, taken up again from its folder alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import doors
from .forecast import identity_of_forecast, make_forecast
from .futures import plan_runs
from .kinds import Rebuilt, check_unchanged
from .progress import ProgressFunction
from .store import Store


def rebuilt(identity: Mapping[str, Any]) -> Rebuilt:
    """Give scenarios and plan of a forecast; see `kinds.Kind`."""
    scenarios = {name: doors.scenario_of(entry["contents"]) for name, entry in identity["scenarios"].items()}
    plan = plan_runs(list(scenarios), int(identity["runs"]), int(identity["seed"]))
    return Rebuilt(scenarios, plan, float(identity["scale"]))


def resume(
    folder: Path,
    *,
    workers: int | None = None,
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
    worlds = dict(rebuilt(identity).scenarios)
    runs, seed, scale = int(identity["runs"]), int(identity["seed"]), float(identity["scale"])
    precision = identity.get("precision")
    now = identity_of_forecast(worlds, runs=runs, scale=scale, seed=seed, precision=precision)
    check_unchanged(folder, identity, now, "forecast")
    made = make_forecast(
        worlds,
        doors.model(),
        runs=runs,
        scale=scale,
        seed=seed,
        out=folder,
        workers=workers,
        precision=precision,
        again=again,
        progress=progress,
    )
    return made.exit_code
