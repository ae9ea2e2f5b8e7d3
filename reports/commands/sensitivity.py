"""The command ``sensitivity``: which levers and uncertainties move the targets, and how much is luck."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..words.phrases import Language, check_language, say
from .forecast import say_province
from .options import (
    TEXT,
    Cluster,
    DryRun,
    Lang,
    Log,
    OtherVersions,
    Out,
    OwnRule,
    Province,
    Scale,
    ScenarioName,
    Seed,
    Workers,
)
from .packages import shown

if TYPE_CHECKING:
    from ...experiments.sensitivity_analysis.finished_analysis import Announcement, Sensitivity
    from ...experiments.sensitivity_analysis.options import SensitivityOptions
    from ...experiments.sensitivity_analysis.study import Study


def sensitivity_command(
    method: Annotated[
        str, typer.Argument(help="morris (screening), sobol (shares of the variance) or pawn (distribution).")
    ],
    scenario: ScenarioName = "action_plan",
    over: Annotated[str, typer.Option("--over", help="levers, uncertainties or both.")] = "both",
    group_by: Annotated[
        str, typer.Option("--group-by", help="What varies together: task, mechanism or none.")
    ] = "none",
    only: Annotated[
        str | None, typer.Option("--only", help="Levers and parameters by id, separated by commas.")
    ] = None,
    points: Annotated[
        int | None,
        typer.Option(
            "--points", help="Trajectories (morris), base points, a power of two (sobol), points (pawn)."
        ),
    ] = None,
    seeds: Annotated[
        str, typer.Option("--seeds", help="Futures at every point; auto keeps luck under 5 %.")
    ] = "auto",
    rest: Annotated[
        str, typer.Option("--rest", help="Parameters that are not varied: central, or drawn as luck.")
    ] = "central",
    province: Province = None,
    scale: Scale = 0.1,
    seed: Seed = 1,
    out: Out = None,
    lang: Lang = None,
    log: Log = TEXT,
    workers: Workers = None,
    rule: OwnRule = None,
    cluster: Cluster = None,
    other_versions: OtherVersions = False,
    dry_run: DryRun = False,
) -> int:
    """Tell which levers and uncertainties move the targets, and how much is luck."""
    given, language = locals(), check_language(lang)
    from ...experiments.planning.own_code import own_code
    from ...experiments.sensitivity_analysis.options import SensitivityOptions

    options = SensitivityOptions.from_words(given).but(own=own_code(rule))
    say_province(scenario, province, language)

    if dry_run:
        typer.echo(_what_it_would_be(options, language))
        return 0
    from .progress_bar import open_progress

    with open_progress(language, log) as progress:
        done = announced(options.but(progress=progress), language)
    return show_sensitivity(done.folder, language)


def announced(options: SensitivityOptions, language: Language) -> Sensitivity:
    """Make an analysis, and say how many runs there will be before they are made."""
    from ...experiments.planning.door_to_model import model
    from ...experiments.sensitivity import prepared
    from ...experiments.sensitivity_analysis.carry_out import carry_out

    study = prepared(options)
    options = options.but(announce=partial(announce, study=study, language=language))
    return carry_out(replace(study, options=options), model(options.own))


def show_sensitivity(folder: Path, language: Language) -> int:
    """Draw the figures of a finished analysis, print its sentences, say where all is; give the exit code."""
    from ..figures.sensitivity import write_figures
    from ..tables.sensitivity_lines import lines_of

    def tell() -> None:
        for line in lines_of(folder, language):
            typer.echo(line)

    return shown(folder, language, write_figures, tell)


def announce(announcement: Announcement, study: Study, language: Language) -> None:
    """Say how many runs there will be before they are made."""
    from ..words.of_sensitivity import duration, percent
    from ..words.phrases import title_of

    tell = partial(typer.echo, err=True)
    sizes = {
        "points": announcement.points,
        "futures": announcement.futures,
        "runs": announcement.runs,
        "left": announcement.left,
    }
    if announcement.stage == "pilot":
        method, factors = study.question.method.name, announcement.factors
        tell(say("sensitivity.pilot", language, method=method, factors=factors, **sizes))
        return
    for name, share in announcement.luck.items():
        title = title_of(study.question.targets[name], language)
        if share is None:
            tell(say("sensitivity.foreseen_constant", language, title=title))
        else:
            tell(say("sensitivity.foreseen", language, title=title, luck=percent(share, language)))
    if announcement.capped:
        tell(say("sensitivity.capped", language))
    time = duration(announcement.seconds or 0.0, language)
    tell(say("sensitivity.start", language, time=time, **sizes))


def _what_it_would_be(options: SensitivityOptions, language: Language) -> str:
    """Count the runs of a study and estimate their time from one."""
    from ...experiments.planning.door_to_model import model
    from ...experiments.sensitivity import prepared
    from ...experiments.sensitivity_analysis.carry_out import estimated_seconds
    from ..words.of_sensitivity import duration

    study = prepared(options)
    few, many = options.seeds or 2, study.most_futures
    points = study.design.points
    seconds = estimated_seconds(study, model(options.own), points * few)
    return say(
        "sensitivity.dry_run",
        language,
        factors=len(study.design.names),
        points=points,
        futures=_from_to(few, many, language),
        runs=_from_to(points * few, points * many, language),
        time=_from_to(duration(seconds, language), duration(seconds * many / few, language), language),
    )


def _from_to(low: object, high: object, language: Language) -> str:
    """Say a range, or one value if both ends are the same."""
    return str(low) if low == high else say("sensitivity.from_to", language, low=low, high=high)
