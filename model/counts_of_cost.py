"""Indicators of what the plan costs the public: payments out of the treasuries, and what came back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np

from .indicator import Indicator

if TYPE_CHECKING:
    from .province import Province

LAST_TASK: Final = 25
"""Accounts 26 to 28 are those of the three measures."""

_MEASURES: Final = {1: "coordination", 2: "policy", 3: "publicity"}
_ZH_MEASURES: Final = {1: "统筹协调", 2: "政策", 3: "宣传"}


def _task_cost(task: int) -> Callable[[Province], float]:
    return lambda province: float(province.books.public[task].sum())


def _redirected(province: Province) -> float:
    """Yuan of the step's programme money that levers turn to other uses, without a payment more."""
    share = province.values["programme_share_of_research"]
    research = sum(int(rows.rows["rd"].sum()) for rows in province.producers.values())
    levers = province.levers
    turned = levers.chain_allocation + levers.platform_upgrade * province.values["frontier_share"]
    return float(min(1.0, turned) * share * research)


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
        Indicator(
            "public_money_reallocated",
            "yuan",
            "flow",
            "Programme money turned to other uses",
            "调整用途的存量项目资金",
            "existing programme money that tasks 4 and 6 redirect: not new, and in no task's cost",
            _redirected,
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
                _task_cost(task),
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
                _task_cost(LAST_TASK + measure),
            )
        )
    return listed
