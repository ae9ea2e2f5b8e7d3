"""What a sensitivity analysis found, in one plain sentence for each target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from .amounts import amount
from .of_sensitivity import group_words, percent
from .phrases import Language, say, title_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MAIN", "name_of", "sentence", "sentences"]

MAIN: Final = {"morris": "mu_star", "sobol": "S1", "pawn": "pawn_median"}
"""Index of each method that orders factors."""

_NAMED: Final = 3
_MUCH_LUCK: Final = 0.05
_ALL_LUCK: Final = 0.9


def name_of(row: Any, language: Language) -> str:
    """Name the factor or group of a row of ``sensitivity.csv`` in a language."""
    if row.kind == "luck":
        return say("sensitivity.luck", language)
    return group_words(row.factor, language) if row.kind == "group" else str(title_of(row, language))


def sentences(indices: pd.DataFrame, targets: Any, language: Language) -> dict[str, str]:
    """Give one sentence for each target of ``sensitivity.csv``; ``targets`` holds their definitions."""
    return {
        str(name): sentence(rows, targets[name], language)
        for name, rows in indices.groupby("target", sort=False)
    }


def sentence(rows: pd.DataFrame, target: Any, language: Language) -> str:
    """Say what moves one target most, with intervals, and how much is luck."""
    words: dict[str, object] = {"title": title_of(target, language), "year": target.year}
    first = rows.iloc[0]
    if (rows["kind"] == "constant").all():
        value = amount(float(first["value"]), target.unit, language)
        return say("sensitivity.constant", language, **words, value=value, points=first["points"])
    method = str(first["method"])
    luck = rows[rows["index"] == "share_of_variance"].iloc[0]
    if luck["value"] > _ALL_LUCK:
        return say("sensitivity.all_luck", language, **words)
    much = "sensitivity.luck_much" if luck["value"] > _MUCH_LUCK else "sensitivity.luck_is"
    words["luck"] = say(much, language, share=percent(luck["value"], language))
    main = rows[rows["index"] == MAIN[method]]
    nothing = main[main["kind"] == "luck"]  # what a factor gets that does nothing; Sobol gives it nothing
    floor = float(np.nanmax(nothing[["value", "high"]].to_numpy(dtype=float))) if len(nothing) else 0.0
    if method == "pawn":
        words["nothing"] = f"{float(nothing['value'].iloc[0]):.2f}"
    factors = main[main["kind"] != "luck"]
    seen = factors[(factors["low"] > 0.0) & (factors["value"] > floor)].head(_NAMED)
    parts = [_part(method, place, row, target.unit, language) for place, row in enumerate(seen.itertuples())]
    if not parts:
        return say(f"sensitivity.{method}_none", language, **words)
    return say(f"sensitivity.{method}_all", language, parts=_listed(parts, language), **words)


def _part(method: str, place: int, row: Any, unit: str, language: Language) -> str:
    name = name_of(row, language)
    if method == "sobol":
        share, low, high = (percent(one, language) for one in (row.value, row.low, row.high))
        key = "sensitivity.sobol_first" if place == 0 else "sensitivity.sobol_next"
        # Within the brackets the sign would only be noise: 61 % (52–70).
        low, high = low.rstrip(" %"), high.rstrip(" %")
        return say(key, language, share=share, low=low, high=high, name=name)
    if method == "pawn":
        numbers = {key: f"{getattr(row, key):.2f}" for key in ("value", "low", "high")}
    else:
        numbers = {key: amount(getattr(row, key), unit, language) for key in ("value", "low", "high")}
    return say(f"sensitivity.{method}_part", language, name=name, **numbers)


def _listed(parts: Sequence[str], language: Language) -> str:
    """Put parts into a row: a, b and c."""
    if len(parts) == 1:
        return parts[0]
    return say("amounts.comma", language).join(parts[:-1]) + say("amounts.and", language) + parts[-1]
