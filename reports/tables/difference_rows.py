"""The table of differences: what each scenario changes against the base, on a console or in HTML."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..words.amounts import amount, axis_unit, number
from ..words.of_provinces import in_province, province_name
from ..words.phrases import Language, say, title_of
from .print_rows import side_by_side, widths_of
from .target_table import counting_title

if TYPE_CHECKING:
    import pandas as pd
    from rich.text import Text

    from .experiment_folder import Results

SHOWN_COSTS: Final = ("public_cost", "public_cost_gross")
"""Costs that a person is shown; the file holds those of every task."""

COLUMNS: Final = ("scenario", "low", "median", "high", "above", "verdict")


class DifferenceRow(NamedTuple):
    """One difference as it is shown.

    Attributes
    ----------
    heading : str
        What differs, in which year and unit.
    counting : str
        The way of counting a target; empty for one with only one, and for costs.
    cells : tuple of str
        In the order of `COLUMNS`.
    remark : str
        What so many pairs could have seen, if they saw nothing.
    """

    heading: str
    counting: str
    cells: tuple[str, ...]
    remark: str


def verdict_words(verdict: str, language: Language) -> str:
    """Put a verdict of `paired_differences` into words.

    Examples
    --------
    >>> verdict_words("not visible", "en")
    'not visible'
    """
    return say(f"compare.verdict_{verdict.replace(' ', '_')}", language)


def difference_rows(results: Results, language: Language) -> list[DifferenceRow]:
    """Gather the rows of an experiment folder: targets in their years, then costs; scenarios below each."""
    table, titles = results.differences, results.titles(language)
    found: list[DifferenceRow] = []
    for (kind, name, counting), rows in _groups(table):
        definition: Any = (
            results.definitions.targets[name] if kind == "target" else results.definitions.of(name)
        )
        unit, largest = str(rows["unit"].iloc[0]), float(rows[["q05", "q50", "q95"]].abs().max().max())
        shown = axis_unit(unit, 0.0 if math.isnan(largest) else largest, language)
        key = "compare.in_all_years" if kind == "cost" else "compare.in_year"
        heading = say(
            key, language, title=title_of(definition, language), year=rows["year"].iloc[0], unit=shown.label
        )
        in_words = counting_title(definition, counting, language) if counting else ""
        for row in rows.to_dict("records"):
            amounts = [number(row[column] / shown.divisor) for column in ("q05", "q50", "q95")]
            cells = (
                titles.get(row["scenario"], row["scenario"]),
                *amounts,
                number(row["share_positive"]),
                verdict_words(row["verdict"], language),
            )
            found.append(DifferenceRow(heading, in_words, cells, _remark(row, unit, language)))
    return found


def _groups(table: pd.DataFrame) -> Iterator[tuple[tuple[str, str, str], pd.DataFrame]]:
    shown = table[(table["kind"] == "target") | ((table["kind"] == "cost") & table["id"].isin(SHOWN_COSTS))]
    for key, rows in shown.groupby(["kind", "id", "counting"], sort=False):
        kind, name, counting = (str(part) for part in key)
        yield (kind, name, counting), rows


def _remark(row: Mapping[Any, Any], unit: str, language: Language) -> str:
    if row["verdict"] != "not visible" or not math.isfinite(row["smallest_visible"]):
        return ""
    least = amount(float(row["smallest_visible"]), unit, language)
    return say("compare.could_have_seen", language, least=least, pairs=row["pairs"])


def notes_of(results: Results, language: Language) -> list[str]:
    """Give the notes below the table: the rule, too few pairs, other ends, costs."""
    from ...experiments.forecasting.paired_differences import FEWEST_PAIRS

    found = [say("targets.visible_rule", language), say("compare.cost_note", language)]
    pairs = int(results.differences["pairs"].max())
    if pairs < FEWEST_PAIRS:
        found.insert(0, say("compare.few_pairs", language, pairs=pairs, fewest=FEWEST_PAIRS))
    titles = results.titles(language)
    ends = {titles[name]: str(contents["end"]) for name, contents in results.scenarios.items()}
    if len(set(ends.values())) > 1:
        listed = say("amounts.semicolon", language).join(
            say("compare.ends_in", language, scenario=title, end=end) for title, end in ends.items()
        )
        last = int(results.differences["year"].max())
        found.insert(0, say("compare.ends_differ", language, ends=listed, year=last))
    return found


def heading_of(results: Results, language: Language) -> str:
    """Give the heading of the table and of the figure."""
    base = results.titles(language)[str(results.against)]
    heading = say("compare.heading", language, base=base)
    return in_province(heading, province_name(results.province, language), language)


def console_text(results: Results, language: Language) -> Text:
    """Write the table for a console of 80 columns, in the form of the table of targets."""
    from rich.text import Text

    rows = difference_rows(results, language)
    head = [say(f"compare.column_{column}", language) for column in COLUMNS]
    widths = widths_of([head, *(row.cells for row in rows)])
    text = Text()
    text.append(heading_of(results, language) + "\n", style="bold")
    text.append(side_by_side(head, widths), style="dim")
    before = counting = ""
    for row in rows:
        if row.heading != before:
            text.append(f"{row.heading}\n", style="bold")
            counting = ""
        if row.counting != counting:
            text.append(f" {row.counting}\n", style="dim")
        before, counting = row.heading, row.counting
        text.append(side_by_side(row.cells, widths))
        if row.remark:
            text.append(f"    {row.remark}\n", style="italic")
    return text


def differences_html(results: Results, language: Language) -> str:
    """Make the table and its notes as an HTML fragment; every text is escaped."""
    heads = ["what", "counting", *COLUMNS, "remark"]
    head = "".join(f"<th>{html.escape(say(f'compare.column_{one}', language))}</th>" for one in heads)
    body = "".join(
        "<tr>"
        + "".join(
            f"<td>{html.escape(text)}</td>" for text in (row.heading, row.counting, *row.cells, row.remark)
        )
        + "</tr>"
        for row in difference_rows(results, language)
    )
    below = "".join(f"<p>{html.escape(note)}</p>" for note in notes_of(results, language))
    code = "zh-CN" if language == "zh" else "en"
    return (
        f'<div lang="{code}"><table class="differences">'
        f"<caption>{html.escape(heading_of(results, language))}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{below}</div>"
    )
