"""Targets that a scenario declares: what is refused and where, and what is the same without any."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.experiments.planning.door_to_model import loaded
from shaanxi_transfer.scenarios import Scenario, load
from shaanxi_transfer.scenarios.choosing.declared_targets import shipped_plan
from shaanxi_transfer.scenarios.template import YEARS_OF_A_PLAN, write_template

TARGET: dict[str, Any] = {"goal": 5, "year": 2022, "kind": "stock", "title_en": "A", "title_zh": "甲"}

FILE = """base: no_plan
end: 2022-Q4
targets:
  trained_people:
    goal: 5
    year: 2022
    kind: stock
    title_en: A
    title_zh: 甲
"""


@pytest.mark.parametrize(
    ("mistake", "line", "key", "words"),
    [
        (("goal: 5", "goal: -5"), 5, "goal", "-5 is no goal; allowed a number above 0"),
        (("year: 2022", "year: 2023"), 6, "year", "2023 is not among the whole years.*allowed 2010 to 2022"),
        (("year: 2022", "yaer: 2022"), 6, "yaer", "unknown key 'yaer'.*did you mean year"),
        (("kind: stock", "kind: flow"), 7, "kind", "is a stock, and its target is judged as a flow"),
        (
            ("    kind", "    indicator: trained_poeple\n    kind"),
            7,
            "indicator",
            "did you mean trained_people",
        ),
    ],
)
def test_a_fault_is_told_at_its_line(
    tmp_path: Path, mistake: tuple[str, str], line: int, key: str, words: str
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(FILE.replace(*mistake), encoding="utf-8")
    with pytest.raises(InputError, match=words) as refused:
        loaded(file)
    problems = refused.value.__dict__.get("others", (refused.value,))
    assert (line, f"targets.trained_people.{key}") in {(one.line, one.key) for one in problems}
    file.write_text(FILE, encoding="utf-8")
    assert loaded(file).targets["trained_people"].goal == 5


def test_a_last_year_that_is_not_whole_is_refused() -> None:
    with pytest.raises(InputError, match="2010 to 2021"):
        load("no_plan").set(end="2022-Q3", targets={"trained_people": TARGET})


def test_a_scenario_without_targets_is_the_one_it_was_and_with_some_another() -> None:
    plan = load("no_plan")
    assert "targets" not in plan.content()
    later = plan.set(end="2022-Q4", name="later")
    assert later.set(targets={"trained_people": TARGET}).hash != later.hash


@pytest.mark.parametrize("suffix", ["yaml", "xlsx"])
def test_declared_targets_are_written_and_read_back(tmp_path: Path, suffix: str) -> None:
    mine = load("no_plan").set(
        end="2022-Q4", name="mine", targets={"more": {**TARGET, "indicator": "trained_people", "note": "x"}}
    )
    assert load(mine.save(tmp_path / f"mine.{suffix}")).targets == mine.targets


@pytest.mark.parametrize(("name", "language"), [("a.yaml", "en"), ("b.yaml", "zh"), ("c.xlsx", "en")])
def test_the_template_of_a_next_plan_is_in_order_and_changes_no_lever(
    tmp_path: Path, name: str, language: Any
) -> None:
    file = write_template(tmp_path / name, "no_plan", language, plan=True)
    found, shipped = loaded(file), shipped_plan()
    start = Quarter.parse(shipped.end).later(1)
    assert Quarter.parse(found.plan_start) == start
    assert Quarter.parse(found.end) == start.later(4 * YEARS_OF_A_PLAN - 1)
    assert {key: one.goal for key, one in found.targets.items()} == {
        key: one.goal for key, one in shipped.targets.items()
    }
    assert {one.year for one in found.targets.values()} == {Quarter.parse(found.end).year}
    assert {tuple(set(path[-20:])) for path in paths_after(found, start)} <= {
        (value,) for value in levels_before(found, start)
    }


def paths_after(world: Scenario, start: Quarter) -> list[list[float]]:
    first = world.quarters.index(start)
    return [path[first:].tolist() for path in world.quarterly_lever_paths().values()]


def levels_before(world: Scenario, start: Quarter) -> list[float]:
    before = world.quarters.index(start) - 1
    return [float(path[before]) for path in world.quarterly_lever_paths().values()]


def test_a_lever_of_the_template_may_be_taken_in(tmp_path: Path) -> None:
    file = write_template(tmp_path / "mine.yaml", "no_plan", plan=True)
    text = file.read_text(encoding="utf-8")
    line = next(one for one in text.splitlines() if one.startswith("  # registration_audit_rate:"))
    file.write_text(text.replace(line, line.replace("# ", "", 1).replace(": 0.05}", ": 0.25}")), "utf-8")
    path = load(file).quarterly_lever_paths()["registration_audit_rate"]
    start = Quarter.parse(load(file).plan_start)
    place = load(file).quarters.index(start)
    assert path[place - 1 : place + 1].tolist() == [0.05, 0.25]
