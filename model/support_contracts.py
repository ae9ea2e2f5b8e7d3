"""Supported contracts: a firm with a voucher finds somebody of the province who knows.

Vouchers are one of several programmes of this kind; see ``agents.voucher``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from ..agents import voucher
from ..agents.goods import CONSULTING, DEVELOPMENT, PROPOSED, SERVICE, VOUCHER
from ..agents.government import PROVINCE
from ..engine import luck
from ..engine.books import SECTOR
from ..engine.columns import number_record
from ..engine.rules import rule
from ..engine.table import Rows, Table
from .demand import PRODUCERS
from .directory import Listing, choose_seller

if TYPE_CHECKING:
    from .province import Province

CHOICE = luck.mechanism("partner of a voucher contract")
SEARCHING = luck.mechanism("search of a firm with a voucher")

_ENTERPRISE: Final = SECTOR["enterprise"]

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]


@rule
def propose_voucher_contracts(
    vouchers: Rows,
    firms: Rows,
    sector: Integers,
    row: Integers,
    city: Integers,
    field: Integers,
    weight: Numbers,
    listing: Listing,
    parameters: Any,
    now: Any,
    seed: Any,
    contracts: Rows,
    count: int,
) -> int:
    """Write the contract that each additional voucher makes.

    The partner is a university, institute or military unit with the programme's
    share of producers, otherwise an enterprise that sells technology. The contract is
    worth the face value and the firm's own part together.

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
    for i in range(len(vouchers)):
        ticket = vouchers[i]
        if ticket.fate != voucher.ADDITIONAL:
            continue
        buyer = firms[ticket.firm_row]
        side, place = luck.two_uniforms(seed, CHOICE, ticket.key, now.step, 0)
        kind, priority = luck.two_uniforms(seed, CHOICE, ticket.key, now.step, 1)
        contract = contracts[count]
        contract.seller_row = -1
        if side < ticket.producer_share:
            total = 0.0
            for j in range(len(weight)):
                total += weight[j] * (1.0 if field[j] == buyer.field else parameters.cross_field_share)
            point = place * total
            for j in range(len(weight)):
                point -= weight[j] * (1.0 if field[j] == buyer.field else parameters.cross_field_share)
                if point < 0.0:
                    contract.seller_sector = sector[j]
                    contract.seller_row = row[j]
                    contract.seller_city = city[j]
                    break
        else:
            chances = luck.stream(seed, SEARCHING, ticket.key, now.step)
            found = choose_seller(place, chances, 0, buyer.field, buyer.city, listing)
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
        contract.type = SERVICE if kind < 0.5 else (CONSULTING if kind < 0.75 else DEVELOPMENT)
        contract.field = buyer.field
        contract.channel = VOUCHER
        contract.need = -1
        contract.result = -1
        contract.value = ticket.value
        contract.priority = priority
        contract.state = PROPOSED
        contract.registered = False
        count += 1
    return count


def programmes_in_force(levers: Any, values: Mapping[str, float]) -> list[Any]:
    """List the programmes that pay for contracts now, each with what it pays and how many a year.

    Sizes come from the levers: vouchers (task 22), challenge tenders (task 5),
    dispatched scientists (task 16), cooperation of counties with universities
    (task 20), opened instruments (task 24) and cities' own plans (organisation 1), for
    which each city's treasury pays its own firms.
    """
    face = levers.voucher_face_value
    whole = face / (1.0 - levers.voucher_copayment)
    tender, county = values["challenge_grant"], values["county_grant"]
    service, instrument = values["dispatched_service_value"], values["instrument_grant"]
    services = levers.dispatched_scientists * values["dispatched_services_per_year"]
    own, either = values["programme_copayment"], values["voucher_producer_share"]

    def yearly(budget: float, each: float) -> float:
        return float(budget / each) if each >= 1.0 else 0.0

    terms = (
        # code, task, vouchers a year, paid for each, worth of the contract, producers, large, away, cities
        (0, 22, yearly(levers.voucher_budget, face), face, whole, either, 0, 0, 0),
        (1, 5, yearly(levers.challenge_tenders, tender), tender, tender / (1.0 - own), 1.0, 1, 0, 0),
        (2, 16, services, service, service, 1.0, 0, 1, 0),
        (3, 20, yearly(levers.county_cooperation, county), county, county / (1.0 - own), 1.0, 1, 1, 0),
        (
            4,
            24,
            yearly(levers.open_instruments, instrument),
            instrument,
            instrument / (1.0 - own),
            1,
            0,
            0,
            0,
        ),
        (5, 26, yearly(levers.city_plans, county), county, county / (1.0 - own), either, 1, 0, 1),
    )
    names = ("code", "task", "yearly", "face", "value", "producer_share", "large", "away", "cities_pay")
    found = []
    for each in terms:
        if each[2] > 0.0:
            numbers = dict(zip(names, map(float, each), strict=True))
            numbers["face"], numbers["value"] = float(int(each[3])), float(int(each[4] + 0.5))
            found.append(number_record(numbers))
    return found


def issue_vouchers(province: Province) -> None:
    """Draw lots for the step's vouchers of all programmes and let their holders look for partners."""
    vouchers = province.finance.vouchers
    vouchers.close(0)
    treasuries = province.treasuries.rows
    left = int(treasuries["cash"][PROVINCE])
    for programme in programmes_in_force(province.levers, province.steered):
        cash = int(treasuries["cash"][1:].sum()) if programme.cities_pay else left
        number = voucher.number_to_issue(programme.yearly, int(programme.face), province.now, cash)
        if number == 0:
            continue
        before = vouchers.count
        vouchers.reserve(number)
        vouchers.close(
            voucher.issue(
                province.enterprises.rows,
                number,
                programme,
                province.finance.capital if programme.away else -1,
                province.terms.finance,
                province.now,
                province.seed,
                vouchers.storage,
                before,
            )
        )
        if not programme.cities_pay:
            left -= int(vouchers.rows["face"][before:].sum())
    if len(vouchers):
        np.add.at(treasuries["reserve"], vouchers.rows["treasury"], vouchers.rows["face"])
        bring_vouchers_to_market(province, vouchers)


def redeem_vouchers(province: Province) -> None:
    """Pay the vouchers whose contracts were signed."""
    finance = province.finance
    finance.redeemed[:] = 0
    if len(finance.vouchers):
        voucher.redeem(
            finance.vouchers.rows,
            province.claims,
            province.purse,
            province.books.flows,
            province.books.public,
            finance.redeemed,
        )


def bring_vouchers_to_market(province: Province, vouchers: Table) -> None:
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
