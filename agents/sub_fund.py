"""Sub-funds of the guidance fund: what is aimed at, announced, signed and paid are four sums.

The aim steers how large the government announces sub-funds, and puts public money in place that backs
open promises; most of what is paid is appropriated anew. Sub-funds come at dates that do not hang on the
aim. Partners follow as far as their capital goes: they fall short of an announcement or sign more, and
no sum is cut at the aim. What is signed is paid in tranches. All of it is tied to dates, so that the
length of a step changes nothing, and a little more aim is a little more money in the same sub-funds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ..engine import luck
from ..engine.books import CAUSE, SECTOR, Flows, Public, Purse, pay, pay_public
from ..engine.rules import rule
from ..engine.table import RowArray, Rows
from .fund import ANGEL, GROWTH, GUIDANCE, MOST_PROPOSALS, TASK, lognormal
from .fund_sources import agree_on_sources, ratio_of, sign
from .government import PROVINCE

if TYPE_CHECKING:
    from .inputs import Levers, Moment, Parameters
    from .rows import FundRow

PROPOSAL = luck.mechanism("proposal of a sub-fund")
SUB_FUND = luck.mechanism("sub-fund")
SHORTFALL = luck.mechanism("fund-raising of a sub-fund")

_GOVERNMENT: Final = SECTOR["government"]
_FUND: Final = SECTOR["fund"]
_OUTSIDE: Final = SECTOR["outside"]
_CAPITAL: Final = CAUSE["fund_capital"]

PARAMETERS_READ: Final = (
    "fund_angel_size", "fund_closing_quarters", "fund_fill_rate", "fund_hard_cap", "fund_invested_share",
    "fund_least_size", "fund_life_years", "fund_meets_target_share", "fund_paying_years",
    "fund_reference_size", "fund_refilled_share", "fund_size_elasticity", "fund_target_ln_sd",
    "fund_target_size", "fund_track_record_power",
)  # fmt: skip
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def track_record(funds: Rows[FundRow]) -> float:
    """Proceeds over cost of what guidance sub-funds have given up so far; 1 before the first exits.

    Half a billion yuan sold at cost is taken as what partners expected at first.
    """
    cost = 5.0e8
    proceeds = 5.0e8
    for i in range(len(funds)):
        if funds[i].kind == GUIDANCE:
            cost += funds[i].sold
            proceeds += funds[i].returned
    return float(proceeds / cost)


@rule
def raising(fund: FundRow, now: Moment) -> bool:
    """Whether partners may still sign: what is not signed within a year of the closing is lost."""
    asked = fund.committed + fund.unsigned
    return bool(fund.kind == GUIDANCE and asked < fund.reachable and now.date <= fund.closing + 1.0)


@rule
def government_money_left(funds: Rows[FundRow], parameters: Parameters, levers: Levers, now: Moment) -> float:
    """Yuan in place for the government's part that are not kept for sub-funds still raising.

    The government knows that funds raise less than they announce, and keeps no more than it expects to
    sign. Of what it has paid a part is appropriated anew while the aim stands.
    """
    if levers.fund_leverage < 1.0:
        return 0.0
    left = levers.fund_size / levers.fund_leverage
    for i in range(len(funds)):
        fund = funds[i]
        if fund.kind == GUIDANCE:
            left -= fund.government * (1.0 - parameters.fund_refilled_share)
        if raising(fund, now):
            expected = fund.target * parameters.fund_fill_rate
            left -= max(0.0, expected - fund.committed - fund.unsigned) / fund.ratio
    return float(max(0.0, left))


@rule
def raised_share(
    key: np.uint64, scale: float, reputation: float, parameters: Parameters, seed: np.uint64
) -> float:
    """What partners sign of an announced yuan.

    About a quarter of the funds reach what they announce, the others stay so far below that the whole
    raises ``fund_fill_rate`` (CSET 2021; Wei, Ang and Jia 2023). Partners' capital does not grow with
    the announcements: of a fund announced twice as large they sign less than twice as much, and one that
    is small for them they sign beyond what it asked for, up to its hard cap.
    """
    reaching = min(1.0, parameters.fund_meets_target_share * reputation)
    others = max(0.0, parameters.fund_fill_rate - parameters.fund_meets_target_share) / (
        1.0 - parameters.fund_meets_target_share
    )
    meets, fill = luck.two_uniforms(seed, SHORTFALL, key, 0, 0)
    share = 1.0 if meets < reaching else min(1.0, 2.0 * others * reputation * fill)
    share *= scale ** (parameters.fund_size_elasticity - 1.0)
    return float(min(parameters.fund_hard_cap, share))


@rule
def propose_sub_funds(
    funds: RowArray[FundRow],
    count: int,
    before: float,
    after: float,
    province: np.uint64,
    city: int,
    parameters: Parameters,
    levers: Levers,
    now: Moment,
    seed: np.uint64,
) -> int:
    """Announce the sub-funds whose date has come, in proportion to the aim.

    Sub-fund ``n`` comes when the number that is due reaches ``n`` and a part that luck gives. Under the
    aim of 2014 (``fund_reference_size``) it is of the usual size; under twice that aim twice as large. It
    is never announced smaller than what may raise the least capital of a fund, nor so large that its
    public part is expected to exceed what is in place and not promised. One that raises less than the
    least is given up.

    Parameters
    ----------
    funds : structured ndarray
        With room for :data:`MOST_PROPOSALS` rows behind ``count``.
    before, after : float
        Number of sub-funds due at the beginning and at the end of the step.
    province : int
        Key of the province.
    city : int
        Seat of the funds, the capital.

    Returns
    -------
    int
        Rows in use.
    """
    if levers.fund_size <= 0.0 or levers.fund_leverage < 1.0:
        return count
    most = count + MOST_PROPOSALS
    usual = parameters.fund_target_size / parameters.fund_fill_rate
    least = parameters.fund_least_size / parameters.fund_fill_rate
    scale = levers.fund_size / parameters.fund_reference_size
    reputation = track_record(funds[:count]) ** parameters.fund_track_record_power
    for ordinal in range(int(before), int(after) + 1):
        key = luck.child_key(province, SUB_FUND, ordinal, 0)
        due = ordinal + luck.uniform(seed, PROPOSAL, key, 0, 0)
        left = government_money_left(funds[:count], parameters, levers, now)
        if due < before or due >= after or left <= 0.0 or count == most:
            continue
        size, quickness = luck.two_uniforms(seed, SUB_FUND, key, 0, 0)
        ratio = ratio_of(levers.fund_leverage, key, parameters, seed)
        wanted = lognormal(size, usual * scale, parameters.fund_target_ln_sd)
        target = int(min(max(wanted, least), left * ratio / parameters.fund_fill_rate))
        reachable = int(target * raised_share(key, scale, reputation, parameters, seed))
        if reachable < parameters.fund_least_size:
            continue
        fund = funds[count]
        fund.key = key
        fund.kind = GUIDANCE
        fund.city = city
        fund.stage = ANGEL if target <= parameters.fund_angel_size else GROWTH
        fund.born = now.date + now.dt * (due - before) / (after - before)
        fund.closing = fund.born + parameters.fund_closing_quarters / 4.0 * (0.5 + quickness)
        fund.ends = fund.closing + parameters.fund_life_years
        fund.target = target
        fund.reachable = reachable
        agree_on_sources(fund, ratio, parameters, seed)
        count += 1
    return count


@rule
def raise_capital(
    funds: Rows[FundRow],
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
    purse: Purse,
    flows: Flows,
    public: Public,
) -> None:
    """Sign what is due by the end of the step, and pay the government's part of it.

    Partners sign evenly over the time of fund-raising. The government signs one part in the fund's
    ratio, of no more than was announced. If its treasury has not got the money, partners sign so much
    less; the rest follows when it has.
    """
    for i in range(len(funds)):
        fund = funds[i]
        if not raising(fund, now):
            continue
        part = min(1.0, (now.date + now.dt - fund.born) / (fund.closing - fund.born))
        signed = int(fund.reachable * part)
        announced = min(signed - fund.unsigned, fund.target)
        due = max(0, int(announced / fund.ratio + 0.5) - fund.government)
        own = min(due, purse[_GOVERNMENT][PROVINCE])
        instalment = signed - fund.committed - fund.unsigned
        if own < due:
            instalment = int(instalment * (own / due))
        if instalment < own or instalment <= 0:
            continue
        if own > 0:
            pay_public(purse, PROVINCE, _FUND, i, own, _CAPITAL, TASK, flows, public)
        sign(funds, fund, instalment, own, parameters, seed)


@rule
def pay_in(funds: Rows[FundRow], parameters: Parameters, now: Moment, purse: Purse, flows: Flows) -> None:
    """Let partners pay their tranches: evenly over ``fund_paying_years`` from the founding.

    The government has paid its part when it signed. What managers keep as fees is not called. A fund
    that invests faster calls the rest earlier, see `stake.invest`.
    """
    for i in range(len(funds)):
        fund = funds[i]
        if fund.kind != GUIDANCE:
            continue
        part = min(1.0, (now.date + now.dt - fund.born) / parameters.fund_paying_years)
        social = int(fund.committed * parameters.fund_invested_share) - fund.government
        tranche = int(social * part) - fund.called
        if tranche > 0:
            pay(purse, _OUTSIDE, 0, _FUND, i, tranche, _CAPITAL, flows)
            fund.called += tranche
