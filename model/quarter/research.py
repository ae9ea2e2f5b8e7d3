"""Research in a step: budgets of the producers and the habits of their offices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ...agents import government, producer
from ...engine.books import SECTOR
from ...engine.rules import rule
from ...engine.table import Rows
from ..markets.demand import PRODUCER_WORD, PRODUCERS

if TYPE_CHECKING:
    from ...agents.rows import ProducerRow
    from ..province import Province


def fund_treasuries(province: Province) -> None:
    """Give the treasuries the science money of the step."""
    year = province.calendar.quarter_of(province.step).year
    money = round(province.outside.level("fiscal_science", year) * province.now.dt)
    government.receive_budget(
        province.treasuries.rows,
        money,
        province.values["programme_reserve_share"],
        province.purse,
        province.books.flows,
    )


def budget_of(province: Province, kind: str) -> int:
    """R&D of a kind of producer in the step, yuan: its share of the province's R&D of the year."""
    year = province.calendar.quarter_of(province.step).year
    share = province.values[f"rd_share_{PRODUCER_WORD[kind]}"]
    return round(float(province.outside.level("rd", year) * share * province.now.dt))


def do_research(province: Province) -> None:
    """Let universities, institutes and military units spend their R&D of the step."""
    for kind in PRODUCERS:
        rows = province.producers[kind].rows
        producer.do_research(
            rows,
            SECTOR[kind],
            budget_of(province, kind),
            province.terms.producers,
            province.purse,
            province.books.flows,
        )
        note_research(rows, province.counts.research_by_city)
        producer.measure(rows, province.demand.outside_producer[kind])


@rule
def note_research(producers: Rows[ProducerRow], research_by_city: npt.NDArray[np.int64]) -> None:
    """Add the producers' R&D of the step to that of their cities."""
    for i in range(len(producers)):
        research_by_city[producers[i].city] += producers[i].rd


def cast_back(province: Province) -> None:
    """Set the producers' R&D of a step before the run, without moving money."""
    for kind in PRODUCERS:
        rows = province.producers[kind].rows
        rows["rd"] = np.round(budget_of(province, kind) * rows["rd_share"]).astype(np.int64)


def adopt_registration(province: Province) -> None:
    """Let the producers' departments take up the habit of registering."""
    for kind in PRODUCERS:
        producer.adopt_registration(province.producers[kind].rows, province.terms.producers, province.now)
