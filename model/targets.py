"""By what a plan is judged: the targets of a scenario, and the ways in which officials may count each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from ..engine.errors import InputError, nearest
from ..scenarios.choosing.declared_targets import DeclaredTarget, shipped_plan
from .indicators.every_indicator import INDICATORS

if TYPE_CHECKING:
    from .indicators.definition import Indicator

How = Literal["flow_of_year", "stock_at_end", "mean_of_year"]

__all__ = ["TARGETS", "Target", "targets_declared"]

_HOW: Final[Mapping[str, How]] = {"flow": "flow_of_year", "stock": "stock_at_end", "ratio": "mean_of_year"}

_COUNTED: Final = {"flow": "sum over the year", "stock": "last quarter", "ratio": "mean of the year"}


@dataclass(frozen=True)
class Target:
    """One target.

    Attributes
    ----------
    countings : mapping of str to str
        Indicators that are held against the goal, by the name of the way of counting. The first is the
        one that is meant where a single number is asked for.
    goal : float
        What the plan asks for.
    unit : str
    year : int
        Calendar year that counts.
    how : {"flow_of_year", "stock_at_end", "mean_of_year"}
        Whether the year's sum, the value at its end, or the mean of a ratio over its quarters counts.
    title_en, title_zh : str
    note : str
        What was chosen where the plan leaves room.
    """

    countings: Mapping[str, str]
    goal: float
    unit: str
    year: int
    how: How
    title_en: str
    title_zh: str
    note: str

    @property
    def indicator(self) -> str:
        """Indicator of the first way of counting."""
        return next(iter(self.countings.values()))


def targets_declared(
    declared: Mapping[str, DeclaredTarget], indicators: Mapping[str, Indicator]
) -> dict[str, Target]:
    """Give the targets that a scenario declares, each in the unit of its indicator.

    Raises
    ------
    InputError
        With the entry as key: an indicator that there is not or that is not modelled yet, a flow asked of a
        stock or the reverse.
    """
    found = {}
    for name, said in declared.items():
        countings = said.counted(name)
        for counted in countings.values():
            key = f"targets.{name}.indicator"
            indicator = indicators.get(counted)
            if indicator is None or not indicator.modelled:
                known = [one for one, each in indicators.items() if each.modelled]
                wrong = f"no indicator is called {counted!r}"
                raise InputError(
                    wrong if indicator is None else f"{counted} is not modelled yet",
                    key=key,
                    allowed="an indicator of `list indicators`",
                    suggestion=nearest(counted, known),
                )
            if said.kind != indicator.kind:
                raise InputError(
                    f"{counted} is a {indicator.kind}, and its target is judged as a {said.kind}",
                    key=f"targets.{name}.kind",
                    allowed=f"{indicator.kind} ({_COUNTED[indicator.kind]})",
                )
        unit = indicators[next(iter(countings.values()))].unit
        found[name] = Target(
            countings, said.goal, unit, said.year, _HOW[said.kind], said.title_en, said.title_zh, said.note
        )
    return found


TARGETS: Final[dict[str, Target]] = targets_declared(shipped_plan().targets, INDICATORS)
"""The targets of the shipped plan by the indicator of their first way of counting."""
