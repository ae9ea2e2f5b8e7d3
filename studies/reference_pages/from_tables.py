"""Write the pages that are made from one reference table each; nothing is simulated.

``python -m shaanxi_transfer.studies.reference_pages.from_tables docs/model`` reads the tables in
``results/reference`` and writes ``levers.md``, ``patterns.md`` and ``evidence.md``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from ...experiments.keeping.atomic_files import write_text
from ...experiments.running.table_command import DEFAULT_FOLDER
from . import evidence_page, lever_page, pattern_page


def main() -> None:
    """Write each page whose table has been made into the folder that is named."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/model")
    for one in (lever_page, pattern_page, evidence_page):
        file, table = folder / one.PAGE, DEFAULT_FOLDER / one.FILE
        if table.exists():
            write_text(file, one.page(pd.read_csv(table)))
            print(file)
        else:
            print(f"{file}: not written, {table} is not there yet")


if __name__ == "__main__":
    main()
