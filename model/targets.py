"""The five targets of the plan for 2020, and the ways in which officials may count each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal


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
    how : {"flow_of_year", "stock_at_end"}
        Whether the year's sum or the value at its end counts.
    title_en, title_zh : str
    note : str
        What was chosen where the plan leaves room.
    """

    countings: Mapping[str, str]
    goal: float
    unit: str
    year: int
    how: Literal["flow_of_year", "stock_at_end"]
    title_en: str
    title_zh: str
    note: str

    @property
    def indicator(self) -> str:
        """Indicator of the first way of counting."""
        return next(iter(self.countings.values()))


TARGETS: Final[dict[str, Target]] = {
    target.indicator: target
    for target in (
        Target(
            {"in_force": "demonstration_institutions", "ever_certified": "demonstration_institutions_ever"},
            100,
            "count",
            2020,
            "stock_at_end",
            title_en="Demonstration technology-transfer institutions",
            title_zh="省级技术转移示范机构",
            note="certified by the province, in force at year end; not identified by data before the plan",
        ),
        Target(
            {"certificates": "trained_people", "attendances": "training_attendances"},
            1_000,
            "people",
            2020,
            "stock_at_end",
            title_en="People trained for technology transfer",
            title_zh="培养技术转移转化人才",
            note="first certificates, cumulative from 2016, those who left included",
        ),
        Target(
            {"in_stock": "incubation_platforms", "new_since_2018": "platforms_new_since_2018"},
            200,
            "count",
            2020,
            "stock_at_end",
            title_en="Incubation platforms",
            title_zh="创新创业孵化平台",
            note="incubators and maker spaces of all levels; 245 were counted in August 2017",
        ),
        Target(
            {
                "full_value": "contract_value_output",
                "technology_part": "contract_value_output_technology",
            },
            100_000_000_000,
            "yuan",
            2020,
            "flow_of_year",
            title_en="Technology contract turnover",
            title_zh="技术合同成交额",
            note="registered contracts, seller in the province, calendar year 2020",
        ),
        Target(
            {
                "signed": "guidance_fund_committed",
                "announced": "guidance_fund_announced",
                "paid_in": "guidance_fund_paid",
            },
            10_000_000_000,
            "yuan",
            2020,
            "stock_at_end",
            title_en="Guidance fund, total committed",
            title_zh="科技成果转化引导基金总规模",
            note="the plan gives no date: the end of 2020 is an assumption",
        ),
    )
}
"""The plan's targets by the indicator of their first way of counting."""
