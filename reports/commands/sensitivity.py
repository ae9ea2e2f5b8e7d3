"""The command ``sensitivity``: which levers and uncertainties move the targets, and how much is luck."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ...engine.errors import InputError
from ..words.phrases import Language
from .forecast import RESULTS, Cluster, Province, Scale, ScenarioName, Seed, Workers
from .option_checks import check_folder, check_language

if TYPE_CHECKING:
    from ...experiments.sensitivity_analysis.results import Announcement
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
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for design, runs, tables and figures.  [default: results/...]"),
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="Language of sentences and figures: zh or en.")] = "en",
    workers: Workers = None,
    cluster: Cluster = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Count runs and time one; make no other.")
    ] = False,
) -> int:
    """Tell which levers and uncertainties move the targets, and how much is luck."""
    language = check_language(lang)
    check_folder(out or Path(RESULTS))
    from ...experiments.sensitivity import prepared

    study = prepared(
        scenario,
        method,
        over=over,
        group_by=group_by,
        only=None if only is None else [name.strip() for name in only.split(",") if name.strip()],
        points=points,
        seeds=seeds_of(seeds),
        rest=rest,
        province=province,
        scale=scale,
        seed=seed,
        workers=workers,
    )
    if dry_run:
        typer.echo(_what_it_would_be(study, workers, language))
        return 0

    from ...experiments.planning import door_to_model
    from ...experiments.running.cluster import executor_for
    from ...experiments.sensitivity_analysis.carry_out import carry_out
    from .progress_bar import open_progress

    with open_progress() as progress:
        model = door_to_model.model()
        done = carry_out(
            study,
            model,
            out=out,
            workers=workers,
            executor=executor_for(cluster, model.warm),
            progress=progress,
            announce=partial(announce, study=study, language=language),
        )
    return show_sensitivity(done.folder, language)


def show_sensitivity(folder: Path, language: Language) -> int:
    """Draw the figures of a finished analysis, print its sentences, say where all is; give the exit code."""
    from ...experiments.running.batch import resume_command
    from ...experiments.sensitivity_analysis.results import Sensitivity
    from ..figures.sensitivity import write_figures
    from ..tables.experiment_folder import model_definitions
    from ..words.phrases import say
    from ..words.sensitivity_sentences import sentences
    from .last_steps import LastSteps

    last = LastSteps(f"{resume_command(folder)} --lang {language}")
    pictures = None
    with last.step("the figures"):
        pictures = sum(file.suffix == ".png" for file in write_figures(folder, language))
    for line in sentences(Sensitivity.read(folder).indices, model_definitions().targets, language).values():
        typer.echo(line)
    typer.echo(say("written_to", language, folder=folder))
    if pictures is not None:
        typer.echo(say("figures_written", language, count=pictures, folder=folder / "figures"))
    return last.code()


def seeds_of(seeds: str) -> int | Literal["auto"]:
    """Read what a person typed for the number of futures.

    Raises
    ------
    InputError
        If it is neither a number nor ``auto``.
    """
    if seeds == "auto":
        return "auto"
    try:
        return int(seeds)
    except ValueError as error:
        raise InputError(
            f"{seeds!r} is no number of futures", key="--seeds", allowed="auto, or a whole number from 2 on"
        ) from error


def announce(announcement: Announcement, study: Study, language: Language) -> None:
    """Say how many runs there will be before they are made."""
    from ..words.of_sensitivity import duration, percent, sensitivity_text
    from ..words.phrases import title_of

    def say_it(key: str, **fields: object) -> None:
        typer.echo(sensitivity_text(key, language, **fields), err=True)

    sizes = {
        "points": announcement.points,
        "futures": announcement.futures,
        "runs": announcement.runs,
        "left": announcement.left,
    }
    if announcement.stage == "pilot":
        say_it("pilot", method=study.question.method.name, factors=announcement.factors, **sizes)
        return
    for name, share in announcement.luck.items():
        title = title_of(study.question.targets[name], language)
        if share is None:
            say_it("foreseen_constant", title=title)
        else:
            say_it("foreseen", title=title, luck=percent(share, language))
    if announcement.capped:
        say_it("capped")
    say_it("start", time=duration(announcement.seconds or 0.0, language), **sizes)


def _what_it_would_be(study: Study, workers: int | None, language: Language) -> str:
    """Count the runs of a study and estimate their time from one."""
    from ...experiments.planning import door_to_model
    from ...experiments.sensitivity_analysis.carry_out import estimated_seconds
    from ..words.of_sensitivity import duration, sensitivity_text

    few, many = (2 if study.seeds is None else study.seeds), study.most_futures
    points = study.design.points
    seconds = estimated_seconds(study, door_to_model.model(), points * few, workers)
    return sensitivity_text(
        "dry_run",
        language,
        factors=len(study.design.names),
        points=points,
        few=few,
        many=many,
        least=points * few,
        most=points * many,
        short=duration(seconds, language),
        long=duration(seconds * many / few, language),
    )
