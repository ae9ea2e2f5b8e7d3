"""Indicators of the enterprises and of research."""

from __future__ import annotations

from ..agents.standing import count_gazelles
from .indicator import Indicator


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
            lambda p: float(p.census.firms),
        ),
        Indicator(
            "high_tech_enterprises",
            "count",
            "stock",
            "Certified high-technology enterprises",
            "高新技术企业数",
            "enterprises with a valid certificate",
            lambda p: float(p.census.certified),
        ),
        Indicator(
            "research_using_enterprises",
            "count",
            "stock",
            "Enterprises that do research",
            "开展研发活动的企业数",
            "technology firms with R&D of their own, which can absorb results",
            lambda p: float(p.census.research_users),
        ),
        Indicator(
            "gazelle_enterprises",
            "count",
            "stock",
            "Gazelles",
            "瞪羚企业数",
            "enterprises of 3 to 5 years whose revenue grew by more than 20 % a year since they were founded",
            lambda p: float(count_gazelles(p.enterprises.rows, p.terms.finance, p.now)),
        ),
        Indicator(
            "rd_expenditure",
            "yuan",
            "flow",
            "R&D expenditure",
            "研发经费支出",
            "R&D performed by universities, institutes, military units and enterprises",
            lambda p: float(p.books.paid("research_spending")),
        ),
    ]
