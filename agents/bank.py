"""Banks: who takes part in the programme that bears a part of losses, and how strict they are.

A bank lends to those whose score, a rank in credit quality between 0 and 1, lies
above its threshold, programme or not. Compensation lowers the threshold; it makes no firm ask.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from ..engine import luck
from ..engine.books import CAUSE, SECTOR, Flows, Public, Purse, pay_back, pay_public
from ..engine.columns import CODE, COUNT, FLAG, KEY, MONEY, NUMBER, Column, Columns
from ..engine.rules import rule
from ..engine.table import Rows, Table
from .government import PROVINCE
from .kind import Kind, Opening, declare
from .view import RowView

if TYPE_CHECKING:
    from .inputs import Levers, Moment, Parameters
    from .rows import BankRow

TASK: Final = 22
"""Task of the plan that pays for the compensation of losses."""

COLUMNS: Final[Columns[BankRow]] = (
    Column("key", KEY, "key", "identity: province and ordinal"),
    Column("city", CODE, "code", "seat, index into the pack's cities"),
    Column("member", FLAG, "switch", "takes part in the compensation programme"),
    Column(
        "share", NUMBER, "fraction", "share of a loss that the programme promises it, while there is a pool"
    ),
    Column("capacity", MONEY, "yuan/year", "technology loans that it will grant in a year at most"),
    Column("lent", MONEY, "yuan", "technology loans granted in the current year, in the programme or not"),
    Column("book", MONEY, "yuan", "technology loans of the programme outstanding"),
    Column("ordinary_book", MONEY, "yuan", "technology loans outside the programme outstanding"),
    Column("threshold", NUMBER, "points", "score above which it lends without compensation"),
    Column("experience", NUMBER, "fraction", "its own losses over its loans, averaged over the years"),
    Column("lost", MONEY, "yuan", "losses of the current year that it bore itself"),
    Column("loans", COUNT, "count", "technology loans of the programme granted so far, as what follows"),
    Column("guaranteed", MONEY, "yuan", "what the pool promised to bear"),
    Column("additional", MONEY, "yuan", "what it would not have lent without the programme"),
    Column("settled", MONEY, "yuan", "principal of its loans that have come to their end so far"),
    Column("defaulted", MONEY, "yuan", "of it, principal that was not repaid"),
    Column("compensated", MONEY, "yuan", "of that, borne by the pool"),
    Column("cash", MONEY, "yuan", "money at hand"),
)

JOIN = luck.mechanism("bank joins the compensation programme")
SIZE = luck.mechanism("capacity of a bank")

_GOVERNMENT: Final = SECTOR["government"]
_FUND: Final = SECTOR["fund"]
_POOL: Final = CAUSE["guarantee_pool"]

PARAMETERS_READ: Final = (
    "bank_capacity", "bank_join_hazard", "bank_learning", "bank_score_threshold", "bank_tolerated_loss",
    "banks", "compensation_leverage", "compensation_threshold_effect",
)  # fmt: skip
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def join_programme(
    banks: Rows[BankRow], parameters: Parameters, levers: Levers, now: Moment, seed: np.uint64
) -> None:
    """Promise all banks the same share of a loss, and once there is one let them join, at a yearly hazard."""
    for i in range(len(banks)):
        banks[i].share = levers.compensation_share
    if levers.compensation_share <= 0.0:
        return
    chance = 1.0 - math.exp(-parameters.bank_join_hazard * now.dt)
    for i in range(len(banks)):
        bank = banks[i]
        if not bank.member and luck.uniform(seed, JOIN, bank.key, now.step, 0) < chance:
            bank.member = True


@rule
def learn(banks: Rows[BankRow], parameters: Parameters) -> None:
    """At the turn of the year: each bank moves its threshold by what it lost itself, and begins a new year.

    A bank that bears more than the tolerated share of losses asks for better firms;
    half of its memory is last year.
    """
    for i in range(len(banks)):
        bank = banks[i]
        seen = min(bank.lost / bank.lent, 1.0) if bank.lent > 0 else bank.experience
        bank.experience = 0.5 * (bank.experience + seen)
        moved = parameters.bank_score_threshold + parameters.bank_learning * (
            bank.experience - parameters.bank_tolerated_loss
        )
        bank.threshold = min(max(moved, 0.05), 0.95)
        bank.lent = 0
        bank.lost = 0


@rule
def fill_pool(
    pool_row: int, loans_open: int, levers: Levers, now: Moment, purse: Purse, flows: Flows, public: Public
) -> None:
    """Pay the step's part of the yearly top-up into the pool; give an unused pool back.

    The treasury pays what it has. A pool that promises nothing any more, and behind
    which no loan is left, goes back to the treasury.

    Parameters
    ----------
    pool_row : int
        Row of the pool in the table of funds.
    loans_open : int
        Loans of the programme not settled yet.
    """
    amount = min(int(levers.compensation_pool * now.dt + 0.5), purse[_GOVERNMENT][PROVINCE])
    if amount > 0:
        pay_public(purse, PROVINCE, _FUND, pool_row, amount, _POOL, TASK, flows, public)
    left = purse[_FUND][pool_row]
    if levers.compensation_share <= 0.0 and loans_open == 0 and left > 0:
        pay_back(purse, _FUND, pool_row, PROVINCE, left, _POOL, TASK, flows, public)


@rule
def normal_share(z: float) -> float:
    """Share of a standard normal distribution below ``z``."""
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


@rule
def promised_share(bank: BankRow, pool: int, book: int, parameters: Parameters) -> float:
    """Share of a loss that a bank can count on: less when the pool is thin for the loans behind it."""
    if pool <= 0 or book <= 0:
        return float(bank.share) if pool > 0 else 0.0
    return float(bank.share * min(1.0, parameters.compensation_leverage * pool / book))


@rule
def lending_threshold(bank: BankRow, share: float, parameters: Parameters, levers: Levers) -> float:
    """Score above which a member lends: lowered by the compensation and by the programme's rules.

    The lever ``compensation_threshold`` is in standard deviations of the score.
    """
    rank = bank.threshold - parameters.compensation_threshold_effect * share
    rank = min(0.999, max(0.001, rank))
    return float(normal_share(luck.normal_quantile(rank) - levers.compensation_threshold))


def settle(table: Table[BankRow], parameters: Parameters, opening: Opening) -> None:
    """Set up the banks of the start; none takes part in the programme yet."""
    rows = table.extend(max(1, round(parameters.banks)))
    for ordinal, row in enumerate(rows):
        row["key"] = luck.key_of("bank", opening.province, ordinal)
        z = luck.draw_normal(int(opening.seed), int(SIZE), int(row["key"]))
        row["city"] = opening.capital
        row["capacity"] = round(parameters.bank_capacity * float(np.exp(0.5 * z - 0.125)))
        row["threshold"] = parameters.bank_score_threshold
        row["experience"] = parameters.bank_tolerated_loss


KIND: Final = Kind("bank", "banks", COLUMNS, "finance", PARAMETERS_READ, settle)
declare(KIND)


class Bank(RowView, kind=KIND):
    """A bank that may lend to technology firms."""
