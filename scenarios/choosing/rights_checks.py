"""Whether the parts that a scenario gives of a result's price leave something for its owner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..reading.refusals import FieldProblem
from .catalogue import lever_catalogue
from .lever_choices import choice_of
from .schema import Lever, Parameter

__all__ = ["rights_problems"]

INVENTORS: Final = (
    "inventor_share_university",
    "inventor_share_institute",
    "inventor_share_military",
    "listed_income_share",
)
"""Levers that give inventors a part of the price of a result that is sold."""

BROKERS: Final = "broker_fee_share"


def rights_problems(
    choices: Mapping[str, Any], held: Mapping[str, float], parameters: Mapping[str, Parameter]
) -> Iterator[FieldProblem]:
    """Find inventors' shares that, with a broker's fee, are more than the whole price.

    Parameters
    ----------
    choices : mapping
        Of levers, after `canonical_choices`.
    held : mapping of str to float
        Parameters that the scenario holds; if the fee is among them, it is named as the place.
    parameters : mapping of str to Parameter
        All of them as they are without that.
    """
    fee = held.get(BROKERS, parameters[BROKERS].value)
    for name in INVENTORS:
        lever = lever_catalogue()[name]
        share = _largest(lever, choices)
        if share + fee <= 1.0:
            continue
        by = next((one for one in (name, lever.selector, "all") if one in choices), "all")
        where = ("parameters", BROKERS) if BROKERS in held else ("levers", by)
        yield FieldProblem(
            where,
            f"{name} {share:g} and {BROKERS} {fee:g} sum to {share + fee:g} of a result's price",
            f"together at most 1; {name} at most {1.0 - fee:g}",
        )


def _largest(lever: Lever, choices: Mapping[str, Any]) -> float:
    """Give the largest value that a lever takes in a scenario."""
    choice = choice_of(lever, choices)
    if isinstance(choice, Mapping):
        return max(lever.level_before, *choice.values())
    if isinstance(choice, float):
        return max(lever.level_before, choice)
    return max(lever.level_before, lever.plan) if choice == "plan" else lever.level_before
