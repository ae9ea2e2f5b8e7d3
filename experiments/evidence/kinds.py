"""Who assumed a number, and how weak the evidence for it is: two rules that read its kind and its source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

from ...engine.errors import RunError
from ...engine.quarters import Quarter
from ...scenarios.choosing.declared_targets import shipped_plan

PLAN_YEAR: Final = Quarter.parse(shipped_plan().plan_start).year

WEAKNESS: Final[Mapping[str, float]] = {"assumption": 1.0, "study": 0.5, "statistic": 0.1, "plan": 0.1}
"""Weakness by kind, from 0 to 1. Nobody has measured these: they only put an assumption before a study (most
are of other countries or other provinces) and a study before a figure that counts the thing itself."""

LATER: Final = 0.2
"""Added where a study or statistic is of the plan's year or later: another time, and hindsight."""

WHO: Final = (
    "the plan's text",
    "a statistic",
    "a study",
    "the prototype",
    "the specification",
    "the project, reading the plan",
    "the project, near a source",
    "the project",
)
"""All that `assumed_by` can say."""

_BY_KIND: Final = {"plan": "the plan's text", "statistic": "a statistic", "study": "a study"}
_BY_SOURCE: Final = (
    ("prototype", "the prototype"),
    ("specification", "the specification"),
    ("plan,", "the project, reading the plan"),
    ("assumption of the project", "the project"),
)
_OF_A_LEVER: Final = "lever "


class LeverLike(Protocol):
    """What the rule needs of a lever."""

    @property
    def kind(self) -> str:
        """``plan``, ``statistic`` or ``assumption``."""

    @property
    def reference(self) -> str:
        """Its source."""


def assumed_by(kind: str, source: str, levers: Mapping[str, LeverLike]) -> str:
    """Say who assumed a number, one of `WHO`.

    What is no assumption by its kind was assumed by the plan's text, a statistic or a study. An assumption is
    known by how its source begins: ``prototype``, ``specification``, ``plan,`` (the text asks for the thing
    and gives no number), ``assumption of the project``, or ``lever x`` (as for that lever, which has to be
    there). One with any other source is the project's, with that source near it; one with none is the
    project's.

    Examples
    --------
    >>> assumed_by("assumption", "prototype of the contract channel, see docs", {})
    'the prototype'
    >>> assumed_by("assumption", "row a of sources/parameters.csv", {})
    'the project, near a source'
    """
    source = source.strip()
    if kind in _BY_KIND:
        return _BY_KIND[kind]
    if source.startswith(_OF_A_LEVER):
        name = source.removeprefix(_OF_A_LEVER)
        if name not in levers:
            raise RunError(f"the source {source!r} names a lever that does not exist")
        return assumed_by(levers[name].kind, levers[name].reference, {})
    for beginning, who in _BY_SOURCE:
        if source.startswith(beginning):
            return who
    return "the project, near a source" if source else "the project"


def weakness(kind: str, vintage: int | None) -> float:
    """Say how weak the evidence for a number is, from 0 (sure) to 1 (assumed); ``vintage`` is a year.

    Examples
    --------
    >>> weakness("assumption", None), weakness("study", 2006), weakness("study", 2023)
    (1.0, 0.5, 0.7)
    """
    later = vintage is not None and vintage >= PLAN_YEAR
    return min(1.0, round(WEAKNESS[kind] + (LATER if later else 0.0), 3))
