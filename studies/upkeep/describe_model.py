"""Tables of the documentation that are made from the code, so that they cannot drift.

``python -m shaanxi_transfer.studies.upkeep.describe_model FOLDER`` writes ``columns.md`` and
``indicators.md`` there.
"""

from __future__ import annotations

import sys
from pathlib import Path

from ...agents import goods
from ...agents.kind import kinds
from ...agents.view import RowView
from ...engine.columns import column_table
from ...model.indicators.every_indicator import BY_CITY, INDICATORS
from ...model.indicators.targets import TARGETS

_HEAD = "<!-- made by `make pages`; do not edit -->\n"

_GOODS = {
    "Needs": goods.NEED_COLUMNS,
    "Contracts of the step": goods.CONTRACT_COLUMNS,
    "Results": goods.RESULT_COLUMNS,
}


def columns_page() -> str:
    """Write the page of all declared columns."""
    parts = [_HEAD, "# Who and what is a row\n"]
    for kind in kinds():
        view = RowView.OF[kind.sector]
        parts += [
            f"## {view.__name__}\n",
            f"{(view.__doc__ or '').strip()}\n",
            column_table(kind.columns),
            "",
        ]
    for title, columns in _GOODS.items():
        parts += [f"## {title}\n", column_table(columns), ""]
    return "\n".join(parts)


def indicators_page() -> str:
    """Write the page of all indicators and targets."""
    parts = [
        _HEAD,
        "# What is counted\n",
        "| indicator | unit | kind | 名称 | definition |",
        "|---|---|---|---|---|",
    ]
    for entry in INDICATORS.values():
        parts.append(
            f"| `{entry.id}` | {entry.unit} | {entry.kind} | {entry.title_zh} | {entry.definition} |"
        )
    parts += ["", f"By city, with the city behind a dot: {', '.join(f'`{name}`' for name in BY_CITY)}.", ""]
    parts += [
        "## Targets of the plan\n",
        "| indicator | goal | unit | year | 名称 | note |",
        "|---|---|---|---|---|---|",
    ]
    for target in TARGETS.values():
        parts.append(
            f"| `{target.indicator}` | {target.goal:,.0f} | {target.unit} | {target.year} "
            f"| {target.title_zh} | {target.note} |"
        )
    return "\n".join(parts) + "\n"


PAGES = {"columns.md": columns_page, "indicators.md": indicators_page}
"""Generated pages by file name."""


def main(arguments: list[str] | None = None) -> int:
    """Write the pages into a folder."""
    chosen = sys.argv[1:] if arguments is None else arguments
    folder = Path(chosen[0] if chosen else "docs/model")
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8", newline="\n")
        print(folder / name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
