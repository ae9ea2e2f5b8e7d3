"""Funds: sub-funds of the guidance fund and other venture funds, their capital and its way.

A sub-fund is proposed, looks for partners over several quarters, and may fall short
of what it aimed at. Each instalment is signed by the government for its part and by
partners for the rest. What the government pays brings in about nine tenths of its
amount of new private money; the rest of the nominal social capital is *relabelled*:
partners promise to the sub-fund what they had promised to other venture funds, whose
open commitments shrink by the same amount, now or as soon as they raise the next.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from ..engine import luck
from ..engine.books import CAUSE, SECTOR, Flows, Public, Purse, pay_public
from ..engine.columns import CODE, COUNT, KEY, MONEY, NUMBER, Column, Columns
from ..engine.rules import rule
from ..engine.table import RowArray, Rows, Table
from .government import PROVINCE
from .kind import Kind, Opening, declare
from .view import RowView

if TYPE_CHECKING:
    from .inputs import Levers, Moment, Parameters
    from .rows import FundRow

KINDS: Final = ("pool", "guidance", "other")
POOL, GUIDANCE, OTHER = range(3)

STAGES: Final = ("angel", "growth")
ANGEL, GROWTH = range(2)

TASK: Final = 21
"""Task of the plan that pays for the guidance fund."""

COLUMNS: Final[Columns[FundRow]] = (
    Column("key", KEY, "key", "identity: province, kind, step and ordinal of its proposal"),
    Column(
        "kind", CODE, "code", "pool that bears losses of loans, guidance sub-fund, other venture fund", KINDS
    ),
    Column("city", CODE, "code", "seat, index into the pack's cities"),
    Column("treasury", COUNT, "code", "row of the treasury that holds the government's part; 0 the province"),
    Column("stage", CODE, "code", "firms that it looks for: small funds take the early ones", STAGES),
    Column("born", NUMBER, "date", "date of its proposal, or of its founding"),
    Column("closing", NUMBER, "date", "date on which fund-raising ends"),
    Column("ends", NUMBER, "date", "date by which everything is sold"),
    Column("target", MONEY, "yuan", "size that was announced"),
    Column("reachable", MONEY, "yuan", "what its partners will have signed at closing"),
    Column("committed", MONEY, "yuan", "signed by all partners so far"),
    Column("government", MONEY, "yuan", "of it the government's part, paid in when signed"),
    Column("private", MONEY, "yuan", "of it private money that would not have come otherwise"),
    Column("relabelled", MONEY, "yuan", "of it money promised to other funds before"),
    Column("state", MONEY, "yuan", "of the social part, money of state firms and other public bodies"),
    Column("forgone", MONEY, "yuan", "capital lost to guidance sub-funds (other funds only)"),
    Column("called", MONEY, "yuan", "social money paid in"),
    Column("invested", MONEY, "yuan", "paid for stakes so far"),
    Column("deals", COUNT, "count", "stakes bought so far"),
    Column("book", MONEY, "yuan", "stakes held, at cost"),
    Column("sold", MONEY, "yuan", "stakes given up so far, at cost"),
    Column("returned", MONEY, "yuan", "proceeds of stakes given up, passed on to the partners"),
    Column("cash", MONEY, "yuan", "money at hand"),
)

PROPOSAL = luck.mechanism("proposal of a sub-fund")
SUB_FUND = luck.mechanism("sub-fund")
SHORTFALL = luck.mechanism("fund-raising of a sub-fund")
OTHER_FUND = luck.mechanism("other venture fund")
OLD_FUND = luck.mechanism("venture fund of the start")

MOST_PROPOSALS: Final = 64
"""Funds founded in one step at most; room for so many is reserved."""

_GOVERNMENT: Final = SECTOR["government"]
_FUND: Final = SECTOR["fund"]
_CAPITAL: Final = CAUSE["fund_capital"]

PARAMETERS_READ: Final = (
    "fund_angel_size", "fund_closing_quarters", "fund_crowd_in", "fund_fill_rate", "fund_least_size",
    "fund_life_years", "fund_meets_target_share", "fund_reference_size", "fund_size_elasticity",
    "fund_state_share", "fund_subfund_hazard", "fund_target_ln_sd", "fund_target_size",
    "fund_track_record_power", "other_fund_births", "other_fund_size", "other_funds_2010",
)  # fmt: skip
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def _lognormal(u: float, mean: float, sd: float) -> float:
    return float(mean * math.exp(sd * luck.normal_quantile(u) - 0.5 * sd * sd))


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
def government_money_left(funds: Rows[FundRow], parameters: Parameters, levers: Levers) -> int:
    """Yuan of the government's part that are neither signed nor kept for sub-funds still raising.

    The government knows that funds raise less than they announce, and keeps no more
    than it expects to sign.
    """
    if levers.fund_leverage <= 0.0:
        return 0
    left = int(levers.fund_size / levers.fund_leverage)
    for i in range(len(funds)):
        fund = funds[i]
        if fund.kind == GUIDANCE:
            left -= fund.government
            if fund.committed < fund.reachable:
                expected = fund.target * parameters.fund_fill_rate
                left -= int(max(0.0, expected - fund.committed) / levers.fund_leverage)
    return left


@rule
def propose_sub_funds(
    funds: RowArray[FundRow],
    count: int,
    province: np.uint64,
    city: int,
    parameters: Parameters,
    levers: Levers,
    now: Moment,
    seed: np.uint64,
) -> int:
    """Let managers propose sub-funds, as far as the government has money for its part.

    Managers come at a yearly hazard; a guidance fund larger than that of 2014 draws
    more of them (a power, assumed). A target is announced larger than what will be
    signed: about a quarter of the funds reach it, the others stay so far below that
    the whole raises ``fund_fill_rate`` of the announced (CSET 2021; Wei, Ang and Jia
    2023). A proposal that raises less than the least is given up.

    Parameters
    ----------
    funds : structured ndarray
        With room for :data:`MOST_PROPOSALS` rows behind ``count``.
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
    pull = max(1.0, levers.fund_size / parameters.fund_reference_size) ** parameters.fund_size_elasticity
    u = luck.uniform(seed, PROPOSAL, province, now.step, 0)
    proposals = luck.poisson_quantile(u, parameters.fund_subfund_hazard * pull * now.dt)
    reputation = track_record(funds[:count]) ** parameters.fund_track_record_power
    reaching = min(1.0, parameters.fund_meets_target_share * reputation)
    others = max(0.0, parameters.fund_fill_rate - parameters.fund_meets_target_share) / (
        1.0 - parameters.fund_meets_target_share
    )
    for k in range(min(proposals, MOST_PROPOSALS)):
        key = luck.child_key(province, SUB_FUND, now.step, k)
        size, quickness = luck.two_uniforms(seed, SUB_FUND, key, 0, 0)
        meets, fill = luck.two_uniforms(seed, SHORTFALL, key, 0, 0)
        wanted = _lognormal(
            size, parameters.fund_target_size / parameters.fund_fill_rate, parameters.fund_target_ln_sd
        )
        left = government_money_left(funds[:count], parameters, levers)
        most = left * levers.fund_leverage / parameters.fund_fill_rate
        target = int(min(wanted, most))
        raised = 1.0 if meets < reaching else min(1.0, 2.0 * others * reputation * fill)
        if target * raised < parameters.fund_least_size:
            continue
        fund = funds[count]
        fund.key = key
        fund.kind = GUIDANCE
        fund.city = city
        fund.stage = ANGEL if target <= parameters.fund_angel_size else GROWTH
        fund.born = now.date
        fund.closing = now.date + parameters.fund_closing_quarters / 4.0 * (0.5 + quickness)
        fund.ends = fund.closing + parameters.fund_life_years
        fund.target = target
        fund.reachable = int(target * raised)
        count += 1
    return count


@rule
def raise_capital(
    funds: Rows[FundRow],
    parameters: Parameters,
    levers: Levers,
    now: Moment,
    purse: Purse,
    flows: Flows,
    public: Public,
) -> None:
    """Sign the instalments of the step, and pay the government's part of them.

    Partners sign evenly over the time of fund-raising. The government signs one
    part in ``fund_leverage`` of what is really signed, and never more than its
    treasury holds or the instrument's scale allows.
    """
    if levers.fund_leverage < 1.0:
        return
    left = int(levers.fund_size / levers.fund_leverage)
    for i in range(len(funds)):
        if funds[i].kind == GUIDANCE:
            left -= funds[i].government
    for i in range(len(funds)):
        fund = funds[i]
        if fund.kind != GUIDANCE or fund.committed >= fund.reachable:
            continue
        if now.date > fund.closing + 1.0:  # what the government could not match within a year is lost
            continue
        part = (now.date + 0.5 * now.dt - fund.born) / (fund.closing - fund.born)
        instalment = int(fund.reachable * min(1.0, part)) - fund.committed
        own = min(int(instalment / levers.fund_leverage + 0.5), left, purse[_GOVERNMENT][PROVINCE])
        instalment = min(instalment, int(own * levers.fund_leverage))
        if own <= 0 or instalment < own:
            continue
        left -= own
        pay_public(purse, PROVINCE, _FUND, i, own, _CAPITAL, TASK, flows, public)
        social = instalment - own
        private = min(social, int(own * parameters.fund_crowd_in))
        fund.committed += instalment
        fund.government += own
        fund.private += private
        fund.relabelled += social - private
        fund.state += min(social - private, int(social * parameters.fund_state_share))
        displace(funds, social - private)


@rule
def displace(funds: Rows[FundRow], amount: int) -> None:
    """Take relabelled money out of what funds without public money may still call, the youngest first."""
    for back in range(len(funds)):
        fund = funds[len(funds) - 1 - back]
        if fund.kind == OTHER and fund.government == 0 and amount > 0:
            taken = min(amount, fund.committed - fund.called)
            fund.committed -= taken
            fund.forgone += taken
            amount -= taken


@rule
def found_other_funds(
    funds: Rows[FundRow],
    count: int,
    number: int,
    province: np.uint64,
    city: int,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
) -> int:
    """Found venture funds beside the guidance fund, out of capital that partners still have to give.

    What guidance sub-funds took from partners and no other fund has made up for yet
    is missing here.
    """
    missing = 0
    for i in range(count):
        missing += funds[i].relabelled - funds[i].forgone
    for k in range(min(number, MOST_PROPOSALS)):
        key = luck.child_key(province, OTHER_FUND, now.step, k)
        size, stage = luck.two_uniforms(seed, OTHER_FUND, key, 0, 0)
        fund = funds[count]
        fund.key = key
        fund.kind = OTHER
        fund.city = city
        fund.stage = ANGEL if stage < 0.5 else GROWTH
        fund.born = now.date
        fund.closing = now.date
        fund.ends = now.date + parameters.fund_life_years
        fund.target = int(_lognormal(size, parameters.other_fund_size, parameters.fund_target_ln_sd)) + 1
        fund.forgone = max(0, min(missing, fund.target))
        missing -= fund.forgone
        fund.reachable = fund.target - fund.forgone
        fund.committed = fund.reachable
        count += 1
    return count


def other_funds_of_the_step(
    count_2010: float, parameters: Parameters, now: Moment, seed: np.uint64, province: int
) -> int:
    """Draw how many venture funds beside the guidance fund are founded in the step."""
    mean = count_2010 * parameters.other_fund_births * float(now.dt)
    u = luck.draw_uniform(int(seed), int(OTHER_FUND), province, int(now.step))
    return int(luck.poisson_quantile(u, mean))


def settle(table: Table[FundRow], parameters: Parameters, opening: Opening) -> None:
    """Set up the pool, still empty, and the venture funds of the start, half way through their investing."""
    number, seed, date = round(parameters.other_funds_2010), int(opening.seed), opening.date
    rows = table.extend(1 + number)
    rows["city"] = opening.capital
    rows["kind"] = [POOL, *[OTHER] * number]
    rows["key"] = [luck.key_of("fund", opening.province, which) for which in ("pool", *range(number))]
    sd = parameters.fund_target_ln_sd
    for row in rows[1:]:
        z = luck.draw_normal(seed, int(OLD_FUND), int(row["key"]))
        age = 4.0 * luck.draw_uniform(seed, int(OLD_FUND), int(row["key"]), 0, 1)
        size = round(parameters.other_fund_size * float(np.exp(sd * z - 0.5 * sd * sd))) + 1
        row["born"] = row["closing"] = date - age
        row["ends"] = date - age + parameters.fund_life_years
        row["target"] = size
        # What was invested before the start lies in the past: only the rest is on the books.
        row["committed"] = row["reachable"] = round(size * (1.0 - age / 4.0))


KIND: Final = Kind("fund", "funds", COLUMNS, "finance", PARAMETERS_READ, settle)
declare(KIND)


class Fund(RowView, kind=KIND):
    """A sub-fund of the guidance fund, another venture fund, or the pool behind technology loans."""
