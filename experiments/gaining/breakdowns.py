"""By what the numbers of a record are broken down: cities, kinds of actor, sizes of enterprises."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple

from ...engine.errors import check_choice

__all__ = ["BREAKDOWNS", "ZERO_SUM", "Breakdown", "breakdowns_in", "checked", "taken_down_for"]

BREAKDOWNS: Final = ("city", "kind", "size")

ZERO_SUM: Final = ("entries_shifted",)
"""Indicators whose parts are what some win of others: they sum to nothing, and the indicator to the gains."""

_SELLERS: Final = ("university", "research_institute", "military_unit", "enterprise")
_OF_KINDS: Final[Mapping[str, Mapping[str, str]]] = {
    "contract_value_output": {kind: f"contract_value_output_{kind}" for kind in _SELLERS},
    "contract_value_signed": {kind: f"contract_value_signed_{kind}" for kind in _SELLERS},
    "spin_offs": {kind: f"spin_offs_{kind}" for kind in _SELLERS[:-1]},
    "public_cost": {"province": "public_cost_province", "cities": "public_cost_cities"},
}
"""By indicator the indicators of its parts, by kind of actor: sellers, owners of results, and who pays."""


class Breakdown(NamedTuple):
    """An indicator and its parts.

    Attributes
    ----------
    by : str
        Of `BREAKDOWNS`.
    whole : str
        Indicator that is broken down.
    parts : dict of str to str
        Indicator of each part, by the part's name.
    """

    by: str
    whole: str
    parts: Mapping[str, str]


def checked(by: Any) -> tuple[str, ...]:
    """Read what a person asks to break down by: one word, or several, also with commas between.

    Raises
    ------
    InputError
        If there is no such breakdown.
    """
    words = by.split(",") if isinstance(by, str) else by or ()
    named = [str(word).strip() for word in words]
    return tuple(
        dict.fromkeys(check_choice(word, "by", BREAKDOWNS) for word in named if word or len(named) > 1)
    )


def taken_down_for(by: Sequence[str]) -> tuple[str, ...]:
    """Name what runs have to take down beside their record; cities and kinds stand in it anyway."""
    return tuple(one for one in by if one == "size")


def breakdowns_in(names: Collection[str], by: str) -> list[Breakdown]:
    """Find which indicators of a record can be broken down.

    Parameters
    ----------
    names : collection of str
        Indicators of the record.
    by : str
        Of `BREAKDOWNS`.

    Returns
    -------
    list of Breakdown
        Only such as have the whole and every part.
    """
    known = dict.fromkeys(names)
    if by == "city":
        wholes = dict.fromkeys(name.partition(".")[0] for name in known if "." in name)
        found = {
            whole: {name.partition(".")[2]: name for name in known if name.startswith(f"{whole}.")}
            for whole in wholes
        }
    elif by == "kind":
        found = {whole: dict(parts) for whole, parts in _OF_KINDS.items()}
    else:
        from ...model.indicators.of_sizes import SIZED, SIZES

        found = {whole: {size: f"{whole}_{size}" for size in SIZES} for whole in SIZED}
    return [
        Breakdown(by, whole, parts)
        for whole, parts in found.items()
        if whole in known and all(name in known for name in parts.values())
    ]
