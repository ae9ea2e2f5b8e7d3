"""Paired differences over the years: a panel for each target, and one for the net public cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...experiments.forecasting.difference_table import NET_COST
from ..tables.difference_rows import heading_of, verdict_words
from ..words.phrases import Language, say, title_of
from .fans import Fan, bands_of, draw_overview

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..tables.experiment_folder import Results

YEARS_BEFORE: Final = 3
"""Years before the plan that are drawn: enough to see that nothing differs there."""


def difference_fans(results: Results, language: Language) -> list[Fan]:
    """Gather the panels; none without two scenarios that share their futures."""
    table = results.differences.rename(columns={"id": "indicator"})
    yearly = table[(table["kind"] == "indicator") & (table["year"] >= results.plan_start.year - YEARS_BEFORE)]
    panels: dict[str, tuple[Any, tuple[str, ...]]] = {
        target.indicator: (target, _verdicts(results, name, language))
        for name, target in results.definitions.targets.items()
    }
    if NET_COST in results.definitions.indicators:
        panels[NET_COST] = (results.definitions.of(NET_COST), ())
    titles = results.titles(language)
    fans = []
    for indicator, (named, notes) in panels.items():
        if bands := bands_of(yearly, indicator, titles):
            definition = results.definitions.of(indicator)
            fans.append(
                Fan(
                    title=title_of(named, language),
                    unit=definition.unit,
                    bands=bands,
                    plan_start=results.plan_start,
                    kind=definition.kind,
                    signed=True,
                    notes=notes,
                )
            )
    return fans


def _verdicts(results: Results, target: str, language: Language) -> tuple[str, ...]:
    """Say of each scenario in how many futures there is more of a target, counted in the first way."""
    table, titles = results.differences, results.titles(language)
    first = next(iter(results.definitions.targets[target].countings))
    rows = table[(table["kind"] == "target") & (table["id"] == target) & (table["counting"] == first)]
    return tuple(
        say(
            "compare.panel_note",
            language,
            scenario=titles[row["scenario"]],
            year=row["year"],
            verdict=verdict_words(row["verdict"], language),
            above=f"{100.0 * row['share_positive']:.0f}",
            pairs=row["pairs"],
        )
        for row in rows.to_dict("records")
    )


def draw_differences(fans: list[Fan], results: Results, language: Language) -> Figure:
    """Draw the panels on one page, not registered with pyplot."""
    return draw_overview(fans, language, heading_of(results, language))
