"""Execute the notebooks from top to bottom, each in an empty folder, and keep what they show.

A researcher sees on the page of the repository what each cell gives; `make notebooks` makes it again after a
change of rules, data or words.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import nbformat
from nbclient import NotebookClient

__all__ = ["NOTEBOOKS", "executed", "main"]

NOTEBOOKS: Final = Path(__file__).resolve().parents[2] / "notebooks"
_SECONDS: Final = 1800
"""For one cell, on a machine that is busy."""


def executed(path: Path) -> Any:
    """Give a notebook with the outputs of all its cells.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell fails.
    """
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    with TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            timeout=_SECONDS,
            resources={"metadata": {"path": folder}},
            record_timing=False,
            coalesce_streams=True,
        )
        # Figures go into the page; commands of a cell are found beside the interpreter.
        path_of_commands = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        environment = os.environ | {
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "PATH": path_of_commands,
        }
        client.execute(env=environment)
    return notebook


def main(arguments: Sequence[str] | None = None) -> int:
    """Execute those that are named, or all."""
    parser = ArgumentParser(
        prog="python -m shaanxi_transfer.studies.upkeep.execute_notebooks", description=__doc__
    )
    parser.add_argument("names", nargs="*", help="names without ending; all by default")
    names = parser.parse_args(arguments).names or [path.stem for path in sorted(NOTEBOOKS.glob("*.ipynb"))]
    for name in names:
        path = NOTEBOOKS / f"{name}.ipynb"
        nbformat.write(executed(path), path)  # type: ignore[no-untyped-call]
        print(path.name)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
