from __future__ import annotations

from pathlib import Path

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.scenarios import load, load_pack, outside_rows

HEAD = "province,province_zh,year,indicator,value,unit,source\n"
ROWS = (
    "china,全国,2019,contract_value_output,2.2e12,yuan,a supposition\n"
    "china,全国,2018,contract_value_output,1.8e12,yuan,a supposition\n"
    "shaanxi,陕西,2018,rd_expenditure,5.0e10,yuan,a supposition\n"
    "shaanxi,陕西,2016,rd_expenditure,1.0e10,yuan,long known\n"
    "hubei,湖北,2018,rd_expenditure,9.0e10,yuan,another province\n"
)


def written(folder: Path, text: str) -> Path:
    path = folder / "outside.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_later_rows_of_province_and_nation_are_used(tmp_path: Path) -> None:
    frame = outside_rows(written(tmp_path, HEAD + ROWS), load_pack("shaanxi"))
    assert frame.values.tolist() == [
        ["contract_value_output", "china", 2018, 1.8e12, "yuan"],
        ["contract_value_output", "china", 2019, 2.2e12, "yuan"],
        ["rd_expenditure", "province", 2018, 5.0e10, "yuan"],
    ]


def test_a_province_may_be_called_as_in_the_panel(tmp_path: Path) -> None:
    rows = "inner-mongolia,内蒙古,2018,rd_expenditure,1.4e10,yuan,a supposition\n"
    path = written(tmp_path, HEAD + rows)
    frame = outside_rows(path, load_pack("neimenggu"))
    assert frame.values.tolist() == [["rd_expenditure", "province", 2018, 1.4e10, "yuan"]]
    written(tmp_path, HEAD + rows + rows.replace("inner-mongolia", "neimenggu"))
    with pytest.raises(InputError, match="rd_expenditure of 2018 is given twice, under two names"):
        load("no_plan").set(province="内蒙古", outside={"file": str(path)})


def test_scenario_carries_the_file_and_its_content(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + ROWS)
    scenario = load("action_plan").set(outside={"file": str(path)})
    rows = scenario.outside_rows()
    assert rows is not None and len(rows) == 3
    assert load("action_plan").outside_rows() is None
    before = scenario.hash
    assert before != load("action_plan").hash
    written(tmp_path, HEAD + ROWS.replace("2.2e12", "2.3e12"))
    assert scenario.hash != before, "what the file says counts, not its name"
    (tmp_path / "mine.yaml").write_text("base: no_plan\noutside: {file: outside.csv}\n", encoding="utf-8")
    assert load(tmp_path / "mine.yaml").outside.file == str(path), "relative to the scenario's own file"


SPOILED = [
    ("contract_value_output", "contract_value_outputs", "did you mean contract_value_output"),
    ("2.2e12", "-2.2e12", "out of bounds"),
    ("2.2e12", "nan", "finite"),
    ("yuan,a supposition", "wan,a supposition", "allowed yuan"),
    ("2019", "2018", "given twice"),
    ("indicator", "indicater", "unknown column|missing"),
]


@pytest.mark.parametrize(("old", "new", "words"), SPOILED)
def test_spoiled_file_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    path = written(tmp_path, (HEAD + ROWS).replace(old, new, 1))
    with pytest.raises(InputError, match=words):
        outside_rows(path, load_pack("shaanxi"))
    with pytest.raises(InputError, match=r"outside\.csv"):
        load("action_plan").set(outside={"file": str(path)})


def test_file_without_a_usable_row_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no row of shaanxi or china after 2017"):
        outside_rows(written(tmp_path, HEAD + ROWS.splitlines(keepends=True)[3]), load_pack("shaanxi"))
