"""A kind of actor is declared once, and the page of what else it touches is complete."""

from __future__ import annotations

import ast
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

from shaanxi_transfer.agents import kind
from shaanxi_transfer.agents.kind import WITHOUT_MONEY, empty_tables, kinds
from shaanxi_transfer.agents.view import RowView
from shaanxi_transfer.engine.books import AGGREGATES, SECTORS
from shaanxi_transfer.engine.errors import BooksError
from shaanxi_transfer.engine.reached_code import reached
from shaanxi_transfer.experiments.places import PACKAGE
from shaanxi_transfer.experiments.planning.code_of_numbers import RUN

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "how_to" / "add_an_actor_kind.md"
ROOMS = ("engine", "agents", "model", "scenarios", "experiments", "reports")
DATA = ("scenarios/packs/*", "scenarios/posteriors/*")


def test_kinds_are_those_of_the_books_and_those_without_money() -> None:
    named = [each.sector for each in kinds()]
    assert sorted([*named, *AGGREGATES]) == sorted([*SECTORS, *WITHOUT_MONEY])
    assert list(empty_tables()) == named
    for each in kinds():
        assert RowView.OF[each.sector].KIND is each
        has_cash = "cash" in {column.name for column in each.columns}
        assert has_cash == (each.sector not in WITHOUT_MONEY), each.sector


def test_a_kind_that_no_file_declares_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kind, "SECTORS", (*SECTORS, "notary"))
    with pytest.raises(BooksError, match=r"^agents/notary.py: the books name the kind 'notary', which no"):
        kinds.__wrapped__()


def test_the_hash_of_a_run_covers_all_first_populations() -> None:
    written = reached(PACKAGE, RUN)["settle"]
    assert len(written) == 1 + sum(each.settle is not None for each in kinds()), "and that of the province"


def words_of(file: Path) -> set[str]:
    """Words that a file uses: of Python those of names and texts, without docstrings and comments."""
    text = file.read_text(encoding="utf-8")
    used = [re.sub(r"#.*", "", text)]
    if file.suffix == ".py":
        tree = ast.parse(text)
        docstrings = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        used = []
        for node in ast.walk(tree):
            if id(node) not in docstrings:
                used += [
                    value
                    for field in ("id", "attr", "arg", "name", "module", "value")
                    if isinstance(value := getattr(node, field, None), str)
                ]
    return {word.lower() for one in used for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", one)}


def words_by_file() -> dict[str, set[str]]:
    files = [file for room in ROOMS for file in sorted((ROOT / room).rglob("*"))]
    names = {file.relative_to(ROOT).as_posix(): file for file in files if file.suffix in (".py", ".yaml")}
    return {
        name: words_of(file)
        for name, file in names.items()
        if not any(fnmatch(name, pattern) for pattern in DATA)
    }


def column(page: str, which: int) -> list[str]:
    rows = [line.split("|")[1:-1] for line in page.splitlines() if line.startswith("| `")]
    return [path for row in rows for path in re.findall(r"`([^`]*/[^`]*|[A-Z]+\.md)`", row[which])]


@pytest.mark.house
def test_every_file_that_names_brokers_stands_on_the_page() -> None:
    listed = column(PAGE.read_text(encoding="utf-8"), 2)
    assert all((ROOT / path).is_file() for path in listed)
    naming = {name for name, words in words_by_file().items() if words & {"broker", "brokers"}}
    assert naming == {path for path in listed if path.split("/")[0] in ROOMS}
    assert len(listed) == len(set(listed)), "each file once"


@pytest.mark.house
def test_no_other_place_lists_kinds() -> None:
    page = PAGE.read_text(encoding="utf-8")
    places = [path.replace("<kind>", "*") for path in column(page, 0)]
    assert all(list(ROOT.glob(place)) for place in places)
    four = {"broker", "bank", "incubator", "fund"}
    listing = [
        name
        for name, words in words_by_file().items()
        if four <= {word.removesuffix("s") for word in words}
        and not any(fnmatch(name, place) for place in places)
    ]
    assert listing == [], "a new kind would have to be added there: make it read agents.kind, or list it"


@pytest.mark.house
def test_at_most_eight_files_are_always_edited() -> None:
    always = PAGE.read_text(encoding="utf-8").split("Where it applies:")[0]
    assert 1 < len(column(always, 0)) <= 8
