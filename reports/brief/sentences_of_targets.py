"""What is said of one target in one scenario: how likely, because of the plan or anyway, how surely known.

Every sentence is chosen by numbers of a table and holds them. No sentence says more: where futures are too
few, or no difference is visible, that is what is said.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from ...experiments.forecasting.paired_differences import FEWEST_PAIRS, IDENTICAL, LESS, MORE
from ..words.phrases import Language, say
from .in_words import in_words
from .likelihood import LEVELS, level_of, likelihood

__all__ = ["CAUSES", "Cause", "Chance", "TargetFacts", "cause_of", "chance_words", "sentences_of"]

Cause = Literal[
    "alone",
    "met_before",
    "identical",
    "few",
    "not_visible",
    "less",
    "anyway",
    "because",
    "raised",
    "not_enough",
    "more",
]
CAUSES: Final[tuple[Cause, ...]] = (
    *("because", "raised", "not_enough", "anyway", "more", "met_before"),
    *("not_visible", "identical", "less", "few", "alone"),
)
_ADDS: Final[tuple[Cause, ...]] = ("because", "raised", "not_enough", "anyway", "more")
_LIKELY: Final = LEVELS[: LEVELS.index("more_likely") + 1]
_UNLIKELY: Final = LEVELS[LEVELS.index("more_unlikely") :]


@dataclass(frozen=True)
class Chance:
    """A probability with its 95 % interval, all fractions."""

    probability: float
    low: float
    high: float

    @property
    def level(self) -> str:
        """Its word; see `likelihood.level_of`."""
        return level_of(self.low, self.high)


@dataclass(frozen=True)
class TargetFacts:
    """What tables say of a target in a scenario, counted in one way.

    Attributes
    ----------
    title, scenario, base : str
        As they are shown; ``base`` is empty if nothing is held against another.
    counting : str
        Way of counting as shown; empty for a target with one only.
    unit : str
    goal : float
        In the unit, as are all values.
    year, year_before : int
        Of the goal; the last one before the plan.
    chance : Chance
        In the scenario.
    values : tuple of float
        Quantiles 5 %, 50 %, 95 % in that year.
    without : Chance or None
        In the base.
    moved : tuple of float
        Quantiles 5 %, 50 %, 95 % of the difference from the base; empty without one.
    verdict : str
        Of `paired_differences`.
    pairs : int
        Futures compared.
    smallest_visible : float
        Difference that would have been seen; nan if unknown.
    met_before : bool
        Whether at least 95 % of the futures meet the goal in ``year_before``.
    not_identified, without_error : bool
        Whether data before the plan cannot tell its level; whether the chance holds no error of the model.
    others : tuple of (str, Chance)
        Chances by the other ways of counting.
    with_goal : bool
        Whether the goal is this province's; else nothing is said of it.
    """

    title: str
    scenario: str
    base: str
    counting: str
    unit: str
    goal: float
    year: int
    year_before: int
    chance: Chance
    values: tuple[float, float, float]
    without: Chance | None = None
    moved: tuple[float, ...] = ()
    verdict: str = ""
    pairs: int = 0
    smallest_visible: float = math.nan
    met_before: bool = False
    not_identified: bool = False
    without_error: bool = False
    others: tuple[tuple[str, Chance], ...] = ()
    with_goal: bool = True


def cause_of(facts: TargetFacts) -> Cause:
    """Say whether a target is reached because of the scenario or anyway, one of `CAUSES`.

    A goal that was met before needs no plan, whatever is added. Then the verdict on the paired difference
    decides (`paired_differences.differences_of`); where there is more, the words of both chances, if the goal
    is this province's.
    """
    if facts.met_before and facts.with_goal:
        return "met_before"
    if facts.without is None:
        return "alone"
    if facts.verdict == IDENTICAL:
        return "identical"
    if facts.pairs < FEWEST_PAIRS:
        return "few"
    if facts.verdict not in (MORE, LESS):
        return "not_visible"
    if facts.verdict == LESS:
        return "less"
    if not facts.with_goal:
        return "more"
    if facts.without.level in _LIKELY:
        return "anyway"
    if facts.chance.level in _LIKELY:
        return "because"
    return "not_enough" if facts.chance.level in _UNLIKELY else "raised"


def sentences_of(facts: TargetFacts, language: Language) -> list[str]:
    """Say how likely a target is, why, and what hedges it, in this order."""
    first = _how_likely(facts, language) if facts.with_goal else _level(facts, language)
    return [first, *_why(facts, language), *_hedges(facts, language)]


def chance_words(chance: Chance, language: Language) -> str:
    """Write a probability with its interval.

    Examples
    --------
    >>> chance_words(Chance(0.37, 0.329, 0.413), "en")
    '0.37 (0.33–0.41)'
    """
    numbers = {
        "chance": f"{chance.probability:.2f}",
        "low": f"{chance.low:.2f}",
        "high": f"{chance.high:.2f}",
    }
    return say("brief.chance", language, **numbers)


def _how_likely(facts: TargetFacts, language: Language) -> str:
    low, median, high = (in_words(value, facts.unit, language) for value in facts.values)
    return say(
        "brief.how_likely",
        language,
        title=facts.title,
        counting=say("brief.counted", language, counting=facts.counting) if facts.counting else "",
        scenario=facts.scenario,
        goal=in_words(facts.goal, facts.unit, language),
        year=facts.year,
        level=likelihood(facts.chance.level, language),
        chance=chance_words(facts.chance, language),
        low=low,
        median=median,
        high=high,
    )


def _level(facts: TargetFacts, language: Language) -> str:
    low, median, high = (in_words(value, facts.unit, language) for value in facts.values)
    counting = say("brief.counted", language, counting=facts.counting) if facts.counting else ""
    said = {"title": facts.title, "counting": counting, "scenario": facts.scenario, "year": facts.year}
    return say("brief.level_alone", language, low=low, median=median, high=high, **said)


def _why(facts: TargetFacts, language: Language) -> Iterable[str]:
    cause = cause_of(facts)
    if cause == "alone":
        return
    said: dict[str, object] = {"scenario": facts.scenario, "base": facts.base, "pairs": facts.pairs}
    said |= {"year": facts.year, "year_before": facts.year_before, "fewest": FEWEST_PAIRS}
    if facts.without is not None:
        said["without"] = chance_words(facts.without, language)
        said["level"] = likelihood(facts.without.level, language)
    if facts.moved:
        signs = cause not in _ADDS  # "adds 5" says already that it is more
        low, moved, high = (in_words(one, facts.unit, language, signs=signs) for one in facts.moved)
        said |= {"low": low, "moved": moved, "high": high}
    if facts.with_goal or cause == "few":
        yield say(f"brief.cause_{cause}", language, **said)
    else:
        yield say(f"brief.change_{cause}", language, **said)
    if cause == "not_visible" and math.isfinite(facts.smallest_visible):
        least = in_words(facts.smallest_visible, facts.unit, language)
        yield say("brief.could_have_seen", language, least=least, pairs=facts.pairs)
    if cause == "met_before" and facts.verdict in (MORE, LESS):
        yield say("brief.moved_all_the_same", language, **said)


def _hedges(facts: TargetFacts, language: Language) -> Iterable[str]:
    if not facts.with_goal:
        return
    if facts.others:
        comma = say("amounts.semicolon", language)
        others = [
            say("brief.other_counting", language, counting=name, chance=chance_words(chance, language))
            for name, chance in facts.others
        ]
        yield say("brief.other_countings", language, others=comma.join(others))
    if facts.not_identified:
        yield say("brief.not_identified", language)
    if facts.without_error:
        yield say("brief.without_error", language)
