"""Needs, matching and contracts of a step: who calls which rule with which rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ...agents import broker, broker_repute, buying, selling
from ...engine.books import SECTOR
from ...engine.ordering import index_of
from ..markets import access, brokerage, contracting, known_producers, market, outside_sales
from ..markets.demand import DESTINATION_SECTORS, PRODUCERS
from . import registration
from .owner_rows import rows_of_owners

if TYPE_CHECKING:
    from ...agents.registering import TermsOfEntry
    from ...agents.rows import EnterpriseRow, GovernmentRow, ProducerRow
    from ...engine.table import RowArray, Table
    from ..markets.market import Floats, Integers
    from ..province import Province

_STEP_DOWN: Final = 0.99
"""Share of contracts admitted after a try that was too dear, at most: so that the tries end."""


def let_needs_lapse(province: Province) -> None:
    """Strike needs that are met or have waited too long."""
    needs = province.needs.rows
    staying = np.empty(len(needs), dtype=np.bool_)
    province.counts.needs_lapsed = int(buying.mark_lasting(needs, province.step, staying))
    province.needs.keep(staying)


def voice_needs(province: Province) -> None:
    """Let enterprises, treasuries and military units write down what they need."""
    values, steered, now = province.values, province.steered, province.now
    wanted = province.demand.local * now.dt
    public = values["government_need_share"]
    military = values["military_need_share"]
    # What policy makes military units ask for comes on top of the others' needs.
    _voice(province, "government", province.treasuries, wanted * public, 0.0)
    _voice(
        province,
        "military_unit",
        province.producers["military_unit"],
        wanted * steered["military_need_share"],
        0.5,
    )
    _voice(
        province,
        "enterprise",
        province.enterprises,
        wanted * (1.0 - public - military),
        1.0 - values["cross_field_share"],
    )


def _voice(
    province: Province,
    sector: str,
    buyers: Table[EnterpriseRow | ProducerRow | GovernmentRow],
    wanted: float,
    own_field_share: float,
) -> None:
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
            province.values["search_spread"],
            province.now,
            province.seed,
            needs.storage,
            needs.count,
        )
    )


def outside_budget(province: Province) -> float:
    """Yuan that the outside world spends here in the step at most.

    A multiple of what it is expected to spend, so that only a freak quarter is cut.
    """
    demand = province.demand
    expected = demand.outside_enterprise * demand.mean_value * province.mean_value_scale
    expected += sum(demand.outside_producer[kind] * demand.producer_value[kind] for kind in PRODUCERS)
    return float(expected * province.now.dt * province.values["outside_budget_headroom"])


def sell_outside(province: Province) -> None:
    """Let every seller win its contracts with the world beyond the province.

    A budget of the outside world that does not suffice, which is rare, is shared out
    by admitting fewer contracts, all of them equally likely.
    """
    budget = outside_budget(province)
    admitted = 1.0
    while True:
        spent = _sell_outside(province, admitted)
        if spent <= budget:
            break
        admitted *= min(budget / spent, _STEP_DOWN)
        province.registry.clear()  # these sales come first in a step
    province.outside_budget_left = round(budget) - spent


def _sell_outside(province: Province, admitted: float) -> int:
    demand, dt = province.demand, province.now.dt
    terms = registration.entry_of_step(province)
    firms = province.enterprises.rows
    habit, certified = selling.marked_shares(firms)
    orders = orders_from_outside(province)
    value = demand.mean_value
    spent = _sell(province, "enterprise", firms, habit, certified, orders, value, admitted, terms)
    for kind in PRODUCERS:
        rows = province.producers[kind].rows
        wanted, value = demand.outside_producer[kind] * dt, demand.producer_value[kind]
        attraction = float(rows["attraction"].sum())
        orders = np.full(len(province.names["field"]), wanted / attraction if attraction > 0.0 else 0.0)
        habit, nobody = rows["registered"].copy(), np.zeros(len(rows))
        spent += _sell(province, kind, rows, habit, nobody, orders, value, admitted, terms)
    return spent


def in_vain_from_outside(province: Province) -> float:
    """Contracts of the step that enterprises elsewhere want from some here, and find none by themselves."""
    unmet = province.values["unmet_alone_share"]
    return province.demand.outside_enterprise * province.now.dt * unmet / (1.0 - unmet)


def orders_from_outside(province: Province) -> Floats:
    """Contracts of the step that the outside places with one point of an enterprise's attraction, by field.

    Who is found by himself is found in proportion to attraction. Beside them stand buyers
    whom the platform or brokers bring, as long as there are some who look in vain. What
    the outside asks for is given, so that most of these would have bought from another
    seller of the province or from nobody here: only ``outside_additional`` of them comes
    on top, the rest moves between fields.
    """
    values, firms = province.values, province.enterprises.rows
    fields = len(province.names["field"])
    attraction = np.bincount(firms["field"], weights=firms["attraction"], minlength=fields)
    brought = np.zeros(fields)
    wanted, everybody = province.demand.outside_enterprise * province.now.dt, float(firms["attraction"].sum())
    if everybody <= 0.0 or wanted <= 0.0:
        return brought
    parameters = province.terms.trade
    brokerage.buyers_from_outside(province.brokers.rows, parameters, province.now, brought)
    brought[attraction <= 0.0] = 0.0
    in_vain = in_vain_from_outside(province)
    online = in_vain * access.chance_of_step(parameters.platform_chance, province.now)
    helped = online + float(brought.sum())
    if helped > 0.0:
        most = min(1.0, min(in_vain, wanted) / helped)
        brought, online, helped = brought * most, online * most, helped * most
    found = wanted - (1.0 - values["outside_additional"]) * helped + online
    return np.asarray(found / everybody + brought / np.maximum(attraction, np.finfo(float).tiny))


def _sell(
    province: Province,
    sector: str,
    sellers: RowArray[EnterpriseRow | ProducerRow],
    habit: Floats,
    certified: Floats,
    orders: Floats,
    mean_value: float,
    admitted: float,
    terms: TermsOfEntry,
) -> int:
    values = province.values
    return outside_sales.sell_outside(
        sellers,
        SECTOR[sector],
        habit,
        certified,
        orders,
        mean_value,
        values["contract_value_ln_sd" if sector == "enterprise" else "commission_ln_sd"],
        province.type_cumulative["enterprise" if sector == "enterprise" else "producer"],
        province.type_value,
        admitted,
        terms,
        province.terms.trade,
        province.now,
        province.seed,
        province.tally,
        province.registry.city_value,
        province.registry.city_count,
    )


def meet_local_needs(province: Province) -> None:
    """Bring the province's buyers together with sellers here and beyond."""
    province.directory.enter(province.enterprises.rows)
    brokers = province.brokers.rows
    needs = province.needs.rows
    parameters, now, seed = province.terms.trade, province.now, province.seed
    success = access.chance_of_step(parameters.broker_success, now)
    broker.plan_work(brokers, success, province.terms.people, now, seed)
    wanted = buying.count_open(needs)
    streams, ways, line = np.empty(len(needs), dtype=np.uint64), np.empty(wanted), np.empty(wanted)
    helped = access.help_of_subcentres(len(province.names["city"]), province.finance.capital, parameters)
    sellers = sellers_of(province)
    found, waiting = access.find_ways(
        needs,
        sellers.firms,
        sellers.firm_keys,
        sellers.destination_cumulative,
        helped,
        parameters,
        now,
        seed,
        streams,
        ways,
        line,
    )
    contracts = province.contracts
    contracts.reserve(found + waiting)
    contracts.close(
        market.meet_needs(
            needs,
            streams,
            ways,
            access.last_served(line[:waiting], in_vain_from_outside(province), brokers),
            sellers,
            brokers,
            parameters,
            now,
            seed,
            contracts.storage,
            contracts.count,
        )
    )
    province.local_contracts = contracts.count


def chances_of_producers(province: Province) -> tuple[Floats, Integers, Integers]:
    """Chances that a need finds each producer, by kind and field, where to look in them, and cities."""
    return known_producers.chances_of_producers(
        *rows_of_owners(province), len(province.names["field"]), province.values["cross_field_share"]
    )


def sellers_of(province: Province) -> market.Sellers:
    """Collect everybody who may meet a need in this step."""
    demand = province.demand
    firms = province.enterprises.rows
    # Sellers outside are as large as those here, or, where purchases follow the market, as these began.
    follow = province.values["imports_follow_market"]
    scale = province.mean_value_scale ** (1.0 - follow) * province.first_value_scale**follow
    imported = demand.import_value * scale * province.values["import_mean_value_ratio"]
    return market.Sellers(
        firms,
        index_of(np.ascontiguousarray(firms["key"])),
        province.directory.listing(province.reach),
        *province.producer_chances,
        demand.destination_cumulative,
        DESTINATION_SECTORS,
        np.array([imported, *(demand.producer_value[kind] for kind in PRODUCERS), demand.mean_value]),
        province.type_value,
    )


def conclude_contracts(province: Province) -> None:
    """Sign what can be paid, move the money, and enter contracts in the registry."""
    purse, flows = province.purse, province.books.flows
    outside_sales.receive(province.enterprises.rows, SECTOR["enterprise"], purse, flows)
    for kind in PRODUCERS:
        outside_sales.receive(province.producers[kind].rows, SECTOR[kind], purse, flows)
    contracts, needs = province.contracts.rows, province.needs.rows
    province.counts.needs_met = contracting.clear_claims(
        contracts, needs, province.outside_budget_left, province.books
    )
    broker.collect_fees(contracts, province.brokers.rows, province.terms.people, purse, flows)
    broker_repute.learn_from_deals(province.brokers.rows, province.terms.people)
    contracting.register(
        contracts,
        province.enterprises.rows,
        province.producers["university"].rows,
        province.producers["research_institute"].rows,
        province.producers["military_unit"].rows,
        registration.entry_of_step(province),
        province.now,
        province.seed,
        province.tally,
        province.registry.city_value,
        province.registry.city_count,
        province.registry.city_inflow,
        province.registry.city_within,
    )
    province.registry.left_out_before = int(province.tally.small_left_out)
