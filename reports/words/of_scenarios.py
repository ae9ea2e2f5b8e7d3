"""Tasks of the plan and values of levers, as a person says them."""

from __future__ import annotations

from .amounts import amount, number, unit_words
from .phrases import Language, say, word_or


def task_words(selector: str, language: Language) -> str:
    """Name a task as a person says it.

    Examples
    --------
    >>> task_words("organisation_2", "en"), task_words("task_05", "zh")
    ('measure of organisation 2', '任务5')
    """
    kind, _, number_of_it = selector.partition("_")
    key = "scenarios.task" if kind == "task" else "scenarios.measure"
    return say(key, language, number=int(number_of_it))


def level(value: float, unit: str, language: Language) -> str:
    """Write a lever's value with its unit.

    Examples
    --------
    >>> level(2e7, "yuan/year", "en"), level(0.125, "fraction", "en"), level(15, "count/year", "zh")
    ('20 million yuan a year', '0.125', '每年15')
    >>> level(1.0, "switch", "en")
    'on'
    """
    base, _, per = unit.partition("/")
    if unit == "switch" and value in (0.0, 1.0):
        return say("scenarios.on" if value else "scenarios.off", language)
    if base in ("fraction", "switch", "points") or (base == "count" and not per):
        return f"{value:.4g}" if abs(value) < 1000 else number(value)
    if base == "count":
        return say("scenarios.a_year", language, value=number(value))
    if unit == "per year":  # a chance of some thousandths a year
        return f"{value:.4g} {unit_words(unit, language)}"
    return amount(value, unit, language)


def mechanism_and_limit(task: str, language: Language) -> tuple[str, str]:
    """Give what a task is in the model, and what binds its effect.

    Examples
    --------
    >>> mechanism_and_limit("task_15", "zh")[1]
    '从业与留任的比例；排队的客户；被错过的成果'
    """
    from ...scenarios.task_verdicts import task_verdicts

    one = task_verdicts()[task]
    return (one.mechanism_zh, one.binds_zh) if language == "zh" else (one.mechanism_en, one.binds_en)


def verdict_words(verdict: str, language: Language) -> str:
    """Name a verdict on a task, of `scenarios.task_verdicts.VERDICTS`.

    Examples
    --------
    >>> verdict_words("knob", "en"), verdict_words("sound", "zh")
    ('knob', '扎实')
    """
    return word_or(f"scenarios.verdict_{verdict}", language, verdict)
