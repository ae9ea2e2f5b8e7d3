"""Write a brief into a folder, whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from ...engine.errors import InputError, check_choice
from ...experiments.planning.checks import check_folder
from ..words.phrases import Language, check_language

if TYPE_CHECKING:
    from .parts import Brief

__all__ = ["FORMS", "Written", "write_brief"]

FORMS: Final = ("html", "docx")
NAME: Final = "brief"


class Written(NamedTuple):
    """A brief that was written.

    Attributes
    ----------
    file : Path
    lost : list of (str, Exception)
        Figures that could not be drawn, and why.
    """

    file: Path
    lost: list[tuple[str, Exception]]


def write_brief(
    folders: Sequence[Path | str],
    *,
    lang: str | None = None,
    form: str = "html",
    out: Path | str | None = None,
) -> Written:
    """Make the brief of some experiments of one province; see `report.report`."""
    language = check_language(lang)
    check_choice(form, "--form", FORMS)
    from .reading import read_sources

    sources = read_sources(folders)
    if form == "docx":
        from .document import check_library

        check_library()
    folder = check_folder(Path(folders[0]) / NAME if out is None else Path(out))
    from ...experiments.keeping.atomic_files import write_atomically
    from .contents import brief_of

    try:
        brief = brief_of(sources, language, form)
    except Exception as error:
        older = [str(one.folder) for one in sources.values() if one.of_other_rules]
        if not older:
            raise
        raise InputError(
            f"made with other rules than those that are here, and its tables cannot be read: {error!r}",
            file=", ".join(older),
            allowed="the experiment made again, in a new folder (`--out NEW_FOLDER`)",
        ) from error
    contents = _contents(brief, language, form)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{NAME}_{language}.{form}"
    write_atomically(file, lambda path: path.write_bytes(contents))
    return Written(file, brief.lost)


def _contents(brief: Brief, language: Language, form: str) -> bytes:
    if form == "docx":
        from .document import document_of

        return document_of(brief, language)
    from .page import page_of

    return page_of(brief, language).encode("utf-8")
