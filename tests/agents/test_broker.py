from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from shaanxi_transfer.agents import broker, goods
from shaanxi_transfer.engine.books import SECTOR, Books
from shaanxi_transfer.engine.columns import number_record
from shaanxi_transfer.engine.table import Table

if TYPE_CHECKING:
    from shaanxi_transfer.agents.rows import BrokerRow, ContractRow

SEED = np.uint64(11)

PARAMETERS = {
    "broker_deals_per_person": 8.0,
    "broker_fee_share": 0.03,
    "broker_cash_per_person": 30_000.0,
    "broker_hiring": 2.0,
    "broker_exit": 0.05,
    "broker_staff_mean": 5.0,
    "practising_attrition": 0.15,
    "training_displacement": 0.3,
    "demonstration_certifications_reference": 7.0,
    "demonstration_min_staff": 2.0,
    "demonstration_min_deals": 5.0,
    "demonstration_min_years": 1.0,
    "demonstration_review": 1.0,
    "demonstration_exit": 0.03,
    "brokers_founded_reference": 14.0,
}


def now_at(step: int, dt: float = 0.25) -> Any:
    now = np.zeros(1, dtype=np.dtype((np.record, [("step", "i8"), ("date", "f8"), ("dt", "f8")])))[0]
    now.step, now.dt, now.date = step, dt, 2012.0 + step * dt
    return now


def levers(certifications: float = 7.0, founded: float = 14.0) -> Any:
    return number_record({"demonstration_certifications": certifications, "brokers_founded": founded})


def parameters(**changes: float) -> Any:
    return number_record({**PARAMETERS, **changes})


def some_brokers(number: int) -> Table[BrokerRow]:
    table = Table("brokers", broker.COLUMNS)
    table.extend(number)
    even = np.array([0.5, 1.0])
    broker.found(table.storage, 0, number, np.uint64(5), 0, even, even, 2005.0, 0, parameters(), SEED)
    table.rows["deals"] = 10
    return table


def ready(table: Table[BrokerRow]) -> int:
    rows = table.rows
    return int((~rows["certified"] & (rows["staff"] >= 2)).sum())


def certified_in_a_year(table: Table[BrokerRow], programme: float, year: int) -> int:
    table.rows["certified"] = False
    return sum(
        broker.certify(table.rows, 7.0, parameters(), levers(programme), now_at(4 * year + quarter), SEED)
        for quarter in range(4)
    )


def test_sizes_have_the_stated_mean_and_usual_vacancies() -> None:
    rows = some_brokers(4_000).rows
    assert rows["places"].min() == 1
    assert rows["places"].mean() == pytest.approx(5.0, rel=0.05)
    assert rows["staff"].sum() / rows["places"].sum() == pytest.approx(2.0 / 2.15, rel=0.02)
    assert len(np.unique(rows["key"])) == len(rows)


def test_turnover_makes_no_trend_and_never_exceeds_the_places() -> None:
    table = some_brokers(500)
    before = table.rows["staff"].sum()
    for step in range(40):
        broker.turn_over(table.rows, parameters(), now_at(step), SEED)
        assert (table.rows["staff"] <= table.rows["places"]).all() and (table.rows["staff"] >= 0).all()
    assert table.rows["staff"].sum() == pytest.approx(before, rel=0.05)


def test_displacement_decides_how_many_places_the_trained_take() -> None:
    staff = {}
    for share in (0.0, 1.0):
        table = some_brokers(300)
        table.rows["trained"] = 3
        table.rows["staff"] += 3
        for step in range(40):
            broker.turn_over(table.rows, parameters(training_displacement=share), now_at(step), SEED)
        staff[share] = float(table.rows["staff"].sum())
    places = float(table.rows["places"].sum())
    assert staff[0.0] > places > staff[1.0] - 300 * 3 * 0.5
    assert staff[0.0] - staff[1.0] > 300


def test_certification_is_binomial_with_the_mean_of_the_programme() -> None:
    table = some_brokers(150)
    numbers = [certified_in_a_year(table, 7.0, year) for year in range(300)]
    candidates = ready(table)
    # Four rounds with slightly more candidates than are left: a hazard, not a quota.
    assert np.mean(numbers) == pytest.approx(7.0, abs=0.6)
    expected = 7.0 * (1.0 - 7.0 / candidates)
    assert 0.7 * expected < np.var(numbers) < 1.4 * expected


def test_more_certifications_than_candidates_can_be_had_at_most_at_the_hazard_of_review() -> None:
    table = some_brokers(20)
    candidates = ready(table)
    numbers = [certified_in_a_year(table, 500.0, year) for year in range(200)]
    assert max(numbers) <= candidates
    assert np.mean(numbers) == pytest.approx(candidates * (1.0 - math.exp(-1.0)), rel=0.08)


@pytest.mark.parametrize(("column", "value"), [("staff", 1), ("deals", 4), ("born", 2011.9), ("gone", True)])
def test_who_lacks_a_requirement_is_not_certified(column: str, value: float) -> None:
    table = some_brokers(60)
    table.rows["staff"] = 4
    table.rows[column] = value
    assert broker.certify(table.rows, 7.0, parameters(), levers(500.0), now_at(0), SEED) == 0
    assert not table.rows["certified"].any()


def test_no_programme_no_certification_and_status_is_lost() -> None:
    table = some_brokers(2_000)
    table.rows["certified"] = True
    assert broker.certify(table.rows, 7.0, parameters(), levers(0.0), now_at(0, dt=1.0), SEED) == 0
    assert 1.0 - table.rows["certified"].mean() == pytest.approx(0.03, abs=0.012)


def test_plan_adds_to_what_really_happened() -> None:
    table = some_brokers(400)
    usual = 12.0
    won = []
    for year in range(100):
        table.rows["certified"] = False
        won.append(broker.certify(table.rows, usual, parameters(), levers(15.0), now_at(year, dt=1.0), SEED))
    assert np.mean(won) == pytest.approx(usual + 8.0, rel=0.06)


def test_founding_follows_support_and_replaces_without_it() -> None:
    counts = {
        level: [
            broker.count_founded(
                np.uint64(3), 0.9, 15.0, parameters(), levers(founded=level), now_at(step), SEED
            )
            for step in range(2_000)
        ]
        for level in (0.0, 14.0, 20.0)
    }
    for level, mean in ((0.0, 0.9), (14.0, 15.9), (20.0, 21.9)):
        assert np.mean(counts[level]) == pytest.approx(mean / 4.0, rel=0.1)
    # One and the same luck: more support never founds fewer.
    assert all(more >= less for more, less in zip(counts[20.0], counts[14.0], strict=True))


def with_money(table: Table[BrokerRow], contracts: int) -> tuple[Books, Table[ContractRow]]:
    books = Books({"broker": table}, 1)
    ledger = Table("contracts", goods.CONTRACT_COLUMNS)
    rows = ledger.extend(contracts)
    rows["seller_sector"] = SECTOR["enterprise"]
    rows["state"] = goods.SIGNED
    rows["channel"] = goods.BROKERED
    rows["value"] = 1_000_000
    books.open()
    return books, ledger


def test_fees_are_paid_for_signed_brokered_contracts_only_and_paid_out_as_wages() -> None:
    table = some_brokers(3)
    table.rows["staff"], table.rows["deals"], table.rows["closed"] = 1, 0, 0
    books, ledger = with_money(table, 5)
    ledger.rows["broker"] = [0, 0, 1, 2, 2]
    ledger.rows["channel"][3] = goods.SEARCH
    ledger.rows["state"][4] = goods.REFUSED
    books.holders["enterprise"].rows["cash"][0] = 5_000_000
    books.open()
    broker.collect_fees(ledger.rows, table.rows, parameters(), books.purse, books.flows)
    assert books.paid("broker_fee", "enterprise", "broker") == 3 * 30_000
    assert table.rows["deals"].tolist() == [2, 1, 0] == table.rows["closed"].tolist()
    assert table.rows["cash"].tolist() == [30_000, 30_000, 0]
    assert books.paid("wages", "broker", "households") == 30_000
    books.close()


def test_a_seller_without_money_pays_what_it_has() -> None:
    table = some_brokers(1)
    books, ledger = with_money(table, 1)
    books.holders["enterprise"].rows["cash"][0] = 7
    books.open()
    broker.collect_fees(ledger.rows, table.rows, parameters(), books.purse, books.flows)
    assert books.paid("broker_fee") == 7
    books.close()


def test_closing_leaves_no_money_behind() -> None:
    table = some_brokers(400)
    table.rows["cash"], table.rows["certified"] = 1_000, True
    books = Books({"broker": table}, 1)
    books.open()
    closed = broker.close_down(table.rows, parameters(), now_at(0, dt=1.0), SEED, books.purse, books.flows)
    gone = table.rows["gone"]
    assert closed == gone.sum() > 5
    assert closed / 400 == pytest.approx(1.0 - math.exp(-0.05), abs=0.03)
    assert (table.rows["cash"][gone] == 0).all() and not table.rows["certified"][gone].any()
    assert books.paid("closing_down", "broker", "households") == 1_000 * closed
    books.close()


def test_work_follows_the_people() -> None:
    table = some_brokers(200)
    table.rows["closed"] = 5
    broker.plan_work(table.rows, 1.0, parameters(), now_at(0), SEED)
    assert (table.rows["closed"] == 0).all()
    assert table.rows["capacity"].sum() == pytest.approx(table.rows["staff"].sum() * 2.0, rel=0.02)
    assert (table.rows["capacity"][table.rows["staff"] == 0] == 0).all()
