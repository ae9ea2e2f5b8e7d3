"""The commands ``calibrate`` and ``backtest``: fit a province to its past, and try forecasts on it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...engine.errors import InputError
from .forecast import RESULTS, Cluster, Scale, Seed, Workers
from .option_checks import check_folder

if TYPE_CHECKING:
    from ...experiments.calibrate import Calibrated


def calibrate_command(
    province: Annotated[str, typer.Option("--province", help="A province pack.")] = "shaanxi",
    observed: Annotated[
        Path | None,
        typer.Option("--observed", help="CSV in the form of a pack's observed.csv, instead of the pack's."),
    ] = None,
    until: Annotated[int, typer.Option("--until", help="Last year that is fitted.")] = 2017,
    ensembles: Annotated[
        int, typer.Option("--ensembles", help="Independent ensembles: their disagreement is told.")
    ] = 4,
    members: Annotated[int, typer.Option("--members", help="Members of each ensemble.")] = 400,
    assimilations: Annotated[int, typer.Option("--assimilations", help="Steps of the smoother.")] = 4,
    scale: Scale = 0.1,
    seed: Seed = 1,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for the posterior.  [default: results/...]")
    ] = None,
    workers: Workers = None,
    cluster: Cluster = None,
) -> int:
    """Fit the model to the observed years; the posterior serves `forecast --belief FOLDER`."""
    from ...experiments.planning import door_to_model
    from ...experiments.planning.checks import check_numbers, check_province

    check_numbers(runs=max(members, 1), scale=scale, seed=seed, workers=workers)
    province = check_province(province, door_to_model.provinces())
    folder = out or Path(RESULTS) / f"calibration_{province}_{until}"
    check_folder(folder)
    _check_installed("calibrate")
    from ...experiments.calibrate import calibrate_province
    from ...experiments.calibrating.ensemble_fit import Settings
    from ...experiments.running.cluster import executor_for
    from .progress_bar import open_progress

    with open_progress() as progress:
        model = door_to_model.model()
        done = calibrate_province(
            province,
            folder,
            observed=observed,
            until=until,
            settings=Settings(ensembles, members, assimilations, scale, seed),
            model=model,
            executor=executor_for(cluster, model.warm),
            workers=workers,
            progress=progress,
        )
    for line in summary(done):
        typer.echo(line)
    return 1 if done.found.failures else 0


def summary(done: Calibrated) -> list[str]:
    """Say what a calibration found: fit, what was learnt, what it is worth, where it is."""
    from ...experiments.calibrating.fit_tables import learnt, misfit

    found = done.found
    before, after = misfit(found, found.prior_distances), misfit(found)
    counts = learnt(found)
    inside = int((done.fit["inside"] == "yes").sum())
    return [
        f"{found.runs} runs in {found.seconds:.0f} s, {len(found.failures)} failed",
        f"misfit, in squared errors of observation a figure: {before:.2f} with priors, {after:.2f} fitted",
        f"{inside} of {len(done.fit)} figures lie inside the 5-95 % band",
        f"effective sample size {found.effective_sample_size:.0f} of {found.positions[..., 0].size} members",
        f"{counts.claimed} of {counts.parameters} free parameters learnt; degrees of freedom for signal "
        f"{counts.signal:.1f}, independent figures {counts.independent:.1f} of {counts.figures}",
        f"{done.folder}: posterior.csv, posterior.yaml, fit.csv, identifiability.csv, bank.parquet",
    ]


def backtest_command(
    province: Annotated[str, typer.Option("--province", help="A province pack.")] = "shaanxi",
    origins: Annotated[
        str, typer.Option("--origins", help="Last years that are known, separated by commas.")
    ] = "2013,2014,2015,2016",
    runs: Annotated[int, typer.Option("--runs", help="Futures from each origin.")] = 300,
    ensembles: Annotated[int, typer.Option("--ensembles", help="Of the fit at each origin.")] = 4,
    members: Annotated[int, typer.Option("--members", help="Members of each ensemble.")] = 350,
    assimilations: Annotated[int, typer.Option("--assimilations", help="Steps of the smoother.")] = 2,
    scale: Scale = 0.1,
    seed: Seed = 1,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for posteriors and tables.  [default: results/...]")
    ] = None,
    workers: Workers = None,
    cluster: Cluster = None,
) -> int:
    """Fit to the past, forecast from there, and score the model beside five simple rivals."""
    from ...experiments.planning import door_to_model
    from ...experiments.planning.checks import check_numbers, check_province

    check_numbers(runs=runs, scale=scale, seed=seed, workers=workers)
    province = check_province(province, door_to_model.provinces())
    folder = out or Path(RESULTS) / f"backtest_{province}"
    check_folder(folder)
    _check_installed("backtest")
    from ...experiments.backtest import backtest
    from ...experiments.backtesting.rivals_half import check_origins
    from ...experiments.backtesting.scores import points_in_words
    from ...experiments.calibrating.ensemble_fit import Settings
    from ...experiments.running.cluster import executor_for
    from .progress_bar import open_progress

    years = check_origins(origins)
    with open_progress() as progress:
        model = door_to_model.model()
        done = backtest(
            province,
            folder,
            origins=years,
            runs=runs,
            settings=Settings(ensembles, members, assimilations, scale, seed),
            model=model,
            executor=executor_for(cluster, model.warm),
            workers=workers,
            progress=progress,
        )
    columns = ["forecaster", "points", "crps_log", "abs_log_error", "inside_50", "inside_80", "inside_95"]
    overall = done.summary[done.summary["indicator"] == "all"].sort_values("crps_log")
    typer.echo(overall[[name for name in columns if name in overall]].to_string(index=False))
    typer.echo(points_in_words(done.scores))
    typer.echo(f"{done.folder}: backtest.csv, backtest_summary.csv, points.parquet, discrepancy.yaml")
    return 0


def _check_installed(command: str) -> None:
    """Refuse a command whose libraries are not there, and say how to get them."""
    for library in ("iterative_ensemble_smoother", "statsmodels"):
        if find_spec(library) is None:
            raise InputError(
                f"{library} is not installed",
                key=command,
                allowed="with the extra: pip install 'shaanxi-transfer[calibrate]'",
            )
