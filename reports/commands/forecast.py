"""The commands that run the model: ``forecast`` (many futures, two scenarios) and ``run`` (one)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from ..words.of_scores import frozen_line
from ..words.phrases import Language, title_of
from .option_checks import check_file, check_folder, check_freeze, check_language

if TYPE_CHECKING:
    import pandas as pd

    from ...experiments.forecasting.estimate import Estimate
    from ..tables.experiment_folder import Results

RECORD_FILES: Final = (".csv", ".parquet")
RESULTS: Final = "results"

ScenarioName = Annotated[str, typer.Argument(help="A named scenario, or a scenario file.", show_default=True)]
Province = Annotated[
    str | None,
    typer.Option(
        "--province", help="A province pack by name (also Chinese) or folder; the scenario's own by default."
    ),
]
Scale = Annotated[
    float, typer.Option("--scale", help="Share of the many and alike that is simulated, up to 1.")
]
Seed = Annotated[int, typer.Option("--seed", help="Same scenario and seed, same bytes.")]
Workers = Annotated[
    int | None, typer.Option("--workers", help="Worker processes; one for each core by default.")
]
Cluster = Annotated[
    str | None, typer.Option("--cluster", help="Address of a dask scheduler whose workers make the runs.")
]


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
    workers: Workers = None,
    precision: Annotated[
        float | None,
        typer.Option(
            "--precision", help="Stop when every 95 % interval is within plus or minus this; --runs at most."
        ),
    ] = None,
    belief: Annotated[
        str | None,
        typer.Option("--belief", help="posterior, prior, or the folder of a calibration of one's own."),
    ] = None,
    without: Annotated[
        str,
        typer.Option(
            "--without",
            help="Leave out of the uncertainty, with commas between: parameters, registration, outside, luck,"
            " discrepancy, observation, carry.",
        ),
    ] = "",
    freeze: Annotated[
        Path | None,
        typer.Option(
            "--freeze",
            metavar="FILE.zip",
            help="A new file that holds the forecast and its rivals, to be scored by what comes.",
        ),
    ] = None,
    rule: Annotated[
        list[str] | None,
        typer.Option(
            "--rule",
            metavar="RULE=FILE.py:FUNCTION",
            help="A function of your own in place of a rule of `list rules`; as often as you like.",
        ),
    ] = None,
    cluster: Cluster = None,
    shard: Annotated[
        str | None, typer.Option("--shard", help="i/n: make one share of the futures; all into one --out.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what time, disk and precision to expect, and make nothing.")
    ] = False,
) -> int:
    """Forecast the plan's targets: chances, ranges, figures, as a folder of files."""
    language = check_language(lang)
    from ...experiments.planning.checks import check_numbers

    check_numbers(runs=runs, scale=scale, seed=seed, workers=workers)
    check_folder(out or Path(RESULTS))
    if freeze is not None:
        check_freeze(freeze)

    from ...experiments.forecast import forecast
    from ...experiments.running.shards import Unfinished
    from ..tables.experiment_folder import read_results
    from ..words.of_estimates import estimate_line, unfinished_line
    from .progress_bar import open_progress

    def announce(estimate: Estimate) -> None:
        typer.echo(estimate_line(estimate, language, at_most=precision is not None))
        if dry_run:
            raise typer.Exit

    try:
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
                cluster=cluster,
                shard=shard,
                precision=precision,
                belief=belief,
                without=without,
                freeze=freeze,
                rules=rule,
                announce=announce,
                progress=progress,
            )
    except Unfinished as unfinished:
        typer.echo(unfinished_line(unfinished, language))
        return 1 if unfinished.failed else 0
    shown = show_results(read_results(done.folder), language)
    if freeze is not None:
        typer.echo(frozen_line(freeze, language))
    return done.exit_code or shown


def show_results(results: Results, language: Language) -> int:
    """Draw the figures of a finished forecast, print its table, notes and places; give the exit code."""
    from ...experiments.running.batch import resume_command
    from ...scenarios.provinces.names import in_both_languages
    from ..figures.forecast import write_figures
    from ..tables.print_rows import console_for
    from ..tables.target_table import console_table, notes, rows_of
    from ..words.phrases import say
    from .last_steps import LastSteps

    last = LastSteps(f"{resume_command(results.folder)} --lang {language}")
    pictures = None
    with last.step("the figures"):
        files = write_figures(results, results.folder / "figures", language)
        pictures = sum(file.suffix == ".png" for file in files)
    rows = rows_of(results, language)
    console = console_for()
    console.print(console_table(rows, language, results.titles(language)), soft_wrap=True)
    for note in notes(
        rows, language, written_for_another=results.written_for_another, own_rules=results.own_rules
    ):
        console.print(f"* {note}", soft_wrap=True)
    if results.written_for_another:  # two provinces differ by one letter
        console.print(f"* {say('province_is', language, province=in_both_languages(results.province))}")
    starts = list(dict.fromkeys(str(one["plan_start"]) for one in results.scenarios.values()))
    if len(starts) > 1:
        console.print(
            f"* {say('plan_starts_differ', language, one=starts[0], other=starts[1])}", soft_wrap=True
        )
    facts = {"futures": results.runs, "scale": f"{results.scale:g}", "seed": results.seed}
    console.print(say("table_note", language, **facts), soft_wrap=True)
    if results.stopped is not None:
        console.print(precision_line(results, results.stopped, language), soft_wrap=True)
    if results.without:
        console.print(f"* {say('left_out', language, parts=', '.join(results.without))}", soft_wrap=True)
    console.print(f"* {say(f'belief_{results.belief}', language)}", soft_wrap=True)
    if results.of_other_rules:
        console.print(f"* {say('other_rules', language)}", soft_wrap=True)
    if results.failed:
        console.print(
            say("failed_runs", language, failed=results.failed, file=results.folder / "failures.csv"),
            soft_wrap=True,
        )
    console.print(say("written_to", language, folder=results.folder), soft_wrap=True)
    if pictures is not None:
        folder = results.folder / "figures"
        console.print(say("figures_written", language, count=pictures, folder=folder), soft_wrap=True)
    return last.code()


def precision_line(results: Results, stopped: Mapping[str, Any], language: Language) -> str:
    """Say why a forecast with a wished precision ended, in the names of the table."""
    from ..words.of_estimates import stopped_line

    target = results.definitions.targets[stopped["target"]]
    scenario = results.titles(language)[stopped["scenario"]]
    return stopped_line(stopped, language, title_of(target, language), scenario)


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
    from ...experiments.planning.checks import check_numbers, check_province
    from ...experiments.planning.door_to_model import loaded, provinces

    check_numbers(runs=1, scale=scale, seed=seed, workers=None)
    if province is not None and not Path(province).is_dir():
        province = check_province(province, provinces())
    if out is not None:
        check_file(out, RECORD_FILES)
    chosen = loaded(scenario, province=province)

    from ...model import run

    frame = run(chosen, seed=seed, scale=scale).frame()
    if out is None:
        print_by_year(frame)
    else:
        write_record(frame, out)
        typer.echo(f"{len(frame)} rows written to {out}")
    return 0


def write_record(frame: pd.DataFrame, file: Path) -> None:
    """Write a record whole or not at all, in the form that the suffix names."""
    from ...experiments.keeping.atomic_files import write_atomically

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
    from ...experiments.forecasting.target_and_indicator_tables import yearly
    from ..tables.experiment_folder import model_definitions
    from ..tables.print_rows import print_rows
    from ..words.amounts import number

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
