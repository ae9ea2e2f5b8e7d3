"""``--json``: one document in place of text, for programs and assistants."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, Final

from ..tables.taken_down import TakenDown, take_down

__all__ = ["run_as_json", "wanted"]

FLAG: Final = "--json"


def wanted(words: Sequence[str]) -> bool:
    """Tell whether words ask for the document; the status of a batch is one of its own."""
    return FLAG in words and words[0] != "status"


def run_as_json(words: Sequence[str], run: Callable[[Sequence[str]], int]) -> int:
    """Run a command and print what came of it as one JSON `Document`; give the exit code."""
    from .json_document import Document

    lines = io.StringIO()
    with take_down() as told, redirect_stdout(lines):
        code = run([word for word in words if word != FLAG])
    document = Document(
        command=list(words),
        exit_code=code,
        problem=told.problem,
        **_made(told),
        said=[line for line in lines.getvalue().splitlines() if line.strip()],
    )
    sys.stdout.write(document.model_dump_json(indent=1) + "\n")
    return code


def _made(told: TakenDown) -> dict[str, Any]:
    folder = told.folder
    if folder is None:
        tables = {f"printed_{place}": rows for place, rows in enumerate(told.tables, start=1)}
        return {"folder": None, "files": [], "tables": tables}
    files = sorted(file.name for file in folder.glob("*") if file.is_file())
    return {"folder": str(folder), "files": files, "tables": _tables(folder)}


def _tables(folder: Path) -> dict[str, Any]:
    """Read the tables of an experiment; of one with many rows those of targets, if it has any."""
    import pandas as pd

    from .json_document import MOST_ROWS

    tables = {}
    for file in sorted(folder.glob("*.csv")):
        table = pd.read_csv(file)
        if len(table) > MOST_ROWS and "kind" in table:
            table = table[table["kind"] == "target"]
        if 0 < len(table) <= MOST_ROWS:
            tables[file.stem] = json.loads(table.to_json(orient="records", double_precision=15))
    return tables
