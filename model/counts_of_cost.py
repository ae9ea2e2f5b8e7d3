"""Indicators of what the plan costs the public: payments out of the treasuries, and what came back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np

from .indicator import Indicator

if TYPE_CHECKING:
    from .province import Province

TASKS_WITH_LEVERS: Final = frozenset({10, 11, 15, 21, 22, 23})
"""Tasks that the model can spend on. The others' cost is not modelled yet: absent, not zero."""

_MEASURES: Final = {1: "coordination", 2: "policy", 3: "publicity"}
_ZH_MEASURES: Final = {1: "统筹协调", 2: "政策", 3: "宣传"}


def _task_cost(task: int) -> Callable[[Province], float]:
    return lambda province: float(province.books.public[task].sum())


def _gross(province: Province) -> float:
    public = province.books.public[1:]
    return float(np.where(public > 0, public, 0).sum())


def _recovered(province: Province) -> float:
    public = province.books.public[1:]
    return float(np.where(public < 0, -public, 0).sum())


def cost_indicators() -> list[Indicator]:
    """List the indicators of public cost."""
    listed = [
        Indicator(
            "public_cost",
            "yuan",
            "flow",
            "Public cost, net",
            "财政净支出",
            "payments out of treasuries for the plan's tasks less what came back",
            lambda p: float(p.books.public[1:].sum()),
        ),
        Indicator(
            "public_cost_gross",
            "yuan",
            "flow",
            "Public cost, gross",
            "财政支出总额",
            "payments out of treasuries for the plan's tasks",
            _gross,
        ),
        Indicator(
            "public_cost_recovered",
            "yuan",
            "flow",
            "Public cost, recovered",
            "财政回收",
            "exits, unused pools and repayments back in the treasuries",
            _recovered,
        ),
    ]
    for task in range(1, 26):
        listed.append(
            Indicator(
                f"public_cost_task_{task:02d}",
                "yuan",
                "flow",
                f"Public cost of task {task}",
                f"任务{task}财政净支出",
                "payments out of treasuries for the task less what came back",
                _task_cost(task) if task in TASKS_WITH_LEVERS else None,
            )
        )
    for measure, word in _MEASURES.items():
        listed.append(
            Indicator(
                f"public_cost_organisation_{measure}",
                "yuan",
                "flow",
                f"Public cost of measure {measure}: {word}",
                f"组织保障{measure}（{_ZH_MEASURES[measure]}）财政净支出",
                "payments out of treasuries for the measure less what came back",
                None,
            )
        )
    return listed
