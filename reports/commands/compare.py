"""The command ``compare``: what scenarios change against one of them, in the same futures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..words.phrases import Language, check_language, say, title_of
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

if TYPE_CHECKING:
    from ...experiments.comparing.lever_steps import LeverSteps
    from ...experiments.forecasting.estimate import Estimate
    from ..tables.experiment_folder import Results


def compare_command(
    scenarios: Annotated[
        list[str], typer.Argument(help="Two scenarios or more: names, overlays or files.", show_default=False)
    ],
    base: Annotated[
        str | None,
        typer.Option("--base", help="What the others are held against.  [default: the first one]"),
    ] = None,
    changes: Changes = None,
    province: Province = None,
    runs: Annotated[
        int, typer.Option("--runs", help="Number of futures; each is run in every scenario.")
    ] = 100,
    scale: Scale = 0.1,
    seed: Seed = 1,
    out: Out = None,
    lang: Lang = None,
    log: Log = TEXT,
    outside: Outside = None,
    workers: Workers = None,
    belief: Belief = None,
    waterfall: Annotated[
        bool,
        typer.Option(
            "--waterfall",
            help="Go from the base to each scenario lever by lever too, in the plan's order and averaged "
            "over orders.",
        ),
    ] = False,
    by: Annotated[
        str,
        typer.Option(
            "--by",
            metavar="city,kind,size",
            help="Tell who gains and who loses: every difference by city, kind or size of actor.",
        ),
    ] = "",
    rule: OwnRule = None,
    cluster: Cluster = None,
    other_versions: OtherVersions = False,
    dry_run: DryRun = False,
) -> int:
    """Compare scenarios in the same futures: what each changes against one of them, and how surely.

    With --set every scenario but the base is changed; a scenario that is named alone is the base, too.
    """
    given, language = locals(), check_language(lang)
    from ...experiments.compare import broken_down, compare_as, comparison_of
    from ...experiments.forecasting.options import ForecastOptions
    from ...experiments.gaining.breakdowns import checked
    from ...experiments.planning.own_code import own_code

    asked_by = checked(by)
    options = compare_as(scenarios, base, ForecastOptions.from_words(given)).but(own=own_code(rule))
    options = broken_down(options, asked_by)

    from ..tables.experiment_folder import read_results
    from ..words.of_estimates import estimate_line
    from .forecast import say_province
    from .progress_bar import open_progress

    say_province(options.scenario, province, language)

    def announce(estimate: Estimate) -> None:
        typer.echo(estimate_line(estimate, language))
        if dry_run:
            raise typer.Exit

    def announce_way(way: LeverSteps) -> None:
        titles = {"base": title_of(way.base, language), "scenario": title_of(way.end, language)}
        facts = {"levers": len(way.levers), "runs": len(way.plan())}
        typer.echo(say("compare.waterfall_size", language, **titles, **facts))

    with open_progress(language, log) as progress:
        asked = options.but(announce=announce, progress=progress)
        done = comparison_of(asked, waterfall=waterfall, by=asked_by, announce_way=announce_way)
    shown = show_comparison(read_results(done.folder), language)
    if asked_by:
        shown = show_gains(done.folder, language) or shown
    for one in done.waterfalls:
        shown = show_waterfall(one.folder, language) or shown
    return done.exit_code or shown


def show_waterfall(folder: Path, language: Language) -> int:
    """Draw the figure of a finished waterfall, print its table and places; give the exit code."""
    from ...experiments.comparing.waterfall import Waterfall
    from ..figures.waterfall import write_figures
    from ..tables.print_rows import console_for
    from ..tables.waterfall_rows import console_text
    from .packages import shown

    def tell() -> None:
        console_for().print(console_text(Waterfall.read(folder), language), soft_wrap=True)
        typer.echo(f"* {say('compare.waterfall_note', language)}")

    return shown(folder, language, write_figures, tell)


def show_gains(folder: Path, language: Language) -> int:
    """Draw who gains by a finished comparison and who loses, print it; give the exit code."""
    from ...experiments.running.batch import resume_command
    from ...experiments.who_gains import read_gains
    from ..figures.gains import write_figures
    from ..tables.experiment_folder import read_results
    from ..tables.gains_rows import columns_of, groups_of, heading, notes, part_rows
    from ..tables.print_rows import print_rows
    from .forecast import figure_lines
    from .last_steps import LastSteps

    last = LastSteps(f"{resume_command(folder)} --lang {language}")
    results, table = read_results(folder), read_gains(folder).table
    pictures = None
    with last.step("the figures"):
        pictures = write_figures(results, language)
    for rows in groups_of(table):
        typer.echo(heading(rows, results, language))
        if (rows["verdict"] != "identical").any():
            print_rows(columns_of(rows, language), part_rows(rows, results, language), "table")
    for line in notes(table, language):
        typer.echo(f"* {line}")
    for line in figure_lines(pictures, language):
        typer.echo(line)
    return last.code()


def show_comparison(results: Results, language: Language) -> int:
    """Draw the figure of a finished comparison, print its table, notes and places; give the exit code."""
    from ...experiments.running.batch import resume_command
    from ..figures.forecast import write_figures
    from ..tables.print_rows import console_for
    from .forecast import figure_lines, last_notes, print_differences
    from .last_steps import LastSteps

    last = LastSteps(f"{resume_command(results.folder)} --lang {language}")
    pictures = None
    with last.step("the figures"):
        pictures = write_figures(results, results.folder / "figures", language, only=("differences",))
    console = console_for()
    print_differences(results, console, language)
    for line in [*last_notes(results, language, of_chances=False), *figure_lines(pictures, language)]:
        console.print(line, soft_wrap=True)
    return last.code()
