"""The commands that run the model: ``forecast`` (many futures, two scenarios) and ``run`` (one)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from .options import check_file, check_folder, check_language
from .words import Language

if TYPE_CHECKING:
    import pandas as pd

    from .results import Results

RECORD_FILES: Final = (".csv", ".parquet")
RESULTS: Final = "results"

ScenarioName = Annotated[str, typer.Argument(help="A named scenario, or a scenario file.", show_default=True)]
Province = Annotated[
    str | None, typer.Option("--province", help="A province pack; the scenario's own by default.")
]
Scale = Annotated[
    float, typer.Option("--scale", help="Share of the many and alike that is simulated, up to 1.")
]
Seed = Annotated[int, typer.Option("--seed", help="Same scenario and seed, same bytes.")]


def forecast_command(
    scenario: ScenarioName = "action_plan",
    against: Annotated[str, typer.Option("--against", help="The scenario it is held against.")] = "no_plan",
    province: Province = None,
    runs: Annotated[
        int, typer.Option("--runs", help="Number of futures; each is run in both scenarios.")
    ] = 100,
    scale: Scale = 0.1,
    seed: Seed = 1,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for tables, runs and figures.  [default: results/...]"),
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="Language of table and figures: zh or en.")] = "en",
    outside: Annotated[
        Path | None,
        typer.Option(
            "--outside", help="CSV in the panel's form whose later rows replace drawn outside paths."
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", help="Worker processes; one for each core by default.")
    ] = None,
) -> int:
    """Forecast the plan's targets: chances, ranges, figures, as a folder of files."""
    language = check_language(lang)
    from ..experiments.checks import check_numbers

    check_numbers(runs=runs, scale=scale, seed=seed, workers=workers)
    check_folder(out or Path(RESULTS))

    from ..experiments.forecast import forecast
    from .progress import open_progress
    from .results import read_results

    with open_progress() as progress:
        done = forecast(
            scenario,
            against=against,
            province=province,
            runs=runs,
            scale=scale,
            seed=seed,
            out=out,
            outside=outside,
            workers=workers,
            progress=progress,
        )
    show_results(read_results(done.folder), language)
    return done.exit_code


def show_results(results: Results, language: Language) -> None:
    """Draw the figures of a finished forecast and print its table, notes and places."""
    from .forecast_figures import write_figures
    from .listing import console_for
    from .target_table import console_table, notes, rows_of
    from .words import say

    files = write_figures(results, results.folder / "figures", language)
    rows = rows_of(results, language)
    console = console_for()
    console.print(console_table(rows, language, results.titles(language)), soft_wrap=True)
    for note in notes(rows, language, written_for_another=results.written_for_another):
        console.print(f"* {note}", soft_wrap=True)
    starts = list(dict.fromkeys(str(one["plan_start"]) for one in results.scenarios.values()))
    if len(starts) > 1:
        console.print(
            f"* {say('plan_starts_differ', language, one=starts[0], other=starts[1])}", soft_wrap=True
        )
    facts = {"futures": results.runs, "scale": f"{results.scale:g}", "seed": results.seed}
    console.print(say("table_note", language, **facts), soft_wrap=True)
    if results.failed:
        console.print(
            say("failed_runs", language, failed=results.failed, file=results.folder / "failures.csv"),
            soft_wrap=True,
        )
    pictures = sum(file.suffix == ".png" for file in files)
    console.print(say("written_to", language, folder=results.folder), soft_wrap=True)
    console.print(
        say("figures_written", language, count=pictures, folder=results.folder / "figures"), soft_wrap=True
    )


def run_command(
    scenario: ScenarioName = "action_plan",
    seed: Seed = 1,
    scale: Scale = 0.1,
    province: Province = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="File for the record, .csv or .parquet; else it is printed by year."),
    ] = None,
) -> int:
    """Run one scenario once and write its record, or print it by year."""
    from ..experiments.checks import check_numbers, check_province
    from ..experiments.doors import loaded, provinces

    check_numbers(runs=1, scale=scale, seed=seed, workers=None)
    if province is not None:
        check_province(province, provinces())
    if out is not None:
        check_file(out, RECORD_FILES)
    chosen = loaded(scenario, province=province)

    from ..model import run
    from .progress import say_once

    say_once("compile")
    frame = run(chosen, seed=seed, scale=scale).frame()
    if out is None:
        print_by_year(frame)
    else:
        write_record(frame, out)
        typer.echo(f"{len(frame)} rows written to {out}")
    return 0


def write_record(frame: pd.DataFrame, file: Path) -> None:
    """Write a record whole or not at all, in the form that the suffix names."""
    from ..experiments.atomic import write_atomically

    file.parent.mkdir(parents=True, exist_ok=True)
    if file.suffix == ".parquet":
        write_atomically(file, lambda path: frame.to_parquet(path, index=False))
    else:
        write_atomically(file, lambda path: frame.to_csv(path, index=False, lineterminator="\n"))


def print_by_year(frame: pd.DataFrame) -> None:
    """Print a record by year: flows summed, stocks at the year's end, ratios as their mean.

    Parameters
    ----------
    frame : DataFrame
        Columns year, quarter, indicator, value. Indicators by city are left out; the file holds them.
    """
    from ..experiments.tables import yearly
    from .amounts import number
    from .listing import print_rows
    from .results import model_definitions

    definitions = model_definitions()
    whole = frame[~frame["indicator"].astype("str").str.contains(".", regex=False)]
    years = yearly(whole.assign(scenario="", future=0), definitions)
    wide = years.pivot(index="indicator", columns="year", values="value")
    order = [indicator for indicator in whole["indicator"].unique() if indicator in wide.index]
    print_rows(
        ["indicator", "unit", *wide.columns],
        [
            [indicator, definitions.of(indicator).unit, *(number(value) for value in wide.loc[indicator])]
            for indicator in order
        ],
        "table",
    )
