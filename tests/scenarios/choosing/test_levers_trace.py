"""From the plan's words to the line that reads the lever: every task, every quote, every rule."""

from __future__ import annotations

import ast
import functools
from pathlib import Path

import pytest

import shaanxi_transfer
from shaanxi_transfer.scenarios import TASKS, Lever, lever_catalogue, levers, task_text

PACKAGE = Path(shaanxi_transfer.__file__).parent


@pytest.mark.parametrize("task", TASKS)
def test_every_task_has_a_lever(task: str) -> None:
    assert any(lever.selector == task for lever in lever_catalogue().values()), f"{task} has no lever"


def test_the_plan_writes_its_ratio_with_a_wide_colon() -> None:
    assert "1：10" in task_text("task_21") and "1:10" not in task_text("task_21")
    assert any("1：10" in lever.quote for lever in lever_catalogue().values())


def test_only_three_tasks_give_a_number_themselves() -> None:
    table = levers()
    assert set(table.loc[table["kind"] == "plan", "task"]) <= {11, 17, 21}


# ---- who reads a lever -----------------------------------------------------------


@functools.cache
def functions() -> dict[tuple[str, str, str], ast.FunctionDef]:
    """Find every function of agents and model, by room, file and name."""
    found: dict[tuple[str, str, str], ast.FunctionDef] = {}
    for room in ("agents", "model"):
        for file in sorted((PACKAGE / room).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef):
                    found[room, file.stem, node.name] = node
    return found


def levers_read(function: ast.FunctionDef) -> set[str]:
    """Name what a function takes out of a record of levers or out of their paths, or asks for by its name."""
    names: set[str] = set()
    for node in ast.walk(function):
        holder = getattr(node, "value", None)
        called = getattr(holder, "id", getattr(holder, "attr", ""))
        if isinstance(node, ast.Attribute) and called == "levers":
            names.add(node.attr)
        elif isinstance(node, ast.Subscript) and called in ("levers", "lever_paths"):
            if isinstance(node.slice, ast.Constant):
                names.add(str(node.slice.value))
        elif isinstance(node, ast.Call):  # ``province.levels("transfer_posts", ...)``
            asked = {str(argument.value) for argument in node.args if isinstance(argument, ast.Constant)}
            names |= asked & set(lever_catalogue())
    return names


def calls(function: ast.FunctionDef) -> set[str]:
    """Name what a function calls."""
    found = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return {str(getattr(one, "id", getattr(one, "attr", ""))) for one in found}


def readers(lever: Lever, known: dict[tuple[str, str, str], ast.FunctionDef]) -> list[str]:
    """Name the functions through which a lever reaches its rule.

    The rule reads it itself, or hands its levers to a function of its own file that does; or a
    function reads the lever and gives its number to the rule, or to one of its file that calls it.
    """
    room, file, name = lever.rule.split(".")
    rule = known.get((room, file, name))
    if rule is None:
        return []
    found = [lever.rule] if lever.id in levers_read(rule) else []
    for (its_room, its_file, its_name), function in known.items():
        if lever.id not in levers_read(function) or function is rule:
            continue
        helps = (its_room, its_file) == (room, file) and its_name in calls(rule)
        through = {other for (_, stem, other), body in known.items() if stem == file and name in calls(body)}
        if helps or calls(function) & {name, *through}:
            found.append(f"{its_room}.{its_file}.{its_name}")
    return found


@pytest.mark.parametrize("lever", lever_catalogue().values(), ids=lambda lever: lever.id)
def test_the_rule_of_every_lever_exists_and_reads_it(lever: Lever) -> None:
    assert tuple(lever.rule.split(".")) in functions(), f"there is no {lever.rule}"
    assert readers(lever, functions()), f"{lever.rule} never sees {lever.id}"


def test_a_lever_that_no_rule_reads_is_found_out() -> None:
    lever = lever_catalogue()["voucher_budget"]
    assert readers(lever, functions())
    assert readers(lever.model_copy(update={"id": "never_read"}), functions()) == []
    assert readers(lever.model_copy(update={"rule": "agents.voucher.nothing_such"}), functions()) == []
    other = lever.model_copy(update={"rule": "agents.incubator.count_founded"})
    assert readers(other, functions()) == [], "it is read, but not by this rule"


def test_every_lever_that_a_rule_reads_is_in_the_catalogue() -> None:
    read = {name for function in functions().values() for name in levers_read(function)}
    assert read and read <= set(lever_catalogue())


def test_the_last_two_words_of_a_rule_name_one_function() -> None:
    for room in ("agents", "model"):
        files = [
            file.stem for file in (PACKAGE / room).rglob("*.py") if file.stem not in ("__init__", "places")
        ]
        assert len(files) == len(set(files)), (
            f"two files of {room} bear one name; levers could not tell them apart"
        )
