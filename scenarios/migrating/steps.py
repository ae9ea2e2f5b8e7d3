"""What has to be changed in a scenario file of an older version: one step for each change, in `STEPS`.

Whoever changes what a file may say (a name, a unit, a bound) adds a step at the end, with the last version
that wrote the old form, and a sentence ``change_NAME`` to ``words/*/migrate.yaml``. A file does not say which
version it is of: a step knows the old form by what stands there, and finds nothing in a file of today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from ..reading.refusals import Location

__all__ = ["GONE", "STEPS", "Change", "Step", "changed", "changes_in", "doubtful"]


class Change(NamedTuple):
    """One entry that is changed.

    Attributes
    ----------
    where : tuple of str
        Its keys, the outermost first.
    old : object
        What stands there.
    new : float or None
        What is to stand there; None if the entry is put aside: it stays in the file as a comment.
    name : str
        Of the step.
    decision : str
        Number of the decision that tells why, or empty.
    """

    where: Location
    old: Any
    new: float | None
    name: str
    decision: str


class Step(NamedTuple):
    """A change of what files may say: name, the last version with the old form, and what finds it."""

    name: str
    last: str
    find: Callable[[Mapping[str, Any]], Iterator[tuple[Location, Any, float | None, str]]]


CITY_FUND: Final = 5.0e7
"""Yuan a year of the old ``city_funds`` for which one fund is founded: what one more fund a year cost when
the lever began to count (``city_fund_size``); the plan's 50 million became one fund more."""

CITY_FUNDS_BEFORE: Final = 1.0
"""Funds that were founded a year before the plan, which the old lever left out and the new one counts."""

MOST_CITY_FUNDS: Final = 20.0
"""More than this were yuan."""

MOST_INCOME_SHARE: Final = 0.97

GONE: Final[Mapping[str, str]] = {
    "base_success_gain": "0030",
    "contact_probability": "0027",
    "focus_founding_gain": "0025",
    "founder_response": "0025",
    "income_share_law": "0025",
    "inventor_share_2010": "0025",
    "inventor_share_after_2015": "0025",
    "micro_seed_additional": "0032",
    "one_institute_multiple": "0025",
    "ownership_gain": "0025",
    "spin_off_probability": "0025",
}
"""Parameters in whose place rules have come, with the decision; no other parameter means the same."""


def _outside_without_effect(
    data: Mapping[str, Any],
) -> Iterator[tuple[Location, Any, float | None, str]]:
    outside = data.get("outside")
    if isinstance(outside, dict) and outside.get("constant") is True:
        for name in ("file", "seed"):
            if outside.get(name) is not None:
                yield ("outside", name), outside[name], None, ""


def _city_funds(data: Mapping[str, Any]) -> Iterator[tuple[Location, Any, float | None, str]]:
    found = dict(_numbers(data, "city_funds"))
    if any(value > MOST_CITY_FUNDS for value in found.values()):
        for where, yuan in found.items():
            funds = CITY_FUNDS_BEFORE + yuan / CITY_FUND
            yield where, yuan, min(float(round(funds)), MOST_CITY_FUNDS), "0026"


def _income_share(data: Mapping[str, Any]) -> Iterator[tuple[Location, Any, float | None, str]]:
    for where, share in _numbers(data, "listed_income_share"):
        if MOST_INCOME_SHARE < share <= 1.0:
            yield where, share, MOST_INCOME_SHARE, "0025"


def _gone(data: Mapping[str, Any]) -> Iterator[tuple[Location, Any, float | None, str]]:
    parameters = data.get("parameters")
    for name, value in parameters.items() if isinstance(parameters, dict) else ():
        if name in GONE:
            yield ("parameters", name), value, None, GONE[name]


STEPS: Final[tuple[Step, ...]] = (
    Step("outside", "0.1.0", _outside_without_effect),
    Step("city_funds", "0.2.0", _city_funds),
    Step("income_share", "0.2.0", _income_share),
    Step("gone", "0.2.0", _gone),
)
"""All changes of what a scenario file may say, the oldest first."""


def changes_in(data: Mapping[str, Any]) -> list[Change]:
    """Find what has to be changed in what a scenario file says; nothing in one of this version.

    Examples
    --------
    >>> [one.new for one in changes_in({"levers": {"city_funds": 5.0e7}})]
    [2.0]
    """
    return [
        Change(where, old, new, step.name, decision)
        for step in STEPS
        for where, old, new, decision in step.find(data)
    ]


def doubtful(data: Mapping[str, Any]) -> list[Location]:
    """Find what means another thing in old files than in new ones: no yuan for funds, or no fund founded."""
    sure = {one.where for one in changes_in(data)}
    return [where for where, value in _numbers(data, "city_funds") if value == 0.0 and where not in sure]


def changed(data: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a scenario says with all changes made; what is put aside is left out."""
    copy = {name: _copied(value) for name, value in data.items()}
    for change in changes_in(data):
        holder: Any = copy
        for key in change.where[:-1]:
            holder = holder[key]
        if change.new is None:
            del holder[change.where[-1]]
        else:
            holder[change.where[-1]] = change.new
    return copy


def _copied(value: Any) -> Any:
    return {name: _copied(one) for name, one in value.items()} if isinstance(value, dict) else value


def _numbers(data: Mapping[str, Any], lever: str) -> Iterator[tuple[Location, float]]:
    """Give the numbers that are chosen for a lever, one or by date."""
    levers = data.get("levers")
    choice = levers.get(lever) if isinstance(levers, dict) else None
    found: dict[Location, Any] = {("levers", lever): choice}
    if isinstance(choice, dict):
        found = {("levers", lever, date): one for date, one in choice.items()}
    for where, value in found.items():
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield where, float(value)
