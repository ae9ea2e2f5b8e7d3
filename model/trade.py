"""Needs, matching and contracts of a step: who calls which rule with which rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..agents import broker, buying, selling
from ..engine.books import SECTOR
from ..engine.table import Table
from . import contracting, market
from .demand import DESTINATION_SECTORS, PRODUCERS
from .space import cumulative

if TYPE_CHECKING:
    from .market import Floats, Integers
    from .province import Province


def let_needs_lapse(province: Province) -> None:
    """Strike needs that are met or have waited too long."""
    needs = province.needs.rows
    province.needs.keep((needs["open"] > 0) & (needs["expires"] > province.step))


def voice_needs(province: Province) -> None:
    """Let enterprises, treasuries and military units write down what they need."""
    values, now = province.values, province.now
    wanted = province.demand.local * now.dt
    public = values["government_need_share"]
    military = values["military_need_share"]
    _voice(province, "government", province.treasuries, wanted * public, 0.0)
    _voice(province, "military_unit", province.producers["military_unit"], wanted * military, 0.5)
    _voice(
        province,
        "enterprise",
        province.enterprises,
        wanted * (1.0 - public - military),
        1.0 - values["cross_field_share"],
    )


def _voice(province: Province, sector: str, buyers: Table, wanted: float, own_field_share: float) -> None:
    """Divide the contracts wanted by one kind of buyer among its rows by appetite."""
    rows = buyers.rows
    appetite = float(rows["appetite"].sum())
    if appetite <= 0.0 or wanted <= 0.0:
        return
    numbers = np.zeros(len(rows), dtype=np.int64)
    filled = buying.count_needs(rows, wanted / appetite, province.now, province.seed, numbers)
    members = rows["members"] if "members" in (rows.dtype.names or ()) else np.ones(len(rows), dtype=np.int32)
    needs = province.needs
    needs.reserve(filled)
    needs.close(
        buying.voice_needs(
            rows,
            SECTOR[sector],
            numbers,
            np.ascontiguousarray(members),
            own_field_share,
            province.field_needs,
            province.type_cumulative["enterprise"],
            round(province.values["need_expiry_quarters"] * province.calendar.steps_per_quarter),
            province.now,
            province.seed,
            needs.storage,
            needs.count,
        )
    )


def sell_outside(province: Province) -> None:
    """Let every seller win its contracts with the world beyond the province."""
    demand, dt = province.demand, province.now.dt
    _sell(province, "enterprise", province.enterprises, demand.outside_enterprise * dt, demand.mean_value)
    for kind in PRODUCERS:
        _sell(
            province,
            kind,
            province.producers[kind],
            demand.outside_producer[kind] * dt,
            demand.producer_value[kind],
        )


def _sell(province: Province, sector: str, sellers: Table, wanted: float, mean_value: float) -> None:
    rows = sellers.rows
    attraction = float(rows["attraction"].sum())
    if attraction <= 0.0 or wanted <= 0.0:
        return
    numbers = np.zeros(len(rows), dtype=np.int64)
    total = selling.count_sales(rows, wanted / attraction, province.now, province.seed, numbers)
    contracts = province.contracts
    contracts.reserve(total)
    contracts.close(
        selling.propose_sales(
            rows,
            SECTOR[sector],
            numbers,
            mean_value,
            province.values["contract_value_ln_sd" if sector == "enterprise" else "commission_ln_sd"],
            province.type_cumulative["enterprise" if sector == "enterprise" else "producer"],
            province.type_value,
            province.terms.trade,
            province.now,
            province.seed,
            contracts.storage,
            contracts.count,
        )
    )


def meet_local_needs(province: Province) -> None:
    """Bring the province's buyers together with sellers here and beyond."""
    province.directory.enter(province.enterprises.rows)
    broker.plan_work(province.brokers.rows, province.terms.people, province.now, province.seed)
    needs = province.needs.rows
    parameters, now, seed = province.terms.trade, province.now, province.seed
    wanted = int(needs["open"].sum())
    reached = np.zeros((wanted, 2), dtype=np.int64)
    found, filled = market.reach_out(needs, parameters, now, seed, reached, np.zeros_like(reached))
    contracts = province.contracts
    contracts.reserve(filled)
    contracts.close(
        market.meet_needs(
            needs,
            reached[:filled],
            found,
            sellers_of(province),
            province.brokers.rows,
            parameters,
            now,
            seed,
            contracts.storage,
            contracts.count,
        )
    )


def chances_of_producers(province: Province) -> tuple[Floats, Integers]:
    """Chances that a need finds each university, institute or military unit, by kind and field.

    Returns
    -------
    tuple of ndarray
        Cumulative chances of shape (3, fields, longest) and the producers' cities of
        shape (3, longest). They follow from R&D and field, which stay.
    """
    kinds = [province.producers[kind].rows for kind in PRODUCERS]
    longest = max(1, *(len(rows) for rows in kinds))
    fields = len(province.names["field"])
    chances = np.full((len(kinds), fields, longest), 2.0)
    cities = np.zeros((len(kinds), longest), dtype=np.int64)
    for kind, rows in enumerate(kinds):
        cities[kind, : len(rows)] = rows["city"]
        for field in range(fields):
            other = np.where(rows["field"] != field, province.values["cross_field_share"], 1.0)
            chances[kind, field, : len(rows)] = cumulative(rows["rd_share"] * rows["reputation"] * other)
            chances[kind, field, len(rows) - 1] = 1.0
    return chances, cities


def sellers_of(province: Province) -> market.Sellers:
    """Collect everybody who may meet a need in this step."""
    demand, directory = province.demand, province.directory
    firms = province.enterprises.rows
    # Sellers outside are as large as those here.
    imported = demand.mean_value * province.mean_value_scale() * province.values["import_mean_value_ratio"]
    return market.Sellers(
        firms,
        np.ascontiguousarray(firms["key"]),
        province.reach,
        directory.slots,
        directory.depth,
        directory.base,
        directory.order,
        directory.first,
        directory.weight,
        directory.biggest,
        *province.producer_chances,
        demand.destination_cumulative,
        DESTINATION_SECTORS,
        np.array([imported, *(demand.producer_value[kind] for kind in PRODUCERS), demand.mean_value]),
        province.type_value,
    )


def conclude_contracts(province: Province) -> None:
    """Sign what can be paid, move the money, and enter contracts in the registry."""
    contracts = province.contracts.rows
    budget = round(province.outside_budget())
    order = contracting.order_of_claims(contracts, budget)
    contracting.conclude(
        contracts,
        order,
        province.needs.rows,
        province.treasuries.rows,
        budget,
        province.purse,
        province.books.flows,
    )
    broker.collect_fees(
        contracts, province.brokers.rows, province.terms.people, province.purse, province.books.flows
    )
    contracting.register(
        contracts,
        order,
        province.enterprises.rows,
        province.producers["university"].rows,
        province.producers["research_institute"].rows,
        province.producers["military_unit"].rows,
        province.now,
        province.seed,
        province.tally,
        province.city_value,
        province.city_count,
        province.city_inflow,
    )
