"""What a future draws, and the limits of a box, as a person says them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .amounts import amount, number
from .phrases import Language, say, title_of, word_or

if TYPE_CHECKING:
    from ...experiments.planning.definitions import Definitions

__all__ = ["input_words", "limit_words"]


def input_words(
    name: str, parameters: Mapping[str, Any], definitions: Definitions, language: Language
) -> str:
    """Name an input of a frame of runs by its title."""
    kind, _, which = name.partition(".")
    if kind == "parameter":
        return title_of(parameters[which], language)
    if kind == "outside":
        return word_or(f"discover.outside_{which}", language, which)
    return say("discover.unexplained", language, title=title_of(definitions.of(which), language))


def limit_words(
    row: Mapping[Any, Any], parameters: Mapping[str, Any], definitions: Definitions, language: Language
) -> str:
    """Say between what an input lies; ``row`` is one of ``boxes.csv``."""
    name = str(row["input"])
    words = {"input": input_words(name, parameters, definitions, language)}
    low, high = (_value(float(row[side]), name, str(row["input_unit"]), language) for side in ("low", "high"))
    if low is None:
        return say("discover.below", language, high=high, **words)
    if high is None:
        return say("discover.above", language, low=low, **words)
    return say("discover.between", language, low=low, high=high, **words)


def _value(value: float, name: str, unit: str, language: Language) -> str | None:
    if math.isnan(value):
        return None
    kind = name.partition(".")[0]
    if kind == "parameter":
        small = 0.0 < abs(value) < 0.1 and unit in ("fraction", "count", "multiple")
        return f"{value:.3g}" if small else amount(value, unit, language)
    return say(
        "discover.growth" if kind == "outside" else "discover.factor", language, number=_percent(value)
    )


def _percent(ln: float) -> str:
    share = 100.0 * math.expm1(ln)
    return f"{'+' if share > 0.0 else ''}{number(share)}"
