"""Plain Mesa agents, written apart from the rules, do the same to the last yuan.

They live in ``benchmarks``, where the race against them is run.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.engine import luck
from shaanxi_transfer.model.ecosystem import Ecosystem
from shaanxi_transfer.model.province import Province
from shaanxi_transfer.scenarios import load

pytestmark = pytest.mark.house

BENCHMARKS = Path(__file__).resolve().parent.parent.parent / "benchmarks"


@pytest.fixture
def pair(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("side_by_side")


@pytest.fixture(scope="module")
def lived() -> Province:
    """A tiny province at the end of 2015."""
    with np.errstate(over="ignore"):
        ecosystem = Ecosystem(load("no_plan").set(draw_parameters=False), seed=5, scale=0.01)
        for _ in range(24):
            ecosystem.step()
    return ecosystem.province


@pytest.fixture
def province(lived: Province) -> Iterator[Province]:
    """The same in the first quarter of 2016, before anything happened."""
    with np.errstate(over="ignore"):
        copy = lived.branch(lived.scenario)
        copy.begin()
        yield copy


def test_the_hash_written_twice_gives_the_same_numbers(pair: Any) -> None:
    plain = importlib.import_module("plain_luck")
    code, key, seed = plain.mechanism("need"), 0xFEDCBA9876543210, 7
    same = plain.SameLuck(seed)
    with np.errstate(over="ignore"):
        for step, k in ((0, 0), (43, 3), (-40, 2)):
            assert same.uniform(code, key, step, k) == luck.draw_uniform(seed, code, key, step, k)
        begin = np.uint64(luck.stream(np.uint64(seed), np.uint64(code), np.uint64(key), 12))
        words = [int(luck.word(begin, k)) for k in range(9)]
    assert [same.stream(code, key, 12).word(k) for k in range(9)] == words


def test_plain_agents_do_the_same_to_the_last_yuan(pair: Any, province: Province) -> None:
    plain = pair.PlainQuarter(province)
    assert pair.differences(province, plain) == []
    begun = plain.outside.cash
    for part in pair.BEFORE_THE_MARKET:
        part.compiled(province)
        getattr(plain, part.name)()
        assert pair.differences(province, plain) == [], part.name
    pair.meet(province, plain)
    for part in pair.AFTER_THE_MARKET:
        part.compiled(province)
        getattr(plain, part.name)()
        assert pair.differences(province, plain) == [], part.name
    # Much happened: it was not nothing that agreed.
    assert begun != plain.outside.cash
    assert min(len(plain.needs), len(plain.contested), len(plain.settled)) > 100
    states = {contract.state for contract in plain.contracts}
    assert len(states) == 2
    registered = sum(bool(contract.registered) for contract in plain.contracts)
    assert 0 < registered < len(plain.contracts)
    assert plain.registry.value_by_seller.keys() >= {"university", "military_unit", "enterprise"}
    assert {cause for cause, _, _ in plain.flows} >= {
        "contract",
        "inventor_share",
        "dividend",
        "closing_down",
    }


def test_a_budget_outside_that_does_not_suffice_is_shared_out_alike(pair: Any, province: Province) -> None:
    province.values["outside_budget_headroom"] *= 0.2
    plain = pair.PlainQuarter(province)
    for part in pair.BEFORE_THE_MARKET:
        part.compiled(province)
        getattr(plain, part.name)()
    assert plain.admitted < 1.0
    assert plain.registry.refused > 100
    assert pair.differences(province, plain) == []


def test_they_agree_on_what_rewards_quotas_and_audits_make_of_registration(
    pair: Any, province: Province
) -> None:
    levers: Any = province.levers
    levers.registration_reward, levers.registration_quota, levers.registration_audit_rate = 0.01, 0.5, 0.2
    plain = pair.PlainQuarter(province)
    for part in pair.BEFORE_THE_MARKET:
        part.compiled(province)
        getattr(plain, part.name)()
    counted = plain.registry
    told = (counted.relabelled_value, counted.parts_more, counted.rewards_due, counted.entered_by_offices)
    assert min(told) > 0
    assert pair.differences(province, plain) == []


@pytest.mark.parametrize(
    ("sector", "column"), [("enterprise", "registered"), ("enterprise", "cash"), ("university", "sold")]
)
def test_a_number_that_differs_is_told(pair: Any, province: Province, sector: str, column: str) -> None:
    plain = pair.PlainQuarter(province)
    province.tables[sector].rows[3][column] += 1
    told = pair.differences(province, plain)
    assert any(line.startswith(f"{sector} 3: {column}") for line in told)
