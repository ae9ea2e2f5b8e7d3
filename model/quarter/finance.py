"""Finance in a step: funds, loans and vouchers, and what the treasuries pay for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ...agents import bank, broker_fund, fund, loan, stake, sub_fund
from ...engine.ordering import order_of_places
from ..orders import levers_with
from ..state.finance_ledgers import POOL_ROW
from . import calls

if TYPE_CHECKING:
    from ...agents.inputs import Levers
    from ..orders import Orders
    from ..province import Province

Integers = npt.NDArray[np.int64]


def settle_what_is_due(province: Province) -> None:
    """Collect loans and give up stakes whose time has come."""
    finance, books = province.finance, province.books
    firms = province.enterprises.rows
    if len(finance.loans):
        loan.settle_loans(
            finance.loans.rows,
            province.banks.rows,
            firms,
            POOL_ROW,
            province.terms.finance,
            province.now,
            province.purse,
            books.flows,
        )
        finance.loans.keep(finance.loans.rows["open"])
    if len(finance.stakes):
        stake.give_up(
            finance.stakes.rows,
            province.funds.rows,
            firms,
            province.terms.finance,
            province.now,
            province.seed,
            province.purse,
            books.flows,
            books.public,
        )
        finance.stakes.keep(finance.stakes.rows["open"])
    stake.wind_up(province.funds.rows, province.now, province.purse, books.flows, books.public)


def lend(province: Province) -> None:
    """Fill the pool, let firms ask for loans and banks decide."""
    levers, now, banks, books = province.levers, province.now, province.banks.rows, province.books
    covered = int(np.count_nonzero(province.finance.loans.rows["share"]))
    promised = levers if province.orders is None else levers_with_promises(province, province.orders)
    bank.fill_pool(POOL_ROW, covered, promised, now, province.purse, books.flows, books.public)
    if province.calendar.year_begins(province.step):
        bank.learn(banks, province.terms.finance)
    if province.funds.rows["cash"][POOL_ROW]:
        bank.join_programme(banks, province.terms.finance, levers, now, province.seed)
    if province.orders is not None:
        enrol_by_order(province, province.orders)
    firms = province.enterprises.rows
    rows, members, priority = province.finance.queue.room_for(int(firms["members"].sum()))
    found = loan.ask_for_loans(
        firms,
        province.terms.finance,
        now,
        province.seed,
        rows,
        members,
        priority,
    )
    order = order_of_places(priority[:found], 1.0)
    before = None if province.calls is None else (banks.copy(), firms.copy())
    loans = province.finance.loans
    first = loans.count
    loans.reserve(found)
    loans.close(
        loan.decide_loans(
            banks,
            firms,
            order,
            rows,
            members,
            province.finance.capital,
            POOL_ROW,
            loans.storage,
            loans.count,
            province.terms.finance,
            levers,
            now,
            province.seed,
            province.purse,
            books.flows,
        )
    )
    if before is not None:
        calls.note_loans(province, *before, order, rows, members, first)


def levers_with_promises(province: Province, orders: Orders) -> Levers:
    """Give the levers as the pool sees them: it serves whoever promises most, for all banks or for some."""
    found = orders.of("compensation_share", province.step, province.banks.rows)
    most = max([province.levers.compensation_share, *(level for level, group in found if group.any())])
    return levers_with(province.levers, {"compensation_share": most})


def enrol_by_order(province: Province, orders: Orders) -> None:
    """Put banks that orders name into the programme or out of it; one whose order has ended may join anew."""
    banks, step = province.banks.rows, province.step
    for _, group in orders.of("compensation_share", step - 1, banks):
        banks["member"][group] = False
    for share, group in orders.of("compensation_share", step, banks):
        banks["share"][group] = share
        banks["member"][group] = share > 0.0


def invest(province: Province) -> None:
    """Let funds buy stakes in firms that look for an investor."""
    funds, firms = province.funds.rows, province.enterprises.rows
    now, seed, parameters = province.now, province.seed, province.terms.finance
    deals = np.zeros(len(funds), dtype=np.int64)
    wanted = stake.plan_deals(funds, parameters, now, seed, deals)
    if wanted == 0:
        return
    rows = np.zeros(round(4 * stake.OFFERED * wanted) + 64, dtype=np.int64)
    priority = np.zeros(len(rows))
    found = stake.look_for_investors(firms, wanted, parameters, now, seed, rows, priority)
    queue = rows[:found][order_of_places(priority[:found], 1.0)]
    shown = show_clients_of_brokers(province, queue, wanted)
    stakes = province.finance.stakes
    before = len(stakes)
    stakes.reserve(wanted)
    stakes.close(
        stake.invest(
            funds,
            deals,
            firms,
            queue,
            stakes.storage,
            stakes.count,
            parameters,
            now,
            seed,
            province.purse,
            province.books.flows,
        )
    )
    if province.calls is not None:
        calls.note_stakes(province, queue, stakes.rows[before:])
    if len(shown):
        bought = stakes.rows["firm_row"][before:]
        province.supported["broker funds"] = int(np.isin(bought, shown).sum())


def show_clients_of_brokers(province: Province, queue: Integers, wanted: int) -> Integers:
    """Let brokers with a fund of their own bring clients with a result to the front of the queue (task 10).

    A client takes the place of another firm, drawn by its own luck, so that the rest of
    the queue stays as it is.

    Parameters
    ----------
    queue : ndarray of int64
        Rows of the firms that look for an investor; changed in place.
    wanted : int
        Deals that funds want: so many at the front are served.

    Returns
    -------
    ndarray of int64
        Rows of the firms that were shown.
    """
    share = float(province.levers.broker_funds)
    if share <= 0.0 or len(queue) == 0:
        return queue[:0]
    parameters, now, seed = province.terms.finance, province.now, province.seed
    firms = province.enterprises.rows
    places = np.zeros(len(province.names["field"]))
    broker_fund.count_places(province.brokers.rows, share, parameters, now, seed, places)
    lots = np.empty((2, len(firms)))
    keys = np.ascontiguousarray(firms["key"])
    broker_fund.look_at_clients(province.results.rows, firms, keys, parameters, now, seed, lots)
    clients = np.zeros(0, dtype=np.int64)
    waiting = np.flatnonzero(lots[0] < 1.0)
    fields = firms["field"][waiting]
    for field in np.flatnonzero(places):
        here = waiting[fields == field]
        # A chance for each, since places beyond the few that wait are of no use in a step of any length.
        met = 1.0 - np.exp(-places[field] / max(1, len(here)))
        clients = np.concatenate([clients, here[lots[0, here] < met]])
    served = min(wanted, len(queue))
    for row in clients:
        place = int(lots[1, row] * served)
        elsewhere = np.flatnonzero(queue == row)
        if len(elsewhere):
            queue[elsewhere[0]] = queue[place]
        queue[place] = row
    return clients


def raise_funds(province: Province) -> None:
    """Let sub-funds be announced, signed and paid, and other venture funds be founded."""
    funds, books, finance = province.funds, province.books, province.finance
    parameters, levers, now = province.terms.finance, province.levers, province.now
    yearly = province.values["fund_subfund_hazard"] if levers.fund_size > 0.0 else 0.0
    before, after = finance.due("sub-funds", yearly * now.dt)
    funds.reserve(fund.MOST_PROPOSALS)
    funds.close(
        sub_fund.propose_sub_funds(
            funds.storage,
            funds.count,
            before,
            after,
            province.key,
            finance.capital,
            parameters,
            levers,
            now,
            province.seed,
        )
    )
    purse = province.purse
    sub_fund.raise_capital(funds.rows, parameters, now, province.seed, purse, books.flows, books.public)
    sub_fund.pay_in(funds.rows, parameters, now, purse, books.flows)
    number = fund.other_funds_of_the_step(
        province.values["other_funds_2010"], parameters, now, province.seed, int(province.key)
    )
    if number:
        funds.reserve(fund.MOST_PROPOSALS)
        funds.close(
            fund.found_other_funds(
                funds.storage,
                funds.count,
                number,
                province.key,
                finance.capital,
                parameters,
                now,
                province.seed,
            )
        )
