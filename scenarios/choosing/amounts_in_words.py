"""Amounts that a person writes for levers in yuan: 80亿元, 2000万元."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from re import compile as pattern
from typing import Any, Final, NamedTuple

from .catalogue import lever_catalogue

__all__ = ["AmountRead", "amount_in", "amounts_in", "with_amounts"]

_AMOUNT: Final = pattern(r"(\d+(?:[,，]\d{3})*(?:\.\d+)?)\s*(万亿|亿|千万|百万|万)?\s*元")
_YUAN: Final = {None: 0, "万": 4, "百万": 6, "千万": 7, "亿": 8, "万亿": 12}
"""Powers of ten by which a word multiplies."""


class AmountRead(NamedTuple):
    """An amount as it is written, and the yuan as which it was read."""

    lever: str
    written: str
    yuan: float


def amount_in(text: object) -> float | None:
    """Read an amount that names the yuan; None for anything else, a number without a unit included.

    Examples
    --------
    >>> amount_in("80亿元"), amount_in("1,200.5 万元"), amount_in("80亿"), amount_in("80")
    (8000000000.0, 12005000.0, None, None)
    """
    found = _AMOUNT.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        return None
    digits = found[1].replace(",", "").replace("，", "")
    return float(Decimal(digits).scaleb(_YUAN[found[2]]))


def with_amounts(choices: Any) -> Any:
    """Give choices of levers in which amounts are yuan; what is no amount, or no lever in yuan, stays.

    Examples
    --------
    >>> with_amounts({"fund_size": "80亿元", "training_seats": "3元"})
    {'fund_size': 8000000000.0, 'training_seats': '3元'}
    """
    if not isinstance(choices, Mapping):
        return choices
    return {name: _read(choice) if _in_yuan(name) else choice for name, choice in choices.items()}


def amounts_in(choices: Any) -> list[AmountRead]:
    """List the amounts that `with_amounts` reads."""
    found = []
    for name, choice in choices.items() if isinstance(choices, Mapping) else ():
        for one in choice.values() if isinstance(choice, Mapping) else (choice,):
            yuan = amount_in(one) if _in_yuan(name) else None
            if yuan is not None:
                found.append(AmountRead(name, one, yuan))
    return found


def _read(choice: Any) -> Any:
    if isinstance(choice, Mapping):
        return {date: _read(value) for date, value in choice.items()}
    yuan = amount_in(choice)
    return choice if yuan is None else yuan


def _in_yuan(name: str) -> bool:
    lever = lever_catalogue().get(name)
    return lever is not None and lever.unit.partition("/")[0] == "yuan"
