"""The command ``attribute``: what each project and task of a plan adds to its effect."""

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


def attribute_command(
    scenario: ScenarioName = "action_plan",
    target: TargetName = "",
    counting: Counting = "",
    changes: Changes = None,
    orders: Annotated[
        int, typer.Option("--orders", help="Orders of tasks drawn in each future, each with its reverse.")
    ] = 1,
    province: Province = None,
    runs: Annotated[
        int, typer.Option("--runs", help="Number of futures; each is run in every coalition of projects.")
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
    """Share out the effect of a plan among its projects and tasks, whoever comes first."""
    given, language = locals(), check_language(lang)
    from ...experiments.attribute import prepared
    from ...experiments.attributing.carry_out import carry_out
    from ...experiments.attributing.options import AttributeOptions
    from ...experiments.planning.own_code import own_code

    options = AttributeOptions.from_words(given).but(own=own_code(rule))
    say_province(scenario, province, language)
    done = carried_out(options, prepared, carry_out, language, log=log, dry_run=dry_run)
    return done.exit_code or show_attribution(done.folder, language)


def show_attribution(folder: Path, language: Language) -> int:
    """Draw the figures of a finished attribution, print its tables, say where all is; give the exit code."""
    from ...experiments.attributing.finished_attribution import Attribution
    from ..figures.attribution import write_figures
    from ..tables.attribution_rows import (
        columns_of,
        heading,
        notes,
        nothing_lines,
        of_quantity,
        pair_lines,
        part_rows,
    )
    from ..tables.print_rows import print_rows

    done = Attribution.read(folder)

    def tell() -> None:
        for name, counting in done.asked:
            rows = of_quantity(done.table, name, counting)
            typer.echo(heading(done.folder, rows, language))
            if (rows["verdict"] != "identical").any():
                print_rows(columns_of(rows, language), part_rows(rows, language), "table")
                for line in (*nothing_lines(rows, language), *pair_lines(rows, language)):
                    typer.echo(line)
        for line in notes(done, language):
            typer.echo(f"* {line}")

    return shown(folder, language, write_figures, tell)
