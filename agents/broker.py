"""Brokers: technology-transfer institutions, limited by their people."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ..engine import luck
from ..engine.books import CAUSE, SECTOR, Flows, Purse, pay
from ..engine.columns import CODE, COUNT, FLAG, KEY, MONEY, NUMBER, Column, Columns
from ..engine.rules import rule
from ..engine.table import Rows, Table
from .buying import draw_code
from .goods import BROKERED, SIGNED
from .kind import FIRST_ORDINAL, Kind, Opening, declare
from .programme import yearly_level
from .view import RowView

if TYPE_CHECKING:
    from .inputs import Levers, Moment, Parameters
    from .rows import BrokerRow, ContractRow

COLUMNS: Final[Columns[BrokerRow]] = (
    Column("key", KEY, "key", "identity: province, step and ordinal of founding"),
    Column("city", CODE, "code", "city"),
    Column("field", CODE, "code", "main field"),
    Column("places", COUNT, "people", "people that its business can employ without certificate holders"),
    Column("staff", NUMBER, "people", "people working full-time in transfer"),
    Column("trained", COUNT, "people", "those of them with a certificate of the training programme"),
    Column("experience", NUMBER, "person-years", "work in transfer that its present people have behind them"),
    Column("room", COUNT, "people", "clients whom its people could serve in the step when it began"),
    Column("capacity", COUNT, "people", "clients whom it can still serve in the step"),
    Column("deals", COUNT, "contracts", "deals signed so far"),
    Column("closed", COUNT, "contracts", "deals signed in the step"),
    Column("reputation", NUMBER, "multiple", "deals over those that others sign with as many clients"),
    Column("standing", NUMBER, "multiple", "weight among clients and as employer, 1 on average"),
    Column("certified", FLAG, "switch", "demonstration institution of the province"),
    Column("ever_certified", FLAG, "switch", "was a demonstration institution at any time"),
    Column("gone", FLAG, "switch", "closed down in this step; its row goes at the end of it"),
    Column("born", NUMBER, "date", "date of founding"),
    Column("cash", MONEY, "yuan", "money at hand"),
)

CAPACITY = luck.mechanism("broker capacity")
NUMBER_FOUNDED = luck.mechanism("number of brokers founded")
FOUNDING = luck.mechanism("founding of a broker")
PLACE = luck.mechanism("city and field of a broker")
SIZE = luck.mechanism("places of a broker")
TURNOVER = luck.mechanism("turnover of a broker's staff")
EXIT = luck.mechanism("broker exit")
CERTIFICATION = luck.mechanism("certification as demonstration institution")

_BROKER: Final = SECTOR["broker"]
_HOUSEHOLDS: Final = SECTOR["households"]
_FEE: Final = CAUSE["broker_fee"]
_WAGES: Final = CAUSE["wages"]
_CLOSING: Final = CAUSE["closing_down"]

Cumulative = npt.NDArray[np.float64]

PARAMETERS_READ: Final = (
    "broker_cash_per_person", "broker_deals_per_person", "broker_exit", "broker_fee_share",
    "broker_hiring", "broker_staff_mean", "brokers_2010", "brokers_founded_reference",
    "demonstration_certifications_reference", "demonstration_exit", "demonstration_min_deals",
    "demonstration_min_staff", "demonstration_min_years", "demonstration_review", "practising_attrition",
    "training_displacement",
)  # fmt: skip
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def plan_work(
    brokers: Rows[BrokerRow], success: float, parameters: Parameters, now: Moment, seed: np.uint64
) -> None:
    """Set how many clients each broker's people can serve in the step.

    An experienced person whose clients are all of its field closes 7 to 8 deals a year;
    since a seller is found for one client in three or so, it has three times as many clients.

    Parameters
    ----------
    success : float
        Chance that such a person finds a seller for a client within the step.
    """
    for i in range(len(brokers)):
        broker = brokers[i]
        broker.closed = 0
        mean = broker.staff * parameters.broker_deals_per_person * now.dt / success
        broker.room = luck.rounded(luck.uniform(seed, CAPACITY, broker.key, now.step, 0), mean)
        broker.capacity = broker.room


@rule
def collect_fees(
    contracts: Rows[ContractRow], brokers: Rows[BrokerRow], parameters: Parameters, purse: Purse, flows: Flows
) -> None:
    """Let sellers pay the brokers who brought them a signed contract, and brokers pay their people.

    The fee is a share of the contract's value out of what the seller has just
    received. A broker keeps ``broker_cash_per_person`` for each of its people and
    pays out the rest.
    """
    for i in range(len(contracts)):
        contract = contracts[i]
        if contract.state != SIGNED or contract.channel != BROKERED or contract.broker < 0:
            continue
        broker = brokers[contract.broker]
        broker.deals += 1
        broker.closed += 1
        seller, row = contract.seller_sector, contract.seller_row
        fee = min(int(contract.value * parameters.broker_fee_share), purse[seller][row])
        if fee > 0:
            pay(purse, seller, row, _BROKER, contract.broker, fee, _FEE, flows)
    for i in range(len(brokers)):
        reserve = int(brokers[i].staff * parameters.broker_cash_per_person)
        surplus = purse[_BROKER][i] - reserve
        if surplus > 0:
            pay(purse, _BROKER, i, _HOUSEHOLDS, 0, surplus, _WAGES, flows)


@rule
def count_founded(
    province: np.uint64,
    replaced: float,
    usual: float,
    parameters: Parameters,
    levers: Levers,
    now: Moment,
    seed: np.uint64,
) -> int:
    """Draw how many brokers are founded in the step: those that replace closed ones, and supported ones.

    Parameters
    ----------
    province : int
        Key of the province.
    replaced : float
        Brokers a year that are founded without any support.
    usual : float
        Brokers a year founded with support in history in this future.
    """
    yearly = replaced + yearly_level(levers.brokers_founded, usual, parameters.brokers_founded_reference)
    return luck.poisson_quantile(luck.uniform(seed, NUMBER_FOUNDED, province, now.step, 0), yearly * now.dt)


@rule
def found(
    brokers: Rows[BrokerRow],
    first: int,
    last: int,
    province: np.uint64,
    ordinal: int,
    city_cumulative: Cumulative,
    field_cumulative: Cumulative,
    date: float,
    step: int,
    parameters: Parameters,
    seed: np.uint64,
) -> None:
    """Fill rows ``first`` to ``last`` with new brokers.

    Sizes are one person and an exponential number of further ones: many of a
    handful of people, a few large (assumption). They start with their usual
    vacancies, so that staff alone makes no trend.

    Parameters
    ----------
    province : int
        Key of the province, ancestor of all.
    ordinal : int
        Ordinal of the first of them among those founded in the step.
    """
    filled = parameters.broker_hiring / (parameters.broker_hiring + parameters.practising_attrition)
    for i in range(first, last):
        broker = brokers[i]
        broker.key = luck.child_key(province, FOUNDING, step, ordinal + i - first)
        city, field = luck.two_uniforms(seed, PLACE, broker.key, 0, 0)
        size, staff = luck.two_uniforms(seed, SIZE, broker.key, 0, 0)
        broker.city = draw_code(city, city_cumulative)
        broker.field = draw_code(field, field_cumulative)
        more = max(0.0, parameters.broker_staff_mean - 1.0)
        broker.places = 1 + int(-more * math.log(size) + 0.5)
        broker.staff = luck.binomial_quantile(staff, broker.places, filled)
        broker.reputation = broker.standing = 1.0
        broker.born = date


@rule
def turn_over(brokers: Rows[BrokerRow], parameters: Parameters, now: Moment, seed: np.uint64) -> None:
    """Let people without a certificate leave, and vacancies be filled.

    Who has a better name has work for more. Of each person with a certificate
    ``training_displacement`` takes a place that somebody else would have had; the rest
    of them come on top. Who leaves takes what he has learnt along.
    """
    leave = 1.0 - math.exp(-parameters.practising_attrition * now.dt)
    fill = 1.0 - math.exp(-parameters.broker_hiring * now.dt)
    for i in range(len(brokers)):
        broker = brokers[i]
        others = int(broker.staff) - broker.trained
        going, coming = luck.two_uniforms(seed, TURNOVER, broker.key, now.step, 0)
        left = luck.binomial_quantile(going, others, leave)
        work = int(broker.places * broker.standing + 0.5)
        vacant = work - int(parameters.training_displacement * broker.trained) - (others - left)
        hired = luck.binomial_quantile(coming, vacant, fill)
        broker.staff += hired - left
        broker.experience = broker.experience * (1.0 - leave) + broker.staff * now.dt


@rule
def is_candidate(broker: BrokerRow, parameters: Parameters, now: Moment) -> bool:
    """Whether a broker may ask to be certified: people, deals, and years of work."""
    return bool(
        not broker.gone
        and not broker.certified
        and broker.staff >= parameters.demonstration_min_staff
        and broker.deals >= parameters.demonstration_min_deals
        and now.date - broker.born >= parameters.demonstration_min_years
    )


@rule
def certify(
    brokers: Rows[BrokerRow],
    usual: float,
    parameters: Parameters,
    levers: Levers,
    now: Moment,
    seed: np.uint64,
) -> int:
    """Certify demonstration institutions of the province and take the status from some.

    The programme certifies as many a year as its lever says if there are candidates
    enough; each candidate has its own luck, and none is certified faster than at
    the hazard ``demonstration_review``.

    Parameters
    ----------
    usual : float
        Certifications a year in history in this future.

    Returns
    -------
    int
        Brokers certified in the step.
    """
    wanted = yearly_level(
        levers.demonstration_certifications, usual, parameters.demonstration_certifications_reference
    )
    candidates = 0
    for i in range(len(brokers)):
        if is_candidate(brokers[i], parameters, now):
            candidates += 1
    hazard = min(parameters.demonstration_review, wanted / max(1, candidates))
    gain = 1.0 - math.exp(-hazard * now.dt)
    lapse = 1.0 - math.exp(-parameters.demonstration_exit * now.dt)
    certified = 0
    for i in range(len(brokers)):
        broker = brokers[i]
        won, lost = luck.two_uniforms(seed, CERTIFICATION, broker.key, now.step, 0)
        if broker.certified:
            broker.certified = lost >= lapse
        elif is_candidate(broker, parameters, now) and won < gain:
            broker.certified = broker.ever_certified = True
            certified += 1
    return certified


@rule
def close_down(
    brokers: Rows[BrokerRow], parameters: Parameters, now: Moment, seed: np.uint64, purse: Purse, flows: Flows
) -> int:
    """Let brokers give up; what cash they leave goes to their people.

    Returns
    -------
    int
        Brokers that closed. Their rows stay until the step has been observed.
    """
    chance = 1.0 - math.exp(-parameters.broker_exit * now.dt)
    closed = 0
    for i in range(len(brokers)):
        broker = brokers[i]
        if broker.gone or luck.uniform(seed, EXIT, broker.key, now.step, 0) >= chance:
            continue
        pay(purse, _BROKER, i, _HOUSEHOLDS, 0, purse[_BROKER][i], _CLOSING, flows)
        broker.gone = True
        broker.certified = False
        broker.staff = 0.0
        broker.trained = 0
        closed += 1
    return closed


def settle(table: Table[BrokerRow], parameters: Parameters, opening: Opening) -> None:
    """Found the brokers of the start."""
    number = round(parameters.brokers_2010)
    table.extend(number)
    found(
        table.storage,
        0,
        number,
        np.uint64(luck.key_of("province", opening.province)),
        FIRST_ORDINAL,
        opening.city_research,
        opening.field_needs,
        opening.date,
        0,
        parameters,
        opening.seed,
    )
    # Their people have been at work for as long as people stay.
    table.rows["experience"] = table.rows["staff"] / parameters.practising_attrition
    table.sort_by_key()


KIND: Final = Kind("broker", "brokers", COLUMNS, "people", PARAMETERS_READ, settle)
declare(KIND)


class Broker(RowView, kind=KIND):
    """A technology-transfer institution."""
