"""The command ``migrate``: what an older version wrote, as this version reads it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..words.of_errors import error_line
from ..words.phrases import Language, check_language, say
from .options import Lang

if TYPE_CHECKING:
    from ...scenarios.migrating.steps import Change


def migrate_command(
    place: Annotated[
        Path,
        typer.Argument(
            metavar="FILE_OR_FOLDER",
            help="A scenario file, the folder of an experiment, or frozen forecasts, of an older version.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help="A new file, or for an experiment a new folder of scenario files; without it a file is"
            " rewritten, and the old one kept beside it.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be changed, and write nothing.")
    ] = False,
    lang: Lang = None,
) -> int:
    """Bring what an older version wrote to what this version reads, and say each change."""
    language = check_language(lang)
    from ...engine.errors import InputError
    from ...experiments.keeping.store import MANIFEST

    if not place.exists():
        raise InputError("the file does not exist", file=place)
    if (place / MANIFEST).is_file():
        return _experiment(place, out, language, dry_run=dry_run)
    if (place / "pack.yaml").is_file():
        raise InputError(
            "the pack of a province is not migrated",
            file=place,
            allowed=f"`shaanxi-transfer check {place}`, which says what it lacks",
        )
    frozen = sorted(place.rglob("*.zip")) if place.is_dir() else [place] if place.suffix == ".zip" else []
    if frozen:
        return _frozen(place, frozen, language)
    return _scenario_file(place, out, language, dry_run=dry_run)


def _scenario_file(file: Path, out: Path | None, language: Language, *, dry_run: bool) -> int:
    from ...engine.errors import InputError
    from ...scenarios import check
    from ...scenarios.migrating.yaml_edits import migrated
    from ...scenarios.reading.workbook import WORKBOOK
    from ...scenarios.writing.saving import write_text

    if file.suffix == WORKBOOK:
        raise InputError(
            "a workbook is not migrated",
            file=file,
            allowed=f"a new one, `shaanxi-transfer new NEW{WORKBOOK}`, into which what was chosen is copied",
        )
    done = migrated(file)
    for change, line in zip(done.changes, done.lines, strict=True):
        what, why = _told(change, language)
        typer.echo(say("migrate.line", language, file=file, line=line, what=what, why=why))
    for entry, line in done.doubtful.items():
        typer.echo(say("migrate.doubtful", language, file=file, line=line, key=entry))
    if not done.changes:
        typer.echo(say("migrate.nothing", language, file=file))
        written = file
    elif dry_run:
        typer.echo(say("migrate.would", language, count=len(done.changes)))
        return 0
    else:
        kept = file.with_name(f"{file.name}.old")
        if out is None:
            write_text(kept, file.read_bytes().decode("utf-8"), new=True)
            written = write_text(file, done.text)
            typer.echo(say("migrate.rewritten", language, file=file, kept=kept))
        else:
            written = write_text(out, done.text, new=True)
            typer.echo(say("migrate.written", language, file=out))
    problems = check(written)  # what no step knows is wrong in any version
    for problem in problems:
        typer.echo(error_line(problem, language), err=True)
    return 2 if problems else 0


def _told(change: Change, language: Language, prefix: str = "") -> tuple[str, str]:
    """Say what becomes of an entry, and why."""
    entry = prefix + ".".join(change.where)
    why = say(f"migrate.change_{change.name}", language, decision=change.decision)
    if change.new is None:
        form = "migrate.left_out" if prefix else "migrate.aside"
        return say(form, language, key=entry, old=change.old), why
    return say("migrate.replaced", language, key=entry, old=f"{change.old:g}", new=f"{change.new:g}"), why


def _frozen(place: Path, files: list[Path], language: Language) -> int:
    """Say that frozen forecasts are scored as they are, and what makes the last of them again."""
    import json

    from ...experiments.freezing.read_frozen import MANIFEST
    from ...experiments.freezing.sealed_zip import read_archive

    found = [json.loads(read_archive(file)[0][MANIFEST]) for file in files]  # each is checked to the byte
    versions = sorted({str(one["made_with"]["package"]) for one in found})
    command = str(found[-1]["command"])
    told = {"place": place, "count": len(found), "versions": ", ".join(versions), "command": command}
    typer.echo(say("migrate.frozen", language, **told))
    return 0


def _experiment(folder: Path, out: Path | None, language: Language, *, dry_run: bool) -> int:
    """Say what an experiment of other rules is good for, and give its own scenarios as files of today."""
    from ...experiments.migrate import old_experiment

    found = old_experiment(folder)
    if found.same_rules:
        typer.echo(say("migrate.same_rules", language, folder=folder))
        return 0
    typer.echo(say("migrate.other_rules", language, folder=folder, version=found.version))
    for name, changes in found.changes.items():
        for change in changes:
            what, why = _told(change, language, prefix=f"{name}: ")
            typer.echo(say("migrate.because", language, what=what, why=why))
    if not found.own:
        _say_again(found.again, language)
        return 0
    if out is None or dry_run:
        typer.echo(say("migrate.needs_out", language, count=len(found.own)))
        return 0
    for file in found.write(out):
        typer.echo(say("migrate.written", language, file=file))
    _say_again(found.command_with(out), language)
    return 0


def _say_again(command: str, language: Language) -> None:
    key = "migrate.again" if command else "migrate.again_by_hand"
    typer.echo(say(key, language, command=command))
