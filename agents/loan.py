"""Technology loans: firms ask, banks decide, and what is due is repaid or lost.

Banks lend to firms that pass their own threshold without any programme. Where a public pool
bears a part of the loss, a member lends to some that would not pass, and lends a little more;
it also puts some of the loans under the programme that it would have made anyway. In Chile a yuan
guaranteed brought 0.65 yuan of credit (Cowan, Drexler and Yanez 2015).

Money that a bank lends it borrows from its own depositors, the world beyond the
model, and gives back when the loan is repaid.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ..engine import luck
from ..engine.books import CAUSE, SECTOR, Flows, Purse, pay
from ..engine.columns import COUNT, FLAG, KEY, MONEY, NUMBER, Column, Columns
from ..engine.rules import rule
from ..engine.table import Rows
from .bank import lending_threshold, normal_share, promised_share

if TYPE_CHECKING:
    from .inputs import Levers, Moment, Parameters
    from .rows import BankRow, EnterpriseRow, LoanRow

COLUMNS: Final[Columns[LoanRow]] = (
    Column("key", KEY, "key", "identity: child of the firm and the step"),
    Column("bank", COUNT, "code", "row of the bank"),
    Column("firm_key", KEY, "key", "enterprise, or group of like enterprises"),
    Column("firm_row", COUNT, "code", "row of the enterprise; follows it when rows move"),
    Column("principal", MONEY, "yuan", "amount granted"),
    Column("outstanding", MONEY, "yuan", "amount owed"),
    Column("granted", NUMBER, "date", "date of the loan"),
    Column("due", NUMBER, "date", "date of repayment, or of default"),
    Column("fails", FLAG, "switch", "the firm will not repay"),
    Column("share", NUMBER, "fraction", "share of a loss that the pool has promised to bear"),
    Column("open", FLAG, "switch", "not settled yet"),
)

ASK = luck.mechanism("firms that ask for a technology loan")
LOAN = luck.mechanism("technology loan")
SCORE = luck.mechanism("credit score")
DEFAULT = luck.mechanism("default of a technology loan")

_BANK: Final = SECTOR["bank"]
_FUND: Final = SECTOR["fund"]
_ENTERPRISE: Final = SECTOR["enterprise"]
_OUTSIDE: Final = SECTOR["outside"]
_LOAN: Final = CAUSE["loan"]
_ORDINARY: Final = CAUSE["ordinary_loan"]
_REPAYMENT: Final = CAUSE["repayment"]
_INTEREST: Final = CAUSE["interest"]
_FUNDING: Final = CAUSE["bank_funding"]
_COMPENSATION: Final = CAUSE["loss_compensation"]

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

PARAMETERS_READ: Final = (
    "bank_approval_share", "branch_capacity", "compensation_enrolment", "firm_size_ln_sd",
    "guarantee_additionality", "linkage_points", "loan_amount_by_share", "loan_collateral_penalty",
    "loan_collateral_share", "loan_default_hazard", "loan_demand_hazard", "loan_growth", "loan_ln_sd",
    "loan_mean", "loan_rate", "loan_revenue_share", "loan_score_observable", "loan_years",
)  # fmt: skip
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def ask_for_loans(
    firms: Rows[EnterpriseRow],
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
    rows: Integers,
    members: Integers,
    priority: Numbers,
) -> int:
    """Let small and middle technology firms ask for a loan.

    Demand follows the firms alone: neither the share of losses, the threshold nor the reach of the
    programme makes anybody ask.

    Parameters
    ----------
    rows, members, priority : ndarray
        Filled with the firm's row, its ordinal within the row, and its place in the queue.

    Returns
    -------
    int
        Firms that ask.
    """
    found = 0
    chance = 1.0 - math.exp(-parameters.loan_demand_hazard * now.dt)
    for i in range(len(firms)):
        firm = firms[i]
        if firm.large or now.date - firm.born < 1.0:
            continue
        u = luck.uniform(seed, ASK, firm.key, now.step, 0)
        number = luck.binomial_quantile(u, firm.members - firm.bound, chance)
        for k in range(number):
            if found == len(rows):
                return found
            rows[found] = i
            members[found] = k
            priority[found] = luck.uniform(seed, ASK, firm.key, now.step, k + 1)
            found += 1
    return found


@rule
def credit_rank(
    firm: EnterpriseRow, key: np.uint64, parameters: Parameters, now: Moment, seed: np.uint64
) -> float:
    """Rank of one applicant in credit quality, 0 worst and 1 best.

    Size, age and certification make up the share of the score that anybody can
    see; the rest is the applicant's own. About half of the small loans need
    collateral, which a small firm often lacks; lacking it costs points.
    """
    size = (firm.ln_size + firm.growth) / parameters.firm_size_ln_sd + 0.5 * parameters.firm_size_ln_sd
    age = (min(now.date - firm.born, 15.0) - 7.0) / 5.0
    certified = 2.0 * (firm.certified / firm.members) - 0.7
    seen = (size + age + certified) / math.sqrt(3.0)
    own, collateral = luck.two_uniforms(seed, SCORE, key, 0, 0)
    share = parameters.loan_score_observable
    score = math.sqrt(share) * seen + math.sqrt(1.0 - share) * luck.normal_quantile(own)
    if firm.equity > 0:
        # An investor vouches for the firm where banks and funds work together (task 22).
        score += parameters.linkage_points
    if collateral < parameters.loan_collateral_share * (1.0 - normal_share(size)):
        score -= parameters.loan_collateral_penalty
    return float(normal_share(score))


@rule
def amount_with_cover(amount: int, share: float, most: int, parameters: Parameters) -> int:
    """Yuan lent if the pool bears a share of the loss: more, as far as the firm's revenue carries it."""
    return min(most, int(amount * (1.0 + parameters.loan_amount_by_share * share)))


@rule
def decide_loans(
    banks: Rows[BankRow],
    firms: Rows[EnterpriseRow],
    order: Integers,
    rows: Integers,
    members: Integers,
    capital: int,
    pool_row: int,
    loans: Rows[LoanRow],
    count: int,
    parameters: Parameters,
    levers: Levers,
    now: Moment,
    seed: np.uint64,
    purse: Purse,
    flows: Flows,
) -> int:
    """Let banks decide on the applications in the order of the queue.

    A firm asks one bank. The bank grants the loan if the amount is in proportion to the firm's
    revenue, the score passes its threshold, its committee agrees, and its capacity of the year
    suffices. In the programme are the loans of members to firms that it serves, in the capital and to
    the share ``compensation_reach`` elsewhere: all to firms that pass only the lowered threshold, and
    the share ``compensation_enrolment`` of those that the bank would make anyway. A loan that would not
    have been made makes a project happen that would not have with ``guarantee_additionality``;
    such a firm grows a little for good.

    Parameters
    ----------
    order : ndarray of int64
        Places in ``rows`` and ``members`` by priority; as much room was reserved in ``loans``.
    capital : int
        Code of the capital city.
    pool_row : int
        Row of the pool in the table of funds.

    Returns
    -------
    int
        Rows of ``loans`` in use.
    """
    book = 0
    for i in range(len(banks)):
        book += banks[i].book
    sd = parameters.loan_ln_sd
    gain = math.exp(parameters.loan_growth) - 1.0
    for place in range(len(order)):
        row = rows[order[place]]
        firm = firms[row]
        key = luck.child_key(firm.key, LOAN, now.step, members[order[place]])
        where, size = luck.two_uniforms(seed, LOAN, key, 0, 0)
        agreed, project = luck.two_uniforms(seed, LOAN, key, 0, 1)
        number = int(where * len(banks))
        bank = banks[number]
        asked = int(parameters.loan_mean * math.exp(sd * luck.normal_quantile(size) - 0.5 * sd * sd)) + 1
        most = int(parameters.loan_revenue_share * firm.revenue / firm.members)
        if asked > most or agreed >= parameters.bank_approval_share:
            continue
        rank = credit_rank(firm, key, parameters, now, seed)
        anyway = rank >= bank.threshold
        reached, enrolled = luck.two_uniforms(seed, LOAN, key, 0, 2)
        share = 0.0
        if bank.member and (firm.city == capital or reached < levers.compensation_reach):
            share = promised_share(bank, purse[_FUND][pool_row], book + asked, parameters)
        if anyway:
            covered = share > 0.0 and enrolled < parameters.compensation_enrolment
        else:
            covered = share > 0.0 and rank >= lending_threshold(bank, share, parameters, levers)
        amount = amount_with_cover(asked, share, most, parameters) if covered else asked
        if not (anyway or covered) or bank.lent + amount > bank.capacity * parameters.branch_capacity:
            continue
        pay(purse, _OUTSIDE, 0, _BANK, number, amount, _FUNDING, flows)
        pay(purse, _BANK, number, _ENTERPRISE, row, amount, _LOAN if covered else _ORDINARY, flows)
        bank.lent += amount
        firm.debt += amount
        firm.bound += 1
        if covered:
            book += amount
            bank.book += amount
            bank.loans += 1
            bank.guaranteed += int(share * amount)
            bank.additional += amount - asked if anyway else amount
        else:
            bank.ordinary_book += amount
        if not anyway and project < parameters.guarantee_additionality:
            firm.growth += math.log1p(gain / firm.members)
        # Of all applicants the mean defaults at the hazard of the nation's small firms, the better ones less.
        hazard = 2.0 * (1.0 - rank) * parameters.loan_default_hazard
        survival = -math.log(luck.uniform(seed, DEFAULT, key, 0, 0)) / max(hazard, 1e-9)
        loan = loans[count]
        loan.key = key
        loan.bank = number
        loan.firm_key = firm.key
        loan.firm_row = row
        loan.principal = amount
        loan.outstanding = amount
        loan.granted = now.date
        loan.due = now.date + min(survival, parameters.loan_years)
        loan.fails = survival < parameters.loan_years
        loan.share = share if covered else 0.0
        loan.open = True
        count += 1
    return count


@rule
def review(
    banks: Rows[BankRow],
    firms: Rows[EnterpriseRow],
    order: Integers,
    rows: Integers,
    members: Integers,
    capital: int,
    pool: int,
    loans: Rows[LoanRow],
    parameters: Parameters,
    levers: Levers,
    now: Moment,
    seed: np.uint64,
    number: Integers,
    rank: Numbers,
    lowered: Numbers,
    granted: npt.NDArray[np.bool_],
    covered: npt.NDArray[np.bool_],
) -> None:
    """Go through the applications once more, and fill in what was seen and decided, for the ledger of calls.

    The luck is that of :func:`decide_loans`; what it decided is read from the loans that it wrote.

    Parameters
    ----------
    banks, firms : structured ndarray
        As they were before the decisions.
    order, rows, members, capital
        As for :func:`decide_loans`.
    pool : int
        Yuan in the pool.
    loans : structured ndarray
        Granted in the step.
    number, rank, lowered, granted, covered : ndarray of shape (applications,)
        Filled, in the order of the queue: row of the bank that was asked, score, threshold under the
        programme (not a number if it does not reach the firm), whether there is a loan, and under it.
    """
    book = taken = 0
    for i in range(len(banks)):
        book += banks[i].book
    sd = parameters.loan_ln_sd
    for place in range(len(order)):
        firm = firms[rows[order[place]]]
        key = luck.child_key(firm.key, LOAN, now.step, members[order[place]])
        where, size = luck.two_uniforms(seed, LOAN, key, 0, 0)
        reached, _ = luck.two_uniforms(seed, LOAN, key, 0, 2)
        number[place] = int(where * len(banks))
        bank = banks[number[place]]
        asked = int(parameters.loan_mean * math.exp(sd * luck.normal_quantile(size) - 0.5 * sd * sd)) + 1
        share = 0.0
        if bank.member and (firm.city == capital or reached < levers.compensation_reach):
            share = promised_share(bank, pool, book + asked, parameters)
        rank[place] = credit_rank(firm, key, parameters, now, seed)
        lowered[place] = lending_threshold(bank, share, parameters, levers) if share > 0.0 else math.nan
        granted[place] = taken < len(loans) and loans[taken].key == key
        covered[place] = granted[place] and loans[taken].share > 0.0
        if covered[place]:
            book += loans[taken].principal
        if granted[place]:
            taken += 1


@rule
def settle_loans(
    loans: Rows[LoanRow],
    banks: Rows[BankRow],
    firms: Rows[EnterpriseRow],
    pool_row: int,
    parameters: Parameters,
    now: Moment,
    purse: Purse,
    flows: Flows,
) -> None:
    """Collect the loans that are due: repayment with interest, or default and compensation.

    A firm that is short of money repays what it has, and the rest is prolonged. The pool bears
    the promised share of a loss as far as it reaches, and never goes below zero.
    """
    for i in range(len(loans)):
        loan = loans[i]
        if not loan.open or loan.due > now.date + 0.5 * now.dt:
            continue
        row, number = loan.firm_row, loan.bank
        firm, bank = firms[row], banks[number]
        repaid = 0 if loan.fails else min(loan.outstanding, firm.cash)
        pay(purse, _ENTERPRISE, row, _BANK, number, repaid, _REPAYMENT, flows)
        loss = loan.outstanding - repaid
        covered = loan.share > 0.0
        if loss > 0 and not loan.fails:
            # Prolonged: whether a firm fails must not hang on how many share a row and its cash.
            firm.debt -= repaid
            if covered:
                bank.book -= repaid
                bank.settled += repaid
            else:
                bank.ordinary_book -= repaid
            loan.outstanding = loss
            loan.due = now.date + parameters.loan_years
            pay(purse, _BANK, number, _OUTSIDE, 0, bank.cash, _FUNDING, flows)
            continue
        if loss == 0:
            years = loan.due - loan.granted
            interest = min(int(loan.principal * parameters.loan_rate * years), firm.cash)
            pay(purse, _ENTERPRISE, row, _BANK, number, interest, _INTEREST, flows)
        borne = min(int(loss * loan.share), purse[_FUND][pool_row])
        pay(purse, _FUND, pool_row, _BANK, number, borne, _COMPENSATION, flows)
        firm.debt -= loan.outstanding
        firm.bound -= 1
        if covered:
            bank.book -= loan.outstanding
            bank.settled += loan.outstanding
            bank.defaulted += loss
            bank.compensated += borne
        else:
            bank.ordinary_book -= loan.outstanding
        bank.lost += loss - borne
        # Depositors and owners of the bank stand outside the model.
        pay(purse, _BANK, number, _OUTSIDE, 0, bank.cash, _FUNDING, flows)
        loan.outstanding = 0
        loan.open = False
