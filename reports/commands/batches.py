"""The commands for an experiment that is there already: ``resume``, ``status`` and ``replay``."""

from __future__ import annotations

import json
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...experiments.planning.checks import check_file
from .options import (
    RECORD_FILES,
    Cluster,
    Folder,
    Lang,
    OtherVersions,
    RecordFile,
    Workers,
    check_language,
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
    lang: Lang = "en",
) -> int:
    """Go on with an experiment that was stopped: make what is missing, mend what is damaged."""
    language = check_language(lang)
    from ...experiments.planning.options import BatchOptions
    from ...experiments.resume import kind_of, resume
    from ..tables.experiment_folder import province_of, read_results
    from ..words.of_provinces import province_line
    from .forecast import show_results
    from .progress_bar import open_progress
    from .sensitivity import show_sensitivity

    BatchOptions(workers=workers)
    typer.echo(province_line(province_of(folder), language))
    with open_progress() as progress:
        code = resume(
            folder,
            workers=workers,
            cluster=cluster,
            again=again,
            other_versions=other_versions,
            progress=progress,
        )
    if kind_of(folder) == "sensitivity":
        shown = show_sensitivity(folder, language)
    else:
        shown = show_results(read_results(folder), language)
    return code or shown


def status_command(
    folder: Folder,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of sentences.")] = False,
) -> int:
    """Tell how an experiment stands: done, failed, left, rate, damaged parts, who works on it."""
    from ...experiments.status import status_of

    status = status_of(folder)
    if as_json:
        typer.echo(json.dumps(status.plain(), ensure_ascii=False, indent=2))
    else:
        for line in sentences(status, folder):
            typer.echo(line)
    return 0


def sentences(status: Status, folder: Path) -> list[str]:
    """Put a status into words, the most wanted first."""
    from ...experiments.running.batch import resume_command as how_to_go_on

    kinds = ", ".join(f"{number} {kind}" for kind, number in status.failed_by_kind.items())
    failed = f"failed {status.failed}" + (f" ({kinds})" if kinds else "")
    said = [
        f"{folder}: {status.kind} of {status.planned} runs",
        f"finished {status.finished}, {failed}, left {status.left}",
    ]
    if status.runs_per_second and status.seconds_left is not None:
        said.append(f"{status.runs_per_second:.2f} runs a second, about {duration(status.seconds_left)} left")
    said += [_sentence(runner) for runner in status.runners]
    said += [f"{file} {reason}" for file, reason in status.damaged.items()]
    if status.mixed:
        said.append(f"runs were made with {', '.join(status.mixed)}; each part says with which")
    at_work = any(not runner.dead for runner in status.runners)
    if (status.left or status.damaged) and not at_work:
        said.append(f"nobody works on it; go on with: {how_to_go_on(folder)}")
    return said


def _sentence(runner: Runner) -> str:
    state = (
        "it has ended; its claims pass on" if runner.dead else f"heard of {runner.silent_seconds:.0f} s ago"
    )
    return (
        f"runner {runner.owner} on {runner.machine}, process {runner.process}: made {runner.made} runs, "
        f"holds {runner.blocks} blocks, {state}"
    )


def duration(seconds: float) -> str:
    """Put a time into words of bounded precision.

    Examples
    --------
    >>> duration(42.3), duration(150), duration(9000)
    ('42 s', '2.5 min', '2.5 h')
    """
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.1f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def replay_command(
    run: Annotated[str, typer.Argument(help="A run, as failures.csv names it: action_plan-000012.")],
    folder: Annotated[Path, typer.Option("--in", metavar="DIR", help="The folder of its experiment.")],
    parameters: Annotated[
        bool, typer.Option("--parameters", help="Print the drawn parameters instead of making the run.")
    ] = False,
    other_versions: OtherVersions = False,
    out: RecordFile = None,
) -> int:
    """Make one run again, alone, so that an error shows its whole traceback."""
    from ...experiments.replay import replayed

    if out is not None:
        check_file(out, RECORD_FILES)
    found = replayed(folder, run, other_versions=other_versions)
    if found.code_changed:
        typer.echo("the rules have changed since this experiment was begun: numbers may differ", err=True)
    typer.echo(f"{found.run.run_id}: seed {found.run.seed}, scale {found.scale:g}", err=True)
    if parameters:
        typer.echo("parameter,value")
        for name, value in found.parameters().items():
            typer.echo(f"{name},{value!r}")
        return 0
    return _make_again(found, out)


def _make_again(found: Replayed, out: Path | None) -> int:
    """Make a run and show its record; 1 and the traceback if it fails again."""
    from .forecast import show_record

    try:
        frame = found.frame()
    except Exception:
        traceback.print_exc(file=sys.stderr)
        return 1
    show_record(frame, out)
    return 0
