"""Governments: the treasury of the province and those of its cities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..engine.books import CAUSE, SECTOR, Flows, Purse, pay
from ..engine.columns import CODE, KEY, MONEY, NUMBER, Column, Columns
from ..engine.rules import rule
from ..engine.table import Rows
from .kind import Kind, declare
from .view import RowView

if TYPE_CHECKING:
    from .rows import GovernmentRow

COLUMNS: Final[Columns[GovernmentRow]] = (
    Column("key", KEY, "key", "identity: province, or city"),
    Column("city", CODE, "code", "city; for the province its capital"),
    Column("field", CODE, "code", "not used by treasuries; their needs are drawn over all fields"),
    Column("fiscal_share", NUMBER, "fraction", "share of the province's public science spending"),
    Column("appetite", NUMBER, "points", "weight in demand for technology"),
    Column("project_scale", NUMBER, "multiple", "size of its projects relative to the average need"),
    Column("cash", MONEY, "yuan", "balance of the science programmes"),
    Column("reserve", MONEY, "yuan", "part of the step's money kept for programmes, not for contracts"),
)

PROVINCE: Final = 0
"""Row of the provincial treasury."""

_GOVERNMENT: Final = SECTOR["government"]
_OUTSIDE: Final = SECTOR["outside"]
_HOUSEHOLDS: Final = SECTOR["households"]
_TAX: Final = CAUSE["tax_revenue"]
_ADMINISTRATION: Final = CAUSE["administration"]


def carried_on(due: float, granted: float, least: float, yearly: float) -> float:
    """Return what of a programme's budget waits for the next step; nothing is cut off by the step's length.

    What the treasury, or the lack of applicants, kept from being granted within a year lapses.

    Parameters
    ----------
    due, granted : float
        What could be granted in the step, what of earlier steps waited included; and what was.
    least : float
        The smallest grant, in the same unit (yuan, or vouchers).
    yearly : float
        The programme's size a year, in the same unit.
    """
    return min(max(0.0, due - granted), max(least, yearly))


@rule
def receive_budget(
    treasuries: Rows[GovernmentRow], science_budget: int, reserve_share: float, purse: Purse, flows: Flows
) -> None:
    """Give the treasuries their science money of the step and return what the last one left.

    The budget is yearly money: what is not spent lapses into the general budget,
    which lies outside the model. ``reserve_share`` of it is kept for support
    programmes, so that contracts do not use up what the programmes are to pay.
    """
    given = 0
    reached = 0.0
    for i in range(len(treasuries)):
        treasury = treasuries[i]
        if treasury.cash > 0:
            pay(purse, _GOVERNMENT, i, _OUTSIDE, 0, treasury.cash, _ADMINISTRATION, flows)
        reached += treasury.fiscal_share
        upto = science_budget if i == len(treasuries) - 1 else int(science_budget * min(1.0, reached))
        pay(purse, _OUTSIDE, 0, _GOVERNMENT, i, upto - given, _TAX, flows)
        treasury.reserve = int(treasury.cash * reserve_share)
        given = upto


KIND: Final = Kind("government", "governments", COLUMNS)
declare(KIND)


class Government(RowView, kind=KIND):
    """A treasury: row 0 is the province, the others are its cities."""
