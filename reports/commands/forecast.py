"""The commands that run the model: ``forecast`` (many futures, two scenarios) and ``run`` (one)."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ...engine.errors import InputError
from ...experiments.planning.checks import check_file
from ..tables.taken_down import written_to
from ..words.of_scores import frozen_line
from ..words.phrases import Language, check_language, say, title_of
from .options import (
    RECORD_FILES,
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
    RecordFile,
    Scale,
    ScenarioName,
    Seed,
    Workers,
)

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from ...experiments.forecasting.estimate import Estimate
    from ...scenarios import Scenario
    from ..figures.forecast import Drawn
    from ..tables.experiment_folder import Results


def forecast_command(
    scenario: ScenarioName = "action_plan",
    against: Annotated[str, typer.Option("--against", help="The scenario it is held against.")] = "no_plan",
    also: Annotated[
        list[str] | None,
        typer.Option(
            "--also",
            metavar="SCENARIO",
            help="A further scenario beside the two, for example action_plan_managed; as often as you like.",
        ),
    ] = None,
    changes: Changes = None,
    province: Province = None,
    all_packs: Annotated[
        Path | None,
        typer.Option("--all", metavar="FOLDER", help="Every pack of a folder of `packs`; one table for all."),
    ] = None,
    provinces: Annotated[
        str | None, typer.Option("--provinces", help="With --all: only these, with commas between.")
    ] = None,
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
    precision: Annotated[
        float | None,
        typer.Option(
            "--precision",
            help="Stop when every 95 % interval is within plus or minus this; --runs at most. Looked at after"
            " each 100 futures, and earlier only if fewer (20 at least) are enough for any probability.",
        ),
    ] = None,
    belief: Belief = None,
    without: Annotated[
        str,
        typer.Option(
            "--without",
            help="Leave out of the uncertainty, with commas between: parameters, registration, outside, luck,"
            " discrepancy, observation, carry.",
        ),
    ] = "",
    counting: Counting = "",
    forecaster: Annotated[
        str,
        typer.Option(
            "--forecaster",
            metavar="combined|model|share",
            help="Whose level the four series of contracts have; what a policy adds is the model's.",
        ),
    ] = "model",
    freeze: Annotated[
        Path | None,
        typer.Option(
            "--freeze",
            metavar="FILE.zip",
            help="A new file that holds the forecast and its rivals, to be scored by what comes.",
        ),
    ] = None,
    rule: OwnRule = None,
    cluster: Cluster = None,
    other_versions: OtherVersions = False,
    shard: Annotated[
        str | None, typer.Option("--shard", help="i/n: make one share of the futures; all into one --out.")
    ] = None,
    dry_run: DryRun = False,
) -> int:
    """Forecast the plan's targets: chances, ranges, figures, as a folder of files."""
    given, language = locals(), check_language(lang)
    from ...experiments.forecasting.options import ForecastOptions
    from ...experiments.planning.own_code import own_code

    options = ForecastOptions.from_words(given)
    own = own_code(rule)
    if all_packs is not None:
        from .forecast_all import forecast_all_command

        return forecast_all_command(all_packs, options.but(own=own), given, language)
    if provinces is not None:
        raise InputError("provinces are named without --all", key="provinces", allowed="together with --all")
    say_province(scenario, province, language)

    from ...experiments.forecast import forecast_of, worlds_of
    from ...experiments.forecasting.precision import first_look
    from ...experiments.running.shards import Unfinished
    from ..tables.experiment_folder import read_results
    from ..words.of_estimates import estimate_line, unfinished_line
    from .progress_bar import open_progress

    def announce(estimate: Estimate) -> None:
        typer.echo(scenarios_line(worlds_of(options), language))
        typer.echo(estimate_line(estimate, language, at_most=precision is not None))
        if precision is not None and runs < first_look(precision):
            typer.echo(say("forecast.late_look", language, first=first_look(precision)))
        if dry_run:
            raise typer.Exit

    try:
        with open_progress(language, log) as progress:
            done = forecast_of(options.but(own=own, announce=announce, progress=progress))
    except Unfinished as unfinished:
        typer.echo(unfinished_line(unfinished, language))
        return 1 if unfinished.failed else 0
    shown = show_results(read_results(done.folder), language)
    if options.freeze is not None:
        typer.echo(frozen_line(options.freeze, language))
    return done.exit_code or shown


def say_province(scenario: str, province: str | None, language: Language) -> None:
    """Say in the first line in which province a scenario will run."""
    from ...experiments.planning.door_to_model import loaded
    from ..words.of_provinces import province_line

    # priors, whatever is asked: the belief that comes with the package may not fit a pack of one's own
    world = loaded(scenario, province=province, belief="prior")
    typer.echo(province_line(world.province, language))


def scenarios_line(worlds: Mapping[str, Scenario], language: Language) -> str:
    """Say before the start which scenarios will run, by title and name."""
    named = [
        name
        if title_of(world, language) == name
        else say("forecast.scenario_named", language, title=title_of(world, language), name=name)
        for name, world in worlds.items()
    ]
    return say("forecast.scenarios", language, scenarios=say("amounts.comma", language).join(named))


def figure_lines(pictures: Drawn | None, language: Language) -> list[str]:
    """Say how many figures were drawn, and how many were left as they are; nothing if drawing failed."""
    if pictures is None:
        return []
    lines = []
    if pictures.drawn:
        facts = {"count": pictures.drawn, "folder": pictures.folder}
        lines.append(say("forecast.figures_written", language, **facts))
    if pictures.left:
        facts = {"count": pictures.left, "folder": pictures.folder}
        lines.append(say("forecast.figures_there", language, **facts))
    return lines


def show_results(results: Results, language: Language) -> int:
    """Draw the figures of a finished forecast, print its table, notes and places; give the exit code."""
    from ...experiments.running.batch import resume_command
    from ..figures.forecast import write_figures
    from ..tables.print_rows import console_for
    from ..tables.target_table import console_table, notes, rows_of
    from .last_steps import LastSteps

    last = LastSteps(f"{resume_command(results.folder)} --lang {language}")
    pictures = None
    with last.step("the figures"):
        pictures = write_figures(results, results.folder / "figures", language)
    rows = rows_of(results, language)
    console = console_for()
    table = console_table(rows, language, results.titles(language), results.province)
    console.print(table, soft_wrap=True)
    print_differences(results, console, language)
    for note in notes(
        rows,
        language,
        written_for=results.written_for,
        own_rules=results.own_rules,
        own_notes=results.own_notes,
        rule_is_said=not results.differences.empty,
    ):
        console.print(f"* {note}", soft_wrap=True)
    for line in [*last_notes(results, language), *figure_lines(pictures, language)]:
        console.print(line, soft_wrap=True)
    return last.code()


def last_notes(results: Results, language: Language, of_chances: bool = True) -> Iterator[str]:
    """Say what every table of a folder rests on, what is missing, and where it lies.

    ``of_chances`` explains the interval of a probability as well.
    """
    from ..tables.caveats import caveats

    starts = list(dict.fromkeys(str(one["plan_start"]) for one in results.scenarios.values()))
    if len(starts) > 1:
        yield f"* {say('forecast.plan_starts_differ', language, one=starts[0], other=starts[1])}"
    facts = {"futures": results.runs, "scale": f"{results.scale:g}", "seed": results.seed}
    yield say("forecast.table_note" if of_chances else "compare.table_note", language, **facts)
    if results.stopped is not None:
        yield precision_line(results, results.stopped, language)
    yield from (f"* {line}" for line in caveats(results, language))
    if results.failed:
        file = results.folder / "failures.csv"
        yield say("forecast.failed_runs", language, failed=results.failed, file=file)
    yield say("forecast.written_to", language, folder=written_to(results.folder))


def print_differences(results: Results, console: Console, language: Language) -> None:
    """Print what each scenario changes against the base, with its notes; nothing without a base."""
    from ..tables.difference_rows import console_text, notes_of

    if results.differences.empty:
        return
    console.print(console_text(results, language), soft_wrap=True)
    for note in notes_of(results, language):
        console.print(f"* {note}", soft_wrap=True)
    console.print(soft_wrap=True)


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
    changes: Changes = None,
    province: Province = None,
    out: RecordFile = None,
    belief: Belief = None,
    rule: OwnRule = None,
    profile: Annotated[
        bool, typer.Option("--profile", help="Tell where the time of such a run goes, instead of its record.")
    ] = False,
    lang: Lang = None,
) -> int:
    """Run one scenario once and write its record, or print it by year."""
    from ...experiments.planning.door_to_model import changed, loaded, rehearse
    from ...experiments.planning.options import WorldOptions
    from ...experiments.planning.own_code import own_code
    from ..words.of_provinces import province_line

    language = check_language(lang)
    options = WorldOptions(
        scenario=scenario, changes=tuple(changes or ()), seed=seed, scale=scale, province=province
    )
    if profile and (rule or out is not None):
        raise InputError("the model's own run is timed, and no record kept", key="--profile", allowed="alone")
    if out is not None:
        check_file(out, RECORD_FILES)
    chosen = loaded(changed(scenario, options.changes), province=options.province, belief=belief)
    own = own_code(rule)
    typer.echo(province_line(chosen.province, language), err=True)
    if profile:
        show_profile(chosen, seed, scale, language)
        return 0
    from ...model import run

    if own:
        rehearse(chosen, own)
        typer.echo(say("targets.own_rules", language, rules=", ".join(own.rules_used)), err=True)
    rules, indicators = own.load()
    record = run(chosen, seed=seed, scale=scale, rules=rules, indicators=indicators)
    show_record(record.frame(), out, language)
    return 0


def show_profile(scenario: Scenario, seed: int, scale: float, language: Language) -> None:
    """Time runs of a scenario, and print where the time of the quickest goes."""
    from ...model.profile import profile
    from ..tables.profile_table import print_profile

    times = 3
    print_profile(profile(scenario, seed=seed, scale=scale, times=times), language)
    typer.echo(say("profile.about", language, scale=f"{scale:g}", times=times))


def show_record(frame: pd.DataFrame, out: Path | None, language: Language = "en") -> None:
    """Write a record into a file, or print it by year."""
    if out is None:
        print_by_year(frame, language)
    else:
        write_record(frame, out)
        typer.echo(say("forecast.record_written", language, rows=len(frame), file=out))


def write_record(frame: pd.DataFrame, file: Path) -> None:
    """Write a record whole or not at all, in the form that the suffix names."""
    from ...experiments.keeping.atomic_files import write_atomically

    file.parent.mkdir(parents=True, exist_ok=True)
    if file.suffix == ".parquet":
        write_atomically(file, lambda path: frame.to_parquet(path, index=False))
    else:
        write_atomically(file, lambda path: frame.to_csv(path, index=False, lineterminator="\n"))


def print_by_year(frame: pd.DataFrame, language: Language) -> None:
    """Print a record by year: flows summed, stocks at the year's end, ratios as their mean.

    Each indicator stands in the unit in which a person says its largest year.

    Parameters
    ----------
    frame : DataFrame
        Columns year, quarter, indicator, value. Indicators by city are left out; the file holds them.
    """
    from ...experiments.forecasting.target_and_indicator_tables import yearly
    from ..tables.experiment_folder import model_definitions
    from ..tables.print_rows import print_rows
    from ..words.amounts import axis_unit, number
    from ..words.phrases import say

    definitions = model_definitions()
    whole = frame[~frame["indicator"].astype("str").str.contains(".", regex=False)]
    years = yearly(whole.assign(scenario="", future=0), definitions)
    wide = years.pivot(index="indicator", columns="year", values="value")
    order = [indicator for indicator in whole["indicator"].unique() if indicator in wide.index]
    rows = []
    for name in order:
        values = wide.loc[name]
        unit = axis_unit(definitions.of(name).unit, float(values.abs().max()), language)
        title = title_of(definitions.of(name), language)
        named = [f"{name}\n{title}"] if sys.stdout.isatty() else [name, title]
        rows.append([*named, unit.label, *(number(value / unit.divisor) for value in values)])
    shown = ("indicator", "unit") if sys.stdout.isatty() else ("indicator", "title", "unit")
    heads = [say(f"lists.{head}", language) for head in shown]
    print_rows([*heads, *wide.columns], rows, "table")
