from __future__ import annotations

from pathlib import Path

import pytest

from shaanxi_transfer.experiments.manifest import hash_of_code, hash_of_data, hash_of_identity


@pytest.fixture
def package(tmp_path: Path) -> Path:
    for room in ("engine", "agents", "model", "scenarios", "experiments", "reports"):
        (tmp_path / room).mkdir()
        (tmp_path / room / "file.py").write_text("x = 1\n", encoding="utf-8")
    (tmp_path / "scenarios" / "packs" / "shaanxi").mkdir(parents=True)
    return tmp_path


@pytest.mark.parametrize(
    "changed", ["engine/file.py", "scenarios/levers.yaml", "agents/new.py", "scenarios/fields.csv"]
)
def test_the_code_hash_sees_what_can_move_a_number(package: Path, changed: str) -> None:
    before = hash_of_code(package)
    (package / changed).write_text("x = 2\n", encoding="utf-8")
    assert hash_of_code(package) != before


@pytest.mark.parametrize(
    "changed", ["reports/file.py", "engine/notes.md", "scenarios/packs/shaanxi/series.csv"]
)
def test_the_code_hash_does_not_see_what_cannot(package: Path, changed: str) -> None:
    before = hash_of_code(package)
    (package / changed).write_text("x = 2\n", encoding="utf-8")
    assert hash_of_code(package) == before


def test_the_data_hash_sees_content_and_names(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("1", encoding="utf-8")
    first = hash_of_data(tmp_path)
    (tmp_path / "a.csv").write_text("2", encoding="utf-8")
    second = hash_of_data(tmp_path)
    (tmp_path / "a.csv").rename(tmp_path / "b.csv")
    assert len({first, second, hash_of_data(tmp_path)}) == 3


def test_an_identity_is_the_same_in_any_order_and_differs_by_any_value() -> None:
    assert hash_of_identity({"runs": 1, "seed": 2}) == hash_of_identity({"seed": 2, "runs": 1})
    assert hash_of_identity({"runs": 1, "seed": 2}) != hash_of_identity({"runs": 1, "seed": 3})
