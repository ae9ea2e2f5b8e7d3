"""Without frictions search is what it was: everybody alike finds at one chance, and brokers always do."""

from __future__ import annotations

import math

import numpy as np
import pytest

from shaanxi_transfer import load
from shaanxi_transfer.agents import broker
from shaanxi_transfer.engine import luck
from shaanxi_transfer.model.ecosystem import Ecosystem
from shaanxi_transfer.model.markets import access, brokerage
from shaanxi_transfer.model.province import Province
from shaanxi_transfer.model.quarter import trade
from shaanxi_transfer.scenarios import Scenario

CHANCE, TIES = 0.6, 0.3

NO_FRICTIONS = {
    "unmet_alone_share": (1.0 - CHANCE) ** 4,
    "search_spread": 0.0,
    "repeat_contact": CHANCE,
    "tie_probability": TIES,
    "broker_success": 1.0,
    "broker_other_field": 1.0,
    "broker_learning_years": 0.0,
    "broker_bypass": 0.0,
    "outside_additional": 0.0,
}


@pytest.fixture
def province(monkeypatch: pytest.MonkeyPatch) -> Province:
    usual = Scenario.parameter_draws
    monkeypatch.setattr(Scenario, "parameter_draws", lambda self, seed: {**usual(self, seed), **NO_FRICTIONS})
    model = Ecosystem(load("no_plan").set(end="2011-Q4"), seed=3, scale=0.05)
    for _ in range(4):
        model.step()
    return model.province


def test_everybody_finds_at_one_chance_and_partners_have_their_part_of_it(province: Province) -> None:
    trade.voice_needs(province)
    needs, parameters = province.needs.rows, province.terms.trade
    assert (needs["ease"] == 1.0).all()
    wanted = int(needs["open"].sum())
    streams, ways, line = np.zeros(len(needs), np.uint64), np.zeros(wanted), np.zeros(wanted)
    sellers = trade.sellers_of(province)
    cities = len(province.names["city"])
    access.find_ways(
        needs, sellers.firms, sellers.firm_keys, sellers.destination_cumulative,
        access.help_of_subcentres(cities, 0, parameters), parameters, province.now, province.seed,
        streams, ways, line,
    )  # fmt: skip
    contact = np.array(
        [
            luck.pick(stream, access.ALL_DRAWS * unit + access.CONTACT)
            for stream, number in zip(streams, needs["open"], strict=True)
            for unit in range(number)
        ]
    )
    possible = np.repeat(needs["budget"] >= access.SMALLEST_BUDGET, needs["open"])
    found = (ways == access.BY_ITSELF) | (ways >= access.FROM_THE_PARTNER)
    assert (found == (possible & (contact < CHANCE))).all(), "the very same contracts as with one chance"
    # Of those whom an enterprise is to serve and who know one, three in ten go back to it.
    partners = access.partners_of(sellers.firms, sellers.firm_keys)
    known = [
        access.partner_row(need, partners) >= 0
        and access.goes_to_enterprise(
            luck.pick(stream, access.ALL_DRAWS * unit + access.WHERE), sellers.destination_cumulative
        )
        for stream, need in zip(streams, needs, strict=True)
        for unit in range(need["open"])
    ]
    asked = int((found & np.array(known)).sum())
    back = int((ways >= access.FROM_THE_PARTNER).sum())
    assert asked > 200 and abs(back - TIES * asked) < 4.0 * math.sqrt(TIES * (1.0 - TIES) * asked)


def test_brokers_serve_as_many_as_they_close_and_bring_nobody_on_top(province: Province) -> None:
    parameters, now = province.terms.trade, province.now
    desk = brokerage.open_desk(province.brokers.rows, len(province.names["field"]), parameters, now)
    at_work = desk.left > 0
    assert desk.chance[at_work] == pytest.approx(1.0) and desk.chance_elsewhere[at_work] == pytest.approx(1.0)
    people, rows = province.terms.people, province.brokers.rows
    broker.plan_work(rows, access.chance_of_step(parameters.broker_success, now), people, now, province.seed)
    mean = rows["staff"] * people.broker_deals_per_person * now.dt
    assert (abs(rows["capacity"] - mean) <= 1.0).all()
    firms, wanted = province.enterprises.rows, province.demand.outside_enterprise * now.dt
    attraction = np.bincount(
        firms["field"], weights=firms["attraction"], minlength=len(province.names["field"])
    )
    assert trade.orders_from_outside(province) @ attraction == pytest.approx(wanted)
