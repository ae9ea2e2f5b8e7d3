"""An experiment that was stopped, taken up again from its folder alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from ..engine.errors import InputError
from .effects.package_runs import PackageStudy
from .forecast import identity_of_forecast, make_forecast
from .forecasting.options import MODEL, ForecastOptions
from .forecasting.uncertainty import job_without
from .keeping.manifest import differences
from .keeping.store import Store
from .planning import door_to_model
from .planning.own_code import OwnCode
from .planning.plan_of_runs import PlannedRun, plan_runs
from .planning.runs import Job
from .running.progress import ProgressFunction
from .who_gains import asked_by, who_gains

__all__ = ["TakenUp", "kind_of", "resume", "taken_up"]


class TakenUp(NamedTuple):
    """An experiment as its folder tells of it.

    Attributes
    ----------
    scenarios : mapping
        Scenario by name.
    plan : iterable of PlannedRun
        All its runs.
    identity : callable
        Gives what its identity would be now.
    make : callable
        Makes the runs that are missing, then the tables; gives the exit code, 1 if runs failed.
    """

    scenarios: Mapping[str, Any]
    plan: Iterable[PlannedRun]
    identity: Callable[[], dict[str, Any]]
    make: Callable[[], int]


def _forecast(identity: Mapping[str, Any], model: door_to_model.Model, **how: Any) -> TakenUp:
    """Take up a forecast; what its scenarios leave out of the uncertainty stands in them."""
    asked: dict[str, Any] = {
        name: identity.get(name) for name in ("runs", "scale", "seed", "precision", "without", "counting")
    }
    asked["forecaster"] = identity.get("forecaster", {"name": MODEL})["name"]
    options = ForecastOptions(**asked, **how)
    worlds = {
        name: door_to_model.scenario_of(entry["contents"]) for name, entry in identity["scenarios"].items()
    }
    job = Job(worlds, options.scale, model.run_one, model.run_together)

    def make() -> int:
        done = make_forecast(worlds, model, options)
        if by := asked_by(done.folder):
            who_gains(done.folder, by)
        return done.exit_code

    return TakenUp(
        job_without(job, options.without, options.seed).scenarios,
        plan_runs(list(worlds), options.runs, options.seed),
        partial(identity_of_forecast, worlds, model.definitions, options),
        make,
    )


def _analysis(identity: Mapping[str, Any], model: door_to_model.Model, **how: Any) -> TakenUp:
    """Take up a sensitivity analysis."""
    from .sensitivity_analysis.carry_out import carry_out  # with a library that no forecast needs
    from .sensitivity_analysis.study import job_of, study_again

    study = study_again(identity, model.definitions.targets, **how)
    return TakenUp(
        job_of(study, model).scenarios,
        study.plan(study.most_futures),
        partial(study.identity, model.definitions),
        lambda: carry_out(study, model).exit_code,
    )


def _packages(study: PackageStudy, model: door_to_model.Model, make: Callable[[], int]) -> TakenUp:
    """Take up an experiment with packages."""
    return TakenUp(study.job(model).scenarios, study.plan, study.identity, make)


def _attribution(identity: Mapping[str, Any], model: door_to_model.Model, **how: Any) -> TakenUp:
    """Take up an attribution."""
    from .attributing.carry_out import carry_out, study_again

    study = study_again(identity, model, **how)
    return _packages(study, model, lambda: carry_out(study, model).exit_code)


def _ranking(identity: Mapping[str, Any], model: door_to_model.Model, **how: Any) -> TakenUp:
    """Take up a ranking."""
    from .ranking.carry_out import carry_out, study_again

    study = study_again(identity, model, **how)
    return _packages(study, model, lambda: carry_out(study, model).exit_code)


def _sweep(identity: Mapping[str, Any], model: door_to_model.Model, **how: Any) -> TakenUp:
    """Take up a sweep."""
    from .sweeping.carry_out import carry_out, study_again

    study = study_again(identity, model, **how)
    return _packages(study, model, lambda: carry_out(study, model).exit_code)


def _why(identity: Mapping[str, Any], model: door_to_model.Model, **how: Any) -> TakenUp:
    """Take up an explanation."""
    from .explaining.carry_out import carry_out, study_again

    study = study_again(identity, model, **how)
    return _packages(study, model, lambda: carry_out(study, model).exit_code)


def _search(identity: Mapping[str, Any], model: door_to_model.Model, **how: Any) -> TakenUp:
    """Take up a search; which packages it runs follows from what the earlier ones came to: none is listed."""
    from .searching.carry_out import carry_out, study_again

    if "out" not in how:
        raise InputError(
            "a run of a search cannot be made again alone",
            key="folder",
            allowed="a forecast or a sensitivity analysis",
        )
    study = study_again(identity, model, **how)
    return TakenUp({}, (), study.identity, lambda: carry_out(study, model).exit_code)


def _simulator(identity: Mapping[str, Any], model: door_to_model.Model, **how: Any) -> TakenUp:
    """Take up an emulator; which points it runs follows from the levers that the first runs choose."""
    from .emulating.carry_out import carry_out
    from .emulating.study import study_again

    study = study_again(identity, model, **how)
    return _packages(study, model, lambda: carry_out(study, model).exit_code)


def _waterfall(identity: Mapping[str, Any], model: door_to_model.Model, **how: Any) -> TakenUp:
    """Take up a waterfall."""
    from .comparing.waterfall import carry_out, identity_of_waterfall, job_of, steps_again

    asked: dict[str, Any] = {name: identity.get(name) for name in ("runs", "scale", "seed", "without")}
    options = ForecastOptions(**asked, **how)
    steps = steps_again(identity, options)

    def make() -> int:
        assert options.out is not None  # who resumes names the folder
        return carry_out(steps, model, options, options.out).exit_code

    return TakenUp(
        job_of(steps, model, options).scenarios,
        steps.plan(),
        partial(identity_of_waterfall, steps, model.definitions, options),
        make,
    )


def _fit(identity: Mapping[str, Any], model: door_to_model.Model, *, own: OwnCode, **how: Any) -> TakenUp:
    """Take up a calibration; its later rounds follow from what the earlier ones find: none is listed."""
    from .calibrate import calibrate_province, fit_again, identity_now  # their library is an extra

    if "out" not in how:
        raise InputError(
            "a run of a calibration cannot be made again alone",
            key="folder",
            allowed="a forecast or a sensitivity analysis",
        )
    options = fit_again(identity, **how)
    return TakenUp(
        {},
        (),
        partial(identity_now, options, model),
        lambda: 1 if calibrate_province(options, model).found.failures else 0,
    )


_KINDS: Final = {
    "forecast": _forecast,
    "sensitivity": _analysis,
    "attribution": _attribution,
    "ranking": _ranking,
    "sweep": _sweep,
    "why": _why,
    "search": _search,
    "simulator": _simulator,
    "calibration": _fit,
    "waterfall": _waterfall,
}
"""How each kind is taken up, by the name that its manifest bears."""


def kind_of(folder: Path) -> str:
    """Name the kind of an experiment.

    Raises
    ------
    InputError
        If the folder holds no experiment, or one of a kind that this version does not know.
    """
    name = str(Store(folder).manifest()["identity"].get("kind"))
    if name not in _KINDS:
        raise InputError(f"{str(folder)!r} holds a {name!r}", key="folder", allowed=", ".join(_KINDS))
    return name


def taken_up(folder: Path, **how: Any) -> TakenUp:
    """Put an experiment together again from its manifest.

    Parameters
    ----------
    folder : Path
        Of the experiment.
    **how
        Options of a batch that no table depends on.

    Raises
    ------
    InputError
        As `kind_of`, or if a text that it took from outside is missing or was changed.
    """
    kind, identity = kind_of(folder), Store(folder).manifest()["identity"]
    own = OwnCode.from_folder(folder, identity)
    return _KINDS[kind](identity, door_to_model.model(own), own=own, **how)


def resume(
    folder: Path,
    *,
    workers: int | None = None,
    cluster: str | None = None,
    again: bool = False,
    other_versions: bool = False,
    progress: ProgressFunction | None = None,
) -> int:
    """Go on with an experiment: make what is missing, then the tables; give the exit code.

    Parameters
    ----------
    folder : Path
        Of the experiment.
    workers, cluster, again, other_versions, progress
        See `options.BatchOptions`.

    Returns
    -------
    int
        1 if runs of a forecast failed, else 0.

    Raises
    ------
    InputError
        If rules or data have changed since: old and new runs must not be mixed.
    DesignError
        If runs of an analysis are still missing, or do not belong to its design.
    """
    found = taken_up(
        folder,
        out=folder,
        workers=workers,
        cluster=cluster,
        again=again,
        other_versions=other_versions,
        progress=progress,
    )
    if different := differences(Store(folder).manifest()["identity"], found.identity()):
        what = {"sensitivity": "analysis"}.get(kind_of(folder), kind_of(folder))
        raise InputError(
            f"rules or data have changed since {str(folder)!r} was begun ({', '.join(different[:5])}),"
            " and its runs must not be mixed with new ones",
            key="folder",
            allowed=f"the version with which it was begun, or a new {what} in a new folder",
        )
    return found.make()
