"""Write the page on what each lever moves, from the reference table.

``python -m shaanxi_transfer.studies.reference_pages.lever_page docs/model`` reads
``results/reference/lever_effects.csv`` and writes ``levers.md``; nothing is simulated.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ...experiments.effects.lever_effects import FILE, WHOLE, unmoved_levers
from ...experiments.effects.paired_effects import YEAR
from ...experiments.running.table_command import DEFAULT_FOLDER
from ..templates import number_in_words

PAGE: Final = "levers.md"

_HEAD = """<!-- made by `make pages` from results/reference/lever_effects.csv; do not edit -->
# What each lever moves

Paired differences of {year} between two worlds of one future: median over {futures} futures, in brackets 5
and 95 %.
Made by `make effects RUNS={futures}`. An effect is **visible** if nine of ten futures agree on its sign.
Net cost is
the median of public cost from the plan's start to the end of {year}, less what came back, against the other
world.
Most sizes of levers and most gains behind them are assumptions: a visible effect says what follows from
them, not
that they are true. How the tasks act: [decision 0008](../decisions/0008-levers-and-their-mechanisms.md).
"""


def _effect(row: Mapping[Any, Any]) -> str:
    return f"{number_in_words(row['q50'])} [{number_in_words(row['q05'])}, {number_in_words(row['q95'])}]"


def _table(rows: pd.DataFrame, first: str) -> Iterator[str]:
    yield f"| {first} | indicator | level | effect | visible | net cost, yuan |"
    yield "|---|---|---|---|---|---|"
    for row in rows.to_dict("records"):
        seen = "yes" if row["visible"] else "no"
        level, cost = number_in_words(row["level_q50"]), number_in_words(row["net_cost_q50"])
        name = row["lever"] or row["scenario"]
        yield f"| `{name}` | {row['indicator']} | {level} | {_effect(row)} | {seen} | {cost} |"


def page(table: pd.DataFrame) -> str:
    """Make the page.

    Parameters
    ----------
    table : DataFrame
        Columns of `lever_effects.COLUMNS`.
    """
    table = table.assign(lever=table["lever"].fillna(""))
    levers = table[table["lever"] != ""]
    targets = list(table.loc[table["scenario"] == WHOLE, "indicator"])
    turnover = table[table["indicator"] == "contract_value_output"]
    unseen = sorted(set(levers["lever"]) - set(levers.loc[levers["visible"], "lever"]))
    lines = [
        _HEAD.format(year=YEAR, futures=int(table["futures"].max())),
        "## The whole plan against no plan, on the five targets\n",
        *_table(table[table["scenario"] == WHOLE], "world"),
        "\n## Each lever alone, on its own indicator\n",
        *_table(levers[levers["own"]], "lever"),
        "\n## Each task alone, on the turnover of technology contracts\n",
        *_table(turnover[turnover["scenario"].str.startswith("only_")], "world"),
        "\n## The plan without each task, on the turnover of technology contracts\n",
        *_table(turnover[turnover["scenario"].str.startswith("without_")], "world"),
        "\n## Levers and tasks with a visible effect on a target\n",
        *_table(
            table[table["visible"] & table["indicator"].isin(targets) & (table["lever"] != "")],
            "lever",
        ),
        "\n## No visible effect on its own indicator or on a target\n",
        ", ".join(f"`{name}`" for name in unseen) or "none",
        "\n## No change asked by the plan\n",
        ", ".join(f"`{lever.id}`" for lever in unmoved_levers()),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the page into the folder that is named."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/model")
    table = pd.read_csv(DEFAULT_FOLDER / FILE)
    (folder / PAGE).write_text(page(table), encoding="utf-8", newline="\n")
    print(folder / PAGE)


if __name__ == "__main__":
    main()
