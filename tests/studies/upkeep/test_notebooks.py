"""Every notebook runs from top to bottom, and is committed with what it shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from shaanxi_transfer.studies.upkeep.execute_notebooks import NOTEBOOKS, executed

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
QUICK = ("8_inside_a_run",)
"""Of the others each takes as long as a batch: the soak's."""


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


def outputs_of(notebook: Any) -> list[Any]:
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def test_there_is_one_for_each_way_of_working() -> None:
    assert len(PATHS) >= 8 and {*QUICK} <= {path.stem for path in PATHS}


@pytest.mark.parametrize(
    "path",
    [path if path.stem in QUICK else pytest.param(path, marks=pytest.mark.soak) for path in PATHS],
    ids=lambda path: path.stem,
)
def test_a_notebook_runs(path: Path) -> None:
    """With warnings in sight: a stream of errors would be one."""
    told = [output for output in outputs_of(executed(path)) if output.get("name") == "stderr"]
    assert told == []


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_notebook_is_committed_with_what_each_cell_shows(path: Path) -> None:
    cells = [cell for cell in read(path).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert all(cell.outputs or "import" in cell.source or "save" in cell.source for cell in cells)
    assert not [
        one for one in outputs_of(read(path)) if one.output_type == "error" or one.get("name") == "stderr"
    ]
    assert str(Path.home()) not in path.read_text(encoding="utf-8")
    assert "\\u001b" not in path.read_text(encoding="utf-8"), "a character that moves a terminal's cursor"


def test_a_notebook_is_told_of_an_error_in_one_line_and_of_widgets_not_at_all() -> None:
    cell = nbformat.v4.new_code_cell("import shaanxi_transfer\nshaanxi_transfer.load('action_pln')")  # type: ignore[no-untyped-call]
    notebook = nbformat.v4.new_notebook(cells=[cell])  # type: ignore[no-untyped-call]
    NotebookClient(notebook, timeout=120, allow_errors=True).execute()
    (error,) = cell["outputs"]
    (line,) = error["traceback"]
    assert "action_plan" in line and "\n" not in line
