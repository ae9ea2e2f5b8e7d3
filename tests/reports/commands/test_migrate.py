"""``migrate``: files, folders and frozen forecasts of 0.1.0, which lie here and in ``results/frozen``."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.migrate import old_experiment
from shaanxi_transfer.experiments.planning.door_to_model import scenario_of
from shaanxi_transfer.reports.command_line import main
from shaanxi_transfer.scenarios import load

OLD = Path(__file__).resolve().parents[2] / "scenarios/migrating/old"
FROZEN = Path(__file__).resolve().parents[3] / "results/frozen/0.1.0"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return Path(shutil.copy(OLD / "own.yaml", tmp_path / "own.yaml"))


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main(["migrate", *words, "--lang", "en"]) == code
    ended = capsys.readouterr()
    return ended.out + ended.err


def test_the_old_file_is_kept_beside_the_new_one(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = file.read_bytes()
    dry = said(capsys, str(file), "--dry-run")
    assert f"{file}:5: levers.city_funds: 2e+08 becomes 5; " in dry and "3 entries" in dry
    assert file.read_bytes() == before and list(file.parent.iterdir()) == [file]
    said(capsys, str(file))
    assert file.with_name("own.yaml.old").read_bytes() == before
    assert load(file).levers["city_funds"] == 5
    assert said(capsys, str(file)) == f"{file}: nothing has to be changed.\n"


def test_nothing_is_overwritten(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = file.read_bytes()
    assert "is there already" in said(capsys, str(file), "--out", str(file), code=2)
    file.with_name("own.yaml.old").write_text("mine", encoding="utf-8")
    assert "is there already" in said(capsys, str(file), code=2)
    assert file.read_bytes() == before


def test_a_folder_of_other_rules_gives_its_scenario_and_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = tmp_path / "results", tmp_path / "scenarios"
    folder.mkdir()
    shutil.copy(OLD / "manifest.json", folder)
    told = said(capsys, str(folder))
    assert "made by other rules" in told and "`--out FOLDER`" in told
    told = said(capsys, str(folder), "--out", str(out))
    command = f"forecast {out / 'own.yaml'} --against no_plan --runs 2 --scale 0.01 --seed 1`"
    assert told.splitlines()[-1].endswith(command)
    assert load(out / "own.yaml").levers["city_funds"] == 5
    contents = old_experiment(folder).manifest["identity"]["scenarios"]["own"]["contents"]
    assert scenario_of(contents) == load(out / "own.yaml")
    with pytest.raises(InputError, match="shaanxi-transfer migrate"):
        scenario_of({**contents, "levers": {"city_funds": 2.0e8}})


@pytest.mark.house
def test_a_frozen_forecast_is_scored_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, str(FROZEN / "gansu.zip"))
    assert "1 frozen forecasts of version 0.1.0; nothing has to be changed" in told
    assert "`shaanxi-transfer forecast action_plan --against no_plan --province gansu" in told


def test_what_is_not_migrated_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workbook = tmp_path / "old.xlsx"
    workbook.touch()
    assert "a workbook is not migrated; allowed a new one" in said(capsys, str(workbook), code=2)
    (tmp_path / "pack.yaml").write_text("name: mine\n", encoding="utf-8")
    assert f"`shaanxi-transfer check {tmp_path}`" in said(capsys, str(tmp_path), code=2)
