"""How likely is each target, with the plan and without it: many futures, each in both worlds."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..engine.errors import LastStepError, TransferError
from ..engine.words import say
from .forecasting.discrepancy import discrepancy_of_world, of_own_pack
from .forecasting.estimate import Estimate, estimate_of
from .forecasting.finished_forecast import Forecast as Forecast
from .forecasting.make_runs import make_runs
from .forecasting.options import MODEL, ForecastOptions
from .forecasting.predictive import predictive_of
from .forecasting.uncertainty import job_without, worlds_without
from .forecasting.write_tables import write_tables
from .freezing.freeze import check_freezable
from .freezing.freeze import freeze as write_frozen
from .freezing.manifest_of_frozen import command_of
from .freezing.tried_kinds import check_tried
from .keeping.manifest import default_folder, identity_of
from .keeping.provenance import far_ahead, warning_of
from .keeping.store import check_store, open_store
from .planning import door_to_model
from .planning.countings import counted_as
from .planning.definitions import Definitions
from .planning.own_code import own_code
from .planning.plan_of_runs import plan_runs
from .planning.runs import Job
from .running.progress import ProgressFunction
from .running.runner import Crew, RunBatch

if TYPE_CHECKING:
    from ..scenarios import Scenario


def forecast(
    scenario: Scenario | str | Path = "action_plan",
    *,
    against: Scenario | str | Path | None = "no_plan",
    also: Scenario | str | Path | Sequence[Scenario | str | Path] = (),
    province: str | None = None,
    runs: int = 100,
    scale: float = 0.1,
    seed: int = 1,
    out: str | Path | None = None,
    workers: int | None = None,
    outside: str | Path | None = None,
    cluster: str | None = None,
    shard: str | None = None,
    other_versions: bool = False,
    precision: float | None = None,
    belief: str | None = None,
    without: str | Collection[str] = (),
    counting: str | Mapping[str, str] | None = None,
    forecaster: str = MODEL,
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
    also : Scenario, str, Path, or sequence of these
        Further scenarios that are run in the same futures and shown beside the two, for example
        ``"action_plan_managed"``.
    province : str, optional
        Runs all scenarios in this province (or the folder of a pack) instead of their own.
    runs : int
        Number of futures. Each is run in every scenario.
    scale : float
        Share of the many small actors that is simulated, from 0.01 to 1.
    seed : int
        The same seed gives the same tables.
    out : str or Path, optional
        Folder of the experiment. By default one under ``results`` that is named by
        all on which the tables depend. A folder that holds this very forecast is
        completed where runs are missing, one with fewer futures is made longer; one that
        holds anything else is refused.
    workers : int, optional
        Worker processes; one for each usable core by default, 0 for this process.
    outside : str or Path, optional
        CSV in the panel's form, whose later rows replace the drawn outside paths.
    cluster : str, optional
        Address of a dask scheduler whose workers make the runs, for example
        ``tcp://10.0.0.1:8786``; this machine by default.
    shard : str, optional
        Make one share only, for example ``2/4``. All shares name the same ``out``.
    other_versions : bool
        Add runs to a folder that was begun with other libraries.
    precision : float, optional
        Stop as soon as half of the 95 % interval of every target's probability is no wider than
        this fraction; ``runs`` is then the most that is made. It is looked at after each 100 futures,
        and earlier only if fewer (20 at least) are enough for any probability.
    belief : str, optional
        What parameters are drawn from in both scenarios: ``posterior``, ``prior``, or the folder of a
        calibration; each scenario's own by default.
    without : str or collection of str
        Parts of the uncertainty that are left out, of `uncertainty.PARTS`, for example
        ``"discrepancy,carry"``; none by default.
    counting : str or mapping, optional
        By target the way of counting that stands first in tables, figures and the stop by precision, for
        example ``{"contract_value_output": "technology_part"}``; all ways are in the tables anyway.
    forecaster : {"model", "share", "combined"}
        Whose level the four series of contracts have: the mechanism's own, that of a province's share of the
        nation, or the average of both with the weights that the backtest learnt. What a policy adds is the
        mechanism's in any case.
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
    given = locals()
    own = own_code(given.pop("rules"), given.pop("indicators"))
    return forecast_of(ForecastOptions(**given, own=own))


def forecast_of(options: ForecastOptions) -> Forecast:
    """Make the forecast that a person asks for; see `forecast`."""
    worlds = worlds_of(options)
    warn_of_beliefs(worlds, stacklevel=4)
    return make_forecast(worlds, door_to_model.model(options.own), options)


def warn_of_beliefs(worlds: Mapping[str, Scenario], stacklevel: int) -> None:
    """Warn of worlds that believe what no longer stands, or that end far beyond their data."""
    for told in {warning_of(world) for world in worlds.values()} - {None}:
        warnings.warn(str(told), stacklevel=stacklevel)
    if any(of_own_pack(world) and discrepancy_of_world(world) is not None for world in worlds.values()):
        until = max(world.outside.observed_until for world in worlds.values())
        warnings.warn(say("forecast.shipped_errors", "en", last=until), stacklevel=stacklevel)
    if far := max((far_ahead(world) for world in worlds.values()), key=len):
        warnings.warn(say("forecast.far_ahead", "en", **far), stacklevel=stacklevel)


def worlds_of(options: ForecastOptions) -> dict[str, Scenario]:
    """Load the scenarios of a forecast, by name, without the parts of the uncertainty that are left out."""
    worlds = door_to_model.worlds(
        door_to_model.changed(options.scenario, options.changes),
        options.against,
        options.also,
        own=options.own,
        province=options.province,
        outside=options.outside,
        belief=options.belief,
    )
    return worlds_without(worlds, options.without)


def make_forecast(
    worlds: Mapping[str, Scenario],
    model: door_to_model.Model,
    options: ForecastOptions,
    executor: RunBatch | None = None,
) -> Forecast:
    """Make a forecast with a given model; see `forecast`.

    Parameters
    ----------
    worlds : mapping
        Scenario by name, in the order in which the tables list them; from `uncertainty.worlds_without`.
    model : door_to_model.Model
        The door to the model, its definitions and how to compile it.
    options : ForecastOptions
        All else that is asked.
    executor : callable, optional
        What makes the runs instead of this machine's workers or a cluster; see `runner.RunBatch`.
    """
    if options.freeze is not None:
        check_freezable(worlds)
        check_tried(worlds, options.forecaster, options.without)
    level = None
    if options.forecaster != MODEL:
        from .backtesting.level_of_forecast import level_of  # which learns from all provinces

        level = level_of(worlds, options.forecaster, options.seed)
    model = door_to_model.judging(model, *worlds.values())
    model = replace(model, definitions=counted_as(model.definitions, options.counting))
    predictive = predictive_of(worlds, options.without)
    identity = identity_of_forecast(worlds, model.definitions, options)
    words = ["forecast", "_against_".join(worlds), *identity["data"]]
    folder = options.out or default_folder(words, identity)
    plan = list(plan_runs(list(worlds), options.runs, options.seed))
    job = Job(dict(worlds), options.scale, model.run_one, model.run_together)
    job = job_without(job, options.without, options.seed)
    check_store(folder, identity)  # before anything is announced
    with Crew() as crew:
        if options.announce is not None:
            share = plan if options.shard is None else options.shard.of_plan(plan)
            options.announce(estimate_of(folder, share, job, model, options, crew))
        store = open_store(folder, identity)
        options.own.keep(folder)
        if options.cluster is None:
            executor = executor or crew
        make_runs(store, plan, job, model, options, predictive, executor)
    provinces = {name: world.pack().name for name, world in worlds.items()}
    fitted = write_tables(store, model.definitions, provinces, predictive, level)
    if options.freeze is not None:
        try:
            of_model = None if fitted is None else fitted.predicted
            write_frozen(options.freeze, store, worlds, model.definitions, command_of(options), of_model)
        except TransferError:
            raise
        except Exception as error:
            again = f"the same command, which makes no run in {folder} twice"
            raise LastStepError(str(options.freeze), error, again) from error
    return Forecast.read(folder)


def identity_of_forecast(
    worlds: Mapping[str, Scenario], definitions: Definitions, options: ForecastOptions
) -> dict[str, Any]:
    """Put together all on which the tables of a forecast depend; see `manifest.identity_of`."""
    settings: dict[str, Any] = {} if options.precision is None else {"precision": options.precision}
    if options.without:
        settings["without"] = list(options.without)
    if options.counting:
        settings["counting"] = options.counting
    if options.forecaster != MODEL:
        from .backtesting.level_of_forecast import told_of_level

        settings["forecaster"] = told_of_level(worlds, options.forecaster)
    if options.own:
        settings["own_code"] = options.own.as_dict()
    if discrepancies := predictive_of(worlds, options.without).as_dict():
        settings["discrepancy"] = discrepancies
    return identity_of(
        worlds,
        door_to_model.data_folders(worlds),
        kind="forecast",
        runs=options.runs,
        scale=options.scale,
        seed=options.seed,
        indicators=door_to_model.hashes_of_indicators(definitions, options.own),
        settings=settings,
    )
