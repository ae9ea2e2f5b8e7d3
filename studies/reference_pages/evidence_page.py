"""The page on evidence, from the reference table; its words are in `evidence.md.j2`."""

from __future__ import annotations

from typing import Final

import pandas as pd

from ...experiments.evidence.kinds import LATER, PLAN_YEAR, WEAKNESS, WHO
from ..templates import page_of

FILES: Final = ("evidence_shaanxi.csv",)
PAGE: Final = "evidence.md"

_WORDS: Final = (
    *("title_en", "title_zh", "source", "distribution", "drawn_from"),
    *("role", "learnt", "target", "seen"),
)


def page(table: pd.DataFrame) -> str:
    """Make the page from a table as `evidence.ledger` writes it, as read from the file."""
    table = table.assign(**table[list(_WORDS)].astype(object).fillna(""))
    targets = [name.removeprefix("share_") for name in map(str, table) if name.startswith("share_")]
    first, drawn, levers = table.iloc[0], table["drawn_from"], table["what"] == "lever"
    parts = {
        "seen": table[table["seen"] == "yes"],
        "unseen_parameters": table[(table["seen"] == "no") & ~levers],
        "unseen_levers": table[(table["seen"] == "no") & levers],
        "fixed_parameters": table[drawn == "fixed"],
        "unknown_levers": table[(table["seen"] == "") & levers],
    }
    by_who = []
    for who in WHO:
        own = table[table["assumed_by"] == who]
        seen = own[own["seen"] == "yes"]
        shares = [seen[f"share_{target}"].sum() for target in targets]
        by_who.append({"who": who, "entries": len(own), "seen": len(seen), "shares": shares})
    return page_of(
        "reference_pages/evidence.md.j2",
        {
            **{name: int(first[name]) for name in ("runs", "asked", "seed")},
            "scale": first["scale"],
            "drawn": {name: int((drawn == name).sum()) for name in ("posterior", "prior", "fixed")},
            "weakness": WEAKNESS,
            "weakness_added": LATER,
            "plan_year": PLAN_YEAR,
            "targets": targets,
            "by_who": by_who,
            **{name: rows.to_dict("records") for name, rows in parts.items()},
        },
    )
