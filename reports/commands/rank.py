"""The command ``rank``: which tasks, projects or levers of a plan do most, at what cost, how surely."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..words.phrases import Language, check_language
from .forecast import say_province
from .options import (
    TEXT,
    Belief,
    Changes,
    Cluster,
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
    TargetName,
    Workers,
)
from .packages import carried_out, shown


def rank_command(
    scenario: ScenarioName = "action_plan",
    target: TargetName = "",
    by: Annotated[
        str, typer.Option("--by", help="What is ranked: task, project or lever; several with commas between.")
    ] = "task",
    counting: Counting = "",
    changes: Changes = None,
    province: Province = None,
    runs: Annotated[
        int, typer.Option("--runs", help="Number of futures; each is run with and without every item.")
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
    """Rank tasks, projects or levers by what each adds, alone and in the plan, with cost and evidence."""
    given, language = locals(), check_language(lang)
    from ...experiments.planning.own_code import own_code
    from ...experiments.rank import prepared
    from ...experiments.ranking.carry_out import carry_out
    from ...experiments.ranking.options import RankOptions

    options = RankOptions.from_words(given).but(own=own_code(rule))
    say_province(scenario, province, language)
    done = carried_out(options, prepared, carry_out, language, log=log, dry_run=dry_run)
    return done.exit_code or show_ranking(done.folder, language)


def show_ranking(folder: Path, language: Language) -> int:
    """Draw the figures of a finished ranking, print its tables, say where all is; give the exit code."""
    from ...experiments.ranking.finished_ranking import Ranking
    from ..figures.ranking import write_figures
    from ..tables.experiment_folder import definitions_of
    from ..tables.print_rows import print_rows
    from ..tables.ranking_rows import columns_of, heading, notes, nothing_lines, of_quantity, ranked_rows

    done, definitions = Ranking.read(folder), definitions_of(folder)

    def tell() -> None:
        for by in dict.fromkeys(done.table["by"]):
            for name, counting in done.asked:
                rows = of_quantity(done.table, str(by), name, counting)
                typer.echo(heading(rows, definitions, language))
                if (rows["verdict"] != "identical").any():
                    print_rows(columns_of(rows, language), ranked_rows(rows, language), "table")
                    for line in nothing_lines(rows, language):
                        typer.echo(line)
            for line in notes(done.table[done.table["by"] == by], language):
                typer.echo(f"* {line}")

    return shown(folder, language, write_figures, tell, failed=done.failed)
