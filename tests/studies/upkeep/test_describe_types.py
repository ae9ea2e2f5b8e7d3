"""What type checkers read of rows, parameters and levers is made from their declarations."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from shaanxi_transfer.agents import enterprise
from shaanxi_transfer.model.province import Province
from shaanxi_transfer.scenarios import lever_catalogue, load
from shaanxi_transfer.studies.upkeep.describe_types import (
    STUBS,
    declared_columns,
    lever_fields,
    parameter_fields,
)

FOLDER = Path(__file__).resolve().parents[3] / "agents"


@pytest.mark.house
@pytest.mark.parametrize("name", sorted(STUBS))
def test_file_is_current(name: str) -> None:
    committed = (FOLDER / name).read_text(encoding="utf-8")
    assert committed == STUBS[name](), "run: python -m shaanxi_transfer.studies.upkeep.describe_types agents"


@pytest.mark.parametrize("province", ["shaanxi", "xizang"])
def test_every_parameter_of_a_run_is_named_once(province: str) -> None:
    names = [field.name for field in parameter_fields()]
    assert len(names) == len(set(names))
    assert set(Province(load("no_plan").set(province=province), seed=1, scale=0.01).steered) <= set(names)


def test_every_lever_is_named() -> None:
    assert [field.name for field in lever_fields()] == sorted(lever_catalogue())


def test_every_declaration_of_columns_names_its_row() -> None:
    """One that does not would be seen by nobody: its rows would be of any kind."""
    named = {id(columns) for _, columns in declared_columns().values()}
    assert id(enterprise.COLUMNS) in named
    for file in sorted(FOLDER.glob("*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                if node.target.id.endswith("COLUMNS"):
                    place = f"agents.{file.stem}.{node.target.id}"
                    assert place in {where for where, _ in declared_columns().values()}, place
