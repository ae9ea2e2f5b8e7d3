"""The command ``sweep``: how targets answer to levers at many levels."""

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


def sweep_command(
    scenario: ScenarioName = "action_plan",
    lever: Annotated[
        list[str] | None,
        typer.Option(
            "--lever",
            metavar="LEVER=LEVEL,...",
            help="A lever and its levels, in its own unit: voucher_budget=0,2e7,4e7. As often as you like.",
        ),
    ] = None,
    points: Annotated[
        int | None,
        typer.Option(
            "--points",
            help="So many points of a Latin hypercube between two levels of each lever (without levels: "
            "between its bounds).  [default: every combination of the levels]",
        ),
    ] = None,
    target: TargetName = "",
    counting: Counting = "",
    changes: Changes = None,
    province: Province = None,
    runs: Annotated[int, typer.Option("--runs", help="Number of futures; each is run at every point.")] = 100,
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
    """Run a scenario with levers at many levels: what each changes against it, how surely, at what cost."""
    given, language = locals(), check_language(lang)
    from ...experiments.planning.own_code import own_code
    from ...experiments.sweep import prepared
    from ...experiments.sweeping.carry_out import carry_out
    from ...experiments.sweeping.options import SweepOptions

    options = SweepOptions.from_words(given).but(own=own_code(rule))
    say_province(scenario, province, language)
    done = carried_out(options, prepared, carry_out, language, log=log, dry_run=dry_run)
    return done.exit_code or show_sweep(done.folder, language)


def show_sweep(folder: Path, language: Language) -> int:
    """Draw the figures of a finished sweep, print its tables, say where all is; give the exit code."""
    from ...experiments.sweeping.finished_sweep import Sweep
    from ..figures.sweep import write_figures
    from ..tables.experiment_folder import definitions_of
    from ..tables.print_rows import print_rows
    from ..tables.sweep_rows import columns_of, heading, notes, of_quantity, point_rows

    done, definitions = Sweep.read(folder), definitions_of(folder)

    def tell() -> None:
        for name, counting in done.asked:
            rows = of_quantity(done.table, name, counting)
            typer.echo(heading(rows, done.levers, definitions, language))
            if (rows["verdict"] != "identical").any():
                points = point_rows(rows, done.net_costs, done.levers, language)
                print_rows(columns_of(rows, done.levers, language), points, "table")
        for line in notes(rows, language):
            typer.echo(f"* {line}")

    return shown(folder, language, write_figures, tell, failed=done.failed)
