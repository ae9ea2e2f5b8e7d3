"""The table of `run --profile`: where a run's time goes, by part of the quarter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...model.profile import END, START
from ..words.phrases import Language, say
from .print_rows import print_rows

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["print_profile"]

_ENDS: Final = {START: "start", END: "end"}


def print_profile(table: pd.DataFrame, language: Language) -> None:
    """Print milliseconds in rules and beside them for each part of the quarter, and for all.

    Parameters
    ----------
    table : DataFrame
        From `model.profile.profile`.
    """
    parts = table.groupby("heading", sort=False)[["rules", "glue"]].sum()
    whole = float(parts.to_numpy().sum())
    rows = []
    for heading, rules, glue in zip(parts.index, parts["rules"], parts["glue"], strict=True):
        name = say(f"profile.heading_{_ENDS.get(heading, heading)}", language)
        rows.append([name, *_numbers(rules, glue, whole)])
    rows.append([say("profile.all", language), *_numbers(parts["rules"].sum(), parts["glue"].sum(), whole)])
    heads = (
        say("profile.heading", language),
        say("profile.rules", language),
        say("profile.glue", language),
        say("profile.together", language),
        say("profile.share", language),
    )
    print_rows(heads, rows, "table")


def _numbers(rules: float, glue: float, whole: float) -> list[str]:
    milliseconds = [f"{1e3 * part:.1f}" for part in (rules, glue, rules + glue)]
    return [*milliseconds, f"{(rules + glue) / whole:.2f}"]
