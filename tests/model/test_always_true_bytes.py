"""Same scenario, seed, scale: the same bytes, in another process, with rows in another order, uncompiled."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.engine.books import SECTORS
from shaanxi_transfer.engine.table import Table
from shaanxi_transfer.model import run, start
from shaanxi_transfer.model.ecosystem import Ecosystem
from shaanxi_transfer.model.province import Province
from shaanxi_transfer.model.quarter import firms
from shaanxi_transfer.model.record import Record
from shaanxi_transfer.scenarios import load

Same = Callable[[Record, Record], None]

_ELSEWHERE = """
import hashlib, sys
from shaanxi_transfer.model import run
from shaanxi_transfer.scenarios import load
record = run(load("action_plan").set(plan_start="2010-Q3", end="2011-Q4"), seed=42, scale=0.05)
print(hashlib.sha256(record.values.tobytes()).hexdigest(), hash("a word"))
"""


def in_a_fresh_process(code: str, **variables: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **variables}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_the_same_bytes_twice_in_one_process(same_record: Same) -> None:
    scenario = load("action_plan").set(plan_start="2010-Q3", end="2011-Q4")
    one = run(scenario, seed=42, scale=0.05)
    run(load("nothing").set(end="2010-Q2"), seed=7, scale=0.02)
    same_record(one, run(scenario, seed=42, scale=0.05))
    assert one.values.tobytes() != run(scenario, seed=43, scale=0.05).values.tobytes()


@pytest.mark.slow
def test_the_same_bytes_in_a_fresh_process_whatever_the_hash_seed() -> None:
    record = run(load("action_plan").set(plan_start="2010-Q3", end="2011-Q4"), seed=42, scale=0.05)
    here = hashlib.sha256(record.values.tobytes()).hexdigest()
    there, of_a_word = in_a_fresh_process(_ELSEWHERE, PYTHONHASHSEED="1")
    assert of_a_word != str(hash("a word")), "the two processes did hash words differently"
    assert there == here


# ---- rows permuted ---------------------------------------------------------------


def shuffle(province: Province, name: str, table: Table[Any], rng: np.random.Generator) -> None:
    """Bring a table's rows into another order, and let whatever points at them follow."""
    order = rng.permutation(len(table))
    table.rows[:] = table.rows[order]
    now_at = np.argsort(order)
    for ledger in (value for value in vars(province).values() if isinstance(value, Table)):
        for party in ("buyer", "seller", "owner"):
            fields = ledger.dtype.names or ()
            if f"{party}_row" not in fields:
                continue
            rows = ledger.rows
            pointing = (rows[f"{party}_sector"] == SECTORS.index(name)) & (rows[f"{party}_row"] >= 0)
            pointing &= rows[f"{party}_row"] < len(table)
            rows[f"{party}_row"][pointing] = now_at[rows[f"{party}_row"][pointing]]
    if name == "enterprise":
        for ledger in (province.finance.stakes, province.finance.loans):
            ledger.rows["firm_row"] = now_at[ledger.rows["firm_row"]]


def test_the_order_of_the_firms_rows_does_not_matter(
    same_record: Same, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = load("action_plan").set(plan_start="2010-Q3", end="2011-Q4")
    straight = run(scenario, seed=11, scale=0.05)
    tidy, rng = firms.tidy, np.random.default_rng(0)
    shuffled = 0

    def shuffle_before_tidying(province: Province) -> None:
        nonlocal shuffled
        shuffle(province, "enterprise", province.enterprises, rng)
        shuffled += 1
        tidy(province)

    monkeypatch.setattr(firms, "tidy", shuffle_before_tidying)
    same_record(straight, run(scenario, seed=11, scale=0.05))
    assert shuffled == 8 + start.TRADE_YEARS * scenario.steps_per_year


@pytest.mark.parametrize("ledger", ["needs", "results"])
def test_the_order_of_a_ledgers_rows_does_not_matter(same_record: Same, ledger: str) -> None:
    scenario = load("action_plan").set(plan_start="2010-Q3", end="2011-Q4")
    straight = run(scenario, seed=11, scale=0.05)
    ecosystem, rng = Ecosystem(scenario, seed=11, scale=0.05), np.random.default_rng(1)
    with np.errstate(over="ignore"):
        while ecosystem.running:
            table: Table[Any] = getattr(ecosystem.province, ledger)
            table.rows[:] = table.rows[rng.permutation(len(table))]
            ecosystem.step()
    same_record(straight, ecosystem.record())


# ---- compiler off ----------------------------------------------------------------

# The spin-up is shortened alike in both modes: uncompiled it would take minutes.
_TINY = """
import json
from shaanxi_transfer.model import start
from shaanxi_transfer.scenarios import load
start.RESEARCH_YEARS = 1
from shaanxi_transfer.model.running import run
scenario = load("action_plan").set(
    plan_start="2010-Q2", end="2010-Q2", draw_parameters=False,
    technology_firms_2017=9000, enterprise_contracts_2017=12000, research_institutes=100, military_units=30,
)
# What the plan would start only later, so that its rules are tried as well.
early = dict(
    pilot_grants=1e8, firms_cultivated=400, firm_research_platforms=100, contest_prizes=5e7,
    challenge_tenders=1e8, dispatched_scientists=1000, platform_reach=1, technology_import=0.3,
    alliance_membership=0.5, regional_subcentres=1, one_institute_model=1, city_plans=1e8,
    star_sky_platforms=100, talent_pool=500, alliance_orders=500, fast_growers_supported=200,
    founders_mentored=2000, broker_funds=0.5, military_joint_firms=50,
)
scenario = scenario.set(**{name: {"2010-Q2": value} for name, value in early.items()})
record = run(scenario, seed=3, scale=0.01)
print(json.dumps([x.hex() for x in record.values.ravel().tolist()]))
"""


@pytest.mark.slow
def test_the_same_bytes_with_the_compiler_off() -> None:
    plain, compiled = (
        json.loads("".join(in_a_fresh_process(_TINY, NUMBA_DISABLE_JIT=off))) for off in ("1", "0")
    )
    assert plain == compiled
    assert len({number for number in plain if number != (0.0).hex()}) > 30


def test_no_draw_comes_from_a_hidden_sequence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Luck is a function of the seed: nobody asks Python's, NumPy's or Mesa's generator."""
    import random

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a draw from a sequence")

    for name in ("random", "uniform", "choice", "shuffle", "gauss", "randint"):
        monkeypatch.setattr(random, name, refuse)
        if hasattr(np.random, name):
            monkeypatch.setattr(np.random, name, refuse)
    ecosystem = Ecosystem(load("no_plan").set(end="2010-Q2"), seed=1, scale=0.02)
    before = ecosystem.rng.bit_generator.state, ecosystem.random.getstate()
    ecosystem.step()
    assert (ecosystem.rng.bit_generator.state, ecosystem.random.getstate()) == before
