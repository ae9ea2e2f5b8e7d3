from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numba
import pytest

from shaanxi_transfer.engine import rule_cache

pytestmark = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")

WITHOUT_A_PLACE = "/proc/nope"
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc takes no folder on Linux")


@pytest.fixture
def asked_anew() -> Iterator[None]:
    """Where rules are kept is asked again before and after."""
    rule_cache.place_of_rules.cache_clear()
    yield
    rule_cache.place_of_rules.cache_clear()


def test_an_edited_callee_in_another_file_is_seen(tiny: Any) -> None:
    assert tiny.run() == ["21", "0"]
    assert tiny.run() == ["21", "1"], "the second process must not compile"
    assert len(tiny.kept("caller.bill")) == 1
    tiny.write_callee("x * 3")
    assert tiny.run() == ["31", "0"]
    assert len(tiny.kept("caller.bill")) == 2
    tiny.write_callee("x * 2")
    assert tiny.run() == ["21", "1"], "going back finds what was kept again"
    assert len(tiny.caches()) == 1


_WORDS = '"""Another docstring of the file."""\n# and a comment\n'
_A_RULE_BESIDE_IT = "\nfrom .rules import rule\n\n@rule\ndef other(x):\n    return x\n"


@pytest.mark.soak
def test_an_edit_compiles_only_what_it_reaches(tiny: Any) -> None:
    """Not after other words, nor for a rule beside it."""
    assert tiny.run() == ["21", "0"]
    callee = tiny.folder / "tiny" / "engine" / "callee.py"
    callee.write_text(_WORDS + callee.read_text())
    assert tiny.run() == ["21", "1"]
    callee.write_text(callee.read_text() + _A_RULE_BESIDE_IT)
    assert tiny.run() == ["21", "1"]


@pytest.mark.soak
def test_a_second_clone_with_the_same_rules_compiles_nothing(tiny: Any, tmp_path: Path) -> None:
    assert tiny.run() == ["21", "0"]
    shutil.copytree(tiny.folder / "tiny", tmp_path / "elsewhere" / "tiny")
    shutil.rmtree(tiny.folder / "tiny")
    assert tiny.run(PYTHONPATH=str(tmp_path / "elsewhere")) == ["21", "1"]


_TABLED = """
import json, pathlib
from .rules import rule
FACTOR = json.loads(pathlib.Path(__file__).with_name("factor.json").read_text())

@rule
def price(x):
    return x * FACTOR
"""


def test_a_constant_that_comes_from_a_table_is_part_of_a_rule(tiny: Any) -> None:
    engine = tiny.folder / "tiny" / "engine"
    (engine / "callee.py").write_text(_TABLED)
    (engine / "factor.json").write_text("2")
    assert tiny.run() == ["21", "0"]
    assert tiny.run() == ["21", "1"]
    (engine / "factor.json").write_text("3")
    assert tiny.run() == ["31", "0"], "no text of a rule has changed, but what is built in has"


@pytest.mark.soak
def test_what_numba_makes_under_another_setting_is_kept_apart(tiny: Any) -> None:
    assert tiny.run() == ["21", "0"]
    others = {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CPU_NAME": "generic", "NUMBA_OPT": "1"}
    for kept, (setting, other) in enumerate(others.items(), start=2):
        assert tiny.run(**{setting: other}) == ["21", "0"], setting
        assert len(tiny.caches()) == kept, setting


@pytest.mark.parametrize(
    "name", ["NUMBA_CACHE_DIR", pytest.param("NUMBA_CACHE_LOCATOR_CLASSES", marks=pytest.mark.soak)]
)
def test_nobody_else_chooses_the_place(tiny: Any, name: str, tmp_path: Path) -> None:
    value = {"NUMBA_CACHE_DIR": str(tmp_path / "theirs")}.get(name, "InTreeCacheLocator")
    for price, bill in (("x * 2", "21"), ("x * 3", "31")):
        tiny.write_callee(price)
        assert tiny.run(**{name: value}) == [bill, "0"]
    assert not (tmp_path / "theirs").exists()
    assert not [*(tiny.folder / "tiny").rglob("*.nbi")]
    assert len(tiny.kept("caller.bill")) == 2


@linux
@pytest.mark.parametrize(
    "temporary", [True, pytest.param(False, marks=pytest.mark.soak)], ids=["temporary", "in memory"]
)
def test_without_a_place_an_edited_callee_is_still_seen(tiny: Any, temporary: bool, tmp_path: Path) -> None:
    home = {"HOME": WITHOUT_A_PLACE, "XDG_CACHE_HOME": "", rule_cache.CACHE_VARIABLE: ""}
    home["TMPDIR"] = str(tmp_path / "passing")
    (tmp_path / "passing").mkdir()
    if not temporary:  # a file where the folder of ours would be, as another user may have left it
        (tmp_path / "passing" / f"shaanxi_transfer-{os.getuid()}").touch()
    first, again = tiny.ended(**home), tiny.ended(**home)
    assert (first.stdout.split(), again.stdout.split()) == (["21", "0"], ["21", "1" if temporary else "0"])
    assert first.stderr.count("\n") == 1
    assert f"cannot be kept in {WITHOUT_A_PLACE}" in first.stderr
    assert rule_cache.CACHE_VARIABLE in first.stderr
    tiny.write_callee("x * 3")
    assert tiny.run(**home) == ["31", "0"]
    assert not [*(tiny.folder / "tiny").rglob("*.nbi")], "Numba's own places are never used"


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="temporary files are each user's own")
def test_a_folder_into_which_others_write_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked_anew: None
) -> None:
    monkeypatch.setenv(rule_cache.CACHE_VARIABLE, str(tmp_path / "file" / "below"))
    (tmp_path / "file").touch()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    others = tmp_path / f"shaanxi_transfer-{os.getuid()}"
    others.mkdir()
    others.chmod(0o777)
    assert rule_cache.place_of_rules().folder is None
    others.chmod(0o700)
    rule_cache.place_of_rules.cache_clear()
    assert rule_cache.place_of_rules().folder == others / f"rules-{rule_cache.hash_of_compiler()}"


@pytest.mark.soak
def test_what_is_damaged_is_compiled_again(tiny: Any) -> None:
    tiny.run()
    for spoilt in ("*.nbi", "*.nbc"):
        files = [*(tiny.folder / "cache").rglob(spoilt)]
        assert files, spoilt
        for file in files:
            file.write_bytes(file.read_bytes()[:40])
        assert tiny.run() == ["21", "0"], spoilt
        assert tiny.run() == ["21", "1"], spoilt


_FULL = """
import errno, pathlib
from tiny.engine.rule_cache import RuleCache
from tiny.agents.caller import bill
def full(*ignored):
    raise OSError(errno.ENOSPC, "No space left on device")
bill._cache._cache_file.save = full
print(bill(10), bill(2.5))
"""


def test_a_full_disk_costs_time_and_no_run(tiny: Any) -> None:
    assert tiny.run(_FULL) == ["21", "6.0"]


def test_what_was_not_used_for_long_goes_and_what_is_used_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked_anew: None
) -> None:
    monkeypatch.setenv(rule_cache.CACHE_VARIABLE, str(tmp_path))
    mine = rule_cache.place_of_rules().folder
    assert mine is not None
    folders = [
        tmp_path / "rules-fresh",
        tmp_path / "rules-old",
        mine / "model" / "fresh",
        mine / "model" / "old",
    ]
    for folder in (*folders, tmp_path / "kept"):
        folder.mkdir(parents=True)
        if folder.name in ("rules-old", "old", "kept"):
            os.utime(folder, (1_000_000, 1_000_000))
    os.utime(mine, (1, 1))
    rule_cache.forget_old_rules()
    assert sorted(folder.name for folder in tmp_path.iterdir()) == sorted(["kept", mine.name, "rules-fresh"])
    assert [folder.name for folder in (mine / "model").iterdir()] == ["fresh"]
    assert mine.stat().st_mtime > 1_000_000, "one that is used is not the next to go"


@pytest.mark.soak
def test_a_rule_that_is_loaded_is_in_use(tiny: Any) -> None:
    tiny.run()
    for folder in tiny.kept("*"):
        os.utime(folder, (1_000_000, 1_000_000))
    assert tiny.run() == ["21", "1"]
    assert tiny.kept("caller.bill")[0].stat().st_mtime > 1_000_000
