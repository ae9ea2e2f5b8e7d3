"""What universities, research institutes and military units have in common: they produce results.

Each is one row at every scale. They live on research funding, sell development and
consulting to those who commission it, and own results that may be transferred.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from ..engine.books import CAUSE, SECTOR, Flows, Purse, pay
from ..engine.columns import CODE, COUNT, KEY, MONEY, NUMBER, Column, Columns
from ..engine.rules import rule
from ..engine.table import Rows

if TYPE_CHECKING:
    from .inputs import Moment, Parameters
    from .rows import ProducerRow

COLUMNS: Final[Columns[ProducerRow]] = (
    Column("key", KEY, "key", "identity: kind and ordinal or name"),
    Column("city", CODE, "code", "city, index into the pack's cities"),
    Column("field", CODE, "code", "main field, index into the pack's fields"),
    Column("rd_share", NUMBER, "fraction", "share of its kind's R&D; very unequal"),
    Column("rd", MONEY, "yuan", "R&D performed in the step"),
    Column("cash", MONEY, "yuan", "money at hand"),
    Column("staff", NUMBER, "people", "people of the transfer office"),
    Column("inventor_share", NUMBER, "fraction", "inventors' share of transfer income in force"),
    Column("equity_share", NUMBER, "fraction", "inventors' share of a firm on their result in force"),
    Column("own_decision", NUMBER, "fraction", "share of foundings that nobody has to approve"),
    Column("venturing", NUMBER, "multiple", "inclination to found firms itself, relative to its kind"),
    Column("classified_share", NUMBER, "fraction", "share of its results that is secret"),
    Column("appetite", NUMBER, "points", "weight in demand for technology"),
    Column("project_scale", NUMBER, "multiple", "size of its projects relative to the average need"),
    Column("attraction", NUMBER, "points", "commissions a year that it would win in the reference year"),
    Column("value_scale", NUMBER, "multiple", "value of its contracts relative to its kind's mean"),
    Column("registered", NUMBER, "fraction", "share of its departments that register contracts"),
    Column("reputation", NUMBER, "multiple", "what buyers think of it, 1 on average"),
    Column("results", COUNT, "count", "results created so far"),
    Column("transferred", COUNT, "count", "results sold or spun off so far"),
    Column("ventures", COUNT, "count", "firms founded out of its results so far"),
    Column("founded", COUNT, "count", "firms that it founded itself since 2000, joint ones too"),
    Column("sold", MONEY, "yuan", "contracts signed as seller in the step"),
)

_HOUSEHOLDS: Final = SECTOR["households"]
_OUTSIDE: Final = SECTOR["outside"]
_FUNDING: Final = CAUSE["research_funding"]
_RESEARCH: Final = CAUSE["research_spending"]
_WAGES: Final = CAUSE["wages"]

PARAMETERS_READ: Final = (
    "commission_registered_share",
    "producer_cash_ratio",
    "registration_hazard",
    "registration_hazard_before_market_factor",
    "registration_market_opens",
)
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def do_research(
    producers: Rows[ProducerRow], sector: int, budget: int, parameters: Parameters, purse: Purse, flows: Flows
) -> None:
    """Spend the kind's R&D of the step, shared out so that the parts sum to the whole to the yuan.

    The money comes from ministries and enterprises beyond the province's treasuries
    and goes to staff and suppliers. Income from contracts that is not needed as
    working money is paid out to those who earned it.
    """
    reached = 0.0
    given = 0
    for i in range(len(producers)):
        producer = producers[i]
        reached += producer.rd_share
        upto = budget if i == len(producers) - 1 else int(math.floor(budget * min(1.0, reached)))
        producer.rd = upto - given
        given = upto
        pay(purse, _OUTSIDE, 0, sector, i, producer.rd, _FUNDING, flows)
        pay(purse, sector, i, _HOUSEHOLDS, 0, producer.rd, _RESEARCH, flows)
        working_money = int(producer.rd * parameters.producer_cash_ratio)
        if producer.cash > working_money:
            pay(purse, sector, i, _HOUSEHOLDS, 0, producer.cash - working_money, _WAGES, flows)
        producer.sold = 0


@rule
def measure(producers: Rows[ProducerRow], contracts_a_year: float) -> None:
    """Share the kind's commissions out by R&D: who does more research is asked more often."""
    for i in range(len(producers)):
        producer = producers[i]
        producer.attraction = contracts_a_year * producer.rd_share * producer.reputation


@rule
def adopt_registration(producers: Rows[ProducerRow], parameters: Parameters, now: Moment) -> None:
    """Let the share of departments that register approach its long-run level.

    Large public organisations were drawn into registration by the rules of
    2015/2016 and before by tax relief; one coin for a whole university would make
    the series hang on a single draw, hence a share.
    """
    hazard = parameters.registration_hazard
    if now.date < parameters.registration_market_opens:
        hazard *= parameters.registration_hazard_before_market_factor
    step = 1.0 - math.exp(-hazard * now.dt)
    for i in range(len(producers)):
        producer = producers[i]
        producer.registered += step * max(0.0, parameters.commission_registered_share - producer.registered)
