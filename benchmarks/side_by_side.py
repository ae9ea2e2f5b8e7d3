"""The compiled rules and the plain agents side by side: the same parts of a quarter, and do they agree.

What the rules are called through is the province alone where that is possible, so that a rule
may be written anew without a word here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from plain_quarter import PlainQuarter

from shaanxi_transfer.engine.books import CAUSES, SECTOR, SECTORS
from shaanxi_transfer.model.markets import contracting, outside_sales
from shaanxi_transfer.model.markets.demand import PRODUCERS
from shaanxi_transfer.model.province import Province
from shaanxi_transfer.model.quarter import firms, registration, results, trade


def drift(province: Province) -> None:
    """Let sizes wander, if a year begins."""
    firms.renew_once_a_year(province)


def voice_needs(province: Province) -> None:
    """Let old needs lapse and new ones arise."""
    trade.let_needs_lapse(province)
    trade.voice_needs(province)


def clear(province: Province) -> None:
    """Pay what was sold outside, sign what can be paid."""
    for sector in ("enterprise", *PRODUCERS):
        rows = province.tables[sector].rows
        outside_sales.receive(rows, SECTOR[sector], province.purse, province.books.flows)
    contracting.clear_claims(
        province.contracts.rows, province.needs.rows, province.outside_budget_left, province.books
    )


def register(province: Province) -> None:
    """Enter what was signed in the registry."""
    registry = province.registry
    contracting.register(
        province.contracts.rows,
        province.enterprises.rows,
        *(province.producers[kind].rows for kind in PRODUCERS),
        registration.terms_of_entry(province),
        province.now,
        province.seed,
        province.tally,
        registry.city_value,
        registry.city_count,
        registry.city_inflow,
        registry.city_within,
    )


class Part(NamedTuple):
    """A part of the quarter.

    Attributes
    ----------
    name : str
        Method of the plain province.
    words : str
        What it is called in a table.
    compiled : callable
        The model's way of doing it.
    yearly : bool
        Done in the first quarter of a year only.
    """

    name: str
    words: str
    compiled: Callable[[Province], object]
    yearly: bool = False


BEFORE_THE_MARKET = (
    Part("drift", "sizes drift (once a year)", drift, yearly=True),
    Part("operate", "enterprises earn and spend on research", firms.operate),
    Part("voice_needs", "needs are voiced", voice_needs),
    Part("sell_outside", "sales to the outside", trade.sell_outside),
)
AFTER_THE_MARKET = (
    Part("clear", "contracts are cleared and paid", clear),
    Part("register", "contracts are registered and counted", register),
    Part("adopt_registration", "the habit of registration spreads", firms.adopt_registration),
    Part("certify", "certificates are won and lost", firms.certify),
    Part("close_down", "firms close down", firms.close_down),
)
PARTS = (*BEFORE_THE_MARKET, *AFTER_THE_MARKET)


def meet(province: Province, plain: PlainQuarter, offers: bool = True) -> None:
    """Let the model's markets bring parties together, and tell the plain agents of the proposals."""
    trade.meet_local_needs(province)
    if offers:
        results.offer(province)
    plain.take_proposals(province.contracts.rows)


# ---- do they agree? ----------------------------------------------------------------


def _of_actors(province: Province, plain: PlainQuarter) -> list[str]:
    differing = []
    for (sector, number), agent in plain.found.items():
        row = province.tables[sector].rows[number]
        for column in row.dtype.names:
            mine, theirs = row[column].item(), getattr(agent, column)
            if mine != theirs:
                differing.append(f"{sector} {number}: {column} is {mine}, plain {theirs}")
    return differing


def _of_needs(province: Province, plain: PlainQuarter) -> list[str]:
    rows = province.needs.rows
    if len(rows) != len(plain.needs):
        return [f"{len(rows)} needs, plain {len(plain.needs)}"]
    differing = []
    for n, (row, need) in enumerate(zip(rows, plain.needs, strict=True)):
        if need.buyer is None and row.buyer_row < 0:
            continue
        mine = (SECTORS[row.buyer_sector], int(row.buyer_row), int(row.key), int(row.city))
        theirs: Any = need.buyer and (need.buyer.sector, need.buyer.number, need.key, need.buyer.city)
        for column in ("type", "field", "units", "budget", "expires", "open"):
            mine, theirs = (*mine, int(row[column])), (*theirs, getattr(need, column))
        if mine != theirs:
            differing.append(f"need {n}: {mine}, plain {theirs}")
    return differing


def _of_contracts(province: Province, plain: PlainQuarter) -> list[str]:
    pairs = zip(province.contracts.rows, plain.contracts, strict=True) if plain.contracts else ()
    return [
        f"contract {i}: state {row.state}, registered {row.registered}, plain {one.state}, {one.registered}"
        for i, (row, one) in enumerate(pairs)
        if row.state != one.state or one.registered not in (None, bool(row.registered))
    ]


def _of_money(province: Province, plain: PlainQuarter) -> list[str]:
    balances = province.books.balances()
    mine: dict[Any, int] = {world: balances[world] for world in ("outside", "households")}
    theirs = {"outside": plain.outside.cash, "households": plain.households.cash}
    flows = province.books.flows
    for cause, payer, payee in zip(*np.nonzero(flows), strict=True):
        mine[CAUSES[cause], SECTORS[payer], SECTORS[payee]] = int(flows[cause, payer, payee])
    return _unequal("money", mine, {**theirs, **plain.flows})


def _of_registry(province: Province, plain: PlainQuarter) -> list[str]:
    tally, registry = province.tally, province.registry
    mine: dict[Any, int] = {}
    theirs: dict[Any, int] = {}
    for name, counted in vars(plain.registry).items():
        ours = getattr(registry if name.startswith("city_") else tally, name)
        if isinstance(counted, int):
            mine[name], theirs[name] = int(ours), counted
        else:
            codes = SECTORS if name.endswith("_by_seller") else range(len(ours))
            mine |= {(name, code): int(value) for code, value in zip(codes, ours, strict=True)}
            theirs |= {(name, code): value for code, value in counted.items()}
    return _unequal("registry", mine, theirs)


def _unequal(what: str, mine: Mapping[Any, int], theirs: Mapping[Any, int]) -> list[str]:
    return [
        f"{what}: {key} is {mine.get(key, 0)}, plain {theirs.get(key, 0)}"
        for key in {**mine, **theirs}
        if mine.get(key, 0) != theirs.get(key, 0)
    ]


def differences(province: Province, plain: PlainQuarter) -> list[str]:
    """Hold every number that the parts touch against the plain agents'.

    Parameters
    ----------
    province : Province
    plain : PlainQuarter
        Copied from it when both were equal; the same parts were done by both since.

    Returns
    -------
    list of str
        One line for each number that differs; empty if all agree, to the yuan and the last bit.
    """
    return [
        *_of_actors(province, plain),
        *_of_needs(province, plain),
        *_of_contracts(province, plain),
        *_of_money(province, plain),
        *_of_registry(province, plain),
    ]
