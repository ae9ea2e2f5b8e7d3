"""The commands ``calibrate`` and ``backtest``: fit a province to its past, and try forecasts on it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...engine.errors import InputError
from .options import Assimilations, Cluster, Ensembles, Members, NoRule, Out, Pack, Scale, Seed, Workers

if TYPE_CHECKING:
    from ...experiments.calibrate import Calibrated


def calibrate_command(
    province: Pack = "shaanxi",
    observed: Annotated[
        Path | None,
        typer.Option("--observed", help="CSV in the form of a pack's observed.csv, instead of the pack's."),
    ] = None,
    until: Annotated[int, typer.Option("--until", help="Last year that is fitted.")] = 2017,
    ensembles: Ensembles = 4,
    members: Members = 400,
    assimilations: Assimilations = 4,
    scale: Scale = 0.1,
    seed: Seed = 1,
    out: Out = None,
    workers: Workers = None,
    cluster: Cluster = None,
    rule: NoRule = None,
) -> int:
    """Fit the model to the observed years; the posterior serves `forecast --belief FOLDER`."""
    given = locals()
    from ...experiments.calibrating.options import CalibrateOptions

    options = CalibrateOptions.from_words(given)
    _check_installed("calibrate")
    from ...experiments.calibrate import calibrate_province
    from .progress_bar import open_progress

    with open_progress() as progress:
        done = calibrate_province(options.but(progress=progress))
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
    province: Pack = "shaanxi",
    origins: Annotated[
        str, typer.Option("--origins", help="Last years that are known, separated by commas.")
    ] = "2013,2014,2015,2016",
    runs: Annotated[int, typer.Option("--runs", help="Futures from each origin.")] = 300,
    ensembles: Ensembles = 4,
    members: Members = 350,
    assimilations: Assimilations = 2,
    scale: Scale = 0.1,
    seed: Seed = 1,
    out: Out = None,
    workers: Workers = None,
    cluster: Cluster = None,
    rule: NoRule = None,
) -> int:
    """Fit to the past, forecast from there, and score the model beside five simple rivals."""
    given = locals()
    _check_installed("backtest")
    from ...experiments.backtest import backtest
    from ...experiments.backtesting.options import BacktestOptions
    from ...experiments.backtesting.scores import points_in_words
    from .progress_bar import open_progress

    options = BacktestOptions.from_words(given)
    with open_progress() as progress:
        done = backtest(options.but(progress=progress))
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
