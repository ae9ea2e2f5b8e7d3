"""Indicators of the enterprises and of research."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np

from ...agents.certificate import TAX_SAVED
from ...agents.closing import AGE_CLASSES
from .definition import Indicator, counted, paid

if TYPE_CHECKING:
    from ..province import Province

_AGES_EN: Final = ("under 1 year", "1 to 2 years", "2 to 3 years", "3 to 7 years", "7 years and more")
_AGES_ZH: Final = ("不满1年", "满1年不满2年", "满2年不满3年", "满3年不满7年", "满7年")


def _years_lived(code: int) -> Callable[[Province], float]:
    return lambda province: float(province.counts.firms_at_risk[code] * province.now.dt)


def _tax_relief(province: Province) -> float:
    profit = province.values["firm_margin"] * province.census.certified_revenue
    return float(TAX_SAVED * profit * province.now.dt)


def _age_indicators() -> list[Indicator]:
    """List what the hazard of closing down by age is made of: firms that close over years lived."""
    return [
        indicator
        for code, (age, english, chinese) in enumerate(zip(AGE_CLASSES, _AGES_EN, _AGES_ZH, strict=True))
        for indicator in (
            Indicator(
                f"firm_years_{age}",
                "years",
                "flow",
                f"Years lived by enterprises of {english}",
                f"企业存续年数（{chinese}）",
                "years that enterprises of this age lived in the time, those that closed included",
                "该年龄段企业在期内的存续年数之和，含期内退出者",
                _years_lived(code),
            ),
            Indicator(
                f"firms_closed_{age}",
                "count",
                "flow",
                f"Enterprises closed at {english}",
                f"退出企业数（{chinese}）",
                "enterprises of this age that closed down",
                "期内退出的该年龄段企业",
                counted("counts", "firms_closed", code),
            ),
        )
    ]


def enterprise_indicators() -> list[Indicator]:
    """List the indicators of enterprises and research."""
    return [
        Indicator(
            "technology_enterprises",
            "count",
            "stock",
            "Technology enterprises",
            "科技型企业数",
            "enterprises at work",
            "在营的科技型企业",
            counted("census", "firms"),
        ),
        Indicator(
            "high_tech_enterprises",
            "count",
            "stock",
            "Certified high-technology enterprises",
            "高新技术企业数",
            "enterprises with a valid certificate",
            "证书在有效期内的高新技术企业",
            counted("census", "certified"),
        ),
        Indicator(
            "research_using_enterprises",
            "count",
            "stock",
            "Enterprises that do research",
            "开展研发活动的企业数",
            "technology firms with R&D of their own, which can absorb results",
            "自身开展研发、能够吸收科技成果的科技型企业",
            counted("census", "research_users"),
        ),
        Indicator(
            "gazelle_enterprises",
            "count",
            "stock",
            "Gazelles",
            "瞪羚企业数",
            "enterprises of 3 to 5 years whose revenue grew by more than 20 % a year since they were founded",
            "成立3至5年、自成立以来营业收入年均增长超过20%的企业",
            counted("census", "gazelles"),
        ),
        Indicator(
            "rd_expenditure",
            "yuan",
            "flow",
            "R&D expenditure",
            "研发经费支出",
            "R&D performed by universities, institutes, military units and enterprises",
            "高校、科研院所、军工单位和企业执行的研发经费",
            paid("research_spending"),
            lambda p: p.counts.research_by_city,
        ),
        Indicator(
            "relabelled_research",
            "yuan",
            "flow",
            "Other costs reported as R&D",
            "以其他费用充作研发的金额",
            "other costs by which certified firms reach the share of sales asked; part of R&D expenditure",
            "高新技术企业为达到研发占比而以其他费用充作研发的部分，含在研发经费支出中",
            lambda p: float(p.census.relabelled * p.now.dt),
        ),
        Indicator(
            "certified_at_the_notch",
            "count",
            "stock",
            "Certified firms that report just the share asked",
            "恰好达到研发占比的高新技术企业数",
            "certified firms whose own R&D lies below the share of sales that the certificate asks",
            "自身研发低于认定要求占比、申报数恰好达标的高新技术企业",
            counted("census", "at_notch"),
        ),
        Indicator(
            "tax_relief_of_certificates",
            "yuan",
            "flow",
            "Tax relief of certified firms",
            "高新技术企业所得税减免",
            "income tax not due from certified firms: no payment of a treasury, hence no part of public cost",
            "高新技术企业因优惠税率少缴的所得税；并非财政支付，不计入公共成本",
            _tax_relief,
        ),
        Indicator(
            "entries_shifted",
            "count",
            "flow",
            "Firms that enter another city because of cities' money",
            "因地市资金而改变落户城市的新企业数",
            "firms that cities which pay more win from others; by city gains and losses, which sum to zero",
            "资金支持较多的地市从其他地市吸引的新企业；分市为净增或净减，合计为零",
            lambda p: float(np.maximum(p.counts.entries_shifted, 0.0).sum()),
            lambda p: p.counts.entries_shifted,
        ),
        *_age_indicators(),
    ]
