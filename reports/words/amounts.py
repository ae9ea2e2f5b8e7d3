"""Amounts as a person reads them: 亿元 or billion yuan on labels, while the data stay in yuan."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from .phrases import Language, say, word_or


class AxisUnit(NamedTuple):
    """By what a label divides the data, and what it then calls the unit."""

    divisor: float
    label: str


# Largest first: (from which amount, divisor, key of the unit's word).
_SCALES: Final[dict[tuple[str, str], tuple[tuple[float, float, str], ...]]] = {
    ("yuan", "en"): (
        (1e9, 1e9, "unit_1e9_yuan"),
        (1e6, 1e6, "unit_1e6_yuan"),
        (0.0, 1.0, "unit_yuan"),
    ),
    ("yuan", "zh"): (
        (1e8, 1e8, "unit_1e8_yuan"),
        (1e4, 1e4, "unit_1e4_yuan"),
        (0.0, 1.0, "unit_yuan"),
    ),
    ("contracts", "en"): ((1e4, 1e3, "unit_thousand_contracts"), (0.0, 1.0, "unit_contracts")),
    ("contracts", "zh"): ((1e4, 1e4, "unit_10_thousand_contracts"), (0.0, 1.0, "unit_contracts")),
}


def axis_unit(unit: str, largest: float, language: Language) -> AxisUnit:
    """Choose the unit of an axis whose ``largest`` number is in ``unit``, one of ``engine.units.UNITS``.

    Examples
    --------
    >>> axis_unit("yuan", 1e11, "zh")
    AxisUnit(divisor=100000000.0, label='亿元')
    >>> axis_unit("yuan", 1e11, "en").label
    'billion yuan'
    """
    base, _, per = unit.partition("/")
    scales = _SCALES.get((base, language), ((0.0, 1.0, f"unit_{base}"),))
    _, divisor, key = next(scale for scale in scales if abs(largest) >= scale[0])
    label = word_or(
        f"amounts.{key}", language, base
    )  # without a word of its own it is shown as it is written
    return AxisUnit(divisor, say("amounts.per_year", language, unit=label) if per == "year" else label)


def unit_words(unit: str, language: Language) -> str:
    """Name a unit of ``engine.units.UNITS`` as it stands beside a number that is not scaled.

    Examples
    --------
    >>> unit_words("yuan/year", "zh"), unit_words("years", "zh")
    ('元/年', '年')
    """
    return axis_unit(unit, 0.0, language).label


def number(value: float) -> str:
    """Write a number with at most four figures where it is small and none lost where it is a count.

    Examples
    --------
    >>> number(1829.0), number(92.094), number(0.4321), number(float("nan"))
    ('1,829', '92.1', '0.43', '–')
    """
    if not math.isfinite(value):
        return "–"
    if abs(value) >= 1000 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def amount(value: float, unit: str, language: Language) -> str:
    """Write an amount with its unit, scaled to what a person says.

    Examples
    --------
    >>> amount(1e11, "yuan", "zh"), amount(1e11, "yuan", "en"), amount(100, "count", "en")
    ('1,000 亿元', '100 billion yuan', '100')
    """
    if not math.isfinite(value):
        return "–"
    divisor, label = axis_unit(unit, value, language)
    text = number(value / divisor)
    return text if unit in ("count", "fraction") else f"{text} {label}"


def amount_in_figure(value: float, unit: str, language: Language) -> str:
    """Write an amount as `amount` does, a Chinese unit close to its number: only a table breaks lines there.

    Examples
    --------
    >>> amount_in_figure(1e11, "yuan", "zh"), amount_in_figure(1e11, "yuan", "en")
    ('1,000亿元', '100 billion yuan')
    """
    text = amount(value, unit, language)
    return text.replace(" ", "") if language == "zh" else text
