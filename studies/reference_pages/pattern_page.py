"""The page on the patterns, from the reference table; its words are in `patterns.md.j2`."""

from __future__ import annotations

from typing import Final

import pandas as pd

from ...experiments.patterns.verdicts import verdicts_of_patterns
from ..templates import page_of

FILES: Final = ("patterns_shaanxi.csv",)
PAGE: Final = "patterns.md"


def page(table: pd.DataFrame) -> str:
    """Make the page from a table with columns of `verdicts.COLUMNS`, as read from the file."""
    words = ["band", "note", "verdict"]
    table = table.assign(**table[words].astype(object).fillna(""))
    judged = table[table["verdict"] != ""]
    patterns = []
    for whole in verdicts_of_patterns(table).reset_index().to_dict("records"):
        own = judged[judged["pattern"] == whole["pattern"]]
        notes = own[own["note"] != ""].groupby("note", sort=False)["fact"].agg(list)
        patterns.append({**whole, "own": own.to_dict("records"), "notes": notes.to_dict()})
    return page_of(
        "reference_pages/patterns.md.j2",
        {
            "futures": int(judged["futures"].max()),
            "scale": judged["scale"].iloc[0],
            "seed": int(judged["seed"].iloc[0]),
            "patterns": patterns,
        },
    )
