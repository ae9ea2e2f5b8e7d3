"""What ``check`` and ``list provinces`` say of a pack."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from shaanxi_transfer.reports.command_line import main
from shaanxi_transfer.reports.tables.pack_check import pack_lines
from shaanxi_transfer.reports.words.of_packs import kind_words
from shaanxi_transfer.scenarios import load_pack
from shaanxi_transfer.scenarios.places import PACK_FOLDER
from shaanxi_transfer.scenarios.provinces.coverage import KINDS
from shaanxi_transfer.scenarios.provinces.posterior import HEAD_FILE, POSTERIORS


def test_check_names_what_is_missing_and_what_is_scaled(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--province", "青海"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("青海: in order\nPack of qinghai (青海)")
    assert "contract_value_output: missing 2000\n" in told
    assert "rd_funded_from_abroad: missing 2013-2017" in told
    assert "scaled from shaanxi: technology_firms_2017" in told
    assert "thought experiment" in told and "prior plus noise" in told


def test_one_known_year_of_sales_is_enough_to_run_and_said_to_be_too_few_to_fit(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check", "--province", "xizang"]) == 0
    told = capsys.readouterr().out
    assert "rd_funded_from_abroad: missing in every year" in told
    assert "too few years of contracts sold" in told and "prior plus noise" in told


def test_a_pack_of_ones_own_without_sales_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(PACK_FOLDER / "xizang", folder)
    file = folder / "series.csv"
    lines = file.read_text("utf-8").splitlines()
    sold = ("contract_count_output,province", "contract_value_output,province")
    left = [line for line in lines if not line.startswith(sold)]
    assert len(left) == len(lines) - 2
    file.write_text("\n".join(left) + "\n", "utf-8")
    assert main(["check", str(folder)]) == 2
    ended = capsys.readouterr()
    assert ended.out == "" and "contract_count_output: the p" in ended.err


def test_a_pack_of_ones_own_that_cannot_be_run_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(PACK_FOLDER / "gansu", folder)
    file = folder / "series.csv"
    lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("rd_expenditure,")]
    file.write_text("\n".join(lines) + "\n", "utf-8")
    assert main(["check", str(folder)]) == 2
    ended = capsys.readouterr()
    assert ended.out == "" and ended.err.count("\n") == 1 and "rd_expenditure" in ended.err


def test_the_province_of_the_plan_is_no_thought_experiment() -> None:
    told = "\n".join(pack_lines(load_pack("shaanxi"), "en"))
    assert "thought experiment" not in told
    assert "stated here 23, scaled or taken over 0" in told
    assert "A fitted posterior comes with the package" in told


def test_both_languages_say_the_same() -> None:
    for name in ("shaanxi", "gansu", "xizang"):
        english, chinese = (list(pack_lines(load_pack(name), one)) for one in ("en", "zh"))
        assert len(english) == len(chinese)
        assert not any("scaled" in line or "statistic" in line for line in chinese)
    for kind in KINDS:
        assert kind_words(kind, "en") == kind != kind_words(kind, "zh")
    assert [kind_words("as in shaanxi", one) for one in ("zh", "en")] == ["沿用陕西", "as in shaanxi"]


def test_list_provinces_tells_observed_from_scaled(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "provinces", "--format", "csv"]) == 0
    table: Any = pd.read_csv(io.StringIO(capsys.readouterr().out)).set_index("province")
    assert len(table) == 31
    assert table.loc["shanxi", "name"] == "山西" and table.loc["shaanxi", "name"] == "陕西"
    fitted = {folder.name for folder in POSTERIORS.iterdir() if (folder / HEAD_FILE).is_file()}
    assert set(table.index[table["posterior"] == "yes"]) == fitted >= {"shaanxi"}
    assert table.loc["xizang", "posterior"] == "no"
    assert (table["parameters_own"] + table["parameters_scaled"] == 23).all()
    assert table.loc["xizang", "contracts_from"] == table.loc["xizang", "contracts_to"] == 2017
    assert "too few years to fit" in table.loc["xizang", "remark"]
    assert table["remark"].notna().sum() == 7
