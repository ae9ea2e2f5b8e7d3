"""Innovation vouchers: public money for a small firm's contract with somebody who knows.

A lottery among Dutch firms found that eight of ten vouchers make a new contract, one
pays for a contract that is made anyway and one is not used, and that no further
contracts follow (Cornet, Vroomen and van der Steeg 2006; CPB Document 140, 2007).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ..engine import luck
from ..engine.books import CAUSE, SECTOR, Flows, Public, Purse, pay_public
from ..engine.columns import COUNT, KEY, MONEY, Column
from ..engine.rules import rule
from ..engine.table import Rows
from .goods import SIGNED, VOUCHER
from .government import PROVINCE

TASK: Final = 22
"""Task of the plan that pays for vouchers."""

COLUMNS: Final = (
    Column("key", KEY, "key", "identity: child of the firm and the step"),
    Column("firm_row", COUNT, "code", "row of the enterprise that got it"),
    Column("fate", COUNT, "code", "what becomes of it", ("additional", "deadweight", "unused")),
    Column("face", MONEY, "yuan", "what the treasury pays when it is redeemed"),
)

ADDITIONAL, DEADWEIGHT, UNUSED = range(3)

ISSUE = luck.mechanism("innovation voucher")

_ENTERPRISE: Final = SECTOR["enterprise"]
_GOVERNMENT: Final = SECTOR["government"]
_VOUCHER: Final = CAUSE["voucher"]

Integers = npt.NDArray[np.int64]


def number_to_issue(levers: Any, now: Any, cash: int) -> int:
    """Vouchers that the budget of the step, and the treasury, pay in full; the remainder lapses."""
    if levers.voucher_budget <= 0.0 or levers.voucher_face_value < 1.0:
        return 0
    face = int(levers.voucher_face_value)
    # A thousandth of a yuan is rounding, not money.
    return min(int((levers.voucher_budget * now.dt + 1e-3) / face), cash // face)


@rule
def contract_value(levers: Any) -> int:
    """Whole value of a voucher contract in yuan: the face value and the firm's own part."""
    return int(levers.voucher_face_value / (1.0 - levers.voucher_copayment) + 0.5)


@rule
def issue(firms: Rows, number: int, parameters: Any, levers: Any, now: Any, seed: Any, vouchers: Rows) -> int:
    """Draw lots among the small firms that buy technology, and what becomes of each voucher.

    Each firm's lot is its own; if luck draws more than ``number``, the last ones get none.

    Parameters
    ----------
    number : int
        From :func:`number_to_issue`; room for as many was reserved.
    vouchers : structured ndarray
        Filled from its first row.

    Returns
    -------
    int
        Vouchers issued.
    """
    small = 0
    for i in range(len(firms)):
        if not firms[i].large and firms[i].appetite > 0.0:
            small += firms[i].members
    if small == 0:
        return 0
    chance = min(1.0, number / small)
    additional = parameters.voucher_additional
    deadweight = parameters.voucher_deadweight
    total = additional + deadweight + parameters.voucher_unused
    issued = 0
    for i in range(len(firms)):
        firm = firms[i]
        if firm.large or firm.appetite <= 0.0:
            continue
        won = luck.binomial_quantile(luck.uniform(seed, ISSUE, firm.key, now.step, 0), firm.members, chance)
        for k in range(won):
            if issued == number:
                return issued
            fate = luck.uniform(seed, ISSUE, firm.key, now.step, k + 1) * total
            voucher = vouchers[issued]
            voucher.key = luck.child_key(firm.key, ISSUE, now.step, k)
            voucher.firm_row = i
            voucher.face = int(levers.voucher_face_value)
            voucher.fate = UNUSED
            if fate < additional:
                voucher.fate = ADDITIONAL
            elif fate < additional + deadweight:
                voucher.fate = DEADWEIGHT
            issued += 1
    return issued


@rule
def redeem(vouchers: Rows, contracts: Rows, levers: Any, purse: Purse, flows: Flows, public: Public) -> int:
    """Pay the vouchers that were used, after their contracts were signed.

    A voucher whose contract was refused is not paid, and a treasury without money
    pays none.

    Returns
    -------
    int
        Vouchers redeemed.
    """
    redeemed = 0
    for i in range(len(contracts)):
        contract = contracts[i]
        if contract.channel == VOUCHER and contract.state == SIGNED:
            face = int(levers.voucher_face_value)
            if purse[_GOVERNMENT][PROVINCE] >= face:
                pay_public(
                    purse, PROVINCE, _ENTERPRISE, contract.buyer_row, face, _VOUCHER, TASK, flows, public
                )
                redeemed += 1
    for i in range(len(vouchers)):
        voucher = vouchers[i]
        if voucher.fate == DEADWEIGHT and purse[_GOVERNMENT][PROVINCE] >= voucher.face:
            pay_public(
                purse, PROVINCE, _ENTERPRISE, voucher.firm_row, voucher.face, _VOUCHER, TASK, flows, public
            )
            redeemed += 1
    return redeemed
