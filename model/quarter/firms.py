"""Enterprises in a step: earning, growing, registering, certification, exit and entry."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ...agents import buying, census, certificate, closing, enterprise, founding, zone
from ...engine import luck
from ...engine.books import SECTOR
from ...engine.ordering import order_by_key
from ..markets.demand import PRODUCER_WORD, PRODUCERS
from ..state.first_populations import certified_share
from . import city_competition

if TYPE_CHECKING:
    from ..province import Province

ENTRY = luck.mechanism("number of entrants")

_ENTERPRISE = SECTOR["enterprise"]

Keys = npt.NDArray[np.uint64]
Codes = npt.NDArray[np.int16]


def renew_once_a_year(province: Province) -> None:
    """At the turn of the year let sizes drift, and share the enterprises' R&D out anew."""
    if not province.calendar.year_begins(province.step):
        return
    firms = province.enterprises.rows
    enterprise.drift_in_size(firms, province.terms.firms, province.now, province.seed)
    province.measure_enterprises(province.now)


def operate(province: Province) -> None:
    """Let enterprises earn, do research and pay out what they do not need."""
    enterprise.operate(
        province.enterprises.rows,
        province.terms.firms,
        province.now,
        province.purse,
        province.books.flows,
        province.counts.research_by_city,
    )


def share_out_research(province: Province) -> None:
    """Give the firms their part of the province's R&D.

    What universities, institutes and military units do not perform, enterprises do,
    so that the parts sum to the province's R&D in every year; what cultivated firms
    report beyond it for their certificates comes on top (decision 0029).
    """
    enterprise.share_out_research(
        province.enterprises.rows, enterprise_research(province), province.terms.firms, province.now
    )


def enterprise_research(province: Province) -> int:
    """R&D that enterprises perform in the year of the step, yuan."""
    share = 1.0 - sum(province.values[f"rd_share_{PRODUCER_WORD[kind]}"] for kind in PRODUCERS)
    year = province.calendar.quarter_of(province.step).year
    return round(province.outside.level("rd", year) * share)


def adopt_registration(province: Province) -> None:
    """Let sellers take up the habit of registering their contracts."""
    enterprise.adopt_registration(
        province.enterprises.rows, province.terms.firms, province.now, province.seed
    )


def certify(province: Province) -> None:
    """Certify high-technology enterprises and let certificates lapse."""
    enterprise.certify(province.enterprises.rows, province.terms.firms, province.now, province.seed)


def certify_first(province: Province) -> None:
    """Draw who holds a certificate at the start, once it is known for whom it pays."""
    rows, parameters, now = province.enterprises.rows, province.terms.firms, province.now
    seekers = certificate.count_seekers(rows, parameters, now)
    chance = certified_share(
        province.parameters, seekers, province.ages[0], province.scenario.outside.constant
    )
    certificate.certify_first(rows, chance, parameters, now, province.seed)


def close_down(province: Province) -> None:
    """Let firms exit and take their rows away."""
    firms = province.enterprises
    closing.close_down(
        firms.rows,
        province.terms.firms,
        province.now,
        province.seed,
        province.purse,
        province.books.flows,
        province.counts.firms_at_risk,
        province.counts.firms_closed,
    )


def enter(province: Province) -> None:
    """Let new firms enter: they replace those that leave and carry the growth of the number of firms.

    How many enter depends on the outside world alone, never on what a policy did to
    the incumbents; firms that a policy founds come on top. Which city they choose
    depends on what cities pay as well.
    """
    now, values = province.now, province.values
    expected = province.firms_at(now.date)
    growth = math.log(expected / province.firms_at(now.date - 1.0))
    members = max(1, round(1.0 / province.scale))
    share = values["large_firm_share"]
    cities = len(province.city_firms)
    there = census.members_by_city(province.enterprises.rows, cities)
    for large in (False, True):
        ages = province.ages[1 if large else 0]
        firms = expected * (share if large else 1.0 - share)
        entrants = firms * max(0.0, ages.entry_rate + growth - ages.growth) * now.dt
        size = 1 if large else members
        entity = luck.key_of("entry", province.pack.name, int(large))
        rows = int(
            luck.rounded(
                luck.draw_uniform(int(province.seed), int(ENTRY), entity, province.step), entrants / size
            )
        )
        born = province.enterprises.extend(rows)
        founding.found_entrants(
            born,
            large,
            size,
            province.key,
            province.finance.capital,
            city_competition.seats_of_entrants(province, entrants, there),
            province.field_sellers,
            province.terms.firms,
            now,
            province.seed,
        )
        there += census.members_by_city(born, cities)


def found_spin_offs(province: Province, keys: Keys, cities: Codes, fields: Codes) -> None:
    """Add firms that come out of research to the enterprises: who they are, where they sit, their fields."""
    founding.found_spin_offs(
        province.enterprises.extend(len(keys)),
        keys,
        cities,
        fields,
        province.terms.firms,
        province.now,
        province.seed,
    )


def enter_zones(province: Province, since: float) -> None:
    """Let the firms founded since a date take places in the high-technology zones of their city."""
    zone.enter(
        province.enterprises.rows,
        province.zone_places,
        since,
        province.terms.firms,
        province.seed,
        province.zone_tenants,
    )


def take_stock(province: Province) -> None:
    """Count the enterprises by what they do."""
    parameters, now = province.terms.finance, province.now
    census.count_firms(province.enterprises.rows, parameters, now, province.census)


def tidy(province: Province) -> None:
    """Drop rows without members and sort the others by key.

    Needs follow their firm or end with it; loans and stakes follow theirs, which cannot close.
    """
    firms = province.enterprises
    found = order_by_key(firms.rows["key"], firms.rows["members"])
    if found is None:
        return
    order, moved = found
    firms.arrange(order)
    buying.follow_buyers(province.needs.rows, _ENTERPRISE, moved)
    for ledger in (province.finance.stakes.rows, province.finance.loans.rows):
        ledger["firm_row"] = moved[ledger["firm_row"]]
