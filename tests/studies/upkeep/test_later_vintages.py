"""The bands that later studies leave lie within those of early 2018, and a draw keeps its rank."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

import pytest

from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.scenarios import load
from shaanxi_transfer.scenarios.provinces.parameter_draws import probability, shared_parameters
from shaanxi_transfer.studies.upkeep.later_vintages import LATER, both_bands, values_known_later


@pytest.mark.parametrize("name", LATER)
def test_the_band_of_early_2018_is_the_wider_one(name: str) -> None:
    low, high = LATER[name]
    wide = shared_parameters()[name]
    assert wide.low is not None and wide.high is not None
    assert wide.low <= low <= wide.value <= high <= wide.high
    assert (wide.low, wide.high) != (low, high)
    assert wide.vintage is not None and wide.vintage > 2017


def test_a_draw_keeps_its_rank() -> None:
    world = load("action_plan").set(belief="prior")
    table = world.parameter_table()
    for seed in range(5):
        drawn, later = world.parameter_draws(seed), values_known_later(world, seed)
        assert set(later) == set(LATER)
        for name, (low, high) in LATER.items():
            if low == high:
                assert later[name] == low
                continue
            narrow = table[name].model_copy(update={"low": low, "high": high})
            assert probability(narrow, later[name]) == pytest.approx(probability(table[name], drawn[name]))


def test_both_chances_stand_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fund's share is all that a stub of a run looks at: its chance differs as its band does."""
    model = door_to_model.model()
    scenarios = [load("action_plan").set(belief="prior", name="action_plan")]
    seen: list[Any] = []

    def batch(plan: Any, job: Any, **_: Any) -> list[Any]:
        for run in plan:
            seen.append((run.scenario, job.scenarios[run.scenario].parameters))
        return []

    monkeypatch.setattr("shaanxi_transfer.studies.upkeep.later_vintages.run_batch", batch)
    monkeypatch.setattr(type(model), "warm", lambda self: None, raising=False)
    with pytest.raises(Exception, match="not one of 4 runs"):
        both_bands(scenarios, model, Namespace(runs=2, scale=0.02, seed=1, workers=0))
    assert [name for name, _ in seen] == [
        "action_plan",
        "action_plan~later-000000",
        "action_plan",
        "action_plan~later-000001",
    ]
    assert seen[0][1] == {} and set(seen[1][1]) == set(LATER)
