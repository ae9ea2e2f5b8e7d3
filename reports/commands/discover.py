"""The commands ``discover`` and ``worth``: questions to a forecast that is there, or is made for them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..words.phrases import Language, check_language, say
from .forecast import say_province
from .options import TEXT, Belief, Changes, DryRun, Lang, Log, Out, Outside, Province, Workers
from .packages import shown

if TYPE_CHECKING:
    from ...experiments.forecasting.estimate import Estimate
    from ...experiments.forecasting.finished_forecast import Forecast

Source = Annotated[
    str,
    typer.Argument(
        metavar="DIR|SCENARIO", help="The folder of a finished forecast, or a scenario to forecast."
    ),
]
Targets = Annotated[
    str,
    typer.Option("--target", metavar="TARGET,...", help="Targets, with commas between; all by default."),
]
Against = Annotated[
    str | None,
    typer.Option("--against", help="The scenario it is held against.  [default: no_plan]"),
]
Runs = Annotated[int | None, typer.Option("--runs", help="Number of futures.  [default: 200]")]
Scale = Annotated[
    float | None,
    typer.Option("--scale", help="Share of the many and alike that is simulated, up to 1.  [default: 0.1]"),
]
Seed = Annotated[int | None, typer.Option("--seed", help="Same scenario and seed, same bytes.  [default: 1]")]

_OF_A_FORECAST = (
    "against", "changes", "province", "runs", "scale", "seed", "out", "outside", "belief",
)  # fmt: skip
"""Options that say which forecast is meant, and that a folder answers by itself."""


def discover_command(
    source: Source = "action_plan",
    target: Targets = "",
    against: Against = None,
    changes: Changes = None,
    province: Province = None,
    runs: Runs = None,
    scale: Scale = None,
    seed: Seed = None,
    out: Out = None,
    lang: Lang = None,
    log: Log = TEXT,
    outside: Outside = None,
    belief: Belief = None,
    workers: Workers = None,
    dry_run: DryRun = False,
) -> int:
    """Say in which futures conclusions of a forecast do not hold: robustness, and boxes in plain words."""
    given, language = locals(), check_language(lang)
    from ...experiments.discover import discovery_of
    from ...experiments.discovering.boxes import check_workbench
    from ...experiments.discovering.forecast_asked import check_targets_asked
    from ..figures.boxes import write_figures

    check_workbench()
    wanted = check_targets_asked(target, source)
    done = _forecast(given, language)
    folder = discovery_of(done, wanted).folder
    tell, command = partial(_tell_boxes, folder, language), f'shaanxi-transfer discover "{folder}"'
    return done.exit_code or shown(folder, language, write_figures, tell, command=command)


def worth_command(
    source: Source = "action_plan",
    target: Targets = "",
    price: Annotated[
        float | None,
        typer.Option(
            "--price",
            help="Yuan that a unit of the target is worth to who decides; by default the one at which both"
            " are equal, half of it and twice as much.",
        ),
    ] = None,
    statistics: Annotated[
        Path | None,
        typer.Option(
            "--statistics", metavar="FILE.yaml", help="Statistics of your own, in the form of ours."
        ),
    ] = None,
    against: Against = None,
    changes: Changes = None,
    province: Province = None,
    runs: Runs = None,
    scale: Scale = None,
    seed: Seed = None,
    out: Out = None,
    lang: Lang = None,
    log: Log = TEXT,
    outside: Outside = None,
    belief: Belief = None,
    workers: Workers = None,
    dry_run: DryRun = False,
) -> int:
    """Say which statistic would improve the decision most, and what it is worth, without a further run."""
    given, language = locals(), check_language(lang)
    from ...experiments.discovering.boxes import check_workbench
    from ...experiments.discovering.forecast_asked import check_targets_asked
    from ...experiments.planning.door_to_model import model
    from ...experiments.valuing.observing import known_statistics
    from ...experiments.worth import check_price, worth_of
    from ..figures.worth import write_figures

    check_workbench()
    check_price(price)
    wanted = check_targets_asked(target, source)
    known_statistics(statistics, model().definitions)
    done = _forecast(given, language)
    folder = worth_of(done, wanted, price, statistics).folder
    tell, command = partial(_tell_worth, folder, language), f'shaanxi-transfer worth "{folder}"'
    return done.exit_code or shown(folder, language, write_figures, tell, command=command)


def _forecast(given: dict[str, Any], language: Language) -> Forecast:
    """Open the forecast that is meant, or make it; leave if no more than its cost is asked."""
    from ...experiments.discovering.forecast_asked import finished_at, forecast_options
    from ...experiments.forecast import forecast_of
    from ..words.of_estimates import estimate_line
    from .progress_bar import open_progress

    source, dry_run = given["source"], given["dry_run"]
    asked = {name: given[name] for name in _OF_A_FORECAST}
    done = finished_at(source, asked)
    if done is not None:
        if dry_run:
            futures = int(done.indicators["runs"].max())
            typer.echo(say("discover.dry_run", language, folder=done.folder, futures=futures))
            raise typer.Exit
        return done
    options = forecast_options(source, asked, workers=given["workers"])
    say_province(source, given["province"], language)

    def announce(estimate: Estimate) -> None:
        typer.echo(estimate_line(estimate, language))
        if dry_run:
            raise typer.Exit

    with open_progress(language, given["log"]) as progress:
        return forecast_of(options.but(announce=announce, progress=progress))


def _tell_boxes(folder: Path, language: Language) -> None:
    from ...experiments.discovering.finished_discovery import Discovery
    from ..tables.box_rows import ONE, first_countings, lines_of, notes, parameters_of
    from ..tables.experiment_folder import definitions_of, titled

    table, definitions = Discovery.read(folder).table, definitions_of(folder)
    for scenario, mine in first_countings(table, definitions).groupby("scenario", sort=False):
        parameters = parameters_of(folder, str(scenario))
        for _, rows in mine.groupby(ONE, sort=False):
            boxes = titled(rows, folder, language)
            first, *others = lines_of(boxes, parameters, definitions, language)
            typer.echo(first)
            for line in others:
                typer.echo(f"    {line}")
    for line in notes(table, language):
        typer.echo(f"* {line}")


def _tell_worth(folder: Path, language: Language) -> None:
    from ...experiments.discovering.finished_discovery import Worth
    from ..tables.experiment_folder import definitions_of, titled
    from ..tables.print_rows import print_rows
    from ..tables.worth_rows import columns_of, decision_lines, decisions, notes, worth_rows

    table, definitions = Worth.read(folder).table, definitions_of(folder)
    for rows in decisions(titled(table, folder, language), definitions):
        for line in decision_lines(rows, definitions, language):
            typer.echo(line)
        print_rows(columns_of(rows, language), worth_rows(rows, language), "table")
    for line in notes(table, language):
        typer.echo(f"* {line}")
