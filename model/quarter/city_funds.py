"""Public funds beside the guidance fund: those of cities, and the culture-industry fund (task 21)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ...agents import fund
from ...agents.government import PROVINCE, carried_on
from ...engine import luck
from ...engine.books import CAUSE, SECTOR, pay_public

if TYPE_CHECKING:
    from ..province import Province

PUBLIC_FUND = luck.mechanism("fund of a city or of the culture industry")

SMALLEST: Final = 1_000_000
"""Yuan of public money below which no fund is set up; smaller budgets wait (assumption)."""

_FUND: Final = SECTOR["fund"]
_CAPITAL: Final = CAUSE["fund_capital"]


def found_public_funds(province: Province) -> None:
    """Set up the step's funds of the capital's treasury and of the culture industry.

    The public part is paid in at once, as soon as it makes a fund of :data:`SMALLEST`. As with
    the guidance fund, a public yuan brings about nine tenths of a new private one; the rest of
    the social part was promised to other funds before.
    """
    levers, parameters, now = province.levers, province.terms.finance, province.now
    wanted = (
        ("city funds", levers.city_funds, 1 + province.finance.capital),
        ("culture fund", levers.culture_fund, PROVINCE),
    )
    table, books, carried = province.funds, province.books, province.finance.carried
    for ordinal, (name, yearly, treasury) in enumerate(wanted):
        waiting = carried.pop(name, 0.0)
        if yearly <= 0.0:  # what an ended fund left lapses
            continue
        due = waiting + yearly * now.dt
        own = min(int(due), int(province.treasuries.rows["cash"][treasury]))
        if own < SMALLEST:
            own = 0
        carried[name] = carried_on(due, own, SMALLEST, yearly)
        if own == 0:
            continue
        row = table.count
        new = table.extend(1)[0]
        social = int(own / parameters.public_fund_share) - own
        private = min(social, int(own * parameters.fund_crowd_in))
        new["key"] = np.uint64(luck.child_key(province.key, PUBLIC_FUND, province.step, ordinal))
        new["kind"] = fund.OTHER
        new["city"] = province.finance.capital
        new["treasury"] = treasury
        new["stage"] = fund.GROWTH
        new["born"] = new["closing"] = now.date
        new["ends"] = now.date + parameters.fund_life_years
        new["target"] = new["reachable"] = new["committed"] = own + social
        new["government"], new["private"], new["relabelled"] = own, private, social - private
        new["state"] = min(social - private, int(social * parameters.fund_state_share))
        pay_public(province.purse, treasury, _FUND, row, own, _CAPITAL, fund.TASK, books.flows, books.public)
        fund.displace(table.rows, social - private)
