"""What a batch will take, and what a share leaves to the others, each in one plain sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from .phrases import Language, say

if TYPE_CHECKING:
    from ...experiments.forecasting.estimate import Estimate
    from ...experiments.running.shards import Unfinished

_TIMES: Final = (("days", 86_400.0, 2.0), ("hours", 3_600.0, 1.5), ("minutes", 60.0, 1.5))
_SIZES: Final = (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3))


def estimate_line(estimate: Estimate, language: Language, *, at_most: bool = False) -> str:
    """Say what a batch will take and tell; ``at_most`` if it may stop earlier, being precise enough."""
    if not estimate.runs:
        runs = estimate.futures * estimate.scenarios
        return say("forecast.all_there", language, runs=runs)
    return say(
        "forecast.estimate",
        language,
        most=say("forecast.at_most", language) if at_most else "",
        futures=estimate.futures,
        scenarios=estimate.scenarios,
        runs=estimate.runs,
        time=time_words(estimate.seconds, language),
        workers=estimate.workers,
        disk=size_words(estimate.bytes),
        points=two_digits(100 * estimate.half_width),
    )


def unfinished_line(unfinished: Unfinished, language: Language) -> str:
    """Say what other shares still have to make."""
    return say(
        "forecast.unfinished",
        language,
        missing=len(unfinished.missing),
        planned=unfinished.planned,
        examples=unfinished.examples,
        folder=unfinished.folder,
    )


def stopped_line(stopped: Mapping[str, Any], language: Language, target: str, scenario: str) -> str:
    """Say why a forecast with a wished precision ended.

    ``stopped`` is what the manifest tells (`experiments.forecasting.precision.Stop`); ``target`` and
    ``scenario`` are the names to show of the least certain probability.
    """
    from ...experiments.forecasting.precision import REACHED

    return say(
        "forecast.precise" if stopped["reason"] == REACHED else "forecast.not_precise",
        language,
        futures=int(stopped["futures"]),
        points=two_digits(100 * float(stopped["half_width"])),
        target=target,
        scenario=scenario,
    )


def time_words(seconds: float, language: Language) -> str:
    """Say a time to two digits, in the largest unit of which there are enough.

    Examples
    --------
    >>> time_words(42.3, "en"), time_words(400, "en"), time_words(90_000, "zh")
    ('42 s', '6.7 min', '25小时')
    """
    for name, unit, enough in _TIMES:
        if seconds >= enough * unit:
            return say(f"amounts.{name}", language, n=two_digits(seconds / unit))
    return say("amounts.seconds", language, n=two_digits(seconds))


def size_words(size: float) -> str:
    """Say a number of bytes to two digits.

    Examples
    --------
    >>> size_words(7.2e6), size_words(0)
    ('7.2 MB', '0 kB')
    """
    for name, unit in _SIZES:
        if size >= unit or name == _SIZES[-1][0]:
            return f"{two_digits(size / unit)} {name}"
    raise AssertionError("the smallest unit fits everything")


def two_digits(value: float) -> str:
    """Give a number to two digits, never in the form 1e+02.

    Examples
    --------
    >>> two_digits(123.4), two_digits(0.0456), two_digits(9.96)
    ('120', '0.046', '10')
    """
    rounded = float(f"{value:.2g}")
    return f"{rounded:.0f}" if rounded >= 10 else f"{rounded:g}"
