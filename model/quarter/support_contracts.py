"""Supported contracts: a firm with a voucher finds somebody of the province who knows.

Vouchers are one of several programmes of this kind; see ``agents.voucher``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ...agents import voucher
from ...agents.goods import CONSULTING, DEVELOPMENT, PROPOSED, SERVICE, VOUCHER
from ...agents.government import PROVINCE, carried_on
from ...engine import luck
from ...engine.books import SECTOR
from ...engine.ordering import order_of_keys
from ...engine.rules import rule
from ...engine.table import RowArray, Rows, Table
from ..markets import tendering
from ..markets.demand import PRODUCERS
from ..markets.directory import Listing, choose_seller
from . import calls
from .support_programmes import Call, programmes_in_force, with_orders

if TYPE_CHECKING:
    from ...agents.inputs import Moment, Parameters
    from ...agents.rows import ContractRow, EnterpriseRow, VoucherRow
    from ..province import Province

CHOICE = luck.mechanism("partner of a voucher contract")
SEARCHING = luck.mechanism("search of a firm with a voucher")

_ENTERPRISE: Final = SECTOR["enterprise"]
_OUTSIDE: Final = SECTOR["outside"]

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]


@rule
def propose_voucher_contracts(
    vouchers: Rows[VoucherRow],
    firms: Rows[EnterpriseRow],
    sector: Integers,
    row: Integers,
    city: Integers,
    field: Integers,
    weight: Numbers,
    listing: Listing,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
    contracts: Rows[ContractRow],
    count: int,
) -> int:
    """Write the contract that each additional voucher makes.

    The partner is a university, institute or military unit, or of the one of these kinds
    that the programme asks, or else an enterprise that sells technology, as the ticket says.
    The contract is worth the face value and the firm's own part together.

    Parameters
    ----------
    sector, row, city, field, weight : ndarray of shape (producers,)
        Who the producers are, and how often they are asked.
    listing : Listing
        The directory of sellers.

    Returns
    -------
    int
        Rows of ``contracts`` in use.
    """
    buckets, slots, places, reach = listing
    for i in range(len(vouchers)):
        ticket = vouchers[i]
        if ticket.fate != voucher.ADDITIONAL:
            continue
        buyer = firms[ticket.firm_row]
        place = luck.uniform(seed, CHOICE, ticket.key, now.step, 0)
        kind, priority = luck.two_uniforms(seed, CHOICE, ticket.key, now.step, 1)
        contract = contracts[count]
        contract.seller_row = -1
        if ticket.bidder >= 0 and ticket.of_producer:
            contract.seller_sector = sector[ticket.bidder]
            contract.seller_row = row[ticket.bidder]
            contract.seller_city = city[ticket.bidder]
        elif ticket.bidder >= 0:
            contract.seller_sector = _ENTERPRISE
            contract.seller_row = ticket.bidder
            contract.seller_city = firms[ticket.bidder].city
        elif ticket.of_producer:
            total = 0.0
            for j in range(len(weight)):
                if ticket.producer < 0 or sector[j] == ticket.producer:
                    total += weight[j] * (1.0 if field[j] == buyer.field else parameters.cross_field_share)
            point = place * total
            for j in range(len(weight)):
                if ticket.producer < 0 or sector[j] == ticket.producer:
                    point -= weight[j] * (1.0 if field[j] == buyer.field else parameters.cross_field_share)
                if point < 0.0:
                    contract.seller_sector = sector[j]
                    contract.seller_row = row[j]
                    contract.seller_city = city[j]
                    break
        else:
            chances = luck.stream(seed, SEARCHING, ticket.key, now.step)
            found = choose_seller(place, chances, 0, buyer.field, buyer.city, buckets, slots, places, reach)
            if found >= 0:
                contract.seller_sector = _ENTERPRISE
                contract.seller_row = found
                contract.seller_city = firms[found].city
        if contract.seller_row < 0:
            continue
        contract.key = ticket.key
        contract.buyer_sector = _ENTERPRISE
        contract.buyer_row = ticket.firm_row
        contract.buyer_city = buyer.city
        contract.type = ticket.type
        if ticket.type < 0:
            contract.type = SERVICE if kind < 0.5 else (CONSULTING if kind < 0.75 else DEVELOPMENT)
        contract.field = buyer.field
        contract.channel = VOUCHER
        contract.need = -1
        contract.result = -1
        contract.value = ticket.value
        contract.priority = priority
        contract.state = PROPOSED
        contract.registered = False
        ticket.contract = count
        count += 1
    return count


def issue_vouchers(province: Province) -> None:
    """Draw lots for the step's vouchers of all programmes and let their holders look for partners."""
    finance = province.finance
    vouchers, carried = finance.vouchers, finance.carried
    vouchers.close(0)
    treasuries = province.treasuries.rows
    left = int(treasuries["cash"][PROVINCE])
    waiting = {name: carried.pop(name, 0.0) for name in voucher.PROGRAMMES}
    called = [Call(programme) for programme in programmes_in_force(province, province.levers)]
    if province.orders is not None:
        called = with_orders(province, province.orders, called)
    anyway = contracts_made_anyway(province) if called else np.zeros(0, dtype=np.int64)
    contracts = province.contracts.rows
    keys, taken = contracts["key"][anyway], np.zeros(len(contracts), dtype=np.bool_)
    for programme, asked in called:
        name, firms = voucher.PROGRAMMES[int(programme.code)], province.enterprises.rows
        theirs, their_keys = anyway, keys
        if asked.units is not None:
            name = f"{name}, order {asked.order}"
            waiting[name] = carried.pop(name, 0.0)
            firms = only_some(firms, asked.units)
            of_them = asked.units[contracts["buyer_row"][anyway]]
            theirs, their_keys = anyway[of_them], keys[of_them]
        cash = int(treasuries["cash"][1:].sum()) if programme.cities_pay else left
        due = waiting[name] + programme.yearly * province.now.dt
        if programme.face >= 1.0:
            number = voucher.number_to_issue(due, int(programme.face), cash)
        else:
            number = voucher.number_of_orders(
                programme.yearly, int(programme.code), asked.call, province.now, province.seed
            )
        elsewhere_than = finance.capital if programme.away else -1
        before = vouchers.count
        vouchers.reserve(number)
        vouchers.close(
            voucher.issue(
                firms,
                number,
                programme,
                asked.call,
                elsewhere_than,
                province.terms.finance,
                province.now,
                province.seed,
                vouchers.storage,
                before,
            )
        )
        if province.calls is not None and number:
            calls.note_lots(province, firms, programme, elsewhere_than, vouchers.rows[before:], before)
        if programme.code == voucher.TENDER:
            hold_tenders(province, vouchers.rows[before:])
        voucher.fall_to_contracts_made_anyway(
            vouchers.rows[before:],
            contracts,
            firms,
            theirs,
            their_keys,
            programme,
            elsewhere_than,
            taken,
        )
        if programme.face >= 1.0:
            carried[name] = carried_on(due, vouchers.count - before, 1.0, programme.yearly)
        if not programme.cities_pay:
            left -= int(vouchers.rows["face"][before:].sum())
    if len(vouchers):
        np.add.at(treasuries["reserve"], vouchers.rows["treasury"], vouchers.rows["face"])
        bring_vouchers_to_market(province, vouchers)


def only_some(firms: RowArray[EnterpriseRow], units: npt.NDArray[np.bool_]) -> RowArray[EnterpriseRow]:
    """Give a copy of the firms in which only some may apply: the others buy no technology."""
    some = firms.copy()
    some["appetite"][~units] = 0.0
    return some


def hold_tenders(province: Province, tickets: RowArray[VoucherRow]) -> None:
    """Let bids come in for the step's challenge tenders, and count void tenders and losers."""
    producers = [province.producers[kind].rows for kind in PRODUCERS]
    outcomes = np.zeros(2, dtype=np.int64)
    tendering.hold_tenders(
        tickets,
        province.enterprises.rows,
        np.concatenate([each["field"] for each in producers]).astype(np.int64),
        np.concatenate([each["reputation"] for each in producers]),
        np.cumsum(np.concatenate([each["attraction"] for each in producers])),
        province.directory.listing(province.reach),
        province.terms.trade,
        province.now,
        province.seed,
        outcomes,
    )
    province.supported["tenders void"] += int(outcomes[tendering.VOID])
    province.supported["bids refused"] += int(outcomes[tendering.REFUSED])


def contracts_made_anyway(province: Province) -> Integers:
    """List what firms buy here in the step without a programme, in the order of keys."""
    return bought_by_firms(province.contracts.rows)


@rule
def bought_by_firms(contracts: Rows[ContractRow]) -> Integers:
    """List the contracts of enterprises with sellers of the province, in the order of keys."""
    rows, keys, count = np.empty(len(contracts), dtype=np.int64), np.empty(len(contracts), dtype=np.uint64), 0
    for i in range(len(contracts)):
        rows[count], keys[count] = i, contracts[i].key
        count += (contracts[i].buyer_sector == _ENTERPRISE) & (contracts[i].seller_sector != _OUTSIDE)
    return rows[:count][order_of_keys(keys[:count])]


def redeem_vouchers(province: Province) -> None:
    """Pay the vouchers whose contracts were signed."""
    finance = province.finance
    finance.redeemed[:] = 0
    if len(finance.vouchers):
        voucher.redeem(
            finance.vouchers.rows,
            province.contracts.rows,
            province.purse,
            province.books.flows,
            province.books.public,
            finance.redeemed,
        )
    if province.calls is not None:
        calls.note_use_of_lots(province)


def bring_vouchers_to_market(province: Province, vouchers: Table[VoucherRow]) -> None:
    """Let firms with a voucher that makes a contract look for a partner."""
    rows = [province.producers[kind].rows for kind in PRODUCERS]
    contracts = province.contracts
    contracts.reserve(len(vouchers))
    contracts.storage[contracts.count : contracts.count + len(vouchers)] = np.zeros(1, contracts.dtype)[0]
    contracts.close(
        propose_voucher_contracts(
            vouchers.rows,
            province.enterprises.rows,
            np.concatenate(
                [np.full(len(each), SECTOR[kind]) for kind, each in zip(PRODUCERS, rows, strict=True)]
            ),
            np.concatenate([np.arange(len(each)) for each in rows]),
            np.concatenate([each["city"] for each in rows]).astype(np.int64),
            np.concatenate([each["field"] for each in rows]).astype(np.int64),
            np.concatenate([each["attraction"] for each in rows]),
            province.directory.listing(province.reach),
            province.terms.trade,
            province.now,
            province.seed,
            contracts.storage,
            contracts.count,
        )
    )
