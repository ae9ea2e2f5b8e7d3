"""Partnerships: brokers' clients seen by funds, military units' firms with partners of the province."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from shaanxi_transfer.agents.goods import IDLE, SOLD, SPUN_OFF
from shaanxi_transfer.engine.books import SECTOR
from shaanxi_transfer.model.province import Province
from shaanxi_transfer.model.quarter import finance, ventures


@pytest.fixture
def province(begin_step: Callable[..., Province]) -> Province:
    return begin_step(8)


def give_results_to_young_firms(province: Province) -> set[int]:
    """Let every young firm with research have bought a result; gives their rows."""
    firms = province.enterprises.rows
    young = firms["research_user"] & ~firms["large"] & (firms["bound"] < firms["members"])
    young &= province.now.date - firms["born"] < province.values["fund_venture_age"]
    rows = np.flatnonzero(young)[: len(province.results)]
    bought = province.results.rows[: len(rows)]
    bought["buyer_key"], bought["state"] = firms["key"][rows], SOLD
    return {int(row) for row in rows}


def test_clients_take_the_places_of_others_and_leave_the_rest(province: Province) -> None:
    clients = give_results_to_young_firms(province)
    others = [row for row in range(len(province.enterprises)) if row not in clients]
    queue = np.array(others[:400], dtype=np.int64)
    before = queue.copy()
    assert len(finance.show_clients_of_brokers(province, queue, 200)) == 0, "the lever stands at zero"
    province.levers.broker_funds = 1.0
    shown = finance.show_clients_of_brokers(province, queue, 200)
    people = float(province.brokers.rows["staff"].sum())
    most = people * province.values["broker_fund_clients"] * province.now.dt + len(province.brokers)
    assert 0 < len(shown) <= most and set(shown.tolist()) <= clients
    changed = queue != before
    assert 0 < changed.sum() <= len(shown) and set(queue[changed].tolist()) <= clients
    assert not changed[200:].any(), "nobody is shown who cannot be served"


def test_a_client_in_the_queue_changes_places_and_stands_there_once(province: Province) -> None:
    clients = give_results_to_young_firms(province)
    province.levers.broker_funds = 1.0
    queue = np.array(sorted(clients), dtype=np.int64)
    finance.show_clients_of_brokers(province, queue, 20)
    assert sorted(queue.tolist()) == sorted(clients)


def test_brokers_without_people_clients_without_results_and_funds_without_deals_show_nobody(
    province: Province,
) -> None:
    province.levers.broker_funds = 1.0
    queue = np.arange(300, dtype=np.int64)
    province.results.rows["buyer_key"] = 0
    assert len(finance.show_clients_of_brokers(province, queue, 100)) == 0
    give_results_to_young_firms(province)
    province.brokers.rows["staff"] = 0.0
    assert len(finance.show_clients_of_brokers(province, queue, 100)) == 0
    assert len(finance.show_clients_of_brokers(province, queue[:0], 100)) == 0


def test_funds_buy_stakes_in_clients(province: Province) -> None:
    give_results_to_young_firms(province)
    province.levers.broker_funds = 1.0
    before = len(province.finance.stakes)
    finance.invest(province)
    bought = len(province.finance.stakes) - before
    assert 0 < province.supported["broker funds"] <= bought


def waiting(province: Province) -> int:
    rows = province.results.rows
    military = rows["owner_sector"] == SECTOR["military_unit"]
    return int((military & rows["seeking"] & (rows["state"] == IDLE)).sum())


@pytest.mark.parametrize(("yearly", "most"), [(0.0, 0), (8.0, 3), (1000.0, 300)])
def test_military_units_found_firms_here_on_results_that_wait(
    province: Province, yearly: float, most: int
) -> None:
    before, firms = waiting(province), len(province.enterprises)
    spun = int((province.results.rows["state"] == SPUN_OFF).sum())
    province.levers.military_joint_firms = yearly / province.values["joint_firm_additional"]
    ventures.found_joint_firms(province)
    founded = len(province.enterprises) - firms
    assert founded == min(founded, most) and (founded > 0) == (yearly > 0.0)
    assert founded == province.counts.founded_on_results.sum() == province.supported["joint firms"]
    assert before - waiting(province) == founded == (province.results.rows["state"] == SPUN_OFF).sum() - spun
    if yearly == 1000.0:
        assert waiting(province) == 0, "there are no more firms than results"


def test_without_results_of_military_units_there_is_no_joint_firm(province: Province) -> None:
    rows = province.results.rows
    rows["seeking"][rows["owner_sector"] == SECTOR["military_unit"]] = False
    province.levers.military_joint_firms = 1000.0
    ventures.found_joint_firms(province)
    assert province.supported["joint firms"] == 0 == province.counts.founded_on_results.sum()
