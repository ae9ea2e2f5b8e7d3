"""The start of a run: populations, money, and the stocks that the years before left behind."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from ..agents.kind import Opening, kinds
from .markets.demand import PRODUCERS
from .markets.directory import Directory
from .province import Province
from .quarter import firms, research, results, trade, ventures
from .quarter.capacity import take_in_tenants
from .state.cohorts import Cohorts
from .state.first_populations import settle_enterprises, settle_producers, settle_treasuries

if TYPE_CHECKING:
    from ..scenarios import Scenario

RESEARCH_YEARS: Final = 10
"""Years before the start over which the stock of results is built up."""

TRADE_YEARS: Final = 1
"""Last of these years in which the market is at work, so that needs are open and cash is spent."""

_NUMBER_OF = {
    "university": "universities",
    "research_institute": "research_institutes",
    "military_unit": "military_units",
}


def new_province(scenario: Scenario, *, seed: int, scale: float) -> Province:
    """Make a province and bring it to the eve of its first step.

    Parameters
    ----------
    scenario : Scenario
    seed : int
    scale : float
        As for :class:`Province`.

    Returns
    -------
    Province
    """
    province = Province(scenario, seed=seed, scale=scale)
    settle(province)
    spin_up(province)
    return province


def settle(province: Province) -> None:
    """Build the populations of the start and give the enterprises money to work with."""
    parameters, seed = province.parameters, province.seed
    pack, date = province.pack, float(province.calendar.start.year)
    total = round(province.firms_at(date))
    settle_enterprises(
        province.enterprises,
        pack,
        parameters,
        total,
        province.scale,
        date,
        seed,
        province.ages,
    )
    for kind in PRODUCERS:
        secret = parameters.classified_share_military if kind == "military_unit" else 0.0
        number = round(province.values[_NUMBER_OF[kind]])
        settle_producers(province.producers[kind], kind, pack, number, parameters, secret, seed)
    province.inventor_share = np.zeros((len(PRODUCERS), max(map(len, province.producers.values()))))
    settle_treasuries(province.treasuries, pack, parameters.provincial_fiscal_share)
    opening = Opening(
        pack.name,
        province.finance.capital,
        date,
        seed,
        province.city_firms,
        province.city_research,
        province.field_needs,
    )
    for each in kinds():
        if each.settle is not None:
            each.settle(province.tables[each.sector], getattr(province.terms, each.family), opening)
    province.measure_enterprises(province.at(0))
    rows = province.enterprises.rows
    province.books.endow("enterprise", (rows["revenue"] * parameters.firm_cash_ratio).astype(np.int64))
    province.reference_capacity = province.capacity / province.first_firms_share
    province.first_value_scale = province.mean_value_scale
    province.directory = Directory(len(province.names["field"]), rows)
    province.producer_chances = trade.chances_of_producers(province)
    firms.enter_zones(province, -math.inf)
    province.now = province.at(-1)
    take_in_tenants(province, math.inf)


def spin_up(province: Province) -> None:
    """Let the years before the start leave their stocks: results, open needs, cash, ties.

    Research is cast back and all instruments stand at zero. For most of the time only
    results come into being, and whoever sought a buyer has found one, unrecorded; in
    the last year the market is at work. Nobody enters, leaves or changes habits: firms that
    came out of research are among those of the start, and only counted.
    """
    calendar = province.calendar
    before = RESEARCH_YEARS * calendar.steps_per_year
    province.cohorts = Cohorts(before, calendar.steps)
    for step in range(-before, 0):
        trading = step >= -TRADE_YEARS * calendar.steps_per_year
        if trading:
            province.go_to(step)
        else:
            province.turn_to(step)
        if calendar.year_begins(step):
            firms.share_out_research(province)
        if not trading:
            research.cast_back(province)
            results.create(province)
            results.develop(province)
            results.sell_in_the_past(province)
        else:
            trade_before_the_start(province)
            province.books.close()
            firms.tidy(province)
        ventures.pass_by(province)
        results.forget_the_old(province)
    results.use_in_past_commissions(province)
    for table in province.tables.values():
        for counter in {"results", "transferred", "ventures", "deals"} & set(table.dtype.names or ()):
            table.rows[counter] = 0
    province.step = -1
    province.now = province.at(0)
    province.measure_enterprises(province.now)
    firms.certify_first(province)


def trade_before_the_start(province: Province) -> None:
    """Let one step of the market pass, in the order of the page of the quarter: a test holds it so."""
    research.fund_treasuries(province)
    firms.operate(province)
    research.do_research(province)
    results.create(province)
    results.develop(province)
    trade.let_needs_lapse(province)
    trade.voice_needs(province)
    trade.sell_outside(province)
    trade.meet_local_needs(province)
    results.offer(province)
    trade.conclude_contracts(province)
    results.hand_over(province)
    results.use_in_commissions(province)
