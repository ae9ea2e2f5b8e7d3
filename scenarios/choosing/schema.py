"""What a parameter and a lever are: fields, kinds, bounds, and what is refused.

Percent is never accepted for a fraction, and every number has bounds, so that a
value in units of ten thousand yuan, or a percent, is refused instead of run.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ...engine.errors import InputError, nearest
from ...engine.quarters import Quarter
from ...engine.units import UNITS
from ..reading.number_checks import lever_number_problem, number_problem
from ..reading.refusals import FieldProblem, FieldProblems
from .dated_paths import PLAN_START
from .pack_years import shipped_years

__all__ = ["FROZEN", "TASKS", "DatedPath", "Lever", "OutsideOptions", "Parameter"]

FROZEN: Final = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

DatedPath = dict[str, float]
"""``{"YYYY-Qn": value}``, each value in force until the next date."""

TASKS: Final[tuple[str, ...]] = (
    *(f"task_{number:02d}" for number in range(1, 26)),
    *(f"organisation_{number}" for number in (1, 2, 3)),
)
"""The plan's 25 tasks and three measures of organisation, as selectors of a scenario."""

Distribution = Literal["fixed", "uniform", "triangular", "normal", "lognormal", "logitnormal"]

MOST_ADMINISTRATION: Final = 1e8
"""Most yuan a year that running one instrument may cost."""

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*$")
_RULE = re.compile(r"(agents|model)(\.[a-z_][a-z0-9_]*){2}$")


class Parameter(BaseModel):
    """One number of the model with its uncertainty and its source.

    ``low`` and ``high`` are hard bounds for `uniform` and `triangular`, and the
    5 % and 95 % quantiles for `normal`, `lognormal` and `logitnormal`, whose median
    is ``value`` (on each side of the median its own spread). `fixed` needs neither.
    ``off``, where there is one, is the value at which its mechanism is switched off: a
    scenario may hold the parameter there, inside or outside its bounds.
    """

    model_config = FROZEN

    id: str
    title_en: str = Field(min_length=3)
    title_zh: str = Field(min_length=2)
    value: float
    low: float | None = None
    high: float | None = None
    distribution: Distribution
    off: float | None = None
    unit: str
    kind: Literal["statistic", "study", "assumption"]
    mechanism: str = Field(min_length=2)
    source: str = ""
    vintage: int | None = None
    note: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> Parameter:
        problems = [*_unit_problems(self.unit), *self._problems()]
        if problems:
            raise FieldProblems(problems)
        return self

    def _problems(self) -> Iterator[FieldProblem]:
        if not _IDENTIFIER.match(self.id):
            yield FieldProblem((), f"{self.id!r} is not an id", "small letters, digits and _")
        for name, number in (("value", self.value), ("low", self.low), ("high", self.high)):
            problem = None if number is None else number_problem((name,), number, self.unit)
            if problem:
                yield problem
        if self.kind in ("statistic", "study") and len(self.source.strip()) < 3:
            yield FieldProblem(("source",), f"a {self.kind} needs a source")
        if self.kind == "assumption" and len(self.note.strip()) < 8:
            yield FieldProblem(("note",), "an assumption needs a note that says why")
        if self.distribution == "fixed":
            low = self.value if self.low is None else self.low
            high = self.value if self.high is None else self.high
            if not low <= self.value <= high:
                yield FieldProblem(("value",), f"{self.value:g} is not between low and high")
            return
        if self.low is None or self.high is None:
            absent = "low" if self.low is None else "high"
            yield FieldProblem((absent,), f"is missing for the distribution {self.distribution}")
        elif not self.low <= self.value <= self.high or self.low == self.high:
            yield FieldProblem(
                ("value",),
                f"low {self.low:g}, value {self.value:g}, high {self.high:g} are not in rising order",
                "low <= value <= high and low < high",
            )
        elif self.distribution == "lognormal" and self.low <= 0.0:
            yield FieldProblem(("low",), f"{self.low:g} has no logarithm", "a number above 0")
        elif self.distribution == "logitnormal" and not (self.low > 0.0 and self.high < 1.0):
            yield FieldProblem(("low",), "low and high must lie strictly between 0 and 1")


class Lever(BaseModel):
    """One instrument of the plan: what it was, what it stays, what it becomes.

    Fields as in the design: `history` runs to the quarter before the plan's start
    (before its first date the lever is 0), `no_plan` is the level kept without the
    plan, `plan` the value reached at ``start`` + ``ramp`` quarters and kept to
    ``end``. Whatever the text of the task does not say itself is an assumption.
    `acts_with` is the lever without which this one acts on nothing; `smallest_grant` the
    yuan, or the lever or parameter, that a budget must reach before it buys anything. `within`
    is the lever that it may not exceed where that one is in force, `sums_with` levers or
    parameters with each of which it is a share of one whole: both are refused in a scenario.
    `counts_only` marks a lever whose indicator no rule reads: it raises a count, and nothing follows.
    """

    model_config = FROZEN

    id: str
    task: int | Literal["organisation_1", "organisation_2", "organisation_3"]
    title_zh: str = Field(min_length=2)
    title_en: str = Field(min_length=3)
    quote: str
    agencies: tuple[str, ...] = Field(strict=False, min_length=1)
    kind: Literal["plan", "statistic", "assumption"]
    unit: str
    history: DatedPath
    no_plan: float | DatedPath | None = None
    plan: float
    low: float
    high: float
    start: str
    ramp: int = Field(ge=0, le=40)
    end: str | None = None
    admin_cost_per_year: float = Field(ge=0, le=MOST_ADMINISTRATION)
    payer: Literal["province", "city"]
    rule: str
    acts_with: str | None = None
    smallest_grant: float | str | None = None
    within: str | None = None
    sums_with: tuple[str, ...] = Field(default=(), strict=False)
    counts_only: bool = False
    indicator: str = Field(min_length=3)
    reference: str = Field(min_length=3)
    note: str = ""

    @property
    def selector(self) -> str:
        """Name of its task as scenarios select it, for example ``task_21``."""
        return f"task_{self.task:02d}" if isinstance(self.task, int) else self.task

    @property
    def level_before(self) -> float:
        """Level in force in the quarter before the plan's start."""
        dates = sorted(self.history, key=Quarter.parse)
        return self.history[dates[-1]] if dates else 0.0

    def known_in(self, quarter: Quarter) -> Lever:
        """Give the lever as it was known in a quarter: what its history holds for later stays unsaid."""
        known = {date: level for date, level in self.history.items() if Quarter.parse(date) <= quarter}
        return self if known == self.history else self.model_copy(update={"history": known})

    @property
    def in_money(self) -> bool:
        """Whether it is counted in yuan."""
        return self.unit.startswith("yuan")

    @property
    def changes(self) -> bool:
        """Whether the plan asks for another value than the level before it."""
        return self.plan != self.level_before or isinstance(self.no_plan, dict)

    @model_validator(mode="after")
    def _consistent(self) -> Lever:
        problems = [*_unit_problems(self.unit), *self._wrong_words(), *self._wrong_dates()]
        if not problems:
            problems = [*self._wrong_numbers()]
        if problems:
            raise FieldProblems(problems)
        return self

    def _wrong_words(self) -> Iterator[FieldProblem]:
        if not _IDENTIFIER.match(self.id):
            yield FieldProblem((), f"{self.id!r} is not an id", "small letters, digits and _")
        if isinstance(self.task, int) and not 1 <= self.task <= 25:
            yield FieldProblem(
                ("task",), f"{self.task} is not a task", "1 to 25, organisation_1 to organisation_3"
            )
        if len(self.quote.strip()) < 8:
            yield FieldProblem(
                ("quote",), f"{self.quote!r} is too short", "at least 8 characters of the task's text"
            )
        if self.kind == "plan" and self.task not in (11, 17, 21):
            yield FieldProblem(
                ("kind",),
                "the text of this task gives no number",
                "statistic, assumption (plan only in 11, 17, 21)",
            )
        if self.kind != "plan" and len(self.note.strip()) < 8:
            yield FieldProblem(
                ("note",), f"a lever of kind {self.kind} needs a note that says what it is sized from"
            )
        if not _RULE.match(self.rule):
            yield FieldProblem(
                ("rule",),
                f"{self.rule!r} is not the name of a rule",
                "agents.<file>.<function> or model.<file>.<function>",
            )

    def _wrong_dates(self) -> Iterator[FieldProblem]:
        for date in self.history:
            quarter = _quarter_or_none(date)
            if quarter is None or not Quarter(2000, 1) <= quarter < PLAN_START:
                allowed = f"2000-Q1 to {PLAN_START.later(-1)}"
                yield FieldProblem(("history", date), f"{date!r} is not in the history", allowed)
        if isinstance(self.no_plan, dict):
            for date in self.no_plan:
                quarter = _quarter_or_none(date)
                if quarter is None or quarter < PLAN_START:
                    yield FieldProblem(
                        ("no_plan", date), f"{date!r} is not after the history", f"{PLAN_START} or later"
                    )
        start = _quarter_or_none(self.start)
        if start is None or start < PLAN_START:
            yield FieldProblem(("start",), f"{self.start!r} is no possible start", f"{PLAN_START} or later")
        if self.end is not None:
            end = _quarter_or_none(self.end)
            if end is None or (start is not None and end < start):
                yield FieldProblem(("end",), f"{self.end!r} is no possible end", f"{self.start} or later")

    def _wrong_numbers(self) -> Iterator[FieldProblem]:
        if self.low > self.high:
            yield FieldProblem(("low",), f"low {self.low:g} is above high {self.high:g}", "low <= high")
            return
        numbers: list[tuple[tuple[str, ...], float]] = [(("low",), self.low), (("high",), self.high)]
        numbers += [(("history", date), value) for date, value in self.history.items()]
        numbers += [(("plan",), self.plan)]
        if isinstance(self.no_plan, dict):
            numbers += [(("no_plan", date), value) for date, value in self.no_plan.items()]
        elif self.no_plan is not None and self.no_plan == self.level_before:
            numbers += [(("no_plan",), self.no_plan)]
        elif self.no_plan is not None:
            yield FieldProblem(
                ("no_plan",),
                f"{self.no_plan:g} is not the level of the quarter before the plan's start",
                f"{self.level_before:g}, or a dated path",
            )
        problem = number_problem(
            ("admin_cost_per_year",), self.admin_cost_per_year, "yuan/year", 0.0, MOST_ADMINISTRATION
        )
        if problem:
            yield problem
        for where, value in numbers:
            # A level of exactly zero before the plan means that the instrument did not exist.
            absent = where[0] in ("history", "no_plan") and value == 0.0 and math.copysign(1.0, value) > 0.0
            problem = None if absent else lever_number_problem(where, value, self.unit, self.low, self.high)
            if problem:
                yield problem
        if self.unit == "switch" and self.ramp:
            yield FieldProblem(("ramp",), "a switch has no ramp", "0")


class OutsideOptions(BaseModel):
    """How the world outside the province moves.

    Attributes
    ----------
    constant : bool
        Hold every outside path at its first value (for tests of trends).
    file : str or None
        CSV in the panel's form whose later rows replace the drawn paths: a
        conditional forecast.
    observed_until : int
        Last year whose figures are known; later ones are drawn. The last year of the pack, or an earlier one,
        which tries a forecast on the past.
    seed : int or None
        Seed of the drawn paths, where it is not to be that of the run: tells what the
        world outside does from what parameters and luck do.
    """

    model_config = FROZEN

    constant: bool = False
    file: str | None = None
    observed_until: int = shipped_years().last
    seed: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _nothing_is_void(self) -> OutsideOptions:
        void = [name for name in ("file", "seed") if self.constant and getattr(self, name) is not None]
        if void:
            problem = "changes nothing while constant is true"
            raise FieldProblems(FieldProblem((name,), problem, "only one of the two") for name in void)
        return self


def _unit_problems(unit: str) -> list[FieldProblem]:
    if unit in UNITS:
        return []
    if unit in ("%", "percent", "per cent"):
        return [FieldProblem(("unit",), "percent is never used", ", ".join(UNITS), "fraction")]
    return [FieldProblem(("unit",), f"unknown unit {unit!r}", ", ".join(UNITS), nearest(unit, UNITS))]


def _quarter_or_none(text: Any) -> Quarter | None:
    try:
        return Quarter.parse(text)
    except InputError:
        return None
