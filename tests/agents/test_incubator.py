from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from shaanxi_transfer.agents import closing, enterprise, government, incubator, tenancy
from shaanxi_transfer.engine.books import Books
from shaanxi_transfer.engine.columns import number_record
from shaanxi_transfer.engine.table import Table

if TYPE_CHECKING:
    from shaanxi_transfer.agents.rows import EnterpriseRow, IncubatorRow

SEED = np.uint64(13)
KIND_KEY = np.uint64(77)

PARAMETERS = {
    "incubator_capacity_ln_sd": 0.6,
    "incubator_tenants": 47.7,
    "incubator_oldest_2010": 10.0,
    "incubator_certification_years": 3.0,
    "incubator_certification_hazard": 0.1,
    "incubator_exit_hazard": 0.02,
    "maker_space_exit_hazard": 0.06,
    "maker_space_places": 30.0,
    "platform_public_share": 0.35,
    "platform_university_share": 0.2,
    "incubation_years": 3.0,
    "incubation_admission_age": 3.0,
    "incubation_growth": 0.01,
    "incubation_exit_factor": 1.0,
}


def parameters(**changes: float) -> Any:
    return number_record({**PARAMETERS, **changes})


def now_at(step: int, dt: float = 0.25) -> Any:
    now = np.zeros(1, dtype=np.dtype((np.record, [("step", "i8"), ("date", "f8"), ("dt", "f8")])))[0]
    now.step, now.dt, now.date = step, dt, 2012.0 + step * dt
    return now


def platforms(number: int, kind: int = incubator.INCUBATOR, ordinal: int = 0) -> Table[IncubatorRow]:
    table = Table("incubators and maker spaces", incubator.COLUMNS)
    table.extend(number)
    incubator.found(
        table.storage, 0, number, kind, KIND_KEY, ordinal, 2010.0, 0, np.array([0.7, 1.0]), parameters(), SEED
    )
    return table


def firms(rows: int, members: int = 10) -> Table[EnterpriseRow]:
    table = Table("enterprises", enterprise.COLUMNS)
    filled = table.extend(rows)
    filled["key"] = np.arange(rows) + 1
    filled["members"] = members
    filled["city"] = np.arange(rows) % 2
    filled["born"] = 2012.0 - (np.arange(rows) % 8)
    return table


def move(table: Table[EnterpriseRow], places: list[int], step: int, **changes: float) -> np.ndarray:
    tenants = np.zeros(len(places), dtype=np.int64)
    tenancy.move_tenants(
        table.rows, np.array(places), tenants, 2.0, parameters(**changes), now_at(step), SEED
    )
    return tenants


def test_incubators_hold_what_was_counted_and_star_sky_platforms_nobody() -> None:
    rows = platforms(4_000).rows
    assert rows["capacity"].mean() == pytest.approx(47.7, rel=0.04)
    assert rows["city"].mean() == pytest.approx(0.3, abs=0.03)
    shares = np.bincount(rows["operator"]) / len(rows)
    assert shares == pytest.approx([0.35, 0.2, 0.45], abs=0.03)
    assert platforms(4_000, incubator.MAKER_SPACE).rows["capacity"].mean() == pytest.approx(30.0, rel=0.04)
    assert not platforms(50, incubator.STAR_SKY).rows["capacity"].any()


def test_one_more_founding_renames_nobody() -> None:
    few, many = platforms(10).rows, platforms(11).rows
    assert (many[:10] == few).all() and len(np.unique(many["key"])) == 11


def test_foundings_are_poisson_and_limited_by_the_money() -> None:
    treasury = Table("governments", government.COLUMNS)
    treasury.extend(1)
    books = Books({"government": treasury}, 1)
    books.endow("government", np.array([10**12]))
    drawn = [
        incubator.count_founded(KIND_KEY, 64.0, 1e5, now_at(step), SEED, books.purse) for step in range(2_000)
    ]
    assert np.mean(drawn) == pytest.approx(16.0, rel=0.02)
    assert np.var(drawn) == pytest.approx(16.0, rel=0.1)
    treasury.rows["cash"][0] = 350_000
    assert (
        max(
            incubator.count_founded(KIND_KEY, 64.0, 1e5, now_at(step), SEED, books.purse)
            for step in range(50)
        )
        == 3
    )
    assert incubator.count_founded(KIND_KEY, 0.0, 1e5, now_at(1), SEED, books.purse) == 0


def test_subsidies_are_tagged_spent_and_left_to_nobody_at_closing() -> None:
    treasury, table = Table("governments", government.COLUMNS), platforms(30)
    treasury.extend(1)
    books = Books({"government": treasury, "incubator": table}, 1)
    books.endow("government", np.array([10**9]))
    books.open()
    incubator.pay_subsidies(20, 30, 1e6, books.purse, books.flows, books.public)
    assert books.public[incubator.TASK].sum() == 10**7 == books.paid("subsidy", "government", "incubator")
    assert table.rows["cash"].tolist() == [0] * 20 + [10**6] * 10
    incubator.spend(table.rows, now_at(0), books.purse, books.flows)
    assert books.paid("wages", "incubator", "households") == 10 * 250_000
    given = parameters(incubator_exit_hazard=100.0)
    assert incubator.close_down(table.rows, given, now_at(0), SEED, books.purse, books.flows) == 30
    assert not table.rows["cash"].any() and not table.rows["capacity"].any()
    books.close()


def test_maker_spaces_close_more_often() -> None:
    shares = []
    for kind, hazard in ((incubator.INCUBATOR, 0.02), (incubator.MAKER_SPACE, 0.06)):
        table = platforms(5_000, kind)
        table.rows["capacity"], table.rows["tenants"] = 2, 1
        books = Books({"incubator": table}, 1)
        closed = incubator.close_down(
            table.rows, parameters(), now_at(0, dt=1.0), SEED, books.purse, books.flows
        )
        assert closed / 5_000 == pytest.approx(1.0 - math.exp(-hazard), abs=0.008)
        shares.append(closed)
    assert shares[1] > 2 * shares[0]


def test_only_incubators_of_some_years_reach_the_national_level() -> None:
    old, young, spaces = platforms(2_000), platforms(50), platforms(50, incubator.MAKER_SPACE)
    old.rows["born"] = 2005.0
    young.rows["born"] = 2010.0
    for table in (old, young, spaces):
        incubator.certify(table.rows, parameters(), now_at(0, dt=1.0), SEED)
    assert old.rows["certified"].mean() == pytest.approx(1.0 - math.exp(-0.1), abs=0.02)
    assert not young.rows["certified"].any() and not spaces.rows["certified"].any()


def test_places_are_never_exceeded_and_the_parts_sum_to_the_whole() -> None:
    table, houses = firms(400), platforms(12)
    places = [int(houses.rows["capacity"][houses.rows["city"] == city].sum()) for city in (0, 1)]
    for step in range(12):
        tenants = move(table, places, step)
        incubator_rows = houses.rows
        tenancy.seat_tenants(incubator_rows, tenants)
        for city in (0, 1):
            here = incubator_rows["city"] == city
            assert tenants[city] == table.rows["incubated"][table.rows["city"] == city].sum()
            assert tenants[city] == incubator_rows["tenants"][here].sum() <= places[city]
        assert (incubator_rows["tenants"] <= incubator_rows["capacity"]).all()
        assert (table.rows["incubated"] <= table.rows["members"]).all()
    assert tenants.sum() > 0.7 * sum(places)


def test_without_places_nobody_is_a_tenant_and_a_closed_house_is_left() -> None:
    table = firms(200)
    assert move(table, [0, 0], 0).sum() == 0
    assert move(table, [300, 100], 1).sum() > 200
    assert move(table, [50, 0], 2).tolist() <= [50, 0]
    assert table.rows["incubated"].sum() <= 50


def test_only_young_small_firms_enter() -> None:
    table = firms(400)
    table.rows["large"][:100] = True
    move(table, [10_000, 10_000], 0)
    age = 2012.0 - table.rows["born"]
    assert not table.rows["incubated"][(age >= 3.0) | table.rows["large"]].any()
    assert table.rows["incubated"][(age < 3.0) & ~table.rows["large"]].mean() > 2.0


def test_tenants_stay_three_years_on_average() -> None:
    table = firms(2_000)
    table.rows["born"], table.rows["incubated"] = 1990.0, 10
    for step in range(4):
        tenants = move(table, [10**6, 10**6], step)
    assert tenants.sum() / 20_000 == pytest.approx(math.exp(-1.0 / 3.0), abs=0.01)


@pytest.mark.parametrize(("factor", "more"), [(1.0, False), (1.3, True)])
def test_incubation_gives_growth_and_at_a_factor_of_one_changes_no_exit(factor: float, more: bool) -> None:
    table, other = firms(100), firms(100)
    table.rows["incubated"] = 10
    move(table, [1_000, 1_000], 0, incubation_years=1e9)
    assert table.rows["growth"] == pytest.approx(np.full(100, 0.01 * 0.25))
    given = parameters(
        exit_hazard_year_1=0.1,
        exit_hazard_year_2=0.2,
        exit_hazard_year_3=0.2,
        exit_hazard_later=0.1,
        exit_hazard_old=0.1,
        exit_size_factor_large=0.5,
        incubation_exit_factor=factor,
    )
    for one in (table, other):
        books = Books({"enterprise": one}, 1)
        at_risk, closed = np.zeros((2, len(closing.AGE_CLASSES)), dtype=np.int64)
        closing.close_down(one.rows, given, now_at(0), SEED, books.purse, books.flows, at_risk, closed)
    assert (table.rows["members"].sum() < other.rows["members"].sum()) == more
    assert (table.rows["members"] <= other.rows["members"]).all()
    assert table.rows["members"].sum() < 1_000
