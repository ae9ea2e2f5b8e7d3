"""An experiment that was stopped, taken up again from its folder alone: how, for each kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from ..engine.errors import InputError
from .forecast import identity_of_forecast, make_forecast
from .forecasting.uncertainty import check_without, job_without
from .keeping.manifest import differences
from .keeping.store import Store
from .planning import door_to_model
from .planning.own_code import OwnCode
from .planning.plan_of_runs import PlannedRun, plan_runs
from .planning.runs import Job
from .running.cluster import executor_for
from .running.design_points import DesignScenarios
from .running.progress import ProgressFunction
from .sensitivity_analysis.carry_out import carry_out
from .sensitivity_analysis.study import study_again

__all__ = ["KINDS", "Kind", "Rebuilt", "check_unchanged", "kind_of"]


class Rebuilt(NamedTuple):
    """What an experiment runs, as its manifest tells.

    Attributes
    ----------
    scenarios : mapping
        Scenario by name.
    plan : iterable of PlannedRun
        All its runs.
    scale : float
        Share of the many small actors that is simulated.
    """

    scenarios: Mapping[str, Any]
    plan: Iterable[PlannedRun]
    scale: float


class Kind(Protocol):
    """What a kind of experiment offers."""

    def rebuilt(self, identity: Mapping[str, Any]) -> Rebuilt:
        """Give scenarios and plan from the identity in a manifest."""

    def resume(
        self,
        folder: Path,
        *,
        workers: int | None = None,
        cluster: str | None = None,
        again: bool = False,
        progress: ProgressFunction | None = None,
    ) -> int:
        """Make what is missing, then the tables; give the exit code, 1 if runs failed."""


class _ForecastTakenUp:
    """A forecast."""

    def rebuilt(self, identity: Mapping[str, Any]) -> Rebuilt:
        """Give scenarios and plan of a forecast; see `Kind`."""
        scenarios = _worlds(identity)
        seed, scale = int(identity["seed"]), float(identity["scale"])
        plan = plan_runs(list(scenarios), int(identity["runs"]), seed)
        without = check_without(identity.get("without"))
        if "luck" in without:
            model = door_to_model.model()
            job = job_without(Job(scenarios, scale, model.run_one, model.run_together), without, seed)
            return Rebuilt(job.scenarios, plan, scale)
        return Rebuilt(scenarios, plan, scale)

    def resume(
        self,
        folder: Path,
        *,
        workers: int | None = None,
        cluster: str | None = None,
        again: bool = False,
        progress: ProgressFunction | None = None,
    ) -> int:
        """Make the runs that are missing, then the tables; see `Kind`.

        Raises
        ------
        InputError
            If rules or data have changed since: old and new runs must not be mixed.
        """
        identity = Store(folder).manifest()["identity"]
        worlds = _worlds(identity)
        runs, seed, scale = int(identity["runs"]), int(identity["seed"]), float(identity["scale"])
        precision, without = identity.get("precision"), check_without(identity.get("without"))
        own = OwnCode.from_folder(folder, identity)
        model = door_to_model.model(own)
        now = identity_of_forecast(
            worlds,
            model.definitions,
            runs=runs,
            scale=scale,
            seed=seed,
            precision=precision,
            without=without,
            own=own,
        )
        check_unchanged(folder, identity, now, "forecast")
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
            own=own,
            again=again,
            progress=progress,
        )
        return made.exit_code


class _SensitivityTakenUp:
    """A sensitivity analysis."""

    def rebuilt(self, identity: Mapping[str, Any]) -> Rebuilt:
        """Give scenarios and plan of a sensitivity analysis; see `Kind`."""
        study = study_again(identity, door_to_model.model().definitions.targets)
        scenarios = DesignScenarios(study.base, study.question.factors, study.design)
        return Rebuilt(scenarios, study.plan(study.most_futures), study.scale)

    def resume(
        self,
        folder: Path,
        *,
        workers: int | None = None,
        cluster: str | None = None,
        again: bool = False,
        progress: ProgressFunction | None = None,
    ) -> int:
        """Make the runs that are missing, then the tables; see `Kind`.

        Raises
        ------
        InputError
            If rules or data have changed since: old and new runs must not be mixed.
        DesignError
            If runs are still missing, or do not belong to the design.
        """
        model = door_to_model.model()
        identity = Store(folder).manifest()["identity"]
        study = study_again(identity, model.definitions.targets)
        check_unchanged(folder, identity, study.identity(model.definitions), "analysis")
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


KINDS: Final[Mapping[str, Kind]] = {"forecast": _ForecastTakenUp(), "sensitivity": _SensitivityTakenUp()}
"""What each kind offers, by the name that its manifest bears."""


def kind_of(folder: Path) -> tuple[str, Kind]:
    """Give the kind of an experiment, by name and as what it offers.

    Raises
    ------
    InputError
        If the folder holds no experiment, or one of a kind that this version does not know.
    """
    name = str(Store(folder).manifest()["identity"].get("kind"))
    if name not in KINDS:
        raise InputError(f"{str(folder)!r} holds a {name!r}", key="folder", allowed=", ".join(KINDS))
    return name, KINDS[name]


def check_unchanged(folder: Path, identity: Mapping[str, Any], now: Mapping[str, Any], what: str) -> None:
    """Refuse to go on with an experiment under other rules or data: old and new runs must not be mixed.

    Parameters
    ----------
    folder : Path
        Of the experiment.
    identity, now : mapping
        What the manifest tells, and what the same experiment would be now.
    what : str
        Word for such an experiment.

    Raises
    ------
    InputError
        If the two differ, with the places.
    """
    if different := differences(identity, now):
        raise InputError(
            f"rules or data have changed since {str(folder)!r} was begun ({', '.join(different[:5])}),"
            " and its runs must not be mixed with new ones",
            key="folder",
            allowed=f"the version with which it was begun, or a new {what} in a new folder",
        )


def _worlds(identity: Mapping[str, Any]) -> dict[str, Any]:
    """Give the scenarios by name; what they leave out of the uncertainty stands in them."""
    return {
        name: door_to_model.scenario_of(entry["contents"]) for name, entry in identity["scenarios"].items()
    }
