"""Groups of factors, shares and times, as a person says them."""

from __future__ import annotations

from .of_scenarios import task_words
from .phrases import Language, say, word_or


def group_words(group: str, language: Language) -> str:
    """Name a group of factors as a person says it.

    Examples
    --------
    >>> group_words("task_21", "en"), group_words("loan", "zh")
    ('task 21 (the guidance fund)', '贷款')
    """
    if group.startswith(("task_", "organisation_")):
        title = say(f"tasks.{group}", language)
        return say("scenarios.task_and_title", language, task=task_words(group, language), title=title)
    return word_or(f"mechanisms.{group}", language, group)


def percent(share: float, language: Language) -> str:
    """Write a share for a sentence; data hold fractions.

    Examples
    --------
    >>> percent(0.614, "en"), percent(0.004, "en"), percent(-0.01, "zh")
    ('61 %', '0.4 %', '0%')
    """
    number = 100.0 * min(max(share, 0.0), 1.0)
    digits = f"{number:.1f}" if 0.05 <= number < 1.0 else f"{number:.0f}"
    return say("amounts.percent", language, number=digits)


def duration(seconds: float, language: Language) -> str:
    """Write a time as a person says it.

    Examples
    --------
    >>> duration(42, "en"), duration(900, "zh"), duration(9000, "en")
    ('42 s', '15分钟', '2.5 h')
    """
    if seconds < 90:
        return say("amounts.seconds", language, n=f"{seconds:.0f}")
    if seconds < 5400:
        return say("amounts.minutes", language, n=f"{seconds / 60:.0f}")
    return say("amounts.hours", language, n=f"{seconds / 3600:.1f}")
