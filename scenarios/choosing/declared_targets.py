"""What a plan declares: targets by which it is judged, and its time; `PLAN_FILE` holds the shipped one."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from ...engine.quarters import Quarter
from ..places import PLAN_FILE
from ..reading.refusals import FieldProblem, FieldProblems, raise_all, refuse
from ..reading.yaml_with_places import read_yaml

__all__ = ["DECLARED", "DeclaredTarget", "ShippedPlan", "shipped_plan", "year_problems"]

DECLARED: Final = "declared"
"""The way of counting a target that a scenario declares: there is one."""


class DeclaredTarget(BaseModel):
    """One target as a plan declares it, under a name of its own.

    Attributes
    ----------
    indicator : str
        What is counted, of ``list indicators``; the target's own name if it says nothing.
    goal : float
        What is asked for, in the indicator's unit.
    year : int
        Calendar year that counts.
    kind : {"flow", "stock", "ratio"}
        What the indicator is: the sum over the year counts, the value in its last quarter, or the mean.
    title_en, title_zh : str
        For the reader.
    note : str
        What was chosen where the plan leaves room.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    indicator: str = ""
    goal: int | float
    year: int
    kind: Literal["flow", "stock", "ratio"]
    title_en: str = Field(min_length=1)
    title_zh: str = Field(min_length=1)
    note: str = ""

    @field_validator("year", mode="before")
    @classmethod
    def _year_alone(cls, given: object) -> object:
        """Take the year of a target that is written as a whole float, as a workbook gives numbers."""
        return int(given) if isinstance(given, float) and given.is_integer() else given

    @model_validator(mode="after")
    def _asks_for_something(self) -> DeclaredTarget:
        if self.goal <= 0.0:
            raise FieldProblems([FieldProblem(("goal",), f"{self.goal:g} is no goal", "a number above 0")])
        return self

    def counted(self, name: str) -> Mapping[str, str]:
        """Give indicators by way of counting, the first one meant where one number is asked for."""
        return {DECLARED: self.indicator or name}


class _ShippedTarget(DeclaredTarget):
    """A target of the shipped plan, which officials may count in several ways, each with words of its own."""

    countings: dict[str, str]

    def counted(self, name: str) -> Mapping[str, str]:
        return self.countings


@dataclass(frozen=True)
class ShippedPlan:
    """The plan that comes with the package: quarters ``YYYY-Qn``, and targets by name."""

    start: str
    plan_start: str
    end: str
    targets: Mapping[str, DeclaredTarget]


@functools.cache
def shipped_plan() -> ShippedPlan:
    """Read the shipped plan, once in a process."""
    document = read_yaml(PLAN_FILE)
    given, targets = dict(document.data), {}
    for name, fields in given.pop("targets").items():
        try:
            targets[name] = _ShippedTarget.model_validate(fields)
        except ValidationError as error:
            raise_all(refuse(error, _ShippedTarget, document.places, ("targets", name)))
    return ShippedPlan(**given, targets=targets)


def year_problems(
    targets: Mapping[str, DeclaredTarget], start: Quarter, end: Quarter
) -> Iterator[FieldProblem]:
    """Find targets that are judged in a year which the scenario does not run through whole."""
    last = end.year if end.quarter == 4 else end.year - 1
    for name, target in targets.items():
        if not start.year <= target.year <= last:
            yield FieldProblem(
                ("targets", name, "year"),
                f"{target.year} is not among the whole years of the run, {start} to {end}",
                f"{start.year} to {last}, or a later end",
            )
