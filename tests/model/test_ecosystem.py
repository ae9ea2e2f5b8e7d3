from __future__ import annotations

import ast
import copy
import gc
import inspect
import pickle
import textwrap
import weakref
from typing import Any

import mesa
import numpy as np
import pytest

from shaanxi_transfer.agents.enterprise import Enterprise
from shaanxi_transfer.agents.view import RowView
from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.model import run, running, start
from shaanxi_transfer.model.ecosystem import Ecosystem
from shaanxi_transfer.model.indicators import INDICATORS
from shaanxi_transfer.scenarios import load

SHORT = load("no_plan").set(end="2010-Q4")


def test_it_is_a_mesa_model_that_steps_to_its_end() -> None:
    ecosystem = Ecosystem(SHORT, seed=1, scale=0.02)
    assert isinstance(ecosystem, mesa.Model)
    taken = 0
    while ecosystem.running:
        ecosystem.step()
        taken += 1
        assert len(ecosystem.record().quarters) == taken
    assert taken == 4
    assert [str(quarter) for quarter in ecosystem.record().quarters] == [f"2010-Q{q}" for q in (1, 2, 3, 4)]


def test_run_and_stepping_give_the_same_record() -> None:
    ecosystem = Ecosystem(SHORT, seed=1, scale=0.02)
    ecosystem.run_model()
    assert ecosystem.record().values.tobytes() == run(SHORT, seed=1, scale=0.02).values.tobytes()


def test_the_actors_of_a_kind_are_a_table() -> None:
    ecosystem = Ecosystem(SHORT, seed=1, scale=0.02)
    ecosystem.step()
    table, firms = ecosystem.frame(Enterprise), ecosystem.agents_by_type[Enterprise]
    assert list(table["cash"]) == firms.get("cash")
    assert list(table["field"]) == [firm.name_of("field") for firm in firms]
    assert repr(ecosystem) == "<Ecosystem of shaanxi, 2010-Q1, scale 0.02>"


def test_looking_changes_nothing() -> None:
    ecosystem = Ecosystem(SHORT, seed=1, scale=0.02)
    while ecosystem.running:
        ecosystem.step()
        assert len(ecosystem.agents.select(lambda agent: agent.cash >= 0)) > 100
        ecosystem.agents_by_type[Enterprise].shuffle_do("name_of", "field")
    assert ecosystem.record().values.tobytes() == run(SHORT, seed=1, scale=0.02).values.tobytes()


def test_a_run_makes_no_views(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: RowView, *_: object) -> None:
        raise AssertionError("a batch must not pay for views")

    monkeypatch.setattr(RowView, "__init__", refuse)
    assert len(run(SHORT, seed=1, scale=0.02).quarters) == 4
    ecosystem = Ecosystem(SHORT, seed=1, scale=0.02)
    with pytest.raises(AssertionError, match="pay for views"):
        _ = ecosystem.agents


@pytest.mark.parametrize("looked_at", [False, True])
def test_a_model_is_freed_after_use(looked_at: bool) -> None:
    ecosystem = Ecosystem(SHORT, seed=1, scale=0.02)
    ecosystem.step()
    if looked_at:
        assert len(ecosystem.agents) > 100
        ecosystem.step()
        assert len(ecosystem.agents_by_type[Enterprise]) > 100
    model, province = weakref.ref(ecosystem), weakref.ref(ecosystem.province)
    del ecosystem
    gc.collect()
    assert model() is None
    assert province() is None


def test_a_record_travels_between_processes() -> None:
    record = run(SHORT, seed=1, scale=0.02)
    there = pickle.loads(pickle.dumps(record))
    assert there.indicators == record.indicators and there.quarters == record.quarters
    assert there.values.tobytes() == record.values.tobytes()


def test_the_record_in_long_form_is_complete() -> None:
    record = run(SHORT, seed=1, scale=0.02)
    frame = record.frame()
    assert list(frame.columns) == ["year", "quarter", "indicator", "value"]
    assert len(frame) == 4 * len(record.indicators)
    assert not frame.duplicated(["year", "quarter", "indicator"]).any()
    assert np.isfinite(frame["value"]).all()
    chosen = frame[frame["indicator"] == "contract_value_output"]
    assert chosen["value"].tolist() == record.series("contract_value_output").tolist()
    assert chosen["quarter"].tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize("scale", [0.0, 0.001, -1.0, 1.5, float("nan"), float("inf")])
def test_a_scale_out_of_range_is_refused_before_any_step(scale: float) -> None:
    with pytest.raises(InputError, match=r"^scale: .* is not a scale; allowed a share from 0.01 to 1"):
        Ecosystem(SHORT, seed=1, scale=scale)


@pytest.mark.parametrize("seed", [-1, 2**63, 2**64])
def test_a_seed_out_of_range_is_refused_before_any_step(seed: int) -> None:
    with pytest.raises(
        InputError, match=r"^seed: .* is not a seed; allowed a whole number from 0 to 9223372036854775807"
    ):
        run(SHORT, seed=seed, scale=0.02)


@pytest.mark.parametrize("scale", [0.01, 1.0])
@pytest.mark.parametrize("seed", [0, 2**63 - 1])
def test_the_ends_of_the_range_are_allowed(seed: int, scale: float) -> None:
    record = run(load("no_plan").set(end="2010-Q1"), seed=seed, scale=scale)
    assert record.series("contract_value_output")[0] > 0.0


def test_an_unknown_scenario_is_named_with_the_nearest_one() -> None:
    with pytest.raises(InputError, match="did you mean action_plan"):
        Ecosystem("action_pln", seed=1, scale=0.02)


def test_a_finished_run_is_freed_without_the_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[weakref.ref[Ecosystem]] = []

    def remember(*given: Any, **named: Any) -> Ecosystem:
        ecosystem = Ecosystem(*given, **named)
        made.append(weakref.ref(ecosystem))
        return ecosystem

    monkeypatch.setattr(running, "Ecosystem", remember)
    gc.collect()
    gc.disable()
    try:
        running.run(load("no_plan").set(end="2010-Q2"), seed=1, scale=0.01)
        assert [reference() for reference in made] == [None]
    finally:
        gc.enable()


def _calls(function: Any) -> list[str]:
    """List what a function calls with the province, in its order."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(function))))
    (body,) = tree.body
    calls = (node for statement in ast.walk(body) for node in [getattr(statement, "value", None)])
    return [ast.unparse(call.func) for call in calls if isinstance(call, ast.Call) and len(call.args) == 1]


def test_the_market_before_the_start_keeps_the_order_of_the_page() -> None:
    page, before = _calls(Ecosystem.step), _calls(start.trade_before_the_start)
    assert len(before) > 10
    assert [call for call in page if call in before] == before


WAYS: dict[str, Any] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda one: pickle.loads(pickle.dumps(one)),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_copy_on_the_way_ends_as_the_original_and_moves_it_not(way: str) -> None:
    ecosystem = Ecosystem(SHORT, seed=1, scale=0.02)
    ecosystem.step()
    twin = WAYS[way](ecosystem)
    twin.run_model()
    assert len(ecosystem.record().quarters) == 1
    ecosystem.run_model()
    whole = run(SHORT, seed=1, scale=0.02).values.tobytes()
    assert twin.record().values.tobytes() == whole
    assert ecosystem.record().values.tobytes() == whole


@pytest.mark.parametrize("way", WAYS)
def test_everything_public_is_copied(way: str) -> None:
    ecosystem = Ecosystem(SHORT, seed=1, scale=0.02)
    agent = next(iter(ecosystem.agents_by_type[Enterprise]))
    assert WAYS[way](agent).cash == agent.cash
    for name, indicator in INDICATORS.items():
        assert WAYS[way](indicator) is INDICATORS[name], "the way in which it is read stands in the code"
    record = run(SHORT, seed=1, scale=0.02)
    assert WAYS[way](record).values.tobytes() == record.values.tobytes()
    assert WAYS[way](SHORT).hash == SHORT.hash
