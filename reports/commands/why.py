"""The command ``why``: of what a number consists, and what moves it and holds it back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..words.phrases import Language, check_language, say
from .forecast import say_province
from .options import (
    TEXT,
    Belief,
    Changes,
    Cluster,
    DryRun,
    Lang,
    Log,
    OtherVersions,
    Out,
    Outside,
    OwnRule,
    Province,
    Scale,
    Seed,
    Workers,
)
from .packages import carried_out, shown


def why_command(
    indicator: Annotated[
        str, typer.Argument(metavar="INDICATOR", help="An indicator of `list indicators`, or a target.")
    ],
    scenario: Annotated[
        str, typer.Option("--scenario", help="A named scenario, or a scenario file.")
    ] = "action_plan",
    year: Annotated[
        str | None,
        typer.Option(
            "--year", help="The year, or 2010-2020 for each of several.  [default: the target's, or the last]"
        ),
    ] = None,
    trace: Annotated[
        int | None,
        typer.Option("--trace", help="Tell who did what in this future, counted from 0: a run at scale 1."),
    ] = None,
    changes: Changes = None,
    province: Province = None,
    runs: Annotated[
        int, typer.Option("--runs", help="Number of futures; each is run without every mechanism.")
    ] = 100,
    scale: Scale = 0.1,
    seed: Seed = 1,
    out: Out = None,
    lang: Lang = None,
    log: Log = TEXT,
    outside: Outside = None,
    belief: Belief = None,
    workers: Workers = None,
    rule: OwnRule = None,
    cluster: Cluster = None,
    other_versions: OtherVersions = False,
    dry_run: DryRun = False,
) -> int:
    """Tell why a number is what it is: its parts to the yuan, what moves it, and what holds it back."""
    given, language = locals(), check_language(lang)
    future = given.pop("trace")
    from ...experiments.explaining.carry_out import carry_out
    from ...experiments.explaining.options import WhyOptions
    from ...experiments.explaining.trace import check_future
    from ...experiments.planning.own_code import own_code
    from ...experiments.why import explained_as, prepared

    options = explained_as(WhyOptions.from_words(given).but(own=own_code(rule)))
    if future is not None:
        check_future(future, options.runs, options.loaded())
    say_province(scenario, province, language)
    done = carried_out(options, prepared, carry_out, language, log=log, dry_run=dry_run)
    code = done.exit_code or show_why(done.folder, language)
    if future is not None:
        tell_future(done.folder, future, language)
    return code


def show_why(folder: Path, language: Language) -> int:
    """Draw the figure of a finished explanation, print its sentences and tables; give the exit code."""
    from ...experiments.explaining.finished_why import Why
    from ..figures.why import write_figures
    from ..tables.experiment_folder import definitions_of, titled
    from ..tables.print_rows import print_rows
    from ..tables.why_rows import by_year, notes, sentences, tables_of

    done = Why.read(folder)

    def tell() -> None:
        last = done.last_year
        for line in sentences(titled(last, folder, language), definitions_of(folder), language):
            typer.echo(line)
        for heads, rows in (*tables_of(last, language), *by_year(done.table, language)):
            print_rows(heads, rows, "table")
        for line in notes(last, language):
            typer.echo(f"* {line}")

    return shown(folder, language, write_figures, tell, failed=done.failed)


def tell_future(folder: Path, future: int, language: Language) -> None:
    """Run one future of a finished explanation again and print its stories."""
    from ...experiments.explaining.trace import trace, trace_file
    from ..tables.trace_rows import told

    for line in told(trace(folder, future), language):
        typer.echo(line)
    typer.echo(say("trace.written", language, file=folder / trace_file(future)))
