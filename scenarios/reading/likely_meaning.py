"""What was probably meant by a word that is refused: numbers, entries, quarters, switches."""

from __future__ import annotations

import math
import re
from typing import Final

__all__ = ["SWITCH_WORDS", "entry_in", "meant_quarter", "number_in", "typed"]

SWITCH_WORDS: Final = {
    **dict.fromkeys(("no", "off", "false", "n", "否", "关"), "no_plan"),
    **dict.fromkeys(("yes", "on", "true", "y", "是", "开"), "plan"),
}
"""What is meant by words that other programs read as switches."""

_QUARTER_LIKE: Final = re.compile(r"\s*(\d{4})\s*[-./年 ]?\s*[Qq第]?\s*([1-4])\s*(?:季度)?\s*$")
_DAY_LIKE: Final = re.compile(r"\s*(\d{4})[-./年](\d{1,2})(?:[-./月]\d{1,2}日?|月)?\s*$")

_COUNTED_IN: Final = {"%": 0.01, "％": 0.01, "万": 1e4, "亿": 1e8}


_LARGE: Final = 1e5


def number_in(value: object) -> str | None:
    """Find the number that was meant by a text such as ``'5%'``, ``1e-3``, ``5,000`` or ``2000万元``."""
    if not isinstance(value, str):
        return None
    text = value.strip().replace(",", "").replace("，", "").replace("_", "").removesuffix("yuan").strip()
    text = text.removesuffix("元")
    sign = text[-1:]
    try:
        number = float(text.rstrip(sign)) * _COUNTED_IN[sign] if sign in _COUNTED_IN else float(text)
    except ValueError:
        return None
    return typed(number) if math.isfinite(number) else None


def typed(number: float) -> str:
    """Write a number as a person would type it: large ones with a power of ten.

    Examples
    --------
    >>> typed(8e9), typed(0.55), typed(50000.0), typed(1234567.0)
    ('8e9', '0.55', '50000', '1234567')
    """
    text = f"{number:.15g}"  # fifteen digits: 55 % is 0.55, not the sum of its binary errors
    mantissa, _, power = f"{number:.14e}".partition("e")
    short = f"{mantissa.rstrip('0').rstrip('.')}e{int(power)}"
    return short if abs(number) >= _LARGE and len(short) < len(text) - 2 else text


def entry_in(value: object) -> str | None:
    """Find the entry that was meant by a text with a wide colon, or with no space behind a plain one."""
    found = _RUN_TOGETHER.match(value) if isinstance(value, str) else None
    return f"{found[1]}: {found[2].strip()}" if found else None


_RUN_TOGETHER: Final = re.compile(r"\s*([A-Za-z_][\w-]*)\s*[:：](\s*\S.*)$")


def meant_quarter(text: str) -> str | None:
    """Find the quarter that was meant by ``2019Q1``, ``2019-q1``, ``2019年第1季度`` or ``2019-05-01``.

    Examples
    --------
    >>> meant_quarter("2019q1"), meant_quarter("2019-05-01"), meant_quarter("2019")
    ('2019-Q1', '2019-Q2', None)
    """
    if found := _QUARTER_LIKE.match(text):
        return f"{int(found[1])}-Q{int(found[2])}"
    found = _DAY_LIKE.match(text)
    month = int(found[2]) if found else 0
    return f"{int(found[1])}-Q{(month + 2) // 3}" if found and 1 <= month <= 12 else None
