"""Research in a step: budgets of the producers and the habits of their offices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..agents import government, producer
from ..engine.books import SECTOR
from .demand import PRODUCERS

if TYPE_CHECKING:
    from .province import Province

_SHARE_WORD = {"university": "university", "research_institute": "institute", "military_unit": "military"}


def fund_treasuries(province: Province) -> None:
    """Give the treasuries the science money of the step."""
    year = province.calendar.quarter_of(province.step).year
    money = round(province.outside.level("fiscal_science", year) * province.now.dt)
    government.receive_budget(province.treasuries.rows, money, province.purse, province.books.flows)


def do_research(province: Province) -> None:
    """Let universities, institutes and military units spend their R&D of the step."""
    year = province.calendar.quarter_of(province.step).year
    for kind in PRODUCERS:
        share = province.values[f"rd_share_{_SHARE_WORD[kind]}"]
        budget = round(province.outside.level("rd", year) * share * province.now.dt)
        rows = province.producers[kind].rows
        producer.do_research(
            rows, SECTOR[kind], budget, province.parameters, province.purse, province.books.flows
        )
        producer.measure(rows, province.demand.outside_producer[kind])
        producer.adopt_registration(rows, province.parameters, province.now)
