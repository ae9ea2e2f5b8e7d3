"""What outdates a posterior, and what does not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer.experiments.forecast import warn_of_beliefs
from shaanxi_transfer.experiments.keeping.manifest import hash_of_code
from shaanxi_transfer.experiments.keeping.provenance import (
    calibration_world,
    changed_entries,
    far_ahead,
    hash_of_mechanisms,
    outdated,
    warning_of,
)
from shaanxi_transfer.experiments.places import PACKAGE
from shaanxi_transfer.scenarios import lever_catalogue, load, load_pack, scenario, shared_parameters

ROOMS = ("engine", "agents", "model", "scenarios", "experiments", "reports")


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("package")
    for room in ROOMS:
        for file in (PACKAGE / room).rglob("*.py"):
            place = root / file.relative_to(PACKAGE)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, place)
    return root


SPEAKS: dict[str, tuple[str, str, str]] = {
    "a docstring of a rule": ("agents/enterprise.py", '"""Certify high', '"""In other words: certify high'),
    "a docstring of targets": ("model/targets.py", "By what a plan is judged", "What a plan is judged by"),
    "a page writer": ("reports/figures/theme.py", "import", "import sys\nimport"),
    "a new indicator": (
        "model/indicators/of_people.py",
        '        Indicator(\n            "brokers",',
        '        Indicator("twice", "count", "stock", "t", "t", "t", lambda p: 2.0),\n'
        '        Indicator(\n            "brokers",',
    ),
}

MOVES: dict[str, tuple[str, str, str]] = {
    "a rule": ("agents/enterprise.py", "firm.certified += gained", "firm.certified += 2 * gained"),
    "a compiled callee in a sub-folder": ("model/markets/access.py", "return ", "return 2 * "),
    "how parameters are drawn": ("scenarios/provinces/parameter_draws.py", "_Z95 = ", "_Z95 = 2 * "),
}


def hashes(root: Path) -> tuple[str, str]:
    return hash_of_mechanisms(root), hash_of_code("forecast", root)


@pytest.fixture(scope="module")
def unedited(copied: Path) -> tuple[str, str]:
    return hashes(copied)


@contextmanager
def edited(root: Path, *edits: tuple[str, str, str]) -> Iterator[None]:
    texts = {root / name: (root / name).read_text(encoding="utf-8") for name, *_ in edits}
    try:
        for name, old, new in edits:
            assert old in texts[root / name]
            (root / name).write_text(texts[root / name].replace(old, new), encoding="utf-8")
        yield
    finally:
        for file, text in texts.items():
            file.write_text(text, encoding="utf-8")


def test_edits_that_move_no_number_outdate_nothing(copied: Path, unedited: tuple[str, str]) -> None:
    with edited(copied, *SPEAKS.values()):
        assert hashes(copied) == unedited


@pytest.mark.parametrize("what", MOVES)
def test_an_edit_outdates_what_it_can_change(what: str, copied: Path, unedited: tuple[str, str]) -> None:
    with edited(copied, MOVES[what]):
        assert not {*hashes(copied)} & {*unedited}


def with_lever(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    """Add a lever to the catalogue, made of one of today's."""
    known = lever_catalogue()
    new = known["voucher_budget"].model_copy(update=changes)
    monkeypatch.setattr(scenario, "lever_catalogue", lambda: {**known, new.id: new})
    monkeypatch.setattr(load_pack("shaanxi"), "catalogue", {**known, new.id: new})


def test_a_lever_that_no_rule_reads_changes_no_scenario(monkeypatch: pytest.MonkeyPatch) -> None:
    before = load("action_plan").hash
    with_lever(monkeypatch, id="nobody_asks_for_this", history={"2010-Q1": 1e6}, no_plan=1e6)
    assert load("action_plan").hash == before


def test_a_lever_outdates_a_posterior_if_it_was_on_before_the_fit_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Named like a parameter, so that rules mention it.
    plan, world = load("action_plan").hash, calibration_world("shaanxi", 2017).hash
    with_lever(monkeypatch, id="fund_hard_cap", history={}, no_plan=None)
    assert load("action_plan").hash != plan
    assert calibration_world("shaanxi", 2017).hash == world
    with_lever(monkeypatch, id="fund_hard_cap", history={"2015-Q1": 1.0}, no_plan=None)
    assert calibration_world("shaanxi", 2017).hash != world


def test_a_posterior_of_other_years_than_the_pack_is_told_with_its_mend() -> None:
    world = load("no_plan").set(outside={"observed_until": 2015}, name="no_plan")
    told = str(warning_of(world))
    assert "fitted to figures up to 2017, and the scenario knows them up to 2015" in told
    assert "`shaanxi-transfer calibrate --until 2015`" in told and "`--belief prior`" in told
    with pytest.warns(UserWarning, match="fitted to figures up to 2017"):  # before any run
        warn_of_beliefs({"no_plan": world}, stacklevel=1)


@pytest.mark.parametrize("change", [{"low": 0.001}, {"unit": "yuan"}, {"value": 0.031}])
def test_a_prior_or_its_unit_outdates_a_posterior(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    world = load("no_plan")
    posterior = world.posterior()
    assert posterior is not None and outdated(posterior, world) == []
    known = shared_parameters()
    edited = {**known, "fund_hard_cap": known["fund_hard_cap"].model_copy(update=change)}
    monkeypatch.setattr(scenario, "shared_parameters", lambda: edited)
    assert outdated(posterior, world) == ["world"]


def test_a_parameter_that_no_rule_reads_outdates_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = calibration_world("shaanxi", 2017).hash
    known = shared_parameters()
    edited = {**known, "nobody_asks_for_this": known["fund_hard_cap"]}
    monkeypatch.setattr(scenario, "shared_parameters", lambda: edited)
    assert calibration_world("shaanxi", 2017).hash == before


def test_a_prior_that_came_later_outdates_nothing_and_one_that_changed_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = load("no_plan")
    posterior = world.posterior()
    assert posterior is not None and "parameter fund_hard_cap" in posterior.world
    known = shared_parameters()
    # Named like a lever, so that rules mention it.
    monkeypatch.setattr(scenario, "shared_parameters", lambda: {**known, "fund_size": known["fund_hard_cap"]})
    assert calibration_world("shaanxi", 2017).hash[:16] != posterior.head.world
    assert changed_entries(posterior, world) == []
    edited = known["fund_hard_cap"].model_copy(update={"low": 0.001})
    monkeypatch.setattr(scenario, "shared_parameters", lambda: {**known, "fund_hard_cap": edited})
    assert changed_entries(posterior, world) == ["parameter fund_hard_cap"]
    assert "levers of the past (parameter fund_hard_cap) changed" in str(warning_of(world))


def test_an_end_far_beyond_the_data_is_told_of() -> None:
    world = load("no_plan")
    assert far_ahead(world.set(end="2022-Q4")) == {}
    assert far_ahead(world.set(end="2023-Q4")) == {"years": 6, "last": 2017, "most": 5}
