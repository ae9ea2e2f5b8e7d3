from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import pytest

from shaanxi_transfer.engine import rules

_CALLEE = """
from .rules import rule

@rule
def price(x):
    return {price}
"""

_CALLER = """
from ..engine.callee import price
from ..engine.rules import rule

@rule
def bill(x):
    return price(x) + 1
"""

_MAIN = """
import numba
from tiny.agents.caller import bill
stats = getattr(bill, "stats", None)
result = bill(10)
hits = sum(stats.cache_hits.values()) if stats else -1
print(result, hits, numba.config.CACHE_DIR or "unset")
"""


class Tiny:
    """A package with our decorator, a rule in one room and the rule that it calls in another file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for room in ("engine", "agents", "model"):
            (folder / "tiny" / room).mkdir(parents=True)
            (folder / "tiny" / room / "__init__.py").write_text("")
        (folder / "tiny" / "__init__.py").write_text("")
        shutil.copy(rules.__file__, folder / "tiny" / "engine" / "rules.py")
        (folder / "tiny" / "agents" / "caller.py").write_text(_CALLER)
        self.write_callee("x * 2")

    def write_callee(self, price: str) -> None:
        (self.folder / "tiny" / "engine" / "callee.py").write_text(_CALLEE.format(price=price))

    def run(self, code: str = _MAIN, **variables: str) -> list[str]:
        unset = {"NUMBA_CACHE_DIR", "NUMBA_DISABLE_JIT", rules.CACHE_VARIABLE, "PYTHONPATH"}
        environment = {name: value for name, value in os.environ.items() if name not in unset}
        environment |= {"PYTHONPATH": str(self.folder), rules.CACHE_VARIABLE: str(self.folder / "cache")}
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environment | variables,
            cwd=self.folder,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    def caches(self) -> list[Path]:
        return sorted((self.folder / "cache").glob("rules-*"))


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    # A space and a Chinese word, as researchers' folders have.
    folder = tmp_path / "模型 one"
    folder.mkdir()
    return Tiny(folder)


def test_an_edited_callee_in_another_file_is_seen(tiny: Tiny) -> None:
    assert tiny.run() == ["21", "0", "unset"]
    assert tiny.run() == ["21", "1", "unset"], "the second process must not compile"
    assert len(tiny.caches()) == 1
    tiny.write_callee("x * 3")
    assert tiny.run() == ["31", "0", "unset"]
    assert len(tiny.caches()) == 2
    tiny.write_callee("x * 2")
    assert tiny.run() == ["21", "1", "unset"], "going back finds the old cache again"


def test_the_cache_folder_of_others_is_left_as_it_was(tiny: Tiny) -> None:
    own = tiny.folder / "somebody else's"
    assert tiny.run(NUMBA_CACHE_DIR=str(own))[2:] == str(own).split()
    assert not own.exists()
    assert len(tiny.caches()) == 1


def test_without_the_compiler_a_rule_is_the_function_itself(tiny: Tiny) -> None:
    assert tiny.run(NUMBA_DISABLE_JIT="1") == ["21", "-1", "unset"]
    assert tiny.caches() == []
    code = "from tiny.agents.caller import bill; print(type(bill).__name__, bill.__name__)"
    assert tiny.run(code, NUMBA_DISABLE_JIT="1") == ["function", "bill"]


def test_rules_keep_their_name_and_sentence() -> None:
    from shaanxi_transfer.engine.books import pay

    assert pay.__name__ == "pay"
    assert (pay.__doc__ or "").startswith("Move whole yuan")


def test_decorating_restores_the_configuration_even_after_an_error() -> None:
    before = numba.config.CACHE_DIR
    rules.rule(lambda x: x)
    assert before == numba.config.CACHE_DIR
    broken: Any = 3
    with pytest.raises(Exception):  # noqa: B017 - what Numba raises is its own business
        rules.rule(broken)
    assert before == numba.config.CACHE_DIR


_EDITS: dict[str, Callable[[Path], Any]] = {
    "changed": lambda root: (root / "agents" / "a.py").write_text("x = 2"),
    "renamed": lambda root: (root / "agents" / "a.py").rename(root / "agents" / "b.py"),
    "moved": lambda root: (root / "agents" / "a.py").rename(root / "model" / "a.py"),
    "added": lambda root: (root / "model" / "new.py").write_text(""),
    "removed": lambda root: (root / "engine" / "e.py").unlink(),
}


@pytest.mark.parametrize("edit", _EDITS)
def test_every_edit_of_a_room_of_rules_names_a_new_cache(tmp_path: Path, edit: str) -> None:
    for room, name in (("engine", "e.py"), ("agents", "a.py"), ("model", "m.py"), ("reports", "r.py")):
        (tmp_path / room).mkdir()
        (tmp_path / room / name).write_text("x = 1")
    before = rules.hash_of_rules(tmp_path)
    assert len(before) == 16
    (tmp_path / "reports" / "r.py").write_text("x = 2")
    assert rules.hash_of_rules(tmp_path) == before, "rooms without rules do not count"
    _EDITS[edit](tmp_path)
    assert rules.hash_of_rules(tmp_path) != before


def test_old_caches_go_and_this_one_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for age in range(10):
        folder = tmp_path / f"rules-{age:016x}"
        folder.mkdir()
        os.utime(folder, (1_000_000 - age, 1_000_000 - age))
    (tmp_path / "kept").mkdir()
    mine = tmp_path / f"rules-{9:016x}"
    monkeypatch.setattr(rules, "_CACHE", mine)
    rules.forget_old_caches()
    left = sorted(folder.name for folder in tmp_path.iterdir())
    newest = [f"rules-{age:016x}" for age in range(5)]
    assert left == sorted(["kept", mine.name, *newest])


def test_it_is_known_whether_rules_are_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "_CACHE", tmp_path / "rules-0")
    assert not rules.compiled_already()
    (tmp_path / "rules-0" / "agents").mkdir(parents=True)
    (tmp_path / "rules-0" / "agents" / "a.nbi").touch()
    assert rules.compiled_already()


_CALLERS = """
from ..engine.callee import price
from ..engine.rules import rule

@rule
def bills(rows, key):
    total = 0
    for i in range(len(rows)):
        total += price(7) + price(rows[i].small) + price(rows[i].large) + price(True) - 2
    return total, price(key), price(0.25)
"""

_SHARED = """
import numpy as np
from tiny.agents.callers import bills
from tiny.engine.callee import price
rows = np.array([(-3, 2**40), (5, 1)], dtype=[("small", np.int16), ("large", np.int64)])
total, key, part = bills(rows, np.uint64(2**63 + 1))
print(total == 2 * (2 * 7 + 2 + 2**40 + 1), key == 2, part == 0.5)
print(*sorted(str(signature[0]) for signature in price.signatures))
"""


def test_callers_share_what_was_compiled_for_whole_numbers(tiny: Tiny) -> None:
    (tiny.folder / "tiny" / "agents" / "callers.py").write_text(_CALLERS)
    found = tiny.run(_SHARED)
    assert found[:3] == ["True", "True", "True"]
    # Constants and narrow columns need no code of their own; keys, fractions and truth values do.
    assert found[3:] == ["bool", "float64", "int64", "uint64"]
