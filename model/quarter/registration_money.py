"""What the public pays for registration in a step: offices' hours for others' contracts, and rewards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...agents.government import PROVINCE
from ...engine.books import CAUSE, SECTOR, pay_public

if TYPE_CHECKING:
    from ..province import Province

_HOUSEHOLDS: Final = SECTOR["households"]
_ADMINISTRATION: Final = CAUSE["administration"]
_SUBSIDY: Final = CAUSE["subsidy"]

REWARDING_TASK: Final = 2
COORDINATION: Final = 26
"""Account of organisational measure 1, which sets the quotas."""


def pay_for_registration(province: Province) -> None:
    """Pay offices for what they entered (organisation 1) and sellers their rewards (task 2).

    Last of a step's payments, so that no programme goes without for it, and as far as the
    treasury's money of the step goes. A reward is paid through to owners and staff at once:
    it is no working money, so that it signs no contract.
    """
    tally, books = province.tally, province.books
    wages = round(tally.entered_by_offices * province.values["office_cost_per_contract"])
    for due, cause, task in (
        (wages, _ADMINISTRATION, COORDINATION),
        (int(tally.rewards_due), _SUBSIDY, REWARDING_TASK),
    ):
        amount = min(due, int(province.treasuries.rows["cash"][PROVINCE]))
        if amount > 0:
            pay_public(books.purse, PROVINCE, _HOUSEHOLDS, 0, amount, cause, task, books.flows, books.public)
