"""Write the pages that are made from reference tables; nothing is simulated.

``python -m shaanxi_transfer.studies.reference_pages.from_tables docs/model`` reads the tables in
``results/reference`` and writes the pages of levers, tasks, patterns, evidence, forecast, sensitivity,
published effects and advice, and the model card.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from ...experiments.keeping.atomic_files import write_text
from ...experiments.running.table_command import DEFAULT_FOLDER
from ..advice import page as advice_page
from ..published_effects import page as published_page
from . import card_page, evidence_page, forecast_page, lever_page, pattern_page, sensitivity_page, task_page


class Page(NamedTuple):
    """A page, the tables that it is made from, and how."""

    file: str
    tables: Sequence[str]
    of: Callable[..., str]


PAGES: Final = (
    *(
        Page(one.PAGE, one.FILES, one.page)
        for one in (lever_page, pattern_page, evidence_page, forecast_page, sensitivity_page, card_page)
    ),
    *(
        Page(file, one.FILES, partial(one.page, language=language))
        for one in (task_page, published_page, advice_page)
        for language, file in one.PAGES.items()
    ),
)


def main() -> None:
    """Write each page whose tables have been made into the folder that is named."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/model")
    for one in PAGES:
        file, tables = folder / one.file, [DEFAULT_FOLDER / name for name in one.tables]
        missing = [str(table) for table in tables if not table.exists()]
        if missing:
            print(f"{file}: not written, {', '.join(missing)} is not there yet")
        else:
            write_text(file, one.of(*map(pd.read_csv, tables)))
            print(file)


if __name__ == "__main__":
    main()
