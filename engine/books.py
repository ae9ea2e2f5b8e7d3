"""The books: money moves only here, in whole yuan, from one named payer to one named payee.

Every sector's cash is a column of its own rows. :func:`pay` moves cash between two
rows and enters the same amount into a matrix of flows; :class:`Books` then proves
each quarter that for every sector the change of its cash equals what flowed in
minus what flowed out, and that nothing appeared or vanished, to the yuan.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from .balance import Balances, balance, count_cash
from .columns import KEY, MONEY, Column
from .errors import BooksError
from .rules import rule
from .table import Table

SECTORS: Final = (
    "university",
    "research_institute",
    "military_unit",
    "enterprise",
    "broker",
    "fund",
    "bank",
    "incubator",
    "government",
    "households",
    "outside",
)
"""Who holds money. Each but the aggregates is declared by the file of its name among the agents."""

AGGREGATES: Final = ("households", "outside")
"""One row each: households are inventors, staff and owners; outside is all beyond the province."""

CAUSES: Final = (
    "endowment",
    "contract",
    "inventor_share",
    "broker_fee",
    "research_funding",
    "research_spending",
    "operating_income",
    "dividend",
    "wages",
    "loan",
    "ordinary_loan",
    "repayment",
    "interest",
    "bank_funding",
    "loss_compensation",
    "guarantee_pool",
    "voucher",
    "grant",
    "subsidy",
    "training",
    "fund_capital",
    "equity",
    "equity_exit",
    "fund_distribution",
    "tax_revenue",
    "administration",
    "closing_down",
)
"""Why money moved; the third axis of the matrix of flows."""

SECTOR: Final[Mapping[str, int]] = {name: code for code, name in enumerate(SECTORS)}
CAUSE: Final[Mapping[str, int]] = {name: code for code, name in enumerate(CAUSES)}

_GOVERNMENT: Final = SECTOR["government"]

TASKS: Final = 29
"""Rows of the treasury's accounts: 0 general, 1 to 25 the plan's tasks, 26 to 28 its three measures."""

Flows = npt.NDArray[np.int64]
"""Whole yuan of the current step, shape (causes, payer sectors, payee sectors)."""

Public = npt.NDArray[np.int64]
"""Whole yuan out of (positive) and back into (negative) the treasuries, shape (tasks, treasuries, causes)."""

Purse = tuple[npt.NDArray[np.int64], ...]
"""The column ``cash`` of every sector's rows, in the order of :data:`SECTORS`."""


@rule
def pay_at(
    payer_cash: npt.NDArray[np.int64],
    payer_sector: int,
    payer_row: int,
    payee_cash: npt.NDArray[np.int64],
    payee_sector: int,
    payee_row: int,
    amount: int,
    cause: int,
    flows: Flows,
) -> None:
    """Move whole yuan between two columns of cash that the caller took out of the purse.

    For hot loops: looking a sector up in the purse costs ten times the payment.
    """
    payer_cash[payer_row] -= amount
    payee_cash[payee_row] += amount
    flows[cause, payer_sector, payee_sector] += amount


@rule
def pay(
    purse: Purse,
    payer_sector: int,
    payer_row: int,
    payee_sector: int,
    payee_row: int,
    amount: int,
    cause: int,
    flows: Flows,
) -> None:
    """Move whole yuan from one row to another and enter it into the flows.

    Parameters
    ----------
    payer_sector, payee_sector : int
        Codes of :data:`SECTORS`.
    payer_row, payee_row : int
        Rows in the tables of those sectors; 0 for households and outside.
    amount : int
        Yuan, 0 or more. The caller has checked that the payer has it.
    cause : int
        Code of :data:`CAUSES`.
    """
    payer_cash, payee_cash = purse[payer_sector], purse[payee_sector]
    pay_at(payer_cash, payer_sector, payer_row, payee_cash, payee_sector, payee_row, amount, cause, flows)


@rule
def pay_public(
    purse: Purse,
    treasury: int,
    payee_sector: int,
    payee_row: int,
    amount: int,
    cause: int,
    task: int,
    flows: Flows,
    public: Public,
) -> None:
    """Pay out of a treasury for a task of the plan, and tag the payment with both.

    Parameters
    ----------
    treasury : int
        Row of the government table: 0 the province, then the cities.
    task : int
        0 general, 1 to 25 the plan's tasks, 26 to 28 its measures.
    """
    pay(purse, _GOVERNMENT, treasury, payee_sector, payee_row, amount, cause, flows)
    public[task, treasury, cause] += amount


@rule
def pay_back(
    purse: Purse,
    payer_sector: int,
    payer_row: int,
    treasury: int,
    amount: int,
    cause: int,
    task: int,
    flows: Flows,
    public: Public,
) -> None:
    """Pay into a treasury what a task recovers: exits, unused pools, repayments."""
    pay(purse, payer_sector, payer_row, _GOVERNMENT, treasury, amount, cause, flows)
    public[task, treasury, cause] -= amount


WORLD_COLUMNS: Final = (
    Column("key", KEY, "key", "identity of the aggregate holder"),
    Column("cash", MONEY, "yuan", "balance against the province; may be negative"),
)


class Books:
    """Every holder of money, the flows of the step, and the proof that all balances.

    Parameters
    ----------
    holders : mapping of sector to Table
        The tables, with a column ``cash``, of the sectors that are modelled row by
        row. Those that are not, households and the outside world first, get one row each.
    treasuries : int
        Rows of the government table, the province first.

    Attributes
    ----------
    flows : ndarray of int64 of shape (causes, sectors, sectors)
        Yuan moved in the current step.
    public : ndarray of int64 of shape (tasks, treasuries, causes)
        Yuan moved out of the treasuries in the current step, by task.
    """

    def __init__(self, holders: Mapping[str, Table[object]], treasuries: int) -> None:
        self.flows: Flows = np.zeros((len(CAUSES), len(SECTORS), len(SECTORS)), dtype=MONEY)
        self.public: Public = np.zeros((TASKS, treasuries, len(CAUSES)), dtype=MONEY)
        world: dict[str, Table[object]] = {
            sector: Table(sector, WORLD_COLUMNS) for sector in SECTORS if sector not in holders
        }
        for table in world.values():
            table.extend(1)
        self.holders = {sector: {**holders, **world}[sector] for sector in SECTORS}
        self._opening: Balances | None = None
        self._moves = -1
        self._purse: Purse = ()

    @property
    def purse(self) -> Purse:
        """The cash columns for :func:`pay`; take it anew after a table has grown."""
        if self._moves != Table.moves:
            # The whole storage, because a column of at least 16 strided rows has one and the same
            # array layout for every sector, which a compiled rule needs to choose a sector at run time.
            self._purse = tuple(table.storage["cash"] for table in self.holders.values())
            self._moves = Table.moves
        return self._purse

    def __getstate__(self) -> dict[str, object]:
        """What a copy takes over: not the purse, which looks at this one's tables."""
        return {**self.__dict__, "_moves": -1, "_purse": ()}

    def rows_in_use(self) -> npt.NDArray[np.int64]:
        """Rows in use of each sector, shape (sectors,)."""
        return np.array([table.count for table in self.holders.values()])

    def _balances(self) -> Balances:
        return count_cash(self.purse, self.rows_in_use())

    def balances(self) -> dict[str, int]:
        """Cash of every sector in yuan."""
        return dict(zip(SECTORS, self._balances()[:, 0].tolist(), strict=True))

    def endow(self, sector: str, amounts: npt.NDArray[np.int64]) -> None:
        """Give opening balances out of the outside world, before the first step.

        Parameters
        ----------
        sector : str
        amounts : ndarray of int64 of shape (rows,), yuan
        """
        self.holders[sector].rows["cash"] += amounts
        self.holders["outside"].rows["cash"] -= int(amounts.sum())

    def open(self) -> None:
        """Note every sector's cash at the start of a step and clear the flows."""
        self.flows[:], self.public[:] = 0, 0
        self._opening = self._balances()

    def close(self) -> None:
        """Prove that the step balances, for every sector and to the yuan.

        Raises
        ------
        BooksError
            Naming the sector and the yuan by which it fails.
        """
        if self._opening is None:
            raise BooksError("the books were closed before they were opened")
        least, public_out, tagged, missing = balance(self.flows, self.public, _GOVERNMENT)
        if least < 0:
            cause, payer, payee = (int(axis[0]) for axis in np.nonzero(self.flows < 0))
            parties = f"{SECTORS[payer]} to {SECTORS[payee]}"
            raise BooksError(f"a negative amount was paid: {CAUSES[cause]}, {parties}")
        closing = self._balances()
        missing += closing[:, 0] - self._opening[:, 0]
        for code, sector in enumerate(SECTORS):
            if missing[code]:
                raise BooksError(f"{sector}: {missing[code]} yuan appeared outside the books")
            if closing[code, 1] < 0 and sector != "outside":
                raise BooksError(f"{sector}: somebody spent money that it has not got")
        if tagged > public_out:
            raise BooksError(f"{tagged} yuan are tagged as public, {public_out} were paid by treasuries")
        self._opening = None

    def paid(self, cause: str, payer: str | None = None, payee: str | None = None) -> int:
        """Yuan moved in the current step for a cause, optionally between two sectors only."""
        flow = self.flows[CAUSE[cause]]
        if payer is not None:
            flow = flow[SECTOR[payer]][None, :]
        if payee is not None:
            flow = flow[:, SECTOR[payee]][:, None]
        return int(flow.sum())
