"""Offers of results: owners who seek a buyer meet the open needs for a transfer, or the outside."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ...agents.goods import (
    IDLE,
    NO_ZONE,
    PROPOSED,
    RESULT_OFFER,
    SIGNED,
    SOLD,
    TRANSFER,
    ZONE_ELSEWHERE,
    ZONE_OF_CAPITAL,
)
from ...agents.licensing import is_licensed, wait_for_next_licensee
from ...agents.owners import owners_of
from ...agents.result import is_ripe, success_chance, usual_demand
from ...engine import luck
from ...engine.books import SECTOR
from ...engine.ordering import row_by_halves
from ...engine.rules import rule
from ...engine.table import Rows

if TYPE_CHECKING:
    from ...agents.inputs import Moment, Parameters
    from ...agents.rows import ContractRow, EnterpriseRow, NeedRow, ProducerRow, ResultRow

OFFER = luck.mechanism("offer of a result")
PRICE = luck.mechanism("price of a result")
POOL = luck.mechanism("patent pool of an alliance")
MEETING = luck.mechanism("a result meets a need")
ZONE = luck.mechanism("buyer of a result sits in a zone")
AFTERWARDS = luck.mechanism("time to the outcome of a sold result")

_ENTERPRISE: Final = SECTOR["enterprise"]
_OUTSIDE: Final = SECTOR["outside"]

Integers = npt.NDArray[np.int64]


@rule
def list_transfer_needs(needs: Rows[NeedRow], fields: int, order: Integers, first: Integers) -> None:
    """Sort the open needs for a transfer by field.

    Parameters
    ----------
    order : ndarray of int64 of shape (needs,)
        Filled with their rows, field by field.
    first : ndarray of int64 of shape (fields + 1,)
        Filled with the start of each field in ``order``.
    """
    first[:] = 0
    for n in range(len(needs)):
        if needs[n].type == TRANSFER and needs[n].open > 0:
            first[needs[n].field + 1] += 1
    for field in range(fields):
        first[field + 1] += first[field]
    for n in range(len(needs)):
        if needs[n].type == TRANSFER and needs[n].open > 0:
            order[first[needs[n].field]] = n
            first[needs[n].field] += 1
    for field in range(fields, 0, -1):
        first[field] = first[field - 1]
    first[0] = 0


@rule
def choose_results(
    results: Rows[ResultRow],
    sector: int,
    mechanism: np.uint64,
    now: Moment,
    seed: np.uint64,
    chosen: Integers,
) -> int:
    """Choose by lot some results of a kind of owner that wait for a buyer, and of which none has a licence.

    Parameters
    ----------
    sector : int
    mechanism : int
        Luck of what they are chosen for.
    chosen : ndarray of int64 of shape (wanted,)
        Filled with their rows.

    Returns
    -------
    int
        How many were found.
    """
    lots = np.full(len(results), 2.0)
    for i in range(len(results)):
        result = results[i]
        if result.owner_sector == sector and result.seeking and result.state == IDLE and result.licences == 0:
            lots[i] = luck.uniform(seed, mechanism, result.key, now.step, 0)
    found = 0
    while found < len(chosen) and len(results) > 0:
        first = np.argmin(lots)
        if lots[first] >= 2.0:
            break
        lots[first] = 2.0
        chosen[found] = first
        found += 1
    return found


@rule
def is_pooled(result: ResultRow, parameters: Parameters, seed: np.uint64) -> bool:
    """Whether a result is in the pool of an alliance."""
    if parameters.pool_share <= 0.0:
        return False
    return bool(luck.uniform(seed, POOL, result.key, 0, 0) < parameters.pool_share)


@rule
def is_known(result: ResultRow, parameters: Parameters, seed: np.uint64) -> bool:
    """Whether buyers of the province can come across a result: registered, or in an alliance's pool."""
    return bool(result.visible or is_pooled(result, parameters, seed))


@rule
def offer_results(
    results: Rows[ResultRow],
    needs: Rows[NeedRow],
    firms: Rows[EnterpriseRow],
    order: Integers,
    first: Integers,
    mean_price: float,
    inventor_share: npt.NDArray[np.float64],
    listed_share: float,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
    contracts: Rows[ContractRow],
    count: int,
) -> int:
    """Let each seeking result propose itself to one buyer.

    A visible result, or one in the patent pool of an alliance, may meet a need of the
    province, if the buyer does research and can absorb it; otherwise a buyer outside
    turns up at a yearly hazard. Price and delay are unrelated (CEA 2007). A buyer pays for what he
    expects: worth times the chance of success, which a pilot raises, and less for a right that he
    shares with others.

    Parameters
    ----------
    order, first : ndarray of int64
        Open needs for a transfer by field, from :func:`list_transfer_needs`.
    mean_price : float
        Yuan.
    inventor_share : ndarray of float64 of shape (kinds, owners)
        Inventors' share of income in force, by owner.
    listed_share : float
        Inventors' least share when a listed result is sold (task 11).

    Returns
    -------
    int
        Rows of ``contracts`` in use.
    """
    abroad = 1.0 - math.exp(-parameters.transfer_outside_hazard * now.dt)
    sd = parameters.transfer_ln_sd
    _, usual_success = usual_demand(parameters)
    for i in range(len(results)):
        result = results[i]
        # A licensee whose fate is open comes before the next one.
        if not result.seeking or result.state != IDLE or result.outcome > 0.0:
            continue
        local = luck.uniform(seed, OFFER, result.key, now.step, 0)
        leave, priority = luck.two_uniforms(seed, OFFER, result.key, now.step, 1)
        need_row = -1
        wanted = first[result.field + 1] - first[result.field]
        if wanted > 0 and is_known(result, parameters, seed):
            # By the luck of the pair, so that one need more leaves the other meetings as they are.
            best = 0.0
            for place in range(first[result.field], first[result.field + 1]):
                u = luck.uniform(seed ^ result.key, MEETING, needs[order[place]].key, now.step, 0)
                if u > best:
                    best = u
                    need_row = order[place]
            need = needs[need_row]
            absorbs = need.buyer_sector != _ENTERPRISE or firms[need.buyer_row].research_user
            if not absorbs or local >= 1.0 - math.exp(-parameters.first_contact * need.ease * now.dt):
                need_row = -1
        if need_row < 0 and leave >= abroad:
            continue
        u = luck.uniform(seed, PRICE, result.key, 0, 0)
        # Worth of the result and luck of the bargain, half of the variance each.
        z = math.sqrt(0.5) * (result.quality + luck.normal_quantile(u))
        mean = mean_price * success_chance(is_ripe(result), parameters) / usual_success
        mean *= relative_price(is_licensed(result, parameters, seed), parameters)
        price = int(min(mean * math.exp(sd * z - 0.5 * sd * sd), parameters.contract_value_cap)) + 1
        contract = contracts[count]
        contract.key = luck.child_key(result.key, OFFER, now.step, 0)
        contract.seller_sector = result.owner_sector
        contract.seller_row = result.owner_row
        contract.seller_city = result.city
        contract.buyer_sector = _OUTSIDE
        contract.buyer_row = 0
        contract.buyer_city = -1
        contract.need = need_row
        if need_row >= 0:
            need = needs[need_row]
            contract.buyer_sector = need.buyer_sector
            contract.buyer_row = need.buyer_row
            contract.buyer_city = need.city
            price = min(price, need.budget)
        contract.type = TRANSFER
        contract.field = result.field
        contract.channel = RESULT_OFFER
        contract.result = i
        contract.value = price
        share = inventor_share[result.owner_sector, result.owner_row]
        if result.listed:
            share = max(share, listed_share)
        contract.inventor_part = int(share * price)
        contract.priority = priority
        contract.state = PROPOSED
        count += 1
    return count


@rule
def take_into_use(
    result: ResultRow,
    contract: ContractRow,
    firms: Rows[EnterpriseRow],
    capital: int,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
) -> None:
    """Let the buyer of a contract take a result into use; success or failure shows after a while.

    Parameters
    ----------
    capital : int
        City whose zones are apart from the others.
    """
    result.outcome = now.date - parameters.outcome_years * math.log(
        luck.uniform(seed, AFTERWARDS, result.key, result.licences, 0)
    )
    result.buyer_key = 0
    result.zone = NO_ZONE
    if contract.buyer_sector == _ENTERPRISE:
        buyer = firms[contract.buyer_row]
        result.buyer_key = buyer.key
        result.buyer_city = buyer.city
        if luck.uniform(seed, ZONE, result.key, result.licences, 0) * buyer.members < buyer.in_zone:
            result.zone = ZONE_OF_CAPITAL if buyer.city == capital else ZONE_ELSEWHERE


@rule
def relative_price(licensed: bool, parameters: Parameters) -> float:
    """Price of an exclusive sale or of a licence, relative to the mean over first deals of both kinds."""
    share, ratio = parameters.nonexclusive_share, parameters.nonexclusive_price_ratio
    return float((ratio if licensed else 1.0) / (1.0 - share + share * ratio))


@rule
def grant_licence(
    result: ResultRow,
    contract: ContractRow,
    firms: Rows[EnterpriseRow],
    capital: int,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
) -> None:
    """Give the buyer of a contract a non-exclusive licence; after a while the result is on offer again.

    Parameters
    ----------
    capital : int
        City whose zones are apart from the others.
    """
    result.licences += 1
    take_into_use(result, contract, firms, capital, parameters, now, seed)
    wait_for_next_licensee(result, parameters, now, seed)


class Handed(NamedTuple):
    """What became of the results in the contracts of a step.

    Attributes
    ----------
    ages : ndarray of float64 of shape (n,)
        Years since birth of each result handed over.
    licensed : int
        Licences granted.
    twice : int
        Kind of owner of whom a result was to be sold a second time, -1 if there is none.
    """

    ages: npt.NDArray[np.float64]
    licensed: int
    twice: int


@rule
def hand_over(
    contracts: Rows[ContractRow],
    results: Rows[ResultRow],
    firms: Rows[EnterpriseRow],
    universities: Rows[ProducerRow],
    institutes: Rows[ProducerRow],
    military_units: Rows[ProducerRow],
    capital: int,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
) -> Handed:
    """Hand sold results over to their buyers, and license those of which the owner keeps the rest.

    Parameters
    ----------
    capital : int
        City whose zones are apart from the others.
    """
    ages = np.empty(len(contracts))
    handed = licensed = 0
    twice = -1
    for i in range(len(contracts)):
        contract = contracts[i]
        if contract.result < 0 or contract.state != SIGNED:
            continue
        result = results[contract.result]
        if result.state != IDLE or result.outcome > 0.0:
            twice = contract.seller_sector
            break
        if result.licences == 0:
            owners = owners_of(contract.seller_sector, universities, institutes, military_units)
            owners[contract.seller_row].transferred += 1
        if is_licensed(result, parameters, seed):
            grant_licence(result, contract, firms, capital, parameters, now, seed)
            licensed += 1
        else:
            take_into_use(result, contract, firms, capital, parameters, now, seed)
            result.state = SOLD
            ages[handed] = now.date - result.born
            handed += 1
    return Handed(ages[:handed], licensed, twice)


@rule
def reward_buyers(
    results: Rows[ResultRow],
    successes: Integers,
    firms: Rows[EnterpriseRow],
    parameters: Parameters,
) -> None:
    """Let a firm of the province grow when a result that it bought succeeds.

    A result in use is one more product. It adds to sales what it would add to those of
    a firm of mean size, whoever sells it: firms buy results in proportion to their size,
    so that a gain in proportion to size as well would let the largest grow without bound.

    Parameters
    ----------
    successes : ndarray of int64 of shape (n,)
        Rows of those results.
    """
    product = math.exp(parameters.success_growth) - 1.0
    for i in range(len(successes)):
        row = row_by_halves(firms, results[successes[i]].buyer_key)
        if row >= 0:
            firm = firms[row]
            size = max(1.0, math.exp(firm.ln_size + firm.growth))
            firm.growth += math.log1p(product / (size * max(1, firm.members)))
