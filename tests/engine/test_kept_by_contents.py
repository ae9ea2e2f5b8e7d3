"""What was worked out from files is given again while they are the same, and not after an edit."""

from __future__ import annotations

from pathlib import Path

import pytest

from shaanxi_transfer.engine import kept_by_contents as keeping
from shaanxi_transfer.engine import rule_cache
from shaanxi_transfer.engine.kept_by_contents import kept_by_contents
from shaanxi_transfer.engine.reached_code import hash_of_reached
from shaanxi_transfer.engine.rule_cache import Place


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "kept"
    monkeypatch.setattr(rule_cache, "place_of_rules", lambda: Place(folder))
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    room = tmp_path / "package" / "model"
    room.mkdir(parents=True)
    (room / "__init__.py").write_text("")
    (room / "running.py").write_text("def run():\n    return 1\n")
    (room / "numbers.yaml").write_text("one: 1\n")
    return room.parent


class Asked:
    """Counts how often an answer is worked out."""

    def __init__(self, *answer: str) -> None:
        self.answer, self.times = list(answer), 0

    def __call__(self) -> list[str]:
        self.times += 1
        return self.answer


def test_an_answer_is_worked_out_once(kept: Path, root: Path) -> None:
    asked = Asked("one", "两")
    assert [kept_by_contents(root, "which", asked) for _ in range(3)] == [["one", "两"]] * 3
    assert asked.times == 1
    other = Asked()
    assert [kept_by_contents(root, ("which", 2), other) for _ in range(2)] == [[], []]
    assert other.times == 1
    assert len([file for file in kept.rglob("*") if file.is_file()]) == 2, "nothing half written is left"


@pytest.mark.parametrize("name", ["model/running.py", "model/numbers.yaml", "model/new.py", "__init__.py"])
def test_an_edit_is_seen_in_the_same_process(kept: Path, root: Path, name: str) -> None:
    asked = Asked("one")
    kept_by_contents(root, "which", asked)
    file = root / name
    before = file.read_text() if file.exists() else None
    file.write_text(f"{before or ''}# another line\n")
    kept_by_contents(root, "which", asked)
    assert asked.times == 2
    if before is None:
        file.unlink()
    else:
        file.write_text(before)
    kept_by_contents(root, "which", asked)
    assert asked.times == 2, "these contents are known"


def test_what_fixes_no_number_is_no_edit(kept: Path, root: Path) -> None:
    asked = Asked("one")
    kept_by_contents(root, "which", asked)
    (root / "model" / "page.md").write_text("words")
    (root / "docs").mkdir()
    (root / "docs" / "aside.py").write_text("")
    kept_by_contents(root, "which", asked)
    assert asked.times == 1


def test_a_hash_of_code_is_the_one_that_is_worked_out(kept: Path, root: Path) -> None:
    start = (("model.running", "run"),)
    first = hash_of_reached(root, start)
    (only,) = (file for file in kept.rglob("*") if file.is_file())
    assert only.read_text() == f"{first}\n"
    assert hash_of_reached(root, start) == first
    (root / "model" / "running.py").write_text("def run():\n    return 2\n")
    assert hash_of_reached(root, start) != first


def test_another_reader_works_it_out_anew(kept: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked("one")
    kept_by_contents(root, "which", asked)
    monkeypatch.setattr(keeping, "__file__", str(root / "model" / "kept_by_contents.py"))
    keeping._contents.cache_clear()
    for name in ("reached_code.py", "syntax_trees.py"):
        (root / "model" / name).write_text("# reads otherwise")
    kept_by_contents(root, "which", asked)
    assert asked.times == 2


@pytest.mark.parametrize("place", ["nowhere", "a file"])
def test_where_nothing_can_be_kept_it_is_worked_out_each_time(
    place: str, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_text("")
    monkeypatch.setattr(rule_cache, "place_of_rules", lambda: Place(None if place == "nowhere" else file))
    asked = Asked("one")
    assert [kept_by_contents(root, "which", asked) for _ in range(2)] == [["one"]] * 2
    assert asked.times == 2
