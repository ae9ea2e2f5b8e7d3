"""The command ``simulator``: one page with sliders that answers without this program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...experiments.planning.checks import check_file
from ..words.phrases import Language, check_language, say
from .options import (
    TEXT,
    Belief,
    Changes,
    Counting,
    DryRun,
    Lang,
    Log,
    OtherVersions,
    Outside,
    Province,
    Scale,
    ScenarioName,
    Seed,
    TargetName,
    Workers,
)
from .packages import carried_out

if TYPE_CHECKING:
    from ...experiments.emulating.carry_out import Emulation

KINDS = (".html",)


def simulator_command(
    scenario: ScenarioName = "action_plan",
    lever: Annotated[
        list[str] | None,
        typer.Option(
            "--lever",
            metavar="LEVER,...",
            help="Levers that get a slider.  [default: the ten that move the targets most]",
        ),
    ] = None,
    also: Annotated[
        list[str] | None,
        typer.Option("--also", help="A named scenario that may be chosen as well; as often as you like."),
    ] = None,
    target: TargetName = "",
    counting: Counting = "",
    changes: Changes = None,
    province: Province = None,
    runs: Annotated[int, typer.Option("--runs", help="Number of futures; each is run at every point.")] = 40,
    points: Annotated[int, typer.Option("--points", help="Points that the emulator is fitted to.")] = 200,
    tests: Annotated[
        int, typer.Option("--tests", help="Points at which its error is measured, and that it never sees.")
    ] = 100,
    scale: Scale = 0.1,
    seed: Seed = 1,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="The page, a file .html.  [default: simulator.html beside the runs]"),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--folder", help="Folder for the runs; taken up again if it is there.  [default: results/...]"
        ),
    ] = None,
    lang: Lang = None,
    log: Log = TEXT,
    outside: Outside = None,
    belief: Belief = None,
    workers: Workers = None,
    other_versions: OtherVersions = False,
    dry_run: DryRun = False,
) -> int:
    """Make a page with sliders that answers alone, without a network. Needs the extra `simulator`."""
    given, language = locals(), check_language(lang)
    if out is not None:
        check_file(out, KINDS)
    from ...experiments.emulating.carry_out import carry_out
    from ...experiments.emulating.options import EmulationOptions
    from ...experiments.emulating.study import prepared
    from .forecast import say_province

    options = EmulationOptions.from_words({**given, "out": folder})
    say_province(scenario, province, language)
    done = carried_out(options, prepared, carry_out, language, log=log, dry_run=dry_run)
    return show_simulator(done, language, out)


def show_simulator(done: Emulation, language: Language, out: Path | None = None) -> int:
    """Write the page of a finished emulator, say how good it is and where; give the exit code."""
    from ...experiments.emulating.carry_out import error_table
    from ..simulator.write_page import write_page
    from ..tables.taken_down import written_to
    from ..words.of_estimates import size_words
    from ..words.phrases import title_of

    file = write_page(done, language, out)
    table = error_table(done)
    for one in done.study.asked:
        mine = table[(table["id"] == one.id) & (table["year"] == one.year) & (table["statistic"] == "q50")]
        for row in mine.itertuples():
            typer.echo(
                say(
                    "simulator.met",
                    language,
                    title=title_of(done.definitions.targets[one.id], language),
                    share=f"{row.within_third:.2f}",
                    tests=row.tests,
                    of=say("simulator.of_level" if row.of == "level" else "simulator.of_moved", language),
                )
            )
    if done.failed:
        typer.echo(
            say("forecast.failed_runs", language, failed=done.failed, file=done.folder / "failures.csv")
        )
    typer.echo(say("forecast.written_to", language, folder=written_to(done.folder)))
    size = size_words(file.stat().st_size)
    numbers = {"futures": len(done.statistics.futures), "points": len(done.points.fitted)}
    typer.echo(say("simulator.written", language, size=size, file=file, **numbers))
    return done.exit_code
