"""Sums over the accounts and the small tables of a step, taken once for all indicators that read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from ...agents.fund import GUIDANCE, OTHER, POOL
from ...agents.government import PROVINCE
from ...agents.incubator import INCUBATOR, MAKER_SPACE, STAR_SKY
from ...engine.books import Books, Flows, Public
from ...engine.rules import rule
from ...engine.table import Rows, Table

if TYPE_CHECKING:
    from ...agents.rows import BankRow, BrokerRow, FundRow, IncubatorRow, ProducerRow, TraineeRow

Whole = npt.NDArray[np.int64]


class Accounts(NamedTuple):
    """The step's public money by account: 0 general, 1 to 25 tasks, 26 to 28 measures.

    Attributes
    ----------
    net, recovered, cities : list of int, one an account
        Whole yuan paid less what came back; what came back; of the net part what cities paid.
    """

    net: list[int]
    recovered: list[int]
    cities: list[int]


class FundSums(NamedTuple):
    """Whole yuan over all funds of a kind, and numbers of funds and of their deals.

    Attributes
    ----------
    target, committed, government, private, central, municipal, state, called, invested, deals, cash : int
        Sums of the columns of these names.
    public, public_committed : int
        Funds with money of a government paid in, and what all partners signed to these.
    of_cities : int
        Funds whose government's part a city holds.
    """

    target: int
    committed: int
    government: int
    private: int
    central: int
    municipal: int
    state: int
    called: int
    invested: int
    deals: int
    cash: int
    public: int
    public_committed: int
    of_cities: int


class BankSums(NamedTuple):
    """Sums over all banks of the columns of these names: whole yuan, and the number of loans."""

    capacity: int
    lent: int
    book: int
    ordinary_book: int
    loans: int
    guaranteed: int
    additional: int
    settled: int
    defaulted: int


class OwnerSums(NamedTuple):
    """R&D of the step of a kind of producer, yuan; civil firms that all founded, and that one did at most."""

    research: int
    founded: int
    most_founded: int


class TraineeCounts(NamedTuple):
    """Holders of a certificate; those trained since the plan counts them; those of any time who practise."""

    holders: int
    trained: int
    practising: int


class BrokerCounts(NamedTuple):
    """Brokers that are certified, and at work; contracts that all brought about, and those certified.

    Attributes
    ----------
    room, free : int
        Clients for whom all had time in the step; for whom they still have.
    """

    certified: int
    at_work: int
    deals: int
    deals_of_certified: int
    room: int
    free: int


class PlatformCounts(NamedTuple):
    """Platforms of a kind at work, new ones among them, closed in the step, certified; places and tenants."""

    at_work: int
    new: int
    closed: int
    certified: int
    capacity: int
    tenants: int


class Sums(NamedTuple):
    """All sums of a step.

    Attributes
    ----------
    paid : list of int
        Whole yuan moved for each cause.
    accounts : Accounts
    funds, platforms : tuple
        By kind of fund, and of platform.
    banks, brokers, trainees : BankSums, BrokerCounts, TraineeCounts
    owners : dict of str to OwnerSums
        By kind of producer.
    """

    paid: list[int]
    accounts: Accounts
    funds: tuple[FundSums, ...]
    banks: BankSums
    brokers: BrokerCounts
    trainees: TraineeCounts
    platforms: tuple[PlatformCounts, ...]
    owners: dict[str, OwnerSums]


def sum_up(
    books: Books,
    funds: Table[FundRow],
    banks: Table[BankRow],
    brokers: Table[BrokerRow],
    trainees: Table[TraineeRow],
    platforms: Table[IncubatorRow],
    producers: Mapping[str, Table[ProducerRow]],
    training_from: float,
    platforms_from: float,
) -> Sums:
    """Sum up a step: people trained since one date count, and platforms since the other are new."""
    universities, institutes, military_units = (owners.rows for owners in producers.values())
    by_fund, of_banks, of_brokers, of_trainees, by_platform, by_owner = _sum_up(
        funds.rows,
        banks.rows,
        brokers.rows,
        trainees.rows,
        platforms.rows,
        universities,
        institutes,
        military_units,
        training_from,
        platforms_from,
    )
    return Sums(
        paid_by_cause(books.flows).tolist(),
        add_up(books.public),
        by_fund,
        of_banks,
        of_brokers,
        of_trainees,
        by_platform,
        dict(zip(producers, by_owner, strict=True)),
    )


@rule
def _sum_up(
    funds: Rows[FundRow],
    banks: Rows[BankRow],
    brokers: Rows[BrokerRow],
    trainees: Rows[TraineeRow],
    platforms: Rows[IncubatorRow],
    universities: Rows[ProducerRow],
    institutes: Rows[ProducerRow],
    military_units: Rows[ProducerRow],
    training_from: float,
    platforms_from: float,
) -> tuple[
    tuple[FundSums, FundSums, FundSums],
    BankSums,
    BrokerCounts,
    TraineeCounts,
    tuple[PlatformCounts, PlatformCounts, PlatformCounts],
    tuple[OwnerSums, OwnerSums, OwnerSums],
]:
    """Sum up the small tables in one call: to call a rule for each of them takes longer than to sum."""
    return (
        (sum_funds(funds, POOL), sum_funds(funds, GUIDANCE), sum_funds(funds, OTHER)),
        sum_banks(banks),
        count_brokers(brokers),
        count_trainees(trainees, training_from),
        (
            count_platforms(platforms, INCUBATOR, platforms_from),
            count_platforms(platforms, MAKER_SPACE, platforms_from),
            count_platforms(platforms, STAR_SKY, platforms_from),
        ),
        (sum_owners(universities), sum_owners(institutes), sum_owners(military_units)),
    )


@rule
def paid_by_cause(flows: Flows) -> Whole:
    """Sum the payments of a step for each cause, shape (causes,)."""
    causes, sectors, _ = flows.shape
    paid = np.zeros(causes, dtype=np.int64)
    for cause in range(causes):
        for payer in range(sectors):
            for payee in range(sectors):
                paid[cause] += flows[cause, payer, payee]
    return paid


def add_up(public: Public) -> Accounts:
    """Add the payments of a step up by account.

    Parameters
    ----------
    public : ndarray of int64 of shape (tasks, treasuries, causes)
        Whole yuan out of (positive) and back into (negative) the treasuries.
    """
    found = np.zeros((3, len(public)), dtype=np.int64)
    _add_up(public, *found)
    return Accounts(*found.tolist())


@rule
def _add_up(public: Public, net: Whole, recovered: Whole, cities: Whole) -> None:
    tasks, treasuries, causes = public.shape
    for task in range(tasks):
        for treasury in range(treasuries):
            out = back = 0
            for cause in range(causes):
                amount = public[task, treasury, cause]
                out += amount
                back -= min(amount, 0)
            net[task] += out
            recovered[task] += back
            if treasury > 0:
                cities[task] += out


@rule
def sum_funds(funds: Rows[FundRow], kind: int) -> FundSums:
    """Sum up the funds of a kind."""
    target = committed = government = private = central = municipal = state = 0
    called = invested = deals = cash = public = public_committed = of_cities = 0
    for i in range(len(funds)):
        fund = funds[i]
        if fund.kind != kind:
            continue
        target += fund.target
        committed += fund.committed
        government += fund.government
        private += fund.private
        central += fund.central
        municipal += fund.municipal
        state += fund.state
        called += fund.called
        invested += fund.invested
        deals += fund.deals
        cash += fund.cash
        of_cities += fund.treasury > PROVINCE
        if fund.government > 0:
            public += 1
            public_committed += fund.committed
    return FundSums(
        target, committed, government, private, central, municipal, state,
        called, invested, deals, cash, public, public_committed, of_cities,
    )  # fmt: skip


@rule
def sum_banks(banks: Rows[BankRow]) -> BankSums:
    """Sum up the banks."""
    capacity = lent = book = ordinary_book = loans = guaranteed = additional = settled = defaulted = 0
    for i in range(len(banks)):
        bank = banks[i]
        capacity += bank.capacity
        lent += bank.lent
        book += bank.book
        ordinary_book += bank.ordinary_book
        loans += bank.loans
        guaranteed += bank.guaranteed
        additional += bank.additional
        settled += bank.settled
        defaulted += bank.defaulted
    return BankSums(capacity, lent, book, ordinary_book, loans, guaranteed, additional, settled, defaulted)


@rule
def count_brokers(brokers: Rows[BrokerRow]) -> BrokerCounts:
    """Count the brokers and what they brought about in the step."""
    certified = at_work = deals = deals_of_certified = room = free = 0
    for i in range(len(brokers)):
        broker = brokers[i]
        room += broker.room
        free += broker.capacity
        at_work += not broker.gone
        deals += broker.closed
        if broker.certified:
            certified += 1
            deals_of_certified += broker.closed
    return BrokerCounts(certified, at_work, deals, deals_of_certified, room, free)


@rule
def count_trainees(trainees: Rows[TraineeRow], since: float) -> TraineeCounts:
    """Count the people trained since a date, and those of any date who practise."""
    trained = practising = 0
    for i in range(len(trainees)):
        trained += trainees[i].born >= since
        practising += trainees[i].practising
    return TraineeCounts(len(trainees), trained, practising)


@rule
def sum_owners(owners: Rows[ProducerRow]) -> OwnerSums:
    """Sum up the producers of a kind."""
    research = founded = most_founded = 0
    for i in range(len(owners)):
        research += owners[i].rd
        founded += owners[i].founded
        most_founded = max(most_founded, owners[i].founded)
    return OwnerSums(research, founded, most_founded)


@rule
def count_platforms(platforms: Rows[IncubatorRow], kind: int, since: float) -> PlatformCounts:
    """Count the platforms of a kind; those founded since a date are new."""
    at_work = new = closed = certified = capacity = tenants = 0
    for i in range(len(platforms)):
        platform = platforms[i]
        if platform.kind != kind:
            continue
        certified += platform.certified
        capacity += platform.capacity
        tenants += platform.tenants
        if platform.gone:
            closed += 1
        else:
            at_work += 1
            new += platform.born >= since
    return PlatformCounts(at_work, new, closed, certified, capacity, tenants)
