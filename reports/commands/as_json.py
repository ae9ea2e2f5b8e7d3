"""``--json``: one document in place of text, for programs and assistants."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, Final

from ...engine.errors import InputError
from ..tables.taken_down import TakenDown, take_down

__all__ = ["run_as_json", "wanted"]

FLAG: Final = "--json"


def wanted(words: Sequence[str]) -> bool:
    """Tell whether words ask for the document; the status of a batch is one of its own."""
    return FLAG in words and words[0] != "status"


def run_as_json(
    words: Sequence[str], run: Callable[[Sequence[str]], int], say_what_is_lost: Callable[[InputError], int]
) -> int:
    """Run a command and print what came of it as one JSON `Document`; give the exit code.

    A table that cannot be read is left out; ``say_what_is_lost`` says the first and gives the code of it.
    """
    from .json_document import Document

    lines = io.StringIO()
    with take_down() as told, redirect_stdout(lines):
        code = run([word for word in words if word != FLAG])
        made, unread = _made(told)
        for error in unread:
            code = code or say_what_is_lost(error)
    document = Document(
        command=list(words),
        exit_code=code,
        problem=told.problem,
        **made,
        said=[line for line in lines.getvalue().splitlines() if line.strip()],
    )
    sys.stdout.write(document.model_dump_json(indent=1) + "\n")
    return code


def _made(told: TakenDown) -> tuple[dict[str, Any], list[InputError]]:
    folder = told.folder
    if folder is None:
        tables = {f"printed_{place}": rows for place, rows in enumerate(told.tables, start=1)}
        return {"folder": None, "files": [], "tables": tables}, []
    files = sorted(file.name for file in folder.glob("*") if file.is_file())
    tables, unread = _tables(folder)
    return {"folder": str(folder), "files": files, "tables": tables}, unread


def _tables(folder: Path) -> tuple[dict[str, Any], list[InputError]]:
    """Read the tables of an experiment; of one with many rows those of targets, if it has any."""
    import pandas as pd

    from .json_document import MOST_ROWS

    tables, unread = {}, []
    for file in sorted(folder.glob("*.csv")):
        try:
            table = pd.read_csv(file)
        except (OSError, ValueError) as error:  # the parser's errors and those of characters are of values
            unread.append(
                InputError(f"the file cannot be read ({error})", file=file, allowed="a table as CSV")
            )
            continue
        if len(table) > MOST_ROWS and "kind" in table:
            table = table[table["kind"] == "target"]
        if 0 < len(table) <= MOST_ROWS:
            tables[file.stem] = json.loads(table.to_json(orient="records", double_precision=15))
    return tables, unread
