"""Indicators of support programmes: what the public paid for, piece by piece."""

from __future__ import annotations

from typing import Final

from ..agents.voucher import PROGRAMMES
from .indicator import Indicator

CONTRACTS: Final = (
    # programme, indicator, title_en, title_zh, definition
    (
        "voucher",
        "vouchers_redeemed",
        "Innovation vouchers redeemed",
        "科技创新券兑付数",
        "innovation vouchers (task 22) paid by the treasury",
    ),
    (
        "challenge_tender",
        "challenge_tenders_held",
        "Challenge tenders paid",
        "技术难题招标兑付数",
        "contracts of challenge tenders (task 5) paid by the treasury",
    ),
    (
        "dispatched_scientist",
        "dispatched_services",
        "Services of dispatched scientists",
        "科技特派员服务数",
        "services of dispatched scientists (task 16) paid by the treasury",
    ),
    (
        "county_cooperation",
        "county_contracts",
        "Contracts of counties with universities paid",
        "县校合作合同数",
        "contracts of cooperation with counties (task 20) paid by the treasury",
    ),
    (
        "open_instrument",
        "instrument_services",
        "Services of opened instruments paid",
        "开放仪器服务兑付数",
        "services of opened instruments (task 24) paid by the treasury",
    ),
    (
        "city_plan",
        "city_plan_contracts",
        "Contracts paid by cities' own plans",
        "地市方案支持合同数",
        "contracts of firms that their city's treasury helped to pay (organisation 1)",
    ),
    (
        "star_sky_service",
        "star_sky_services",
        "Services at rural star-sky platforms",
        "星创天地技术服务数",
        "services of scientists at star-sky platforms (task 23) paid by the treasury",
    ),
    (
        "secondment",
        "talent_pool_contracts",
        "Contracts from the civil-military talent pool",
        "军民人才池促成合同数",
        "contracts of firms with military units that people who moved brought about (task 13)",
    ),
    (
        "alliance_order",
        "alliance_orders_placed",
        "Orders for development in alliances",
        "联盟订单式研发合同数",
        "development ordered by firms through their alliance (task 8) that would not be ordered otherwise",
    ),
    (
        "pool_licence",
        "pool_licences",
        "Licences out of patent pools",
        "专利池许可数",
        "non-exclusive licences for results in the pools of alliances (task 8)",
    ),
)
"""Indicators of the supported contracts, one a programme."""


def support_indicators() -> list[Indicator]:
    """List the indicators of support programmes."""
    return [*_contract_indicators(), *_grant_indicators()]


def _contract_indicators() -> list[Indicator]:
    def entry(programme: str, name: str, english: str, chinese: str, definition: str) -> Indicator:
        code = PROGRAMMES.index(programme)
        return Indicator(
            name, "count", "flow", english, chinese, definition, lambda p: float(p.finance.redeemed[code])
        )

    return [entry(*each) for each in CONTRACTS]


def _grant_indicators() -> list[Indicator]:
    return [
        Indicator(
            "contest_prizes_given",
            "count",
            "flow",
            "Prizes of contests given",
            "大赛获奖项数",
            "prizes of contests (task 25) beyond those of history",
            lambda p: float(p.prizes_given),
        ),
        Indicator(
            "student_firms",
            "count",
            "flow",
            "Firms founded on micro seeds",
            "微种子基金催生企业数",
            "firms of teams with a micro seed (task 24) that would not have been founded",
            lambda p: float(p.student_firms),
        ),
        Indicator(
            "pilots_paid",
            "count",
            "flow",
            "Pilot tests paid by the public",
            "财政支持的中试数",
            "pilot tests of results paid out of treasuries (tasks 7, 13 and 22)",
            lambda p: float(p.pilots_paid),
        ),
    ]
