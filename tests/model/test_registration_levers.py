"""Whole runs under levers of registration: what is signed stays, what is counted moves as the rule says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.model.record import Record
from shaanxi_transfer.model.running import run_together
from shaanxi_transfer.scenarios import lever_catalogue, load

LEVERS: Mapping[str, float] = {
    "registration_service": 0.1,
    "registration_reward": 0.02,
    "registration_audit_rate": 1.0,
    "registration_quota": 1.0,
}
SEEDS = (1, 2, 3)
COUNTED = re.compile(
    r"contract_(value|count)_(output|inflow|major|within_city|relabelled)|contracts_(from_splitting|entered_by)"
    r"|high_tech_contract_value_output|registration_|tax_forgone|public_cost"
)
"""Indicators that say what is registered and what that costs, and no others."""

Year = Callable[[Record, str, int], float]


@pytest.fixture(scope="module")
def worlds() -> list[dict[str, Record]]:
    """By seed, the world without any lever, one world a lever, and one of all."""
    base = load("no_plan").set(end="2020-Q4")
    scenarios = {"none": base, **{name: base.set(**{name: value}) for name, value in LEVERS.items()}}
    scenarios["all"] = base.set(**LEVERS)
    return [
        dict(zip(scenarios, run_together(list(scenarios.values()), seed=seed, scale=0.05), strict=True))
        for seed in SEEDS
    ]


def test_every_lever_of_registration_is_tried() -> None:
    assert {name for name in lever_catalogue() if name.startswith("registration_")} == set(LEVERS)


@pytest.mark.parametrize("name", [*LEVERS, "all"])
def test_nothing_but_what_is_counted_moves(worlds: list[dict[str, Record]], name: str) -> None:
    for world in worlds:
        base, other = world["none"], world[name]
        differs = (base.values != other.values).any(axis=0)
        moved = {one for one, does in zip(base.indicators, differs, strict=True) if does}
        assert moved
        assert {one for one in moved if not COUNTED.match(one)} == set()
        signed = {one for one in base.indicators if "_signed" in one and "contract" in one}
        assert len(signed) >= 5 and not signed & moved


@pytest.mark.parametrize("name", LEVERS)
def test_each_lever_moves_its_own_count(worlds: list[dict[str, Record]], name: str, of_year: Year) -> None:
    own = lever_catalogue()[name].indicator
    sign = -1 if name == "registration_audit_rate" else 1
    for world in worlds:
        before, after = (of_year(world[which], own, 2020) for which in ("none", name))
        assert sign * (after - before) > 0.0


def test_a_push_on_small_contracts_raises_the_count_and_lowers_the_mean(
    worlds: list[dict[str, Record]], of_year: Year
) -> None:
    """Pattern 12: the pair of 2017 was +0.40 and -0.26; without the push the same year has neither."""

    def ln(record: Record) -> np.ndarray:
        count, value = (of_year(record, f"contract_{one}_output", 2020) for one in ("count", "value"))
        return np.log([count, value / count])

    for name, least in (("registration_quota", 0.05), ("registration_reward", 0.05), ("all", 0.15)):
        moved = np.array([ln(world[name]) - ln(world["none"]) for world in worlds])
        count, mean = moved.mean(axis=0)  # by how much differs with the parameters that a world drew
        assert count > least and mean < -least, name
        assert (moved[:, 0] > 0.05).all() and (moved[:, 1] < -0.05).all(), name
        assert (moved.sum(axis=1) > 0.0).all(), "more is registered, if little"


def test_what_is_undue_is_found_where_everything_is_audited(
    worlds: list[dict[str, Record]], of_year: Year
) -> None:
    for world in worlds:
        for name in ("registration_audit_rate", "all"):
            assert of_year(world[name], "contract_value_relabelled", 2020) == 0.0
            assert of_year(world[name], "contracts_from_splitting", 2020) == 0.0
        assert of_year(world["registration_reward"], "contracts_from_splitting", 2020) > 0.0
        tax = {
            name: of_year(world[name], "tax_forgone", 2020) for name in ("none", "registration_audit_rate")
        }
        assert tax["registration_audit_rate"] < tax["none"]


def test_rewards_stand_in_the_cost_of_task_2(worlds: list[dict[str, Record]], of_year: Year) -> None:
    for world in worlds:
        reward = of_year(world["registration_reward"], "registration_rewards", 2020)
        administration = lever_catalogue()["registration_reward"].admin_cost_per_year
        cost = of_year(world["registration_reward"], "public_cost_task_02", 2020)
        assert cost == pytest.approx(reward + administration) and reward > 1e7
        assert of_year(world["registration_quota"], "public_cost_organisation_1", 2020) > 0.0


@pytest.mark.soak
@pytest.mark.slow
def test_quarters_and_months_agree_on_what_rewards_and_quotas_bring(of_year: Year) -> None:
    brought = []
    for steps in (4, 12):
        base = load("no_plan").set(end="2020-Q4", steps_per_year=steps)
        worlds = [base, base.set(registration_quota=1.0), base.set(registration_reward=0.01)]
        records = [run_together(worlds, seed=seed, scale=0.05) for seed in range(1, 5)]
        counts = [[of_year(one, "contract_count_output", 2020) for one in each] for each in records]
        brought.append(np.log(counts).mean(axis=0))
    rises = [ln[1:] - ln[0] for ln in brought]
    assert rises[0] == pytest.approx(rises[1], rel=0.05) and (rises[0] > 0.05).all()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("registration_audit_rate: 1.2", r"1\.2 .*allowed 0 to 1"),
        ("registration_audit_rate: -0.1", r"-0\.1 .*allowed 0 to 1"),
        ("registration_quota: 2.0", r"2 .*allowed 0 to 1"),
        ("registration_quota: {2019-Q1: 1.5}", r"1\.5 .*allowed 0 to 1"),
        ("registration_reward: 5", r"5 .*allowed 0 to 0\.02"),
        ("registration_qota: 0.5", r"did you mean registration_quota"),
    ],
)
def test_levers_out_of_bounds_are_named_with_file_line_and_key(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(f"base: no_plan\nlevers:\n  {line}\n", encoding="utf-8")
    key = line.partition(":")[0]
    with pytest.raises(InputError, match=rf"mine\.yaml:3:(?s:.*){key}") as caught:
        load(path)
    assert re.search(said, str(caught.value)), caught.value
