"""A link restores what was asked, says what has changed since, and is refused in a sentence if wrong."""

from __future__ import annotations

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.reports.dashboard.state import (
    MOST_CHARACTERS,
    State,
    changed_since,
    link_of,
    read_link,
    world_of,
)
from shaanxi_transfer.scenarios import load


def test_an_empty_link_asks_for_the_plan_of_shaanxi() -> None:
    state, marks = read_link("")
    assert (state, marks) == (State(), {})
    assert world_of(state) == load("action_plan")


def test_a_link_restores_scenario_seed_and_belief_exactly() -> None:
    state = State(
        scenario="action_plan",
        overlays=("half_budget",),
        province="gansu",
        belief="prior",
        seed=7,
        language="en",
        levers=(("voucher_budget", 1.2345678e7), ("fund_size", "no_plan")),
    )
    state = State(**{**vars(state), "levers": tuple(sorted(state.levers, reverse=True))})
    world = world_of(state)
    again, marks = read_link(link_of(state, world))
    assert {**vars(again), "levers": dict(again.levers)} == {**vars(state), "levers": dict(state.levers)}
    assert world_of(again).hash == world.hash and world_of(again) == world
    assert marks["made"] == world.hash[:12] and marks["fit"] == "prior"
    assert changed_since(marks, world) == []
    assert world.levers["fund_size"] == "no_plan" and world.levers["voucher_budget"] == 1.2345678e7


def test_a_link_says_what_has_changed_since_it_was_made() -> None:
    world = world_of(State())
    _, marks = read_link(link_of(State(), world))
    assert changed_since({**marks, "version": "0.1.0"}, world) == ["version"]
    assert changed_since({**marks, "rules": "0" * 8, "made": "0" * 12}, world) == ["rules", "made"]
    # Another fit makes another scenario: one sentence says it.
    assert changed_since({**marks, "fit": "0" * 8, "made": "0" * 12}, world) == ["fit"]
    assert changed_since({}, world) == []


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("fund_sise=1e9", "link: there is no lever or field 'fund_sise'; .* did you mean fund_size"),
        ("fund_size=1e9&fund_size=2e9", "fund_size: stands twice"),
        ("fund_size=much", "fund_size: 'much' is no number; allowed plan, no_plan, or a number in yuan"),
        ("scenario=/etc/passwd", "scenario: '/etc/passwd' is not one of the choices"),
        ("scenario=action_plam", "did you mean action_plan"),
        ("overlays=../../mine.yaml", "overlays: .* is not one of the choices"),
        ("overlays=" + "+".join(["half_budget"] * 5), "overlays: 5 overlays; allowed up to 4"),
        ("province=/tmp", "province"),
        ("belief=results/mine", "belief: .* allowed posterior, prior"),
        ("seed=-1", "seed: '-1' is not a seed"),
        ("seed=99999999999999999999", "seed: .* is not a seed"),
        ("lang=fr", "lang: 'fr' is not one of the choices"),
        ("note=" + "x" * MOST_CHARACTERS, "link: .* characters are too many"),
        ("scenario=%ff", "link: its characters cannot be read"),
        ("title_en=<script>", "there is no lever or field 'title_en'"),
    ],
)
def test_what_is_no_choice_is_refused_in_one_sentence(text: str, refusal: str) -> None:
    with pytest.raises(InputError, match=refusal) as refused:
        read_link(text.replace("+", "%2B"))
    assert "\n" not in str(refused.value) and len(str(refused.value)) < 2_000


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("fund_size=9e12", "fund_size: 9e.12 is outside the bounds; allowed 0 to 5e.10 yuan"),
        ("fund_size=nan", "fund_size"),
        ("training_seats=10.5", "training_seats: 10.5 is not whole"),
        ("voucher_budget=1e6&voucher_face_value=5e5&publicity=40", "publicity: 40 looks like percent"),
        ("overlays=stationary", "assumes another world than 'no_plan' .outside."),
        ("scenario=nothing", "assumes another world than 'no_plan' .its past."),
    ],
)
def test_every_value_stays_within_its_levers_bounds(text: str, refusal: str) -> None:
    state, _ = read_link(text)
    with pytest.raises(InputError, match=refusal) as refused:
        world_of(state)
    assert "\n" not in str(refused.value)


def test_a_scenario_with_moved_levers_is_called_so_in_both_languages() -> None:
    world = world_of(read_link("fund_size=8e9")[0])
    assert world.title_zh == "行动方案（已调整）" and world.title_en == "The action plan (changed)"
    assert world.hash == load("action_plan").set(fund_size=8e9).hash
