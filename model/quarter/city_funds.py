"""Public funds beside the guidance fund: those of cities and districts, and the culture-industry fund."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ...agents import fund, fund_sources
from ...agents.government import PROVINCE, carried_on
from ...engine import luck
from ...engine.books import CAUSE, SECTOR, pay, pay_public
from ...engine.columns import row_at

if TYPE_CHECKING:
    from ..province import Province

CITY_FUND = luck.mechanism("fund of a city or district")
CULTURE_FUND = luck.mechanism("fund of the culture industry")

SMALLEST: Final = 1_000_000
"""Yuan of public money below which the culture fund is not added to; smaller budgets wait (assumption)."""

_FUND: Final = SECTOR["fund"]
_GOVERNMENT: Final = SECTOR["government"]
_OUTSIDE: Final = SECTOR["outside"]
_CAPITAL: Final = CAUSE["fund_capital"]
_BUDGET: Final = CAUSE["tax_revenue"]


def found_public_funds(province: Province) -> None:
    """Set up the step's funds of cities and districts, and of the culture industry."""
    found_city_funds(province)
    add_to_culture_fund(province)


def found_city_funds(province: Province) -> None:
    """Let cities and districts found the funds whose date has come.

    The seat is drawn as firms are spread. The public part is appropriated from the city's general
    budget, which lies outside the model, and no part of its science money.
    """
    parameters, now, seed = province.terms.finance, province.now, int(province.seed)
    before, after = province.finance.due("city funds", province.levers.city_funds * now.dt)
    for ordinal in range(int(before), int(after) + 1):
        key = luck.child_key(province.key, CITY_FUND, ordinal, 0)
        when = luck.draw_uniform(seed, int(CITY_FUND), int(key), 0, 0)
        if not before <= ordinal + when < after:
            continue
        where, size = (luck.draw_uniform(seed, int(CITY_FUND), int(key), 0, k) for k in (1, 2))
        own = int(fund.lognormal(size, parameters.city_fund_size, parameters.fund_target_ln_sd)) + 1
        city = int(np.searchsorted(province.city_firms, where, side="right"))
        pay(province.purse, _OUTSIDE, 0, _GOVERNMENT, 1 + city, own, _BUDGET, province.books.flows)
        passed = (ordinal + when - before) / (after - before)
        set_up(province, key, own, 1 + city, city, now.date + now.dt * passed)


def add_to_culture_fund(province: Province) -> None:
    """Pay the year's money for the culture industry, as soon as it makes a fund of :data:`SMALLEST`."""
    now, carried = province.now, province.finance.carried
    yearly, waiting = province.levers.culture_fund, carried.pop("culture fund", 0.0)
    if yearly <= 0.0:  # what an ended fund left lapses
        return
    due = waiting + yearly * now.dt
    own = min(int(due), int(province.treasuries.rows["cash"][PROVINCE]))
    if own < SMALLEST:
        own = 0
    carried["culture fund"] = carried_on(due, own, SMALLEST, yearly)
    if own > 0:
        key = luck.child_key(province.key, CULTURE_FUND, province.step, 0)
        set_up(province, key, own, PROVINCE, province.finance.capital, now.date)


def set_up(province: Province, key: np.uint64, own: int, treasury: int, city: int, date: float) -> None:
    """Found a fund with public money, which is paid in at once.

    As with the guidance fund, a public yuan brings about nine tenths of a new private one; the rest of
    the social part was promised to other funds before.
    """
    parameters, books, table = province.terms.finance, province.books, province.funds
    row = table.count
    table.extend(1)
    new = row_at(table.storage, row)
    new.key = key
    new.kind = fund.OTHER
    new.city, new.treasury = city, treasury
    new.stage = fund.GROWTH
    new.born = new.closing = date
    new.ends = date + parameters.fund_life_years
    new.target = new.reachable = int(own / parameters.public_fund_share)
    fund_sources.agree_on_sources(new, 1.0 / parameters.public_fund_share, parameters, province.seed)
    pay_public(province.purse, treasury, _FUND, row, own, _CAPITAL, fund.TASK, books.flows, books.public)
    fund_sources.sign(table.rows, new, new.target, own, parameters, province.seed)
