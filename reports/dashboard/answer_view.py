"""What the page shows of an answer: a card a target, costs, and the notes without which it misleads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...experiments.forecasting.paired_differences import LESS, MORE
from ..brief.facts_of_forecast import scenarios_in_question, told_of_targets
from ..brief.in_words import in_words
from ..brief.likelihood import likelihood
from ..brief.sentences_of_targets import Chance, TargetFacts, sentences_of
from ..tables.caveats import caveats
from ..tables.difference_rows import SHOWN_COSTS, notes_of, verdict_words
from ..tables.target_table import WITHOUT_ERROR, notes, rows_of
from ..words.amounts import axis_unit, number
from ..words.phrases import Language, say, title_of
from .spark import Spark, sparks_of

if TYPE_CHECKING:
    from ..tables.experiment_folder import Results

__all__ = ["AnswerView", "Card", "Cost", "view_of"]


@dataclass(frozen=True)
class Card:
    """One target.

    Attributes
    ----------
    target, title, goal : str
        Id, name, goal with its year.
    counting : str
        The way of counting; empty for a target with one only.
    chance, without : Chance
        In the scenario; in what it is held against, if anything is.
    level : str
        The chance as a word, with a mark if it holds no error of the model while others do.
    moved, band : str
        Median difference with its sign, and its 90 % band; empty without a base.
    verdict, tone : str
        On the difference: words, and ``more``, ``less`` or ``none``.
    median, range : str
        What is reached in the year, with its 90 % band.
    sentences : tuple of str
        What a brief says of it.
    spark : Spark, optional
    """

    target: str
    title: str
    goal: str
    counting: str
    chance: Chance
    without: Chance | None
    level: str
    moved: str
    band: str
    verdict: str
    tone: str
    median: str
    range: str
    sentences: tuple[str, ...]
    spark: Spark | None


@dataclass(frozen=True)
class Cost:
    """A cost of all years together: what it is, its median difference, and the band of 90 %."""

    title: str
    median: str
    band: str


@dataclass(frozen=True)
class AnswerView:
    """An answer in one language."""

    headline: str
    scenario: str
    base: str
    cards: tuple[Card, ...]
    costs: tuple[Cost, ...]
    notes: tuple[str, ...]
    written_for: str


def view_of(results: Results, language: Language) -> AnswerView:
    """Put what was found into what is shown."""
    (name,) = scenarios_in_question(results)
    told = list(told_of_targets(results, name, results.folder.name, language))
    sparks = sparks_of(results, language)
    cards = tuple(_card(one.target, one.facts, sparks.get(one.target), language) for one in told)
    titles = results.titles(language)
    has_base = results.against is not None
    below = [
        *(notes_of(results, language) if has_base else []),
        *notes(rows_of(results, language), language, written_for=results.written_for, rule_is_said=has_base),
        *caveats(results, language),
    ]
    return AnswerView(
        headline=_headline([one.facts for one in told], language),
        scenario=titles[name],
        base=titles[str(results.against)] if has_base else "",
        cards=cards,
        costs=tuple(_costs(results, language)) if has_base else (),
        notes=tuple(below),
        written_for=results.written_for,
    )


def _card(target: str, facts: TargetFacts, spark: Spark | None, language: Language) -> Card:
    median, values = _median_and_band(facts.values, facts.unit, language)
    moved = band = verdict = ""
    tone = "none"
    if facts.moved:
        moved, band = _median_and_band(facts.moved, facts.unit, language, signs=True)
        verdict = verdict_words(facts.verdict, language)
        tone = {MORE: "more", LESS: "less"}.get(facts.verdict, "none")
    goal = in_words(facts.goal, facts.unit, language)
    return Card(
        target=target,
        title=facts.title,
        goal=say("dashboard.goal", language, goal=goal, year=facts.year),
        counting=facts.counting,
        chance=facts.chance,
        without=facts.without,
        level=likelihood(facts.chance.level, language) + (WITHOUT_ERROR if facts.without_error else ""),
        moved=moved,
        band=band,
        verdict=verdict,
        tone=tone,
        median=median,
        range=values,
        sentences=tuple(sentences_of(facts, language)),
        spark=spark,
    )


def _median_and_band(
    quantiles: Sequence[float], unit: str, language: Language, *, signs: bool = False
) -> tuple[str, str]:
    """Write a median with its unit, and the band in the same unit, which it need not name again."""
    shown = axis_unit(unit, max(map(abs, quantiles)), language)

    def written(value: float) -> str:
        text = number(value / shown.divisor)
        return f"+{text}" if signs and value > 0.0 else text

    low, median, high = map(written, quantiles)
    named = median if unit in ("count", "fraction") else f"{median} {shown.label}"
    return named, say("dashboard.band", language, low=low, high=high)


def _headline(facts: list[TargetFacts], language: Language) -> str:
    """Count the targets that are more likely than not, with the scenario and without."""
    words: dict[str, Any] = {
        "targets": len(facts),
        "reached": sum(one.chance.probability > 0.5 for one in facts),
        "moved": sum(one.verdict == MORE for one in facts),
        "without": sum(one.without is not None and one.without.probability > 0.5 for one in facts),
    }
    key = "dashboard.headline" if any(one.without for one in facts) else "dashboard.headline_alone"
    return say(key, language, **words)


def _costs(results: Results, language: Language) -> list[Cost]:
    table = results.differences
    found = []
    for row in table[(table["kind"] == "cost") & table["id"].isin(SHOWN_COSTS)].to_dict("records"):
        if not math.isfinite(row["q50"]):
            continue
        quantiles = [float(row[one]) for one in ("q05", "q50", "q95")]
        median, band = _median_and_band(quantiles, str(row["unit"]), language, signs=True)
        found.append(Cost(title_of(results.definitions.of(row["id"]), language), median, band))
    return found
