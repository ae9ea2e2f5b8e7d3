"""Stakes: what a fund pays for a part of a firm, and what comes back.

A stake is a row from the deal to its end. Its end is set when the deal is struck: after
the holding time, at the end of the fund's life, or when the firm fails, whichever
comes first. Proceeds go to the fund's partners at once, the government's part back
to the treasury.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ..engine import luck
from ..engine.books import CAUSE, SECTOR, Flows, Public, Purse, pay, pay_back
from ..engine.columns import COUNT, FLAG, KEY, MONEY, NUMBER, Column, Columns
from ..engine.rules import rule
from ..engine.table import Rows
from .closing import exit_hazard
from .fund import POOL, TASK
from .standing import is_young_researcher

if TYPE_CHECKING:
    from .inputs import Moment, Parameters
    from .rows import EnterpriseRow, FundRow, StakeRow

COLUMNS: Final[Columns[StakeRow]] = (
    Column("key", KEY, "key", "identity: child of its fund and the step"),
    Column("fund_key", KEY, "key", "fund that holds it"),
    Column("fund_row", COUNT, "code", "row of the fund in its table"),
    Column("firm_key", KEY, "key", "enterprise, or group of like enterprises"),
    Column("firm_row", COUNT, "code", "row of the enterprise; follows it when rows move"),
    Column("cost", MONEY, "yuan", "what the fund paid"),
    Column("bought", NUMBER, "date", "date of the deal"),
    Column("ends", NUMBER, "date", "date on which it is sold or written off"),
    Column("fails", FLAG, "switch", "the firm fails before the holding time is over"),
    Column("open", FLAG, "switch", "still held"),
)

DEALS = luck.mechanism("number of deals of a fund")
VENTURE = luck.mechanism("firms that look for an investor")
STAKE = luck.mechanism("stake")
EXIT = luck.mechanism("exit of a fund")

OFFERED: Final = 2.0
"""Firms that look for an investor, for each deal that funds want, so that every fund finds one."""

_FUND: Final = SECTOR["fund"]
_ENTERPRISE: Final = SECTOR["enterprise"]
_OUTSIDE: Final = SECTOR["outside"]
_CAPITAL: Final = CAUSE["fund_capital"]
_EQUITY: Final = CAUSE["equity"]
_EXIT: Final = CAUSE["equity_exit"]
_DISTRIBUTION: Final = CAUSE["fund_distribution"]

Integers = npt.NDArray[np.int64]

PARAMETERS_READ: Final = (
    "fund_angel_size", "fund_deployment_per_year", "fund_equity_growth", "fund_equity_growth_public",
    "fund_exit_failure_recovery", "fund_exit_multiple", "fund_exit_multiple_ln_sd",
    "fund_exit_success_probability", "fund_holding_years", "fund_invested_share", "fund_ticket",
    "fund_ticket_ln_sd",
)  # fmt: skip
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def spendable(fund: FundRow, parameters: Parameters) -> int:
    """Yuan that a fund may still invest: never more than it has, or may call, after fees."""
    available = fund.cash + fund.committed - fund.government - fund.called
    return int(min(available, int(fund.committed * parameters.fund_invested_share) - fund.invested))


@rule
def plan_deals(
    funds: Rows[FundRow], parameters: Parameters, now: Moment, seed: np.uint64, deals: Integers
) -> int:
    """Draw how many stakes each fund buys in the step.

    A fund puts ``fund_deployment_per_year`` of its capital to work a year. The
    ticket was observed in a fund of 100 million yuan; larger funds pay larger
    tickets, so that a team's number of deals is the same (assumption).

    Returns
    -------
    int
        The sum of ``deals``, which is filled.
    """
    total = 0
    for i in range(len(funds)):
        fund = funds[i]
        deals[i] = 0
        if fund.kind == POOL or now.date > fund.ends - 3.0 or spendable(fund, parameters) <= 0:
            continue
        pace = fund.committed * parameters.fund_deployment_per_year * now.dt
        ticket = parameters.fund_ticket * max(1.0, fund.committed / parameters.fund_angel_size)
        u = luck.uniform(seed, DEALS, fund.key, now.step, 0)
        deals[i] = luck.poisson_quantile(u, pace / ticket)
        total += deals[i]
    return total


@rule
def look_for_investors(
    firms: Rows[EnterpriseRow],
    wanted: int,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
    rows: Integers,
    priority: npt.NDArray[np.float64],
) -> int:
    """Let young small firms that do research look for an investor.

    Each firm's luck is its own, so that one firm more does not hand its neighbour's
    investor to somebody else; the members of a row are drawn as single firms.

    Parameters
    ----------
    wanted : int
        Deals that funds want.
    rows, priority : ndarray
        Filled with the firm's row and its rank in the queue.

    Returns
    -------
    int
        Firms that look.
    """
    eligible = number_young = 0
    young = np.empty(len(firms), dtype=np.int64)
    for i in range(len(firms)):
        looks = is_young_researcher(firms[i], parameters, now)
        young[number_young] = i
        number_young += looks
        eligible += (firms[i].members - firms[i].bound) * looks
    if eligible <= 0:
        return 0
    chance = min(1.0, OFFERED * wanted / eligible)
    found = 0
    for i in young[:number_young]:
        firm = firms[i]
        u = luck.uniform(seed, VENTURE, firm.key, now.step, 0)
        number = luck.binomial_quantile(u, firm.members - firm.bound, chance)
        for k in range(number):
            if found == len(rows):
                return found
            rows[found] = i
            priority[found] = luck.uniform(seed, VENTURE, firm.key, now.step, k + 1)
            found += 1
    return found


@rule
def invest(
    funds: Rows[FundRow],
    deals: Integers,
    firms: Rows[EnterpriseRow],
    queue: Integers,
    stakes: Rows[StakeRow],
    count: int,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
    purse: Purse,
    flows: Flows,
) -> int:
    """Buy stakes in the firms of the queue, calling social money when cash does not suffice.

    What a firm gains hangs on who leads the fund: with private investors, alone or ahead of public ones,
    sales grow; public money alone does next to nothing (Grilli and Murtinu 2014).

    Parameters
    ----------
    deals : ndarray of int64 of shape (funds,)
        From :func:`plan_deals`; room for their sum was reserved in ``stakes``.
    queue : ndarray of int64
        Rows of ``firms`` in the order in which they are served.

    Returns
    -------
    int
        Rows of ``stakes`` in use.
    """
    served = 0
    sd = parameters.fund_ticket_ln_sd
    for i in range(len(funds)):
        fund = funds[i]
        mean = parameters.fund_ticket * max(1.0, fund.committed / parameters.fund_angel_size)
        gain = parameters.fund_equity_growth_public if fund.public_led else parameters.fund_equity_growth
        for k in range(deals[i]):
            if served == len(queue):
                return count
            key = luck.child_key(fund.key, STAKE, now.step, k)
            size, patience = luck.two_uniforms(seed, STAKE, key, 0, 0)
            ticket = int(mean * math.exp(sd * luck.normal_quantile(size) - 0.5 * sd * sd)) + 1
            ticket = min(ticket, spendable(fund, parameters))
            if ticket <= 0:
                break
            row = queue[served]
            served += 1
            firm = firms[row]
            if ticket > fund.cash:
                call = ticket - fund.cash
                pay(purse, _OUTSIDE, 0, _FUND, i, call, _CAPITAL, flows)
                fund.called += call
            pay(purse, _FUND, i, _ENTERPRISE, row, ticket, _EQUITY, flows)
            fund.invested += ticket
            fund.book += ticket
            fund.deals += 1
            firm.equity += ticket
            firm.bound += 1
            firm.growth += math.log1p((math.exp(gain) - 1.0) / firm.members)
            hazard = exit_hazard(now.date - firm.born, firm.large, parameters)
            failure = -math.log(patience) / max(hazard, 1e-9)
            holding = min(parameters.fund_holding_years, fund.ends - now.date)
            stake = stakes[count]
            stake.key = key
            stake.fund_key = fund.key
            stake.fund_row = i
            stake.firm_key = firm.key
            stake.firm_row = row
            stake.cost = ticket
            stake.bought = now.date
            stake.ends = now.date + min(failure, holding)
            stake.fails = failure < holding
            stake.open = True
            count += 1
    return count


@rule
def give_up(
    stakes: Rows[StakeRow],
    funds: Rows[FundRow],
    firms: Rows[EnterpriseRow],
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
    purse: Purse,
    flows: Flows,
    public: Public,
) -> None:
    """Sell or write off the stakes whose time has come, and pass the proceeds on.

    A success is sold beyond the province. Otherwise the founders' firm buys the
    stake back for a part of its cost, as most clauses in China demand, out of what
    one member of its row has; a firm that fails pays nothing.
    """
    sd = parameters.fund_exit_multiple_ln_sd
    for i in range(len(stakes)):
        stake = stakes[i]
        if not stake.open or stake.ends > now.date + 0.5 * now.dt:
            continue
        fund = funds[stake.fund_row]
        firm = firms[stake.firm_row]
        chance, multiple = luck.two_uniforms(seed, EXIT, stake.key, 0, 0)
        proceeds = 0
        if not stake.fails and chance < parameters.fund_exit_success_probability:
            gain = parameters.fund_exit_multiple * math.exp(
                sd * luck.normal_quantile(multiple) - 0.5 * sd * sd
            )
            proceeds = int(stake.cost * gain)
            pay(purse, _OUTSIDE, 0, _FUND, stake.fund_row, proceeds, _EXIT, flows)
        elif not stake.fails:
            proceeds = min(int(stake.cost * parameters.fund_exit_failure_recovery), firm.cash // firm.members)
            pay(purse, _ENTERPRISE, stake.firm_row, _FUND, stake.fund_row, proceeds, _EXIT, flows)
        firm.equity -= stake.cost
        firm.bound -= 1
        fund.book -= stake.cost
        fund.sold += stake.cost
        fund.returned += proceeds
        distribute(fund, stake.fund_row, proceeds, purse, flows, public)
        stake.open = False


@rule
def distribute(fund: FundRow, row: int, amount: int, purse: Purse, flows: Flows, public: Public) -> None:
    """Divide an amount among a fund's partners by what they have paid in."""
    paid_in = fund.government + fund.called
    share = int(amount * (fund.government / paid_in)) if paid_in > 0 else 0
    if share > 0:
        pay_back(purse, _FUND, row, fund.treasury, share, _DISTRIBUTION, TASK, flows, public)
    pay(purse, _FUND, row, _OUTSIDE, 0, amount - share, _DISTRIBUTION, flows)


@rule
def wind_up(funds: Rows[FundRow], now: Moment, purse: Purse, flows: Flows, public: Public) -> None:
    """Give back what is left in funds whose time is over."""
    for i in range(len(funds)):
        fund = funds[i]
        if fund.kind != POOL and now.date >= fund.ends and fund.book == 0 and fund.cash > 0:
            distribute(fund, i, fund.cash, purse, flows, public)
