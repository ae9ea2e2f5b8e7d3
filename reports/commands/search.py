"""The command ``search``: the cheapest package of levers that reaches goals, or that none does."""

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
    Counting,
    DryRun,
    Lang,
    Log,
    OtherVersions,
    Out,
    Outside,
    OwnRule,
    Province,
    Scale,
    ScenarioName,
    Seed,
    Workers,
)
from .packages import carried_out, shown


def search_command(
    scenario: ScenarioName = "action_plan",
    target: Annotated[
        list[str] | None,
        typer.Option(
            "--target",
            metavar="TARGET[=GOAL]",
            help="What is to be reached, by default as the plan asks; an indicator needs a goal. As often as"
            " you like: all of it together.",
        ),
    ] = None,
    chance: Annotated[str, typer.Option("--chance", help="With which it is to be reached.")] = "0.9",
    budget: Annotated[
        str | None,
        typer.Option("--budget", metavar="YUAN", help="Most mean net public cost against no plan."),
    ] = None,
    levers: Annotated[
        str,
        typer.Option("--levers", help="What may be moved: all, projects, tasks or levers, commas between."),
    ] = "all",
    packages: Annotated[
        int, typer.Option("--packages", help="About how many packages are tried, each in few futures.")
    ] = 800,
    counting: Counting = "",
    changes: Changes = None,
    province: Province = None,
    runs: Annotated[
        int,
        typer.Option("--runs", help="Futures of the search; packages are confirmed in as many fresh ones."),
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
    other_versions: OtherVersions = False,
    dry_run: DryRun = False,
) -> int:
    """Search the cheapest package of levers that reaches goals with a wished chance."""
    given, language = locals(), check_language(lang)
    from ...experiments.planning.own_code import own_code
    from ...experiments.search import prepared
    from ...experiments.searching.carry_out import carry_out
    from ...experiments.searching.options import SearchOptions

    given["goals"] = given.pop("target") or ()
    options = SearchOptions.from_words(given).but(own=own_code(rule))
    say_province(scenario, province, language)
    done = carried_out(options, prepared, carry_out, language, log=log, dry_run=dry_run)
    return done.exit_code or show_search(done.folder, language)


def show_search(folder: Path, language: Language) -> int:
    """Draw the figure of a finished search, print its answer and tables; give the exit code."""
    from ...experiments.searching.finished_search import Search
    from ..figures.packages import write_figures
    from ..tables.experiment_folder import definitions_of
    from ..tables.package_rows import answer_line, front_columns, front_rows, lever_columns, lever_rows, notes
    from ..tables.print_rows import print_rows

    done, definitions = Search.read(folder), definitions_of(folder)

    def tell() -> None:
        typer.echo(answer_line(done.table, done.wanted, definitions, language))
        print_rows(front_columns(language), front_rows(done.table, language), "table")
        if rows := lever_rows(done.table, definitions, language):
            typer.echo(say("search.levers_of", language))
            print_rows(lever_columns(language), rows, "table")
        for line in notes(done.table, done.wanted, language):
            typer.echo(f"* {line}")

    return shown(folder, language, write_figures, tell, failed=done.failed)
