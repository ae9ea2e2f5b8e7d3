"""What departments do about gaps: nothing without one, as much as lacks with one, within money and bounds."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.model.quarter import management
from shaanxi_transfer.model.state.calendar import Calendar
from shaanxi_transfer.scenarios.choosing.declared_targets import DeclaredTarget, shipped_plan
from shaanxi_transfer.scenarios.choosing.pack_years import shipped_years

ORDERED = {
    "training_seats": 75.0, "demonstration_certifications": 11.0, "incubators_founded": 8.0,
    "maker_spaces_founded": 60.0, "registration_service": 0.01,
}  # fmt: skip
SIGNED, REGISTERED = 110e9, 100e9
"""Yuan of the last four quarters: the target of turnover is met, and ten billion lie unregistered."""


class Judged(SimpleNamespace):
    """A scenario that is judged by its targets, or by those of the shipped plan."""

    @property
    def judged_by(self) -> Any:
        return self.targets or shipped_plan().targets


@pytest.fixture
def world(small: Any) -> Any:
    """The first quarter of 2019, two years before the targets' date, with every target met."""
    small.calendar = Calendar(Quarter(2010, 1), Quarter(2020, 4), 4)
    small.now.date, small.now.dt = 2019.125, 0.25
    small.scenario = Judged(targets={})
    small.pack = SimpleNamespace(
        years=shipped_years(),
        name="shaanxi", manifest=SimpleNamespace(plan_written_for="shaanxi"),
    )  # fmt: skip
    small.set(
        "people", training_pass_share=0.8, training_seats_reference=75.0, demonstration_exit=0.04,
        broker_exit=0.02, demonstration_certifications_reference=11.0,
    )  # fmt: skip
    small.usual = SimpleNamespace(seats=75.0, certifications=11.0, platforms=(8.0, 60.0))
    small.values = {"incubators_founded_reference": 8.0, "maker_spaces_founded_reference": 60.0}
    for name, value in ORDERED.items():
        setattr(small.levers, name, value)
    small.levers.target_management = 1.0
    small.put_in_force = lambda levers: setattr(small, "levers", levers)
    small.totals.signed, small.totals.registered = [int(SIGNED / 4)] * 4, [int(REGISTERED / 4)] * 4
    people(small, 1_000)
    institutions(small, 100)
    small.incubators.extend(200)
    small.treasuries.rows["cash"][0] = 10**9
    small.books.open()
    return small


def people(world: Any, number: int, date: float = 2017.0) -> None:
    world.trainees.close(0)
    world.trainees.extend(number)["born"] = date


def institutions(world: Any, number: int) -> None:
    world.brokers.close(0)
    world.brokers.extend(120)["certified"] = np.arange(120) < number


def acted(world: Any) -> dict[str, float]:
    """By lever what departments added to it."""
    management.act_on_gaps(world)
    added = {name: float(getattr(world.levers, name)) - value for name, value in ORDERED.items()}
    return {name: value for name, value in added.items() if value != 0.0}


def test_without_a_gap_the_plan_stays_as_it_is_written(world: Any) -> None:
    before = np.asarray(world.levers).tobytes()
    assert acted(world) == {}
    assert np.asarray(world.levers).tobytes() == before


def test_the_order_of_the_scenario_itself_is_not_touched(world: Any) -> None:
    people(world, 0)
    ordered = world.levers
    management.act_on_gaps(world)
    assert world.levers is not ordered
    assert ordered.training_seats == 75.0


@pytest.mark.parametrize("target", ["trained_people", "demonstration_institutions", "contract_value_output"])
def test_nobody_acts_on_a_target_whose_year_is_over(world: Any, target: str) -> None:
    people(world, 0)
    institutions(world, 0)
    world.totals.registered = [0] * 4
    world.now.date = 2020.875
    assert acted(world) != {}
    world.now.date = 2021.125
    for name, value in ORDERED.items():
        setattr(world.levers, name, value)
    assert acted(world) == {}


def test_what_lacks_is_spread_over_the_time_that_is_left(world: Any) -> None:
    people(world, 200)
    # 800 lack; 1.645 spreads of luck, sqrt(800 * 0.2) = 12.6 each, are 20.8 more; of five seats four pass.
    asked = (800.0 + 1.645 * math.sqrt(160.0)) / 0.8 / 2.0
    assert acted(world) == {"training_seats": pytest.approx(asked - 75.0)}


def test_half_of_a_gap_is_half_of_the_act(world: Any) -> None:
    people(world, 200)
    world.levers.target_management = 0.5
    asked = (800.0 + 1.645 * math.sqrt(160.0)) / 0.8 / 2.0
    assert acted(world) == {"training_seats": pytest.approx(0.5 * (asked - 75.0))}


def test_a_small_gap_that_the_programme_closes_anyway_moves_nothing(world: Any) -> None:
    people(world, 900)
    assert acted(world) == {}


def test_only_first_certificates_since_2016_are_counted(world: Any) -> None:
    people(world, 1_000, date=2015.99)
    assert set(acted(world)) == {"training_seats"}


def test_no_lever_goes_beyond_its_bound(world: Any) -> None:
    people(world, 0)
    world.now.date = 2020.875
    assert acted(world) == {"training_seats": 1500.0 - 75.0}


def test_certificates_make_up_for_those_that_will_be_lost(world: Any) -> None:
    institutions(world, 80)
    lacking = 20.0 + 1.645 * math.sqrt(20.0)
    asked = lacking / 2.0 + 80 * (0.04 + 0.02)
    assert acted(world) == {"demonstration_certifications": pytest.approx(asked - 11.0)}


def test_at_the_goal_only_losses_are_made_up_for_and_the_programme_does_that(world: Any) -> None:
    institutions(world, 100)
    world.usual.certifications = 5.0
    # 100 institutions lose six a year, one more than the programme certifies.
    assert acted(world) == {"demonstration_certifications": pytest.approx(1.0)}


def test_platforms_are_founded_in_the_proportion_in_which_they_are(world: Any) -> None:
    world.incubators.close(50)
    # 150 lack in two years: 75 a year instead of 68, an incubator to 7.5 maker spaces.
    added = acted(world)
    assert added["incubators_founded"] == pytest.approx(7.0 * 8 / 68)
    assert added["maker_spaces_founded"] == pytest.approx(7.0 * 60 / 68)


def test_service_points_open_for_what_lies_unregistered(world: Any) -> None:
    world.totals.registered = [int(99e9 / 4)] * 4
    # One billion lacks of eleven that lie unregistered: a share of 1/11 in two years.
    hazard = -math.log1p(-1.0 / 11.0) / 2.0
    assert acted(world) == {"registration_service": pytest.approx(hazard - 0.01)}


def test_service_points_cost_what_those_of_the_plan_cost(world: Any) -> None:
    world.totals.registered = [int(99e9 / 4)] * 4
    hazard = -math.log1p(-1.0 / 11.0) / 2.0
    cost = round(6.0e5 * (hazard - 0.01) / 0.01 * 0.25)
    management.act_on_gaps(world)
    assert world.treasuries.rows["cash"][0] == 10**9 - cost
    assert world.public[2].sum() == cost


def test_an_empty_treasury_pays_nothing(world: Any) -> None:
    world.totals.registered = [int(99e9 / 4)] * 4
    world.treasuries.rows["cash"][0] = 0
    management.act_on_gaps(world)
    assert world.treasuries.rows["cash"][0] == 0


def test_what_is_registered_already_cannot_be_registered_again(world: Any) -> None:
    world.totals.signed = world.totals.registered = [int(90e9 / 4)] * 4
    assert acted(world) == {}


def test_before_a_year_has_been_reported_nobody_acts_on_turnover(world: Any) -> None:
    world.totals.signed, world.totals.registered = [int(SIGNED / 4)] * 3, [0] * 3
    assert acted(world) == {}


@pytest.mark.parametrize(("written_for", "acts"), [("", True), ("shaanxi", True), ("gansu", False)])
def test_nobody_is_held_to_the_targets_of_another_province(world: Any, written_for: str, acts: bool) -> None:
    people(world, 0)
    world.pack.manifest.plan_written_for = written_for
    assert bool(acted(world)) is acts


def test_turnover_is_noted_step_by_step(world: Any) -> None:
    world.tally = SimpleNamespace(signed_value=7, value_by_seller=np.array([2, 3]))
    management.note_turnover(world)
    assert (world.totals.signed[-1], world.totals.registered[-1]) == (7, 5)


def test_targets_that_a_scenario_declares_are_managed_anywhere_and_no_others(world: Any) -> None:
    people(world, 0)
    world.pack.manifest.plan_written_for = "gansu"
    ordered = world.levers

    def asked(**targets: DeclaredTarget) -> dict[str, float]:
        world.levers, world.scenario.targets = ordered, targets
        return acted(world)

    said: dict[str, Any] = {"goal": 2_000, "year": 2020, "kind": "stock", "title_en": "A", "title_zh": "A"}
    wide = asked(mine=DeclaredTarget(indicator="trained_people", **said))["training_seats"]
    less = asked(trained_people=DeclaredTarget(**{**said, "goal": 1_000}))["training_seats"]
    assert 0.0 < less < wide
    met = asked(incubation_platforms=DeclaredTarget(**{**said, "goal": 100}))
    assert met == {}, "the shipped plan's targets are not asked for"
    assert asked(trained_people=DeclaredTarget(**{**said, "year": 2018})) == {}, "its year is over"
