"""Innovation vouchers: public money for a small firm's contract with somebody who knows.

A lottery among Dutch firms found that eight of ten vouchers make a new contract with a
public institute, one pays for a contract that is made anyway and one is not used, and that
no further contracts follow (Cornet, Vroomen and van der Steeg 2006; CPB Document 140, 2007).
Of contracts with enterprises it says nothing: a firm knows its suppliers, so that a voucher
for one of them may change nothing. What is paid anyway falls to a contract that is signed anyway.
Other programmes work in the same way and have no estimate of their own: challenge
tenders, dispatched scientists, cooperation with counties, opened instruments, cities'
plans, services at rural platforms. Where people or alliances bring two houses together
without public money, the ticket is worth nothing and only leads to the contract.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ..engine import luck
from ..engine.books import CAUSE, SECTOR, Flows, Public, Purse, pay_public
from ..engine.columns import CODE, COUNT, FLAG, KEY, MONEY, Column, Columns
from ..engine.rules import rule
from ..engine.table import Rows
from .goods import SIGNED, TRANSFER
from .government import PROVINCE
from .grants import won_by_lot

if TYPE_CHECKING:
    from .inputs import Moment, Parameters, Programme
    from .rows import ContractRow, EnterpriseRow, VoucherRow

PROGRAMMES: Final = (
    "voucher",
    "challenge_tender",
    "dispatched_scientist",
    "county_cooperation",
    "open_instrument",
    "city_plan",
    "star_sky_service",
    "secondment",
    "alliance_order",
    "pool_licence",
)
"""Programmes that pay a part of a firm's contract with somebody who knows, or lead to one."""

TENDER: Final = PROGRAMMES.index("challenge_tender")
"""Programme whose partner is chosen among bids."""

ANY: Final = -1
"""No particular kind of producer, or of contract."""

MOST_OF_A_FIRM: Final = 4096
"""Vouchers that a row may win in a step at most; keeps the luck of the programmes apart."""

COLUMNS: Final[Columns[VoucherRow]] = (
    Column("key", KEY, "key", "identity: child of the firm and the step"),
    Column("programme", CODE, "code", "who pays", PROGRAMMES),
    Column("task", COUNT, "code", "task of the plan whose account pays"),
    Column("treasury", COUNT, "code", "row of the treasury that pays: the province's, or the firm's city's"),
    Column("firm_row", COUNT, "code", "row of the enterprise that got it"),
    Column("fate", COUNT, "code", "what becomes of it", ("additional", "deadweight", "unused")),
    Column("face", MONEY, "yuan", "what the treasury pays when it is redeemed"),
    Column("value", MONEY, "yuan", "value of the contract that it helps to pay"),
    Column("of_producer", FLAG, "switch", "its partner is a producer, not an enterprise"),
    Column("producer", COUNT, "code", "sector of the producers that are asked; -1 all of them"),
    Column("type", COUNT, "code", "type of the contract; -1 a service, advice or development"),
    Column("contract", COUNT, "code", "row of the step's contract that it pays for; -1 if there is none"),
    Column("bidder", COUNT, "code", "who won its tender: place among producers or enterprises, or -1"),
)

ADDITIONAL, DEADWEIGHT, UNUSED = range(3)

ISSUE = luck.mechanism("innovation voucher")
PARTNER = luck.mechanism("kind of partner of a voucher contract")
ORDERS = luck.mechanism("number of contracts without public money")

_ENTERPRISE: Final = SECTOR["enterprise"]
_GOVERNMENT: Final = SECTOR["government"]
_VOUCHER: Final = CAUSE["voucher"]
_GRANT: Final = CAUSE["grant"]

PARAMETERS_READ: Final = (
    "voucher_additional", "voucher_additional_enterprise", "voucher_deadweight", "voucher_unused",
)  # fmt: skip
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


def number_to_issue(due: float, face: int, cash: int) -> int:
    """Vouchers that the programme's number of the step, and the treasury, pay in full.

    Parameters
    ----------
    due : float
        Vouchers of the step, and what is left of earlier ones (`government.carried_on`).
    face : int
        Yuan for each.
    cash : int
        Yuan that the treasury can still spend.
    """
    if face < 1:
        return 0
    # A thousandth of a yuan of the budget is rounding, not money.
    return max(0, min(int(due + 1e-3 / face), cash // face))


def number_of_orders(yearly: float, programme: int, call: np.uint64, now: Moment, seed: np.uint64) -> int:
    """Tickets of a call of a programme without public money: its yearly number, rounded by luck."""
    source = luck.key_of("programme", PROGRAMMES[programme]) ^ int(call)
    u = luck.draw_uniform(int(seed), int(ORDERS), source, int(now.step))
    return int(luck.rounded(u, yearly * now.dt))


@rule
def may_apply(firm: EnterpriseRow, large: bool, absorbing: bool, elsewhere_than: int) -> bool:
    """Whether a programme serves a firm: one that buys technology, of its kinds, sizes and places.

    Parameters
    ----------
    large : bool
        Whether large firms are served too.
    absorbing : bool
        Whether only firms that do research are served.
    elsewhere_than : int
        City whose firms are not served; -1 if all are.
    """
    fits = (large | (not firm.large)) & (firm.research_user | (not absorbing))
    return bool((firm.appetite > 0.0) & fits & (firm.city != elsewhere_than))


@rule
def mark_served(
    firms: Rows[EnterpriseRow], programme: Programme, elsewhere_than: int, served: npt.NDArray[np.bool_]
) -> None:
    """Fill in which firms a programme serves: all of them are in its lottery (see :func:`may_apply`)."""
    for i in range(len(firms)):
        served[i] = may_apply(firms[i], programme.large > 0.0, programme.absorbing > 0.0, elsewhere_than)


@rule
def issue(
    firms: Rows[EnterpriseRow],
    number: int,
    programme: Programme,
    call: np.uint64,
    elsewhere_than: int,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
    vouchers: Rows[VoucherRow],
    count: int,
) -> int:
    """Draw lots among the firms that a programme serves, and what becomes of each voucher.

    Each firm's lot is its own; its chance is what is left of the number over those who are left, so that
    all are issued however few they are in a step.

    Parameters
    ----------
    number : int
        From :func:`number_to_issue` or :func:`number_of_orders`; room for as many was reserved.
    programme : Programme
        Of ``model.support_programmes``.
    call : uint64
        Word of the call, see ``model.orders``.
    elsewhere_than : int
        See :func:`may_apply`.
    vouchers : structured ndarray
        Filled from row ``count``.

    Returns
    -------
    int
        Rows of ``vouchers`` in use.
    """
    large, absorbing = programme.large > 0.0, programme.absorbing > 0.0
    first, mechanism = int(programme.code) * MOST_OF_A_FIRM, ISSUE ^ call
    served = applicants = 0
    applicant, keys = np.empty(len(firms), dtype=np.int64), np.empty(len(firms), dtype=np.uint64)
    for i in range(len(firms)):
        applies = may_apply(firms[i], large, absorbing, elsewhere_than)
        applicant[applicants], keys[applicants] = i, firms[i].key
        applicants += applies
        served += firms[i].members if applies else 0
    if served == 0 or number == 0:
        return count
    # Hashed before all else: with no branch between them a processor takes several at a time.
    lots = np.empty(applicants)
    for a in range(applicants):
        lots[a] = luck.uniform(seed, mechanism, keys[a], now.step, first)
    used = parameters.voucher_additional + parameters.voucher_deadweight
    total = used + parameters.voucher_unused
    last = count + number
    for a in range(applicants):
        i = applicant[a]
        firm = firms[i]
        left = last - count
        if left == 0:
            break
        won = won_by_lot(lots[a], firm.members, served, left)
        served -= firm.members
        for k in range(won):
            fate = luck.uniform(seed, mechanism, firm.key, now.step, first + k + 1) * total
            voucher = vouchers[count]
            voucher.key = luck.child_key(firm.key, mechanism, now.step, first + k)
            voucher.programme = int(programme.code)
            voucher.task = int(programme.task)
            voucher.treasury = 1 + firm.city if programme.cities_pay > 0.0 else PROVINCE
            voucher.firm_row = i
            voucher.face = int(programme.face)
            voucher.value = int(programme.value)
            partner = luck.uniform(seed, PARTNER, voucher.key, now.step, 0)
            voucher.of_producer = partner < programme.producer_share
            voucher.producer = int(programme.producer)
            voucher.type = int(programme.type)
            voucher.contract = -1
            voucher.bidder = -1
            voucher.fate = UNUSED
            # As many are used, whoever the partner is; with an enterprise fewer make a contract.
            additional = parameters.voucher_additional
            if not voucher.of_producer:
                additional = min(additional, parameters.voucher_additional_enterprise)
            # How many contracts without public money come about was drawn already: none is idle.
            if fate < additional or programme.face < 1.0:
                voucher.fate = ADDITIONAL
            elif fate < used:
                voucher.fate = DEADWEIGHT
            count += 1
    return count


@rule
def would_pay(programme: Programme, contract: ContractRow, buyer: EnterpriseRow, elsewhere_than: int) -> bool:
    """Whether a programme would pay a contract made anyway: of its kind, of a firm that it serves.

    Parameters
    ----------
    buyer : record
        The firm that buys.
    elsewhere_than : int
        See :func:`may_apply`.
    """
    kind = contract.type != TRANSFER if programme.type == ANY else contract.type == programme.type
    seller = contract.seller_sector
    asked = programme.producer == ANY or seller == programme.producer or seller == _ENTERPRISE
    size = programme.large > 0.0 or not buyer.large
    research = programme.absorbing == 0.0 or buyer.research_user
    return bool(kind and asked and size and research and buyer.city != elsewhere_than)


@rule
def fall_to_contracts_made_anyway(
    vouchers: Rows[VoucherRow],
    contracts: Rows[ContractRow],
    firms: Rows[EnterpriseRow],
    anyway: npt.NDArray[np.int64],
    keys: npt.NDArray[np.uint64],
    programme: Programme,
    elsewhere_than: int,
    taken: npt.NDArray[np.bool_],
) -> None:
    """Give each voucher that makes no contract to a firm that signs one of its kind anyway.

    Which one follows from the keys of both: of the contracts in the order of their keys, the first
    behind the voucher's that the programme would pay, so that one contract more moves one voucher at
    most. A voucher for which no contract is left is not used.

    Parameters
    ----------
    vouchers : structured ndarray
        Of one programme.
    contracts : structured ndarray
        Of the step.
    firms : structured ndarray
    anyway : ndarray of int64 of shape (n,)
        Rows of the contracts that firms make anyway, in the order of their keys.
    keys : ndarray of uint64 of shape (n,)
        Keys of these.
    programme : Programme
        Of ``model.support_programmes``.
    elsewhere_than : int
        See :func:`may_apply`.
    taken : ndarray of bool of shape (contracts,)
        Contracts that another voucher pays already; changed in place.
    """
    # Where one voucher finds no contract with a producer, or none with an enterprise, no later one does.
    none_left = np.zeros(2, dtype=np.bool_)
    for i in range(len(vouchers)):
        voucher = vouchers[i]
        if voucher.fate != DEADWEIGHT:
            continue
        voucher.fate = UNUSED
        if none_left[int(voucher.of_producer)]:
            continue
        behind = np.searchsorted(keys, voucher.key)
        for k in range(len(anyway)):
            row = anyway[(behind + k) % len(anyway)]
            contract = contracts[row]
            if taken[row] or (contract.seller_sector != _ENTERPRISE) != voucher.of_producer:
                continue
            if not would_pay(programme, contract, firms[contract.buyer_row], elsewhere_than):
                continue
            taken[row] = True
            voucher.fate = DEADWEIGHT
            voucher.contract = row
            voucher.firm_row = contract.buyer_row
            if programme.cities_pay > 0.0:
                voucher.treasury = 1 + contract.buyer_city
            break
        none_left[int(voucher.of_producer)] = voucher.fate == UNUSED


@rule
def redeem(
    vouchers: Rows[VoucherRow],
    contracts: Rows[ContractRow],
    purse: Purse,
    flows: Flows,
    public: Public,
    redeemed: npt.NDArray[np.int64],
) -> None:
    """Pay the vouchers that were used, after their contracts were signed.

    A voucher whose contract was refused is not paid, and a treasury without money
    pays none. Of a small contract the treasury pays the programme's share, of a large one the
    face value. Tickets that are worth nothing are counted alike.

    Parameters
    ----------
    contracts : structured ndarray
        Of the step.
    redeemed : ndarray of int64 of shape (programmes,)
        To which the vouchers paid, or led to a contract, are added.
    """
    for j in range(len(vouchers)):
        voucher = vouchers[j]
        if voucher.contract < 0 or contracts[voucher.contract].state != SIGNED:
            continue
        amount = voucher.face
        if contracts[voucher.contract].value < voucher.value:
            amount = voucher.face * contracts[voucher.contract].value // voucher.value
        if purse[_GOVERNMENT][voucher.treasury] >= amount:
            cause = _VOUCHER if voucher.programme == 0 else _GRANT
            pay_public(
                purse,
                voucher.treasury,
                _ENTERPRISE,
                voucher.firm_row,
                amount,
                cause,
                voucher.task,
                flows,
                public,
            )
            redeemed[voucher.programme] += 1
