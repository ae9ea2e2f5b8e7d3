"""Scenarios run together are the same, to the bit, as each run alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shaanxi_transfer.model import run
from shaanxi_transfer.model.ecosystem import Ecosystem
from shaanxi_transfer.model.record import Record
from shaanxi_transfer.model.running import run_together
from shaanxi_transfer.scenarios import Scenario, lever_catalogue, load

Same = Callable[[Record, Record], None]

START = {"plan_start": "2011-Q1", "end": "2012-Q2"}


def worlds() -> list[Scenario]:
    """The plan, whole, halved and late, and its absence; a lever early, one late; another world; a twin."""
    none = load("no_plan").set(**START)
    return [
        load("action_plan").set(**START),
        none,
        none.set(name="late", levers={"voucher_budget": {"2012-Q1": 5e7}}),
        none.set(name="early", levers={"training_seats": {"2011-Q2": 900.0}}),
        none.set(name="other_world", technology_firms_2017=9_000.0),
        none.set(name="twin"),
        load("nothing").set(**START),
        load("half_budget").set(**START),
        load("half_budget").set(**START, delay_quarters=2),
    ]


def test_together_as_alone(same_record: Same) -> None:
    together = run_together(worlds(), seed=6, scale=0.03)
    for world, record in zip(worlds(), together, strict=True):
        same_record(run(world, seed=6, scale=0.03), record)
    values = {record.values.tobytes() for record in together}
    assert len(values) == len(worlds()) - 1, "all but the twin live differently"


def test_the_shared_history_is_lived_once(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = []
    step = Ecosystem.step

    def counted(model: Ecosystem) -> None:
        steps.append(model.province.step + 1)
        step(model)

    monkeypatch.setattr(Ecosystem, "step", counted)
    none = load("no_plan").set(**START)
    run_together([none, none.set(name="late", levers={"voucher_budget": {"2012-Q1": 5e7}})], scale=0.03)
    assert sorted(steps) == [*range(8), 8, 8, 9, 9]


def test_a_branch_leaves_its_stem_alone(same_record: Same) -> None:
    none, plan = load("no_plan").set(**START), load("action_plan").set(**START)
    stem = Ecosystem(none, seed=2, scale=0.03)
    for _ in range(4):
        stem.step()
    branch = stem.branch(plan)
    while branch.running:
        branch.step()
    while stem.running:
        stem.step()
    same_record(run(none, seed=2, scale=0.03), stem.record())
    same_record(run(plan, seed=2, scale=0.03), branch.record())


def test_other_scenarios_leave_the_baseline_as_it_was(same_record: Same, soak: bool) -> None:
    """Purity: nothing of a run stays behind in the process."""
    none = load("no_plan").set(**START)
    before = run(none, seed=8, scale=0.02)
    plan = load("action_plan").set(**START)
    changed = [lever for lever in lever_catalogue().values() if lever.changes][: 49 if soak else 12]
    for lever in changed:
        run(none.set(**{lever.id: "plan"}, name=f"with_{lever.id}"), seed=9, scale=0.01)
    assert run(plan, seed=8, scale=0.02).values.tobytes() != before.values.tobytes()
    same_record(before, run(none, seed=8, scale=0.02))
