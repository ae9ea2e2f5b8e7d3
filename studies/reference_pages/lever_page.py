"""The page on what each lever moves, from the reference table; its words are in `levers.md.j2`."""

from __future__ import annotations

from typing import Final

import pandas as pd

from ...experiments.effects.lever_effects import FILE, WHOLE, is_of_today, unmoved_levers
from ...experiments.effects.paired_effects import plan_year
from ...scenarios import lever_catalogue
from ..templates import page_of

__all__ = ["FILES", "PAGE", "page"]

FILES: Final = (FILE,)
PAGE: Final = "levers.md"


def page(table: pd.DataFrame) -> str:
    """Make the page from a table with columns of `lever_effects.COLUMNS`."""
    table = table.assign(lever=table["lever"].fillna(""))
    levers = table[table["lever"] != ""]
    whole_plan = table[table["scenario"] == WHOLE]
    turnover = table[table["indicator"] == "contract_value_output"]
    parts = {
        "whole_plan": whole_plan,
        "levers_alone": levers[levers["own"]],
        "tasks_alone": turnover[turnover["scenario"].str.startswith("only_")],
        "plan_without": turnover[turnover["scenario"].str.startswith("without_")],
        "seen": levers[levers["visible"] & levers["indicator"].isin(whole_plan["indicator"])],
    }
    return page_of(
        "reference_pages/levers.md.j2",
        {
            "of_today": is_of_today(table),
            "year": plan_year(),
            "futures": int(table["futures"].max()),
            **{name: rows.to_dict("records") for name, rows in parts.items()},
            "unseen": sorted(set(levers["lever"]) - set(levers.loc[levers["visible"], "lever"])),
            "counters": [lever.id for lever in lever_catalogue().values() if lever.counts_only],
            "unmoved": [lever.id for lever in unmoved_levers()],
        },
    )
