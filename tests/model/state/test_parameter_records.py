"""What rules read of the parameters is what stands beside them, and what a run packs for them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import shaanxi_transfer
from shaanxi_transfer.engine.columns import number_record
from shaanxi_transfer.model.state.parameter_records import FAMILIES, READ_IN_MODEL, Terms

pytestmark = pytest.mark.house

PACKAGE = Path(shaanxi_transfer.__file__).resolve().parent
LIST = "PARAMETERS_READ"


def parameters_read(tree: ast.AST) -> set[str]:
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "parameters"
    }


def declared(tree: ast.Module) -> tuple[str, ...]:
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == LIST:
            assert node.value is not None
            return tuple(ast.literal_eval(node.value))
    return ()


def files_of_agents() -> list[tuple[str, ast.Module]]:
    files = sorted((PACKAGE / "agents").rglob("*.py"))
    return [(file.stem, ast.parse(file.read_text(encoding="utf-8"))) for file in files]


def complaint(where: str, read: set[str], said: tuple[str, ...]) -> str:
    listed = set(said)
    return (
        f"{where}: read but not listed {sorted(read - listed)}, listed but not read {sorted(listed - read)}"
    )


@pytest.mark.parametrize(("file", "tree"), files_of_agents(), ids=[name for name, _ in files_of_agents()])
def test_a_file_of_agents_lists_what_it_reads(file: str, tree: ast.Module) -> None:
    read, said = parameters_read(tree), declared(tree)
    assert sorted(read) == list(said), complaint(f"{LIST} of agents/{file}.py", read, said)


@pytest.mark.parametrize("file", sorted(READ_IN_MODEL))
def test_a_file_of_the_model_reads_what_is_listed_for_it(file: str) -> None:
    (path,) = (PACKAGE / "model").rglob(f"{file}.py")
    read, said = parameters_read(ast.parse(path.read_text(encoding="utf-8"))), READ_IN_MODEL[file]
    assert sorted(read) == list(said), complaint(f"READ_IN_MODEL[{file!r}]", read, said)


def test_every_list_belongs_to_a_family() -> None:
    lists = {file: declared(tree) for file, tree in files_of_agents()} | dict(READ_IN_MODEL)
    alone = [
        file
        for file, names in lists.items()
        if not any(set(names) <= set(each) for each in FAMILIES.values())
    ]
    assert alone == [], "their rules are handed no record that holds what they read"


def test_families_hold_nothing_else_in_sorted_order() -> None:
    read = {name for _, tree in files_of_agents() for name in declared(tree)}.union(*READ_IN_MODEL.values())
    for family, names in FAMILIES.items():
        assert list(names) == sorted(set(names)), family
    assert {name for names in FAMILIES.values() for name in names} == read


def test_a_record_has_the_fields_of_its_family_and_their_values() -> None:
    values = {name: float(i) for i, name in enumerate(sorted(set().union(*FAMILIES.values())))}
    terms = Terms(values)
    for family, names in FAMILIES.items():
        record = getattr(terms, family)
        assert record.dtype == number_record(dict.fromkeys(names, 0.0)).dtype
        assert [float(record[name]) for name in names] == [values[name] for name in names]
