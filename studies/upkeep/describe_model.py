"""Pages that are made from the code, so that they cannot drift.

``python -m shaanxi_transfer.studies.upkeep.describe_model FOLDER`` writes ``columns.md``, ``indicators.md``,
the description of the model and the glossary there; their words are in templates.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from ...agents import goods
from ...agents.kind import kinds
from ...agents.view import RowView
from ...experiments.keeping.atomic_files import write_text
from ...model.indicators.every_indicator import BY_CITY, INDICATORS
from ...model.targets import TARGETS
from ..protocol.glossary_page import glossary_page
from ..protocol.odd_page import odd_page
from ..templates import page_of

_GOODS = {
    "Needs": goods.NEED_COLUMNS,
    "Contracts of the step": goods.CONTRACT_COLUMNS,
    "Results": goods.RESULT_COLUMNS,
}


def columns_page() -> str:
    """Write the page of all declared columns."""
    views = [(kind, RowView.OF[kind.sector]) for kind in kinds()]
    rows = [
        *(
            {"title": view.__name__, "text": (view.__doc__ or "").strip(), "columns": kind.columns}
            for kind, view in views
        ),
        *({"title": title, "text": "", "columns": columns} for title, columns in _GOODS.items()),
    ]
    return page_of("upkeep/columns.md.j2", {"kinds": rows})


def indicators_page() -> str:
    """Write the page of all indicators and targets."""
    return page_of(
        "upkeep/indicators.md.j2",
        {"indicators": INDICATORS.values(), "by_city": BY_CITY, "targets": TARGETS.values()},
    )


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "columns.md": columns_page,
    "indicators.md": indicators_page,
    "odd.md": partial(odd_page, "en"),
    "odd_zh.md": partial(odd_page, "zh"),
    "glossary.md": glossary_page,
}
"""Generated pages by file name."""


def main(arguments: list[str] | None = None) -> int:
    """Write the pages into a folder."""
    chosen = sys.argv[1:] if arguments is None else arguments
    folder = Path(chosen[0] if chosen else "docs/model")
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        write_text(folder / name, page())
        print(folder / name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
