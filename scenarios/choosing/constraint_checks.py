"""Whether what a scenario chooses for several levers can stand together, as the levers' files declare it.

A lever may have to stay within another one where that is in force (`Lever.within`), and shares of one whole
may sum to 1 at most (`Lever.sums_with`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...engine.quarters import Quarter
from ..reading.refusals import FieldProblem
from .adjustments import adjustment_of
from .catalogue import lever_catalogue
from .lever_choices import choice_of
from .schema import Lever, Parameter

__all__ = ["constraint_problems"]


def constraint_problems(
    choices: Mapping[str, Any],
    scaled: Mapping[str, float],
    held: Mapping[str, float],
    parameters: Mapping[str, Parameter],
) -> Iterator[FieldProblem]:
    """Find levers whose values contradict each other, or a parameter.

    Parameters
    ----------
    choices : mapping
        Of levers, after `canonical_choices`.
    scaled : mapping of str to float
        Shares of the plan's steps, as of `adjustments`.
    held : mapping of str to float
        Parameters that the scenario holds; one of them is named as the place if it is among the summands.
    parameters : mapping of str to Parameter
        All of them as they are without that.
    """
    for lever in lever_catalogue().values():
        if lever.within is not None:
            yield from _beyond(lever, lever_catalogue()[lever.within], choices, scaled)
        for other in lever.sums_with:
            yield from _more_than_the_whole(lever, other, choices, scaled, held, parameters)


def _beyond(
    lever: Lever, holder: Lever, choices: Mapping[str, Any], scaled: Mapping[str, float]
) -> Iterator[FieldProblem]:
    """Find a date from which a lever is above the one that has to hold it."""
    small, large = _levels(lever, choices, scaled), _levels(holder, choices, scaled)
    for date in sorted({*small, *large}, key=_order):
        value, most = _at(small, date), _at(large, date)
        if value <= most or most == 0.0:
            continue
        names = [one for one in (lever, holder) if isinstance(choices.get(one.id), Mapping)]
        where = next(
            (("levers", one.id, date) for one in names if date in choices[one.id]),
            ("levers", _chosen_by((lever, holder), choices)),
        )
        since = f" from {date} on" if date else ""
        yield FieldProblem(
            where,
            f"{lever.id} {value:.12g} is above {holder.id} {most:.12g}{since}",
            f"{lever.id} at most {most:.12g}, or {holder.id} 0 or at least {value:.12g}",
        )
        return


def _more_than_the_whole(
    lever: Lever,
    other: str,
    choices: Mapping[str, Any],
    scaled: Mapping[str, float],
    held: Mapping[str, float],
    parameters: Mapping[str, Parameter],
) -> Iterator[FieldProblem]:
    """Find two shares of one whole that sum to more than it."""
    levers = lever_catalogue()
    share = max(lever.level_before, *_levels(lever, choices, scaled).values())
    second = (
        max(levers[other].level_before, *_levels(levers[other], choices, scaled).values())
        if other in levers
        else held.get(other, parameters[other].value)
    )
    if share + second <= 1.0:
        return
    chosen_by = _chosen_by((lever, *((levers[other],) if other in levers else ())), choices)
    yield FieldProblem(
        ("parameters", other) if other in held else ("levers", chosen_by),
        f"{lever.id} {share:g} and {other} {second:g} sum to {share + second:g} of one whole",
        f"together at most 1; {lever.id} at most {1.0 - second:g}",
    )


def _levels(lever: Lever, choices: Mapping[str, Any], scaled: Mapping[str, float]) -> dict[str, float]:
    """Give the values that a lever goes to since the plan's start, by date; without one, under no date."""
    choice = choice_of(lever, choices)
    if isinstance(choice, Mapping):
        return {"": lever.level_before, **choice}
    if isinstance(choice, float):
        return {"": choice}
    if choice != "plan":
        return {"": 0.0 if choice == "zero" else lever.level_before}
    share = 1.0 if lever.unit == "switch" else adjustment_of(lever, scaled, 1.0)
    return {"": lever.level_before + share * (lever.plan - lever.level_before)}


def _at(levels: Mapping[str, float], date: str) -> float:
    return levels[max((one for one in levels if _order(one) <= _order(date)), key=_order)]


def _order(date: str) -> int:
    return Quarter.parse(date).index if date else -1


def _chosen_by(levers: tuple[Lever, ...], choices: Mapping[str, Any]) -> str:
    """Name the entry of a scenario that chose one of some levers."""
    names = [*(lever.id for lever in levers), *(lever.selector for lever in levers)]
    return next((name for name in names if name in choices), "all")
