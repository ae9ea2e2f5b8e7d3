"""What is taken down of a call: read where rules left it, or worked out anew with the same luck.

Nothing here is called unless a run is asked for the ledger, and nothing here changes the province: rules of
their own draw what the ordinary ones drew and forgot, since luck is a function of its key (decision 0034).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ...agents import grants, jury, loan, voucher
from ...agents.goods import SIGNED
from ..state.finance_ledgers import POOL_ROW

if TYPE_CHECKING:
    from ...agents.rows import BankRow, EnterpriseRow, ResultRow, StakeRow, VoucherRow
    from ...engine.table import RowArray
    from ..province import Province
    from .support_programmes import Programme

Counts = npt.NDArray[np.int64]


def note_lots(
    province: Province,
    firms: RowArray[EnterpriseRow],
    programme: Programme,
    elsewhere_than: int,
    tickets: RowArray[VoucherRow],
    first: int,
) -> None:
    """Take down a call of a programme that supports contracts: all firms served, and who drew a ticket.

    Parameters
    ----------
    firms : structured ndarray
        Those outside a call for some firms buy nothing.
    tickets : structured ndarray
        As drawn: before those that make no contract are passed on to firms that sign one anyway.
    first : int
        Row of the first ticket in the ledger of vouchers.
    """
    ledger, name = province.calls, voucher.PROGRAMMES[int(programme.code)]
    if ledger is None or name not in ledger.programmes:
        return
    served = np.empty(len(firms), dtype=np.bool_)
    voucher.mark_served(firms, programme, elsewhere_than, served)
    applicants = np.flatnonzero(served)
    won = np.isin(applicants, tickets["firm_row"])
    call = ledger.enter(province.quarter, name, "lottery", firms["key"][applicants], won)
    ledger.tickets.append((call, np.flatnonzero(won), first))


def note_use_of_lots(province: Province) -> None:
    """Put right who made use of a ticket: the firm that signed a contract with it, if there is one."""
    ledger = province.calls
    if ledger is None:
        return
    firms, contracts = province.enterprises.rows, province.contracts.rows
    for call, winners, first in ledger.tickets:
        tickets = province.finance.vouchers.rows[first : first + len(winners)]
        used = tickets["contract"] >= 0
        used[used] = contracts["state"][tickets["contract"][used]] == SIGNED
        call["used"][winners] = used
        call["user"][winners] = np.where(used, firms["key"][tickets["firm_row"]], np.uint64(0))
    ledger.tickets.clear()


def note_grants(
    province: Province, programme: str, mechanism: np.uint64, by_score: bool, waiting: Counts, won: Counts
) -> None:
    """Take down a call of a programme that pays enterprises, before the grants act.

    Parameters
    ----------
    waiting, won : ndarray of int64 of shape (firms,)
        Members of each row that apply, and that win.
    """
    ledger, name = province.calls, _word(programme)
    if ledger is None or name not in ledger.programmes:
        return
    firms = province.enterprises.rows
    applicants = np.flatnonzero(waiting)
    chosen = won[applicants] > 0
    score, threshold = np.full(len(applicants), np.nan), np.nan
    if by_score:
        next_year, parameters = province.calendar.next_year(province.step), province.terms.finance
        now, seed = province.now, province.seed
        places = np.empty(len(applicants), dtype=np.int64)
        jury.score_candidates(firms, waiting, mechanism, next_year, parameters, now, seed, places, score)
        threshold = score[chosen].min(initial=np.inf)
    ledger.enter(
        province.quarter,
        name,
        "rank" if by_score else "lottery",
        firms["key"][applicants],
        chosen,
        score=score,
        threshold=threshold,
    )


def note_pilots(
    province: Province, programme: str, sector: int, source: np.uint64, before: RowArray[ResultRow]
) -> None:
    """Take down a call for pilot tests, whose applicants are results.

    Parameters
    ----------
    before : structured ndarray
        Results as they were when the lots were drawn.
    """
    ledger, name = province.calls, _word(programme)
    if ledger is None or name not in ledger.programmes:
        return
    rows, lots = np.empty(len(before), dtype=np.int64), np.empty(len(before))
    applicants = rows[
        : grants.draw_pilot_lots(before, sector, source, province.now, province.seed, rows, lots)
    ]
    won = province.results.rows["piloted"][applicants]
    ledger.enter(province.quarter, name, "lottery", before["key"][applicants], won, kind="result")


def note_loans(
    province: Province,
    banks: RowArray[BankRow],
    firms: RowArray[EnterpriseRow],
    order: Counts,
    rows: Counts,
    members: Counts,
    first: int,
) -> None:
    """Take down what banks decided: on loans, and on the cover of those that the programme would reach.

    Parameters
    ----------
    banks, firms : structured ndarray
        As they were before the decisions.
    order, rows, members : ndarray of int64
        See `loan.decide_loans`.
    first : int
        Row of the first loan of the step.
    """
    ledger = province.calls
    if ledger is None or ledger.programmes.isdisjoint(("technology_loan", "loan_compensation")):
        return
    number = np.empty(len(order), dtype=np.int64)
    rank, lowered = np.empty(len(order)), np.empty(len(order))
    granted, covered = np.empty((2, len(order)), dtype=np.bool_)
    loan.review(
        banks,
        firms,
        order,
        rows,
        members,
        province.finance.capital,
        int(province.funds.rows["cash"][POOL_ROW]),
        province.finance.loans.rows[first:],
        province.terms.finance,
        province.levers,
        province.now,
        province.seed,
        number,
        rank,
        lowered,
        granted,
        covered,
    )
    quarter, giver, asking = province.quarter, banks["key"][number], firms["key"][rows[order]]
    enough = np.fmin(lowered, banks["threshold"][number])
    if "technology_loan" in ledger.programmes:
        ledger.enter(
            quarter,
            "technology_loan",
            "threshold",
            asking,
            granted,
            score=rank,
            threshold=enough,
            giver=giver,
        )
    reached = ~np.isnan(lowered)
    if "loan_compensation" in ledger.programmes and reached.any():
        ledger.enter(
            quarter,
            "loan_compensation",
            "threshold",
            asking[reached],
            covered[reached],
            score=rank[reached],
            threshold=lowered[reached],
            giver=giver[reached],
        )


def note_stakes(province: Province, queue: Counts, bought: RowArray[StakeRow]) -> None:
    """Take down which firms of the queue found an investor: its first, one for each stake."""
    ledger = province.calls
    if ledger is None or "fund_stake" not in ledger.programmes:
        return
    giver = np.zeros(len(queue), dtype=np.uint64)
    giver[: len(bought)] = bought["fund_key"]
    keys, won = province.enterprises.rows["key"][queue], giver > 0
    ledger.enter(province.quarter, "fund_stake", "lottery", keys, won, giver=giver)


def _word(programme: str) -> str:
    """Name of a programme as the ledger has it."""
    return programme.replace(" ", "_").replace("-", "_")
