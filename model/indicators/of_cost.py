"""Indicators of what the plan costs the public: payments out of the treasuries, and what came back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from ...engine.books import CAUSE
from ..quarter.registration import REWARDING_TASK, law_of
from .definition import Indicator

if TYPE_CHECKING:
    from ..province import Province

LAST_TASK: Final = 25
"""Accounts 26 to 28 are those of the three measures."""

_MEASURES: Final = {1: "coordination", 2: "policy", 3: "publicity"}
_ZH_MEASURES: Final = {1: "统筹协调", 2: "政策", 3: "宣传"}


CITY_TASKS: Final = ("task_21", "organisation_1")
"""What city treasuries pay for; all else is paid by the province."""

RECOVERING_TASKS: Final = ("task_21", "task_22")
"""Tasks whose money may come back: stakes that are sold, pools that are not needed."""


def _account(selector: str) -> int:
    kind, _, number = selector.rpartition("_")
    return int(number) + (LAST_TASK if kind == "organisation" else 0)


def _of(column: str, selector: str | None = None) -> Callable[[Province], float]:
    """Read one account, or all of them together without the general one."""
    if selector is None:
        return lambda province: float(sum(getattr(province.sums.accounts, column)[1:]))
    number = _account(selector)
    return lambda province: float(getattr(province.sums.accounts, column)[number])


def _redirected(province: Province) -> float:
    """Yuan of the step's programme money that levers turn to other uses, without a payment more."""
    levers = province.levers
    turned = levers.chain_allocation + levers.platform_upgrade * province.values["frontier_share"]
    if turned == 0.0:
        return 0.0
    share = province.values["programme_share_of_research"]
    research = sum(owners.research for owners in province.sums.owners.values())
    return float(min(1.0, turned) * share * research)


def _tax_forgone(province: Province) -> float:
    """Read the tax that sellers save on the step's registered contracts, by the type declared."""
    forgone = 0.0
    for relief, registered in zip(
        law_of(province).relief, province.tally.value_by_type.tolist(), strict=True
    ):
        forgone += registered * relief
    return forgone


def _rewards(province: Province) -> float:
    return float(province.books.public[REWARDING_TASK, :, CAUSE["subsidy"]].sum())


def _gross(province: Province) -> float:
    accounts = province.sums.accounts
    return float(sum(accounts.net[1:]) + sum(accounts.recovered[1:]))


def _by_province(province: Province) -> float:
    accounts = province.sums.accounts
    return float(sum(accounts.net[1:]) - sum(accounts.cities[1:]))


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
            "各级财政为行动方案各项任务的支出，减去回收",
            _of("net"),
        ),
        Indicator(
            "public_cost_gross",
            "yuan",
            "flow",
            "Public cost, gross",
            "财政支出总额",
            "payments out of treasuries for the plan's tasks",
            "各级财政为行动方案各项任务的支出",
            _gross,
        ),
        Indicator(
            "public_cost_recovered",
            "yuan",
            "flow",
            "Public cost, recovered",
            "财政回收",
            "exits, unused pools and repayments back in the treasuries",
            "退出、未用资金池与还款等回到财政的资金",
            _of("recovered"),
        ),
        Indicator(
            "public_cost_province",
            "yuan",
            "flow",
            "Public cost, net, paid by the province",
            "省级财政净支出",
            "payments out of the provincial treasury for the plan's tasks less what came back",
            "省级财政为各项任务的支出，减去回收",
            _by_province,
        ),
        Indicator(
            "public_cost_cities",
            "yuan",
            "flow",
            "Public cost, net, paid by cities",
            "地市财政净支出",
            "payments out of city treasuries for the plan's tasks less what came back",
            "地市财政为各项任务的支出，减去回收",
            _of("cities"),
        ),
        Indicator(
            "public_money_reallocated",
            "yuan",
            "flow",
            "Programme money turned to other uses",
            "调整用途的存量项目资金",
            "existing programme money that tasks 4 and 6 redirect: not new, and in no task's cost",
            "任务4和6调整用途的存量项目资金：并非新增，不计入任何任务的成本",
            _redirected,
        ),
        Indicator(
            "tax_forgone",
            "yuan",
            "flow",
            "Tax forgone on registered contracts",
            "登记技术合同减免税额",
            "value-added tax (before it business tax) that sellers save because a contract is registered, by"
            " the type declared: a public cost that no treasury pays, and in no task's cost",
            "卖方因合同登记而少缴的增值税(此前为营业税)，按申报类别计：属公共成本，但非财政支出，不计入任何任务的成本",
            _tax_forgone,
        ),
        Indicator(
            "registration_rewards",
            "yuan",
            "flow",
            "Rewards for registered contracts",
            "技术合同登记奖励支出",
            "paid by the provincial treasury for registered contracts; in the cost of task 2",
            "省级财政对登记技术合同的奖励支出，计入任务2的成本",
            _rewards,
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
                "各级财政为该项任务的支出，减去回收",
                _of("net", f"task_{task:02d}"),
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
                "各级财政为该项措施的支出，减去回收",
                _of("net", f"organisation_{measure}"),
            )
        )
    for selector in RECOVERING_TASKS:
        listed.append(
            Indicator(
                f"public_cost_recovered_{selector}",
                "yuan",
                "flow",
                f"Public cost recovered, {selector.replace('_', ' ')}",
                f"财政回收（任务{_account(selector)}）",
                "what came back into the treasuries for the task",
                "该项任务回到财政的资金",
                _of("recovered", selector),
            )
        )
    for selector in CITY_TASKS:
        listed.append(
            Indicator(
                f"public_cost_cities_{selector}",
                "yuan",
                "flow",
                f"Public cost paid by cities, {selector.replace('_', ' ')}",
                f"地市财政净支出（{selector}）",
                "payments out of city treasuries for the task or measure less what came back",
                "地市财政为该项任务或措施的支出，减去回收",
                _of("cities", selector),
            )
        )
    return listed
