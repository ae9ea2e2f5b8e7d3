"""What a person is shown of a waterfall: the levers that add most, the others together, and all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..words.amounts import axis_unit, number
from ..words.of_provinces import in_province, province_name
from ..words.phrases import Language, say, title_of
from .difference_rows import verdict_words
from .print_rows import side_by_side, widths_of

if TYPE_CHECKING:
    import pandas as pd
    from rich.text import Text

    from ...experiments.comparing.waterfall import Waterfall

MOST: Final = 10
"""Levers that are shown by themselves; the file holds all."""

COLUMNS: Final = ("lever", "averaged", "in_plans_order", "verdict")


class Step(NamedTuple):
    """One step as it is shown: means over futures, in the panel's unit.

    Attributes
    ----------
    name : str
        Of the lever; empty for the others together, and for all.
    title : str
    averaged, in_plans_order : float
        What the lever adds, averaged over orders and in the order of the plan.
    verdict : str
        Of what it adds averaged over orders; empty for the others together.
    """

    name: str
    title: str
    averaged: float
    in_plans_order: float
    verdict: str


class Panel(NamedTuple):
    """The steps of one target, counted in the first way, or of one cost; the last one is all together."""

    title: str
    unit: str
    steps: tuple[Step, ...]


def panels_of(waterfall: Waterfall, language: Language) -> Iterator[Panel]:
    """Choose what is shown of each target, and of the net public cost."""
    from ...experiments.comparing.lever_steps import PLAN, SAMPLED
    from ...experiments.comparing.waterfall_table import ALL
    from ...experiments.forecasting.difference_table import NET_COST
    from ...scenarios import lever_catalogue
    from .experiment_folder import definitions_of

    definitions, levers = definitions_of(waterfall.folder), lever_catalogue()
    for name, rows in waterfall.table.groupby("id", sort=False):
        if rows["kind"].iloc[0] == "cost" and name != NET_COST:
            continue
        rows = rows[rows["counting"] == rows["counting"].iloc[0]]
        by_order = {order: mine.set_index("lever") for order, mine in rows.groupby("order")}
        averaged, planned = by_order[SAMPLED]["mean"], by_order[PLAN]["mean"]
        verdicts = by_order[SAMPLED]["verdict"]
        single = averaged.drop(ALL)
        largest = set(single.abs().sort_values(ascending=False, kind="stable").index[:MOST])
        shown = [one for one in single.index if one in largest]
        rest = [one for one in single.index if one not in largest]
        unit = axis_unit(str(rows["unit"].iloc[0]), _reach(averaged, shown, ALL), language)
        steps = [
            Step(one, title_of(levers[one], language), averaged[one], planned[one], verdicts[one])
            for one in shown
        ]
        if rest:
            others = say("compare.others", language, count=len(rest))
            steps.append(Step("", others, averaged[rest].sum(), planned[rest].sum(), ""))
        steps.append(Step("", say("compare.all", language), averaged[ALL], planned[ALL], verdicts[ALL]))
        definition: Any = definitions.targets.get(str(name), definitions.of(str(name)))
        key = "compare.in_all_years" if rows["kind"].iloc[0] == "cost" else "compare.in_year"
        year = rows["year"].iloc[0]
        title = say(key, language, title=title_of(definition, language), year=year, unit=unit.label)
        yield Panel(title, unit.label, tuple(_scaled(step, unit.divisor) for step in steps))


def _reach(averaged: pd.Series[float], shown: list[str], all_: str) -> float:
    """Give how far the steps go at most, which chooses the unit."""
    return max(abs(float(averaged[all_])), float(averaged[shown].abs().max()))


def _scaled(step: Step, divisor: float) -> Step:
    return step._replace(averaged=step.averaged / divisor, in_plans_order=step.in_plans_order / divisor)


def heading_of(waterfall: Waterfall, language: Language) -> str:
    """Give the heading of table and figure."""
    from ...experiments.keeping.store import Store

    row = waterfall.table.iloc[0]
    identity = Store(waterfall.folder).manifest()["identity"]
    contents = {name: entry["contents"] for name, entry in identity["scenarios"].items()}
    titles = {
        gap: str(contents[row[column]].get(f"title_{language}") or row[column])
        for gap, column in (("base", "base"), ("scenario", "scenario"))
    }
    text = say("compare.waterfall_heading", language, **titles)
    return in_province(text, province_name(str(row["province"]), language), language)


def console_text(waterfall: Waterfall, language: Language) -> Text:
    """Write the table for a console, one target below the other."""
    from rich.text import Text

    head = [say(f"compare.column_{column}", language) for column in COLUMNS]
    panels = list(panels_of(waterfall, language))
    rows = {
        panel.title: [
            (
                step.title,
                number(step.averaged),
                number(step.in_plans_order),
                verdict_words(step.verdict, language) if step.verdict else "",
            )
            for step in panel.steps
        ]
        for panel in panels
    }
    widths = widths_of([head, *(cells for group in rows.values() for cells in group)])
    text = Text()
    text.append(heading_of(waterfall, language) + "\n", style="bold")
    text.append(side_by_side(head, widths), style="dim")
    for title, group in rows.items():
        text.append(f"{title}\n", style="bold")
        for cells in group:
            text.append(side_by_side(cells, widths))
    return text
