"""Indicators of support programmes: what the public paid for, piece by piece."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from ...agents.voucher import PROGRAMMES
from .definition import Indicator

if TYPE_CHECKING:
    from ..province import Province

CONTRACTS: Final = (
    # programme, indicator, title_en, title_zh, definition, definition_zh
    (
        "voucher",
        "vouchers_redeemed",
        "Innovation vouchers redeemed",
        "科技创新券兑付数",
        "innovation vouchers (task 22) paid by the treasury",
        "由财政兑付的科技创新券（任务22）",
    ),
    (
        "challenge_tender",
        "challenge_tenders_held",
        "Challenge tenders paid",
        "技术难题招标兑付数",
        "contracts of challenge tenders (task 5) paid by the treasury",
        "由财政兑付的技术难题招标合同（任务5）",
    ),
    (
        "dispatched_scientist",
        "dispatched_services",
        "Services of dispatched scientists",
        "科技特派员服务数",
        "services of dispatched scientists (task 16) paid by the treasury",
        "由财政支付的科技特派员服务（任务16）",
    ),
    (
        "county_cooperation",
        "county_contracts",
        "Contracts of counties with universities paid",
        "县校合作合同数",
        "contracts of cooperation with counties (task 20) paid by the treasury",
        "由财政支付的县校合作合同（任务20）",
    ),
    (
        "open_instrument",
        "instrument_services",
        "Services of opened instruments paid",
        "开放仪器服务兑付数",
        "services of opened instruments (task 24) paid by the treasury",
        "由财政支付的开放仪器服务（任务24）",
    ),
    (
        "city_plan",
        "city_plan_contracts",
        "Contracts paid by cities' own plans",
        "地市方案支持合同数",
        "contracts of firms that their city's treasury helped to pay (organisation 1)",
        "由地市财政资助企业支付的合同（组织保障1）",
    ),
    (
        "star_sky_service",
        "star_sky_services",
        "Services at rural star-sky platforms",
        "星创天地技术服务数",
        "services of scientists at star-sky platforms (task 23) paid by the treasury",
        "由财政支付的星创天地科技人员服务（任务23）",
    ),
    (
        "secondment",
        "talent_pool_contracts",
        "Contracts from the civil-military talent pool",
        "军民人才池促成合同数",
        "contracts of firms with military units that people who moved brought about (task 13)",
        "人员双向流动促成的企业与军工单位合同（任务13）",
    ),
    (
        "alliance_order",
        "alliance_orders_placed",
        "Orders for development in alliances",
        "联盟订单式研发合同数",
        "development ordered by firms through their alliance (task 8) that would not be ordered otherwise",
        "企业经联盟委托、否则不会委托的研发订单（任务8）",
    ),
    (
        "pool_licence",
        "pool_licences",
        "Licences out of patent pools",
        "专利池许可数",
        "non-exclusive licences for results in the pools of alliances (task 8)",
        "联盟专利池成果的非独占许可（任务8）",
    ),
)
"""Indicators of the supported contracts, one a programme."""


CASES: Final = (
    # programme, indicator, title_en, title_zh, definition, definition_zh
    (
        "contests",
        "contest_prizes_given",
        "Prizes of contests given",
        "大赛获奖项数",
        "prizes of contests (task 25) beyond those of history",
        "超出历史水平的大赛获奖项（任务25）",
    ),
    (
        "student firms",
        "student_firms",
        "Firms founded on micro seeds",
        "微种子基金催生企业数",
        "firms of teams with a micro seed (task 24) that would not have been founded",
        "获微种子基金（任务24）支持、否则不会创办的团队企业",
    ),
    (
        "seeds anyway",
        "micro_seeds_anyway",
        "Micro seeds of teams that found anyway",
        "无资助也会创业的微种子团队数",
        "teams with a micro seed (task 24) that would have founded without it: paid, and nothing added",
        "获微种子资助（任务24）而无资助也会创业的团队：财政已支付，但无新增",
    ),
    (
        "seeds refused",
        "micro_seeds_refused",
        "Teams refused a micro seed",
        "未获微种子资助的申请团队数",
        "teams that applied for a micro seed (task 24) and that the jury did not choose",
        "申请微种子（任务24）而未被评审选中的团队",
    ),
    (
        "founders kept",
        "founders_kept",
        "Founders whom the subsidy keeps in the province",
        "因补助而留在省内的创业者数",
        "researchers who found here for the subsidy (task 17) and would have founded elsewhere",
        "因补助（任务17）而在省内、否则在省外创办企业的科研人员",
    ),
    (
        "tenders void",
        "challenge_tenders_void",
        "Challenge tenders with too few bids",
        "投标不足而流标的技术难题招标数",
        "challenge tenders (task 5) that fewer than three bids make void",
        "投标少于三份而流标的技术难题招标（任务5）",
    ),
    (
        "bids refused",
        "challenge_bids_refused",
        "Bids that lost a challenge tender",
        "技术难题招标落选投标数",
        "bids of universities, institutes, military units and firms that lost a challenge tender (task 5)",
        "高校、院所、军工单位与企业在技术难题招标（任务5）中落选的投标",
    ),
    (
        "pilots",
        "pilots_paid",
        "Pilot tests paid by the public",
        "财政支持的中试数",
        "pilot tests of results paid out of treasuries (tasks 7, 13 and 22)",
        "由财政支付的成果中试（任务7、13、22）",
    ),
    (
        "mentors",
        "founders_with_mentor",
        "Founders given a mentor or a course",
        "获得导师或培训的创业者数",
        "young small firms whose founders were given a mentor or a course (task 24)",
        "创业者获得导师或创业课程的年轻小企业（任务24）",
    ),
    (
        "fast growers",
        "fast_growers_paid",
        "Gazelles given a research project",
        "获科研项目支持的瞪羚企业数",
        "enterprises with fast growth that were paid a research project (task 5)",
        "获得科研项目资助的瞪羚企业（任务5）",
    ),
    (
        "broker funds",
        "broker_fund_deals",
        "Stakes bought through brokers' funds",
        "技术转移机构合作基金投资项数",
        "stakes in firms with a result that a broker with a fund of its own had shown (task 10)",
        "由设有基金的中介引荐、拥有成果的企业获得的股权投资（任务10）",
    ),
    (
        "joint firms",
        "military_joint_firms",
        "Joint firms of military units",
        "军工单位与地方合办企业数",
        "firms that military units found with local partners on their results beyond history (task 3)",
        "军工单位以其成果与地方合作方创办、超出历史水平的企业（任务3）",
    ),
)
"""Indicators of support without a contract, one a programme."""


def support_indicators() -> list[Indicator]:
    """List the indicators of support programmes."""

    def contracts(programme: str) -> Callable[[Province], float]:
        code = PROGRAMMES.index(programme)
        return lambda province: float(province.finance.redeemed[code])

    def cases(programme: str) -> Callable[[Province], float]:
        return lambda province: float(province.supported[programme])

    return [
        Indicator(name, "count", "flow", english, chinese, definition, definition_zh, read(programme))
        for table, read in ((CONTRACTS, contracts), (CASES, cases))
        for programme, name, english, chinese, definition, definition_zh in table
    ]
