"""The time that a scenario has from its pack, where it says nothing of it itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ...engine.errors import InputError
from ..choosing.declared_targets import DeclaredTarget, shipped_plan
from ..choosing.pack_years import PackYears
from ..reading.refusals import FieldProblem
from .pack import load_pack
from .pack_head import FEWEST_KNOWN

__all__ = ["eve_problems", "left_to_the_pack", "targets_moved", "with_time_of_pack"]

_TIME: Final = ("start", "plan_start", "end")


def _time_of(years: PackYears) -> dict[str, Any]:
    """Give the entries that say when, for a plan that is made on the eve of a pack."""
    time = dict(zip(_TIME, map(str, (years.start, years.plan_start, years.plan_end)), strict=True))
    return {**time, "outside": {"observed_until": years.last}}


def with_time_of_pack(given: Any) -> Any:
    """Fill in what the entries of a scenario do not say of time; a wrong pack is refused later."""
    if not isinstance(given, dict) or not isinstance(given.get("province"), str):
        return given
    try:
        time = _time_of(load_pack(given["province"]).years)
    except InputError:
        return given
    outside = given.get("outside", {})
    if isinstance(outside, dict):
        given = {**given, "outside": {**time["outside"], **outside}}
    return {**{field: time[field] for field in _TIME}, **given}


def left_to_the_pack(lower: dict[str, Any], upper: Mapping[str, Any]) -> dict[str, Any]:
    """Take out of the entries of a whole scenario what it left to its pack, if it is moved to another."""
    if not lower or upper.get("province", lower["province"]) == lower["province"]:
        return lower
    time = _time_of(load_pack(lower["province"]).years)
    rest = {name: one for name, one in lower.items() if name not in _TIME or one != time[name]}
    outside = {name: one for name, one in lower["outside"].items() if time["outside"].get(name) != one}
    return {**rest, "outside": outside}


def eve_problems(until: int, years: PackYears) -> Iterator[FieldProblem]:
    """Find what is wrong with the last year whose figures a scenario knows."""
    first = years.first + FEWEST_KNOWN
    if not first <= until <= years.last:
        where = ("outside", "observed_until")
        yield FieldProblem(where, f"{until} is out of bounds", f"{first} to {years.last}")


def targets_moved(later: int) -> Mapping[str, DeclaredTarget]:
    """Give the targets of the shipped plan some years later."""
    shipped = shipped_plan().targets
    if later == 0:
        return shipped
    return {name: one.model_copy(update={"year": one.year + later}) for name, one in shipped.items()}
