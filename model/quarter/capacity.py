"""Capacity in a step: people are trained, brokers come and go, incubators and maker spaces open and close."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ...agents import (
    broker,
    broker_repute,
    incubator,
    maker_space,
    tenancy,
    trainee,
)
from ...agents.incubator import INCUBATOR
from ...agents.programme import yearly_level
from ...engine import luck
from ...engine.columns import CODE
from ...engine.ordering import order_by_key
from ...engine.rules import rule
from ...engine.table import Rows
from ..state.space import cumulative, shares_of
from . import firms

if TYPE_CHECKING:
    from ...agents.rows import IncubatorRow
    from ..province import Province


def commission(province: Province) -> None:
    """Pay for the seats of the step's course, and for new incubators, maker spaces and star-sky platforms.

    Programmes get their money at the start of the step, before the treasuries buy anything else.
    """
    parameters, now, seed = province.terms.people, province.now, province.seed
    flows, public = province.books.flows, province.books.public
    province.seats = trainee.offer_seats(
        province.key,
        province.usual.seats,
        parameters,
        province.levers,
        now,
        seed,
        province.purse,
        flows,
        public,
    )
    table = province.incubators
    for kind, name in enumerate(incubator.KIND_NAMES):
        subsidy = province.values[f"{name}_subsidy"]
        key = incubator.key_of_kind(province.pack.name, kind)
        yearly = platforms_a_year(province, kind)
        number = incubator.count_founded(key, yearly, subsidy, now, seed, province.purse)
        if number == 0:
            continue
        first = table.count
        table.extend(number)
        incubator.found(
            table.storage,
            first,
            first + number,
            kind,
            key,
            0,
            now.date,
            province.step,
            seats_of_platforms(province, kind),
            parameters,
            seed,
        )
        incubator.pay_subsidies(first, first + number, subsidy, province.purse, flows, public)


def seats_of_platforms(province: Province, kind: int) -> npt.NDArray[np.float64]:
    """Cumulative chances of the cities in which a platform opens: star-sky ones outside the capital.

    In a province of one region there is no outside.
    """
    if kind != incubator.STAR_SKY or len(province.city_firms) == 1:
        return province.city_firms
    elsewhere = shares_of(province.city_firms)
    elsewhere[province.finance.capital] = 0.0
    return cumulative(elsewhere)


def platforms_a_year(province: Province, kind: int) -> float:
    """Platforms of a kind founded with support a year; of star-sky platforms only those beyond history."""
    levers = province.levers
    if kind == incubator.STAR_SKY:
        return float(levers.star_sky_platforms)
    lever = (levers.incubators_founded, levers.maker_spaces_founded)[kind]
    reference = province.values[f"{incubator.KIND_NAMES[kind]}s_founded_reference"]
    return yearly_level(lever, province.usual.platforms[kind], reference)


def train_people(province: Province) -> None:
    """Hold the course of the step; let people leave the trade; place those who take it up."""
    parameters, now, seed = province.terms.people, province.now, province.seed
    trainees, brokers = province.trainees, province.brokers.rows
    universities = province.producers["university"].rows
    trainee.leave(trainees.rows, brokers, universities, parameters, province.levers, now, seed)
    everywhere = np.ones(len(universities), dtype=np.bool_)
    fill_posts(province, everywhere)
    trainees.reserve(province.seats)
    trainees.close(
        trainee.train(trainees.storage, trainees.count, province.seats, province.key, parameters, now, seed)
    )
    trainee.take_up_work(trainees.rows, brokers, universities, everywhere, seed)
    if now.date >= province.pack.years.training_from:
        province.totals.attendances += province.seats


def fill_posts(province: Province, everywhere: npt.NDArray[np.bool_]) -> None:
    """Fill the new posts of the step: those for all universities, and those that some of them are given."""
    trainees, brokers = province.trainees.rows, province.brokers.rows
    universities = province.producers["university"].rows
    for posts in province.levels("transfer_posts", universities):
        hiring = everywhere if posts.units is None else posts.units
        if posts.level <= 0.0 or not hiring.any():  # people with a post nowhere would look for one elsewhere
            continue
        trainee.fill_posts(trainees, posts.level, posts.call, province.now, province.seed)
        trainee.take_up_work(trainees, brokers, universities, hiring, province.seed)


def renew_brokers(province: Province) -> None:
    """Let brokers close and open, hire, and win or lose the status of demonstration institution."""
    parameters, now, seed = province.terms.people, province.now, province.seed
    table = province.brokers
    broker.close_down(table.rows, parameters, now, seed, province.purse, province.books.flows)
    number = broker.count_founded(
        province.key, province.usual.replaced, province.usual.brokers, parameters, province.levers, now, seed
    )
    if number > 0:
        first = table.count
        table.extend(number)
        broker.found(
            table.storage,
            first,
            first + number,
            province.key,
            0,
            province.city_research,
            province.field_needs,
            now.date,
            province.step,
            parameters,
            seed,
        )
    broker_repute.compare(table.rows, parameters)
    broker.turn_over(table.rows, parameters, now, seed)
    ever = int(np.count_nonzero(table.rows["ever_certified"]))
    broker.certify(table.rows, province.usual.certifications, parameters, province.levers, now, seed)
    province.totals.institutions_certified += int(np.count_nonzero(table.rows["ever_certified"])) - ever


def renew_platforms(province: Province) -> None:
    """Let incubators and maker spaces spend, rise to the national level, close, and take in young firms."""
    parameters, now, seed = province.terms.people, province.now, province.seed
    rows, flows = province.incubators.rows, province.books.flows
    incubator.close_down(rows, parameters, now, seed, province.purse, flows)
    incubator.spend(rows, now, province.purse, flows)
    incubator.certify(rows, parameters, now, seed)
    take_in_tenants(province, province.values["incubation_interest"])
    house_teams(province)


def house_teams(province: Province) -> None:
    """Let teams of maker spaces found firms or give up, and others take the free places."""
    parameters, now, seed = province.terms.people, province.now, province.seed
    spaces = province.incubators.rows
    added = np.empty(len(spaces), dtype=np.int64)
    founded = maker_space.let_teams_leave(spaces, parameters, now, seed, added)
    maker_space.let_teams_enter(spaces, province.city_firms, parameters, now, seed)
    province.supported["firms of teams"] = founded
    if not added.any():
        return
    # Firms sit in the city of their maker space; their field is drawn like that of an entrant.
    keys = luck.child_keys(spaces["key"], maker_space.FOUNDING, province.step, added)
    u = luck.draw_uniforms(int(seed), int(maker_space.FOUNDING), keys)
    fields = np.searchsorted(province.field_sellers[:-1], u, side="right").astype(CODE)
    firms.found_spin_offs(province, keys, np.repeat(spaces["city"], added), fields)


def take_in_tenants(province: Province, interest: float) -> None:
    """Let tenants leave and young firms take free places.

    Parameters
    ----------
    interest : float
        Yearly hazard at which a young firm asks for a place; infinite when the
        incubators of the start are filled.
    """
    rows, cities = province.incubators.rows, len(province.names["city"])
    places = places_by_city(rows, cities)
    tenants = np.zeros(cities, dtype=np.int64)
    tenancy.move_tenants(
        province.enterprises.rows,
        places,
        tenants,
        interest,
        province.terms.people,
        province.now,
        province.seed,
    )
    tenancy.seat_tenants(rows, tenants)


@rule
def places_by_city(platforms: Rows[IncubatorRow], cities: int) -> npt.NDArray[np.int64]:
    """Count the firms that the incubators of each city can hold, shape (cities,)."""
    places = np.zeros(cities, dtype=np.int64)
    for i in range(len(platforms)):
        if platforms[i].kind == INCUBATOR:
            places[platforms[i].city] += platforms[i].capacity
    return places


def tidy(province: Province) -> None:
    """Drop the rows of those that closed and bring the others into the order of their keys."""
    for table in (province.brokers, province.incubators):
        found = order_by_key(table.rows["key"], ~table.rows["gone"])
        if found is not None:
            table.arrange(found[0])
