"""Write the page of an emulator, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from ...engine.errors import LastStepError, SurroundingsError, TransferError
from ...engine.surroundings import said
from ...experiments.keeping.atomic_files import write_text
from ...experiments.running.batch import resume_command
from ..words.phrases import Language
from .page import page_of

if TYPE_CHECKING:
    from ...experiments.emulating.carry_out import Emulation

__all__ = ["PAGE", "write_page"]

PAGE: Final = "simulator.html"


def write_page(done: Emulation, language: Language, out: Path | None = None) -> Path:
    """Write the page to a file, by default into the experiment's folder; gives the file.

    Raises
    ------
    LastStepError
        If that fails: the runs and the table are none the worse.
    """
    file = done.folder / PAGE if out is None else out
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_text(file, page_of(done, language))
    except TransferError:
        raise
    except Exception as error:
        why = SurroundingsError(said(error, "writing", file)) if isinstance(error, OSError) else error
        raise LastStepError(str(file), why, resume_command(done.folder)) from error
    return file
