"""What a page may download of an answer: scenario, tables, brief; each made when it is asked for."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from ...engine.errors import InputError, nearest
from ..words.phrases import Language, say

if TYPE_CHECKING:
    from .answers import Answer

__all__ = ["FILES", "File", "file_of"]

FILES: Final = {
    "scenario.yaml": "application/yaml; charset=utf-8",
    "tables.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "brief.html": "text/html; charset=utf-8",
    "brief.docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
"""Files by name, each with its kind."""


class File(NamedTuple):
    """A file that is sent: name, kind, contents."""

    name: str
    kind: str
    contents: bytes


def file_of(answer: Answer, name: str, language: Language) -> File:
    """Make a file of an answer.

    Raises
    ------
    InputError
        If there is no such file, or no answer yet, or a library is missing that writes it.
    """
    if name not in FILES:
        raise InputError(
            "there is no such file",
            key="file",
            allowed=", ".join(FILES),
            suggestion=nearest(name[:40], FILES),
        )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        if name == "scenario.yaml":
            answer.world.save(file)
        elif answer.results is None:
            raise InputError(say("dashboard.not_yet", language), key="file")
        elif name == "tables.xlsx":
            from ..exporting.contents import read_for_export
            from ..exporting.workbook import write_xlsx

            write_xlsx(read_for_export(answer.results.folder), file)
        else:
            from ..brief.write_brief import write_brief

            form = file.suffix.removeprefix(".")
            file = write_brief([answer.results.folder], lang=language, form=form, out=Path(folder)).file
        stem = answer.world.name.replace("~", "-")
        return File(f"{stem}-{name}", FILES[name], file.read_bytes())
