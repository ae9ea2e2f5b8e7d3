"""The commands ``calibrate`` and ``backtest``: fit a province to its past, and try forecasts on it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...engine.errors import InputError
from ..tables.taken_down import written_to
from ..words.of_estimates import size_words, time_words, two_digits
from ..words.of_fits import group_line
from ..words.phrases import Language, check_language, say
from .options import (
    TEXT,
    Assimilations,
    Cluster,
    DryRun,
    Ensembles,
    Lang,
    Log,
    Members,
    NoRule,
    OtherVersions,
    Out,
    Pack,
    Scale,
    Seed,
    Workers,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ...experiments.calibrate import Calibrated, FitEstimate


def calibrate_command(
    packs: Annotated[
        Path | None,
        typer.Argument(
            metavar="FOLDER", help="With --all: a folder of `packs`, in place of the shipped provinces."
        ),
    ] = None,
    province: Pack = "shaanxi",
    all_provinces: Annotated[
        bool, typer.Option("--all", help="Fit all provinces, Shaanxi in full, the others from banks of runs.")
    ] = False,
    provinces: Annotated[
        str | None, typer.Option("--provinces", help="With --all: only these, with commas between.")
    ] = None,
    earlier: Annotated[
        Path | None,
        typer.Option("--from", help="Fit again without a new run, from the folder of --all."),
    ] = None,
    observed: Annotated[
        Path | None,
        typer.Option("--observed", help="CSV in the form of a pack's observed.csv, instead of the pack's."),
    ] = None,
    until: Annotated[
        int | None, typer.Option("--until", help="Last year that is fitted; that of the pack by default.")
    ] = None,
    ensembles: Ensembles = 4,
    members: Members = 400,
    assimilations: Assimilations = 4,
    scale: Scale = 0.1,
    seed: Seed = 1,
    out: Out = None,
    workers: Workers = None,
    cluster: Cluster = None,
    rule: NoRule = None,
    other_versions: OtherVersions = False,
    lang: Lang = None,
    log: Log = TEXT,
    dry_run: DryRun = False,
) -> int:
    """Fit the model to the observed years; the posterior serves `forecast --belief FOLDER`."""
    given, language = locals(), check_language(lang)
    from ...experiments.calibrating.options import CalibrateOptions

    if packs is not None and not (all_provinces and earlier is None):
        raise InputError(f"{packs} is a folder of all provinces", key="FOLDER", allowed="together with --all")
    if all_provinces or provinces is not None or earlier is not None:
        _check_installed("calibrate")
        from .calibrate_all import calibrate_all_command, refit_command

        return (calibrate_all_command if earlier is None else refit_command)(given, language)
    options = CalibrateOptions.from_words(given)
    _check_installed("calibrate")
    from ...experiments.calibrate import calibrate_province
    from ..words.of_provinces import province_line
    from .progress_bar import open_progress

    typer.echo(province_line(options.province, language))

    with open_progress(language, log) as progress:
        announce = _announce("calibrate", language, dry_run)
        done = calibrate_province(options.but(progress=progress, announce=announce))
    for line in (*summary(done, language), *change_lines(done, language)):
        typer.echo(line)
    return 1 if done.found.failures else 0


def _announce(verb: str, language: Language, dry_run: bool) -> Callable[[FitEstimate], None]:
    """Say before the start what a fit or a backtest will take; a dry run ends there."""

    def announce(estimate: FitEstimate) -> None:
        for line in estimate_lines(estimate, verb, language):
            typer.echo(line)
        if dry_run:
            raise typer.Exit

    return announce


def estimate_lines(estimate: FitEstimate, verb: str, language: Language) -> list[str]:
    """Say what a fit will take and what it will roughly be worth; the ``verb`` is calibrate or backtest."""
    from ...scenarios.provinces.posterior import FEWEST_DRAWS

    facts: dict[str, object] = {"runs": estimate.runs, "planned": estimate.planned, "rounds": estimate.rounds}
    facts["memory"] = size_words(estimate.memory)
    spent = {"time": time_words(estimate.seconds, language), "disk": size_words(estimate.bytes)}
    sentence = "calibrate.estimate_backtest" if verb == "backtest" else "calibrate.estimate"
    lines = [
        say(sentence, language, **facts, **spent, workers=estimate.workers, draws=two_digits(estimate.draws))
    ]
    if estimate.enough_members is not None:
        few = {"least": FEWEST_DRAWS, "members": estimate.enough_members}
        lines.append(say("calibrate.too_few", language, **few))
    return lines


def summary(done: Calibrated, language: Language) -> list[str]:
    """Say what a calibration found: fit, what was learnt, what it is worth, where it is."""
    from ...experiments.calibrating.fit_tables import learnt, misfit

    found = done.found
    counts = learnt(found)
    members = found.positions[..., 0].size
    return [
        say(
            "calibrate.made",
            language,
            runs=found.runs,
            time=time_words(found.seconds, language),
            failed=len(found.failures),
        ),
        say(
            "calibrate.misfit",
            language,
            before=f"{misfit(found, found.prior_distances):.2f}",
            after=f"{misfit(found):.2f}",
        ),
        say("calibrate.inside", language, inside=int((done.fit["inside"] == "yes").sum()), of=len(done.fit)),
        say("calibrate.worth", language, draws=f"{found.effective_sample_size:.0f}", members=members),
        say(
            "calibrate.learnt",
            language,
            claimed=counts.claimed,
            parameters=counts.parameters,
            signal=f"{counts.signal:.1f}",
            independent=f"{counts.independent:.1f}",
            figures=counts.figures,
        ),
        say(
            "calibrate.files",
            language,
            folder=written_to(done.folder),
            files="posterior.csv, posterior.yaml, fit.csv, identifiability.csv, bank.parquet",
        ),
    ]


def change_lines(done: Calibrated, language: Language) -> Iterator[str]:
    """Say for each group of parameters what the fit changed against the belief of the package."""
    from ...experiments.calibrating.against_shipped import MOVED_BY, changes_by_group

    shipped, groups = changes_by_group(done.found, done.world)
    key = "calibrate.against_shipped" if shipped else "calibrate.against_prior"
    yield say(key, language, step=f"{MOVED_BY:g}")
    table = done.world.parameter_table()
    for group in groups:
        yield group_line(group, table[group.most], language)


def backtest_command(
    province: Pack = "shaanxi",
    origins: Annotated[
        str,
        typer.Option(
            "--origins", help="Last years that are known, with commas between; the last four by default."
        ),
    ] = "",
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
    other_versions: OtherVersions = False,
    lang: Lang = None,
    log: Log = TEXT,
    dry_run: DryRun = False,
) -> int:
    """Fit to the past, forecast from there, and score the model beside six simple rivals."""
    given, language = locals(), check_language(lang)
    _check_installed("backtest")
    from ...experiments.backtest import backtest
    from ...experiments.backtesting.options import BacktestOptions
    from ...experiments.backtesting.scores import points_in_words
    from ..words.of_provinces import province_line
    from .progress_bar import open_progress

    options = BacktestOptions.from_words(given)
    typer.echo(province_line(options.province, language))
    with open_progress(language, log) as progress:
        announce = _announce("backtest", language, dry_run)
        done = backtest(options.but(progress=progress, announce=announce))
    columns = ["forecaster", "points", "crps_log", "abs_log_error", "inside_50", "inside_80", "inside_95"]
    overall = done.summary[done.summary["indicator"] == "all"].sort_values("crps_log")
    typer.echo(overall[[name for name in columns if name in overall]].to_string(index=False))
    typer.echo(points_in_words(done.scores))
    files = "backtest.csv, backtest_summary.csv, points.parquet, discrepancy.yaml"
    typer.echo(say("calibrate.files", language, folder=written_to(done.folder), files=files))
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
