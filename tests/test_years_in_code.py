"""Which years stand in the code: no eve, start or end, which are data of a pack or of a scenario."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.house

REPOSITORY = Path(__file__).resolve().parent.parent
ROOMS = ("agents", "engine", "experiments", "model", "reports", "scenarios", "studies")
FIRST, LAST = 2005, 2035
STATEMENTS = (ast.Module, ast.ClassDef, ast.FunctionDef)
YEAR = re.compile(r"(?<![\d-])20[0-3]\d(?!\d)")

FILE = "name of a file of sources, whose figures are of these years"
EXAMPLE = "example of a form in a refusal, or of a command in its help"
PUBLISHED = "year of a figure that was published and is compared; a table of evidence of the shipped packs"
STUDY = "a re-enactment or a table in the years of the shipped packs; no run of a user reaches it"
NAME = "name of a parameter or indicator, or a text about it: the head of a pack says which year is meant"

ALLOWED: dict[str, str] = {
    **dict.fromkeys(
        (
            "agents/broker.py", "agents/enterprise.py", "agents/founding.py", "agents/fund.py",
            "agents/incubator.py", "experiments/fitting_provinces/province_beliefs.py",
            "experiments/fitting_provinces/province_fit.py", "experiments/planning/fitted_parameters.py",
            "model/indicators/of_finance.py", "model/indicators/of_people.py",
            "model/indicators/of_ventures.py", "model/markets/demand.py", "model/province.py",
            "model/quarter/finance.py", "model/quarter/registration.py", "model/state/outside.py",
            "model/state/space.py",
            "scenarios/migrating/steps.py", "scenarios/provinces/levels_of_last_year.py",
        ),
        NAME,
    ),
    **dict.fromkeys(
        (
            "engine/quarters.py", "engine/units.py", "experiments/explaining/carry_out.py",
            "experiments/hubverse/file_names.py", "reports/command_line.py", "reports/commands/options.py",
            "reports/commands/why.py", "scenarios/changed_in_words.py",
        ),
        EXAMPLE,
    ),
    **dict.fromkeys(
        (
            "experiments/calibrating/compare_observed.py", "experiments/effects/knock_outs.py",
            "experiments/patterns/jumps.py", "experiments/patterns/pattern_list.py",
        ),
        PUBLISHED,
    ),
    **dict.fromkeys(("scenarios/provinces/national_series.py", "scenarios/provinces/sources_read.py"), FILE),
    "scenarios/choosing/pack_years.py": "keys luck; any number would do",
    "scenarios/json_schema.py": "edition of a standard",
}  # fmt: skip
"""Reason by file; a file of `studies` has the reason `STUDY`."""


def years_in(file: Path) -> Iterator[int]:
    """Give the years in the numbers and texts of a file, docstrings apart."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    said = {
        id(node.value)
        for parent in ast.walk(tree)
        for node in (parent.body if isinstance(parent, STATEMENTS) else [])
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in said:
            continue
        if isinstance(node.value, str):
            yield from (int(word) for word in YEAR.findall(node.value) if FIRST <= int(word) <= LAST)
        elif isinstance(node.value, int | float) and FIRST <= node.value <= LAST:
            yield int(node.value)


def test_a_year_in_the_code_has_its_reason() -> None:
    found = {
        file.relative_to(REPOSITORY).as_posix(): sorted(set(years))
        for room in ROOMS
        for file in sorted((REPOSITORY / room).rglob("*.py"))
        if (years := list(years_in(file)))
    }
    assert {one for one in found if one.startswith("studies/")}, STUDY
    without = {name: years for name, years in found.items() if name not in ALLOWED and "studies/" not in name}
    assert without == {}, "an eve, a start or an end is data of a pack or a scenario: decision 0061"
    assert set(ALLOWED) <= set(found), "these have no year any more"


def test_a_year_is_found_wherever_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "made_up.py"
    code = 'A = 2011\nB = f"{A}-Q4 of 2012"\nC = 2013.5\nD = "until 2014-Q1", 20150, 1998\n'
    file.write_text('"""Of 2010."""\n' + code, encoding="utf-8")
    assert sorted(years_in(file)) == [2011, 2012, 2013, 2014]
