"""A future that is kept answers as one that is lived whole, to the bit."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shaanxi_transfer.model import run
from shaanxi_transfer.model.ecosystem import Ecosystem
from shaanxi_transfer.model.indicators.from_outside import OwnIndicator
from shaanxi_transfer.model.record import Record
from shaanxi_transfer.model.shared_past import REMEMBERED, KeptFuture, steps_in_common
from shaanxi_transfer.scenarios import Scenario, list_overlays, load

Same = Callable[[Record, Record], None]

START = {"plan_start": "2011-Q1", "end": "2011-Q4"}
STEPS = 4
"""Quarters of 2010, on the eve of a plan that starts in 2011."""

OVERLAYS = sorted(set(list_overlays()) - {"stationary"})


@pytest.fixture
def stepped(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The steps that any model makes."""
    steps: list[int] = []
    step = Ecosystem.step

    def counted(model: Ecosystem) -> None:
        steps.append(model.province.step + 1)
        step(model)

    monkeypatch.setattr(Ecosystem, "step", counted)
    return steps


def worlds() -> list[Scenario]:
    names = ["action_plan", "action_plan_managed", "no_plan", *OVERLAYS]
    return [load(name).set(**START, name=name) for name in names]


def test_every_named_scenario_and_overlay_goes_on_as_if_lived_whole(same_record: Same, soak: bool) -> None:
    some = worlds()
    for seed in range(4, 24 if soak else 5):
        kept = KeptFuture(load("no_plan").set(**START), STEPS, seed=seed, scale=0.02)
        together = kept.run(some)
        for world, record in zip(some, together, strict=True):
            same_record(run(world, seed=seed, scale=0.02), record)
        assert len({record.values.tobytes() for record in together}) > 5, "policies differ"
        (again,) = kept.run([some[0]])
        same_record(together[0], again)


def test_months_are_kept_as_well(same_record: Same) -> None:
    monthly = {**START, "end": "2011-Q1", "steps_per_year": 12}
    plan = load("action_plan").set(**monthly)
    kept = KeptFuture(load("no_plan").set(**monthly), 3 * STEPS, scale=0.02)
    same_record(run(plan, scale=0.02), kept.run([plan])[0])


def test_an_indicator_from_outside_is_taken_down(same_record: Same) -> None:
    count = OwnIndicator(lambda province: float(len(province.enterprises)), "count", "stock", "own", "own")
    own = {"own_firms": count}
    plan = load("action_plan").set(**START)
    kept = KeptFuture(load("no_plan").set(**START), STEPS, scale=0.02, indicators=own)
    same_record(run(plan, scale=0.02, indicators=own), kept.run([plan])[0])


@pytest.mark.parametrize(
    ("other", "steps"),
    [
        ("action_plan", 33),
        ("action_plan_managed", 33),
        ("delayed_two_years", 41),
        ("no_plan", 44),
        ("nothing", 0),
        ("stationary", 0),
    ],
)
def test_scenarios_agree_until_the_first_change(other: str, steps: int) -> None:
    assert steps_in_common(load("no_plan"), load(other)) == steps


def test_a_change_before_the_plan_is_seen() -> None:
    early = load("action_plan").set(plan_start="2016-Q3")
    assert steps_in_common(load("no_plan"), early) == 26
    assert steps_in_common(load("action_plan"), early) == 26


def test_another_past_is_refused() -> None:
    kept = KeptFuture(load("no_plan").set(**START), STEPS, scale=0.02)
    for other in (
        load("action_plan").set(**{**START, "plan_start": "2010-Q4"}, name="other"),
        load("no_plan").set(**START, name="other", technology_firms_2017=9_000.0),
    ):
        with pytest.raises(ValueError, match="'other' orders another past"):
            kept.run([other])


def test_what_all_are_held_against_is_run_once(stepped: list[int]) -> None:
    none, *others = [load("no_plan").set(**START), *worlds()[:3]]
    kept = KeptFuture(none, STEPS, scale=0.02)
    assert stepped == list(range(STEPS))
    kept.run([others[0], none])
    assert sorted(stepped[STEPS:]) == sorted([*range(4, 8)] * 2)
    del stepped[:]
    kept.run([others[1], none.set(name="twin")])
    assert stepped == list(range(4, 8)), "the absence of the plan is remembered"
    assert len(kept._remembered) == REMEMBERED


def test_it_says_how_much_memory_it_takes() -> None:
    none = load("no_plan").set(**START)
    small, large = (KeptFuture(none, STEPS, scale=scale).nbytes for scale in (0.02, 0.2))
    assert 200_000 < small < large < 10_000_000
