"""How likely is each target, with the plan and without it: many futures, each in both worlds."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..engine.errors import InputError, LastStepError, TransferError
from .forecasting.estimate import Estimate, estimate_of
from .forecasting.finished_forecast import Forecast as Forecast
from .forecasting.make_runs import make_runs
from .forecasting.precision import check_precision
from .forecasting.predictive import predictive_of
from .forecasting.uncertainty import check_without, job_without, worlds_without
from .forecasting.write_tables import write_tables
from .freezing.freeze import Freezing
from .freezing.manifest_of_frozen import command_of
from .keeping.manifest import hash_of_identity, identity_of
from .keeping.provenance import warning_of
from .keeping.store import open_store
from .planning import door_to_model
from .planning.checks import check_numbers, check_province
from .planning.definitions import Definitions
from .planning.own_code import NOTHING, OwnCode, own_code
from .planning.plan_of_runs import plan_runs
from .planning.runs import Job
from .running.cluster import executor_for
from .running.progress import ProgressFunction
from .running.runner import RunBatch, run_batch
from .running.shards import Shard

if TYPE_CHECKING:
    from ..scenarios import Scenario

RESULTS_FOLDER: Final = "results"
"""Where experiments go that name no folder, seen from the working folder."""


def forecast(
    scenario: Scenario | str | Path = "action_plan",
    *,
    against: Scenario | str | Path | None = "no_plan",
    province: str | None = None,
    runs: int = 100,
    scale: float = 0.1,
    seed: int = 1,
    out: str | Path | None = None,
    workers: int | None = None,
    outside: str | Path | None = None,
    cluster: str | None = None,
    shard: str | None = None,
    precision: float | None = None,
    belief: str | None = None,
    without: str | Collection[str] = (),
    freeze: str | Path | None = None,
    rules: Mapping[str, Callable[..., Any] | str] | Sequence[str] | None = None,
    indicators: Mapping[str, Any] | None = None,
    announce: Callable[[Estimate], None] | None = None,
    progress: ProgressFunction | None = None,
) -> Forecast:
    """Run a scenario and what it is held against in the same futures, and count the chance of each target.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario, its name, or its file.
    against : Scenario, str, Path or None
        The counterfactual; None for no comparison.
    province : str, optional
        Runs both scenarios in this province (or the folder of a pack) instead of their own.
    runs : int
        Number of futures. Each is run in every scenario.
    scale : float
        Share of the many small actors that is simulated, from 0.01 to 1.
    seed : int
        The same seed gives the same tables.
    out : str or Path, optional
        Folder of the experiment. By default one under ``results`` that is named by
        all on which the tables depend. A folder that holds this very forecast is
        completed where runs are missing; one that holds anything else is refused.
    workers : int, optional
        Worker processes; one for each usable core by default, 0 for this process.
    outside : str or Path, optional
        CSV in the panel's form, whose later rows replace the drawn outside paths.
    cluster : str, optional
        Address of a dask scheduler whose workers make the runs, for example
        ``tcp://10.0.0.1:8786``; this machine by default.
    shard : str, optional
        Make one share only, for example ``2/4``. All shares name the same ``out``.
    precision : float, optional
        Stop as soon as half of the 95 % interval of every target's probability is no wider than
        this fraction; ``runs`` is then the most that is made.
    belief : str, optional
        What parameters are drawn from in both scenarios: ``posterior``, ``prior``, or the folder of a
        calibration; each scenario's own by default.
    without : str or collection of str
        Parts of the uncertainty that are left out, of `uncertainty.PARTS`, for example
        ``"discrepancy,carry"``; none by default.
    freeze : str or Path, optional
        A new file, ``.zip``, that is to hold the forecast as it stands, with its rivals; to be
        scored later by `score.score`. Nothing is frozen if runs failed.
    rules : mapping, optional
        Rules from outside: by the name of a rule (``list rules``), a function or ``FILE.py:FUNCTION``.
    indicators : mapping, optional
        Indicators from outside: by id, (function of the province or ``FILE.py:FUNCTION``, unit, kind,
        title_en, title_zh).
    announce : callable, optional
        Called before the start with an `estimate.Estimate` of time, disk and precision, for which
        a few futures are run. If it raises, nothing is made.
    progress : callable, optional
        Called with a `progress.Progress` as the runs come in.

    Returns
    -------
    Forecast
        With ``failed`` telling how many runs failed; these are missing from its tables.

    Raises
    ------
    InputError
        If anything of the above is refused; no run is made then.
    RunError
        If not one run ended well.
    Unfinished
        If a share is done while others are not: whichever share ends last writes the tables.
    """
    check_numbers(runs=runs, scale=scale, seed=seed, workers=workers)
    if province is not None and not Path(province).is_dir():
        province = check_province(province, door_to_model.provinces())
    left_out = check_without(without)
    own = own_code(rules, indicators)
    if own and freeze is not None:
        raise InputError(
            "what is frozen is the model's own forecast, without rules or indicators from outside",
            key="freeze",
            allowed="a forecast without `rules` and `indicators`",
        )
    command = command_of(
        scenario,
        against,
        province=province,
        runs=runs,
        scale=scale,
        seed=seed,
        outside=outside,
        precision=precision,
        belief=belief,
        without=",".join(left_out),
    )
    worlds = door_to_model.worlds(
        scenario, against, province=province, outside=outside, belief=belief, own=own
    )
    for told in {warning_of(world) for world in worlds.values()} - {None}:
        warnings.warn(str(told), stacklevel=2)
    model = door_to_model.model(own)
    return make_forecast(
        worlds_without(worlds, left_out),
        model,
        runs=runs,
        scale=scale,
        seed=seed,
        out=out,
        workers=workers,
        executor=executor_for(cluster, model.warm),
        shard=None if shard is None else Shard.parse(shard),
        precision=precision,
        without=left_out,
        own=own,
        freezing=None if freeze is None else Freezing(Path(freeze), command),
        announce=announce,
        progress=progress,
    )


def make_forecast(
    worlds: Mapping[str, Scenario],
    model: door_to_model.Model,
    *,
    runs: int,
    scale: float,
    seed: int,
    out: str | Path | None,
    workers: int | None = None,
    executor: RunBatch = run_batch,
    shard: Shard | None = None,
    precision: float | None = None,
    without: tuple[str, ...] = (),
    own: OwnCode = NOTHING,
    freezing: Freezing | None = None,
    announce: Callable[[Estimate], None] | None = None,
    again: bool = False,
    progress: ProgressFunction | None = None,
) -> Forecast:
    """Make a forecast with a given model; see `forecast`.

    Parameters
    ----------
    worlds : mapping
        Scenario by name, in the order in which the tables list them.
    model : door_to_model.Model
        The door to the model, its definitions and how to compile it.
    runs, scale, seed, out, workers, precision, announce, progress
        As in `forecast`.
    executor : callable
        What makes the runs: `runner.run_batch` on this machine, or a `cluster.Cluster`.
    shard : Shard, optional
        The share to be made.
    without : tuple of str
        From `uncertainty.check_without`; ``worlds`` come from `uncertainty.worlds_without`.
    own : OwnCode
        What ``model`` takes from outside.
    freezing : Freezing, optional
        Where the forecast is to be frozen.
    again : bool
        Try every run again that failed before; see `batch.complete`.
    """
    check_numbers(runs=runs, scale=scale, seed=seed, workers=workers)
    if shard is not None:
        shard.check(runs)
    if freezing is not None:
        freezing.check(worlds, shard)
    predictive = predictive_of(worlds, without)
    identity = identity_of_forecast(
        worlds,
        model.definitions,
        runs=runs,
        scale=scale,
        seed=seed,
        precision=precision,
        without=without,
        own=own,
    )
    folder = default_folder(list(worlds), identity) if out is None else Path(out)
    plan = list(plan_runs(list(worlds), runs, seed))
    job = Job(dict(worlds), float(scale), model.run_one, model.run_together)
    job = job_without(job, without, seed)
    if announce is not None:
        share = plan if shard is None else shard.of_plan(plan)
        announce(estimate_of(folder, share, job, model.warm, executor, workers, progress))
    store = open_store(folder, identity)
    own.keep(folder)
    make_runs(
        store,
        plan,
        job,
        model,
        predictive=predictive,
        executor=executor,
        workers=workers,
        shard=shard,
        precision=precision,
        again=again,
        progress=progress,
    )
    write_tables(store, model.definitions, list(worlds), predictive)
    if freezing is not None:
        try:
            freezing.freeze(store, worlds, model.definitions)
        except TransferError:
            raise
        except Exception as error:
            how = f"the same command, which makes no run in {folder} twice"
            raise LastStepError(str(freezing.file), error, how) from error
    return Forecast.read(folder)


def identity_of_forecast(
    worlds: Mapping[str, Scenario],
    definitions: Definitions,
    *,
    runs: int,
    scale: float,
    seed: int,
    precision: float | None = None,
    without: tuple[str, ...] = (),
    own: OwnCode = NOTHING,
) -> dict[str, Any]:
    """Put together all on which the tables of a forecast depend; see `manifest.identity_of`."""
    settings: dict[str, Any] = {} if precision is None else {"precision": check_precision(precision)}
    if without:
        settings["without"] = list(without)
    if own:
        settings["own_code"] = own.as_dict()
    if discrepancies := predictive_of(worlds, without).as_dict():
        settings["discrepancy"] = discrepancies
    return identity_of(
        worlds,
        door_to_model.data_folders(worlds),
        kind="forecast",
        runs=runs,
        scale=float(scale),
        seed=seed,
        indicators=door_to_model.hashes_of_indicators(definitions, own),
        settings=settings,
    )


def default_folder(names: Sequence[str], identity: Mapping[str, Any]) -> Path:
    """Name a folder by what stands in it, so that equal forecasts share it and others do not.

    Parameters
    ----------
    names : sequence of str
        Names of the scenarios.
    identity : mapping
        See `manifest.identity_of`; its provinces and its hash enter the name.
    """
    readable = "_".join(["forecast", "_against_".join(names), *identity["data"]])
    plain = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in readable)
    return Path(RESULTS_FOLDER) / f"{plain}_{hash_of_identity(identity)[:10]}"
