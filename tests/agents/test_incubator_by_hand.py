"""Platforms: how many open, what they are paid, spend, hold, and when they close."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import incubator
from shaanxi_transfer.agents.incubator import (
    ENTERPRISE,
    INCUBATOR,
    MAKER_SPACE,
    PUBLIC_ZONE,
    STAR_SKY,
    UNIVERSITY_OR_INSTITUTE,
)
from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.books import CAUSE


def test_platforms_open_as_far_as_the_subsidies_go(small: Any) -> None:
    u = small.draw(incubator.NUMBER_FOUNDED, 5)
    drawn = luck.poisson_quantile(u, 100.0)

    def founded(subsidy: float, cash: int) -> int:
        small.treasuries.rows["cash"][0] = cash
        return incubator.count_founded(np.uint64(5), 400.0, subsidy, small.now, small.seed, small.purse)

    assert founded(9.6, 10**6) == drawn and founded(9.6, 299) == 29 and founded(9.4, 299) == 33
    assert founded(0.0, 30) == 30, "what costs nothing still needs a yuan each"


def test_each_new_platform_is_paid_and_kept_apart_by_task(small: Any) -> None:
    small.treasuries.rows["cash"][:] = 100
    for _ in range(3):
        small.add(small.incubators)
    incubator.pay_subsidies(1, 3, 9.6, small.purse, small.flows, small.public)
    assert small.incubators.rows["cash"].tolist() == [0, 10, 10]
    assert small.treasuries.rows["cash"].tolist() == [80, 100, 100]
    assert small.public[23, 0, CAUSE["subsidy"]] == 20


def test_a_new_platform_has_an_operator_and_an_incubator_room(small: Any) -> None:
    rows = small.incubators.extend(2)
    key = luck.child_key(np.uint64(5), incubator.FOUNDING, 20, 7)
    _, operator = small.two(incubator.TRAITS, key, 0)

    def found(kind: int, public: float, university: float) -> Any:
        rows["capacity"] = 0
        parameters = small.set(
            "people", incubator_capacity_ln_sd=0.5, incubator_tenants=1000.0, maker_space_places=500.0,
            platform_public_share=public, platform_university_share=university,
        )  # fmt: skip
        incubator.found(
            rows, 1, 2, kind, np.uint64(5), 7, 2015.0, 20, np.array([0.0, 1.0]), parameters, small.seed
        )
        return rows[1]

    one = found(INCUBATOR, operator * (1 + 1e-9), 0.0)
    z = luck.normal_quantile(small.draw(incubator.ROOM, key, step=0))
    assert (one.key, one.operator, one.city, one.born) == (key, PUBLIC_ZONE, 1, 2015.0)
    assert one.capacity == int(1000 * math.exp(0.5 * z - 0.125) + 0.5)
    one = found(MAKER_SPACE, operator * 0.5, operator * (0.5 + 1e-9))
    assert one.operator == UNIVERSITY_OR_INSTITUTE
    assert one.capacity == int(500 * math.exp(0.5 * z - 0.125) + 0.5)
    assert found(STAR_SKY, 0.0, 0.0).capacity == 0, "no places"
    assert found(MAKER_SPACE, operator * 0.5, operator * (0.5 - 1e-9)).operator == ENTERPRISE


def test_the_older_ones_of_the_start_are_certified(small: Any) -> None:
    one = small.add(small.incubators)
    age, certificate = small.two(incubator.AGE, one.key, 0)
    for hazard, certified in ((1 + 1e-6, True), (1 - 1e-6, False)):
        parameters = small.set(
            "people", incubator_oldest_2010=20.0, incubator_certification_years=age * 10.0,
            incubator_certification_hazard=-math.log1p(-certificate) / (age * 10.0) * hazard,
        )  # fmt: skip
        incubator.age_at_the_start(small.incubators.rows, parameters, 2010.0, small.seed)
        assert one.born == pytest.approx(2010.0 - 20.0 * age) and one.certified == certified
    parameters.incubator_certification_years = age * 20.0 + 1.0
    incubator.age_at_the_start(small.incubators.rows, parameters, 2010.0, small.seed)
    assert not one.certified, "too young"


def test_money_is_spent_within_a_year(small: Any) -> None:
    for cash in (401, 0):
        small.add(small.incubators, cash=cash)
    incubator.spend(small.incubators.rows, small.now, small.purse, small.flows)
    assert small.incubators.rows["cash"].tolist() == [300, 0]
    assert small.paid("wages", "incubator", "households") == 101


@pytest.mark.parametrize(
    ("columns", "may"),
    [({}, True), ({"kind": MAKER_SPACE}, False), ({"born": 2012.01}, False), ({"gone": True}, False)],
)
def test_an_incubator_rises_to_the_national_level_after_some_years(
    small: Any, columns: dict[str, Any], may: bool
) -> None:
    one = small.add(small.incubators, **{"kind": INCUBATOR, "born": 2012.0, **columns})
    u = small.draw(incubator.CERTIFICATION, one.key)
    for side in (-1, 1):
        hazard = small.hazard(u) * (1 + side * 1e-6)
        parameters = small.set(
            "people", incubator_certification_hazard=hazard, incubator_certification_years=3.0
        )
        incubator.certify(small.incubators.rows, parameters, small.now, small.seed)
        assert one.certified == (may and side > 0)


@pytest.mark.parametrize("kind", [INCUBATOR, MAKER_SPACE])
def test_a_platform_closes_at_the_hazard_of_its_kind(small: Any, kind: int) -> None:
    given = {"kind": kind, "cash": 9, "certified": True, "capacity": 8, "tenants": 4}
    one, _ = small.add(small.incubators, **given), small.add(small.incubators, **given, gone=True)
    u = small.draw(incubator.EXIT, one.key)
    for side in (-1, 1):
        hazards = {"incubator_exit_hazard": 0.0, "maker_space_exit_hazard": 0.0}
        hazards[list(hazards)[kind]] = small.hazard(u) * (1 + side * 1e-6)
        parameters = small.set("people", **hazards)
        arguments = (small.incubators.rows, parameters, small.now, small.seed, small.purse, small.flows)
        assert incubator.close_down(*arguments) == (side > 0)
        closed = (True, False, 0, 0, 0) if side > 0 else (False, True, 8, 4, 9)
        assert (one.gone, one.certified, one.capacity, one.tenants, one.cash) == closed
    assert (
        small.incubators.rows["cash"][1] == 9 and small.paid("closing_down", "incubator", "households") == 9
    )


@pytest.mark.parametrize(("tenants", "factor"), [(8, 0.0), (6, 0.5), (4, 1.0), (0, 2.0)])
def test_a_maker_space_closes_the_sooner_the_emptier_it_is(small: Any, tenants: int, factor: float) -> None:
    one = small.add(small.incubators, kind=MAKER_SPACE, capacity=8, tenants=tenants)
    u = small.draw(incubator.EXIT, one.key)
    for side in (-1, 1):
        hazard = small.hazard(u) / factor * (1 + side * 1e-6) if factor > 0.0 else 1e9
        parameters = small.set("people", incubator_exit_hazard=1e9, maker_space_exit_hazard=hazard)
        closed = incubator.close_down(
            small.incubators.rows, parameters, small.now, small.seed, small.purse, small.flows
        )
        assert closed == (side > 0 and factor > 0.0)
