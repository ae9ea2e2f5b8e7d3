"""A name that is taken from a file's name is allowed, whatever stands in it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.reports.command_line import main
from shaanxi_transfer.scenarios import load
from shaanxi_transfer.scenarios.reading.names_from_files import joined_names, name_from_file, readable

BYTES_ARE_NAMES = pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="names of files are text there"
)


def from_gbk(text: str) -> str:
    return os.fsdecode(text.encode("gbk"))


@given(stem=st.binary(min_size=1, max_size=200).filter(lambda raw: not {0, 47} & set(raw)))
@BYTES_ARE_NAMES
def test_any_file_has_a_name_that_a_scenario_may_have(stem: bytes) -> None:
    name = name_from_file(os.fsdecode(stem) + ".yaml")
    plan = load("action_plan")
    for one in (name, joined_names(plan.name, name), joined_names(name, "half_budget")):
        assert plan.set(name=one).name == one


def test_a_long_joined_name_ends_in_digits_of_the_whole() -> None:
    long = [joined_names("action_plan", "x" * 80 + end) for end in "ab"]
    assert [len(name) for name in long] == [80, 80] and long[0] != long[1]


@BYTES_ARE_NAMES
def test_a_name_in_gbk_is_read_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    file, overlay = from_gbk("我的方案") + ".yaml", from_gbk("半 价") + ".yaml"
    Path(file).write_text("base: action_plan\n", encoding="utf-8")
    Path(overlay).write_text("levers: {fund_size: 8.0e9}\n", encoding="utf-8")
    mine = load(file)
    assert (mine.name, mine.title_zh) == ("我的方案", "我的方案")
    both = load(f"{file}+{overlay}")
    assert both.name == "我的方案+半_价" and both.overlays == ("半 价.yaml",)
    assert load(both.save(Path("saved.yaml"))) == both
    assert main(["check", file]) == 0
    assert "我的方案" in capsys.readouterr().out


@BYTES_ARE_NAMES
def test_a_path_that_cannot_be_kept_as_text_is_refused_for_its_name(tmp_path: Path) -> None:
    folder = tmp_path / from_gbk("甘肃省")
    folder.mkdir()
    with pytest.raises(
        InputError, match=r"province: .* bytes that are not UTF-8; allowed a renamed file"
    ) as caught:
        load("action_plan").set(province=str(folder))
    assert caught.value.key == "province"


@pytest.mark.parametrize("name", ["my overlay (2).yaml", "y" * 90 + ".yaml"])
def test_an_overlays_file_may_be_called_as_it_likes(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("levers: {fund_size: 8.0e9}\n", encoding="utf-8")
    laid = load(f"action_plan+{tmp_path / name}")
    assert laid.name.startswith("action_plan+") and laid.levers["fund_size"] == 8e9


def test_readable_text_stays_what_it_is() -> None:
    assert readable("plans/我的.yaml") == "plans/我的.yaml"
