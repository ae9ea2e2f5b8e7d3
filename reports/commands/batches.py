"""The commands for an experiment that is there already: ``resume``, ``status`` and ``replay``."""

from __future__ import annotations

import json
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...experiments.planning.checks import check_file
from ..words.of_estimates import time_words
from ..words.phrases import Language, check_language, say, word_or
from .options import (
    RECORD_FILES,
    TEXT,
    Cluster,
    Folder,
    Lang,
    Log,
    OtherVersions,
    RecordFile,
    Workers,
)

if TYPE_CHECKING:
    from ...experiments.replay import Replayed
    from ...experiments.status import Runner, Status


def resume_command(
    folder: Folder,
    again: Annotated[
        bool, typer.Option("--again", help="Try every failed run again, not only those that were killed.")
    ] = False,
    other_versions: OtherVersions = False,
    workers: Workers = None,
    cluster: Cluster = None,
    lang: Lang = None,
    log: Log = TEXT,
) -> int:
    """Go on with an experiment that was stopped: make what is missing, mend what is damaged."""
    language = check_language(lang)
    from ...experiments.fits_in_folders import kind_of_fits, resume_fits, status_of_folder
    from ...experiments.planning.options import BatchOptions
    from ...experiments.resume import kind_of, resume
    from ..tables.experiment_folder import province_of, read_results
    from ..words.of_provinces import province_line
    from .forecast import show_results
    from .progress_bar import open_progress

    BatchOptions(workers=workers)
    if kind_of_fits(folder) is not None:
        how = {"workers": workers, "cluster": cluster, "again": again, "other_versions": other_versions}
        with open_progress(language, log) as progress:
            done = resume_fits(folder, progress=progress, **how)
        for line in sentences(status_of_folder(folder), folder, language):
            typer.echo(line)
        if done is None:
            return 0
        from .calibrate_all import summary_of_all

        for line in summary_of_all(done, language):
            typer.echo(line)
        return 1 if done.left_out or done.failed else 0
    typer.echo(province_line(province_of(folder), language))
    with open_progress(language, log) as progress:
        code = resume(
            folder,
            workers=workers,
            cluster=cluster,
            again=again,
            other_versions=other_versions,
            progress=progress,
        )
    if kind_of(folder) == "calibration":
        for line in sentences(status_of_folder(folder), folder, language):
            typer.echo(line)
        return code
    if kind_of(folder) == "waterfall":
        from .compare import show_waterfall

        return code or show_waterfall(folder, language)
    if kind_of(folder) == "sensitivity":
        from .sensitivity import show_sensitivity

        shown = show_sensitivity(folder, language)
    elif kind_of(folder) == "attribution":
        from .attribute import show_attribution

        shown = show_attribution(folder, language)
    elif kind_of(folder) == "sweep":
        from .sweep import show_sweep

        shown = show_sweep(folder, language)
    elif kind_of(folder) == "why":
        from .why import show_why

        shown = show_why(folder, language)
    elif kind_of(folder) == "ranking":
        from .rank import show_ranking

        shown = show_ranking(folder, language)
    elif kind_of(folder) == "simulator":
        from ...experiments.emulating.carry_out import emulation_in
        from .simulator import show_simulator

        shown = show_simulator(emulation_in(folder), language)
    elif kind_of(folder) == "search":
        from .search import show_search

        shown = show_search(folder, language)
    else:
        from ...experiments.who_gains import asked_by
        from .compare import show_gains

        shown = show_results(read_results(folder), language)
        if asked_by(folder):
            shown = show_gains(folder, language) or shown
    return code or shown


def status_command(
    folder: Folder,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of sentences.")] = False,
    lang: Lang = None,
) -> int:
    """Tell how an experiment stands: done, failed, left, rate, damage, who works on it."""
    language = check_language(lang)
    from ...experiments.fits_in_folders import status_of_folder

    status = status_of_folder(folder)
    if as_json:
        typer.echo(json.dumps(status.plain(), ensure_ascii=False, indent=2))
    else:
        for line in sentences(status, folder, language):
            typer.echo(line)
    return 0


def sentences(status: Status, folder: Path, language: Language = "en") -> list[str]:
    """Put a status into words, the most wanted first."""
    from ...experiments.keeping.citation import citation_of
    from ...experiments.keeping.store import MANIFEST, Store
    from ...experiments.running.batch import resume_command as how_to_go_on

    kinds = say("amounts.comma", language).join(
        f"{number} {word_or(f'status.{kind}', language, kind)}"
        for kind, number in status.failed_by_kind.items()
    )
    kind = word_or(f"status.{status.kind}", language, status.kind)
    counts = {"finished": status.finished, "failed": status.failed, "left": status.left}
    said = [
        say("status.planned", language, folder=folder, kind=kind, planned=status.planned),
        say("status.counts_by_kind" if kinds else "status.counts", language, kinds=kinds, **counts),
    ]
    if status.runs_per_second and status.seconds_left is not None:
        rate, left = f"{status.runs_per_second:.2f}", time_words(status.seconds_left, language)
        said.append(say("status.rate", language, rate=rate, time=left))
    said += [_sentence(runner, language) for runner in status.runners]
    said += [say("status.damaged", language, file=file, reason=why) for file, why in status.damaged.items()]
    if status.mixed:
        said.append(say("status.mixed", language, versions=", ".join(status.mixed)))
    at_work = any(not runner.dead for runner in status.runners)
    if (status.left or status.damaged) and not at_work:
        said.append(say("status.go_on", language, command=how_to_go_on(folder)))
    if not status.left and (folder / MANIFEST).is_file():
        line = citation_of(Store(folder).manifest(), language)
        said.append(say("citation.to_cite", language, line=line))
    return said


def _sentence(runner: Runner, language: Language) -> str:
    return say(
        "status.runner_ended" if runner.dead else "status.runner",
        language,
        owner=runner.owner,
        machine=runner.machine,
        process=runner.process,
        made=runner.made,
        blocks=runner.blocks,
        seconds=f"{runner.silent_seconds:.0f}",
    )


def replay_command(
    run: Annotated[str, typer.Argument(help="A run, as failures.csv names it: action_plan-000012.")],
    folder: Annotated[Path, typer.Option("--in", metavar="DIR", help="The folder of its experiment.")],
    parameters: Annotated[
        bool, typer.Option("--parameters", help="Print the drawn parameters instead of making the run.")
    ] = False,
    other_versions: OtherVersions = False,
    out: RecordFile = None,
    lang: Lang = None,
) -> int:
    """Make one run again, alone, so that an error shows its whole traceback."""
    from ...experiments.replay import replayed

    language = check_language(lang)
    if out is not None:
        check_file(out, RECORD_FILES)
    found = replayed(folder, run, other_versions=other_versions)
    if found.code_changed:
        typer.echo(say("status.code_changed", language), err=True)
    told = {"run": found.run.run_id, "seed": found.run.seed, "scale": f"{found.scale:g}"}
    typer.echo(say("status.replayed", language, **told), err=True)
    if parameters:
        typer.echo("parameter,value")
        for name, value in found.parameters().items():
            typer.echo(f"{name},{value!r}")
        return 0
    return _make_again(found, out, language)


def _make_again(found: Replayed, out: Path | None, language: Language) -> int:
    """Make a run and show its record; 1 and the traceback if it fails again."""
    from .forecast import show_record

    try:
        frame = found.frame()
    except Exception:
        traceback.print_exc(file=sys.stderr)
        return 1
    show_record(frame, out, language)
    return 0
