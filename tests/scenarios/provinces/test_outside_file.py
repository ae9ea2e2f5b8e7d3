from __future__ import annotations

from pathlib import Path

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.model.state.outside import outside_world
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
        load("no_plan").set(province="内蒙古", belief="prior", outside={"file": str(path)})


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
    ("2.2e12", "0", "0 has no logarithm"),
    ("2.2e12", "2.2e8", "of another size than .* in 2018"),
    ("2.2e12", "9e18", "too large"),
    ("5.0e10", "5.0e6", "of another size than 4.609.*e.10 in 2017|of another size"),
    ("2019", "2041", "up to 2040"),
    ("shaanxi,陕西,2018,rd_expenditure", "china,全国,2018,rd_expenditure", "china changes nothing in a run"),
    ("shaanxi,陕西,2018,rd_expenditure", "shaanxi,陕西,2018,patents_applied", "changes nothing in a run"),
    (
        "shaanxi,陕西,2018,rd_expenditure",
        "shaanxi,陕西,2018,contract_count_output",
        "changes nothing without the nation's of 2018",
    ),
    (
        "shaanxi,陕西,2018,rd_expenditure,5.0e10",
        "shaanxi,陕西,2018,contract_value_output,1.8e12",
        "as much as the nation has",
    ),
]


@pytest.mark.parametrize(("old", "new", "words"), SPOILED)
def test_spoiled_file_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    path = written(tmp_path, (HEAD + ROWS).replace(old, new, 1))
    with pytest.raises(InputError, match=words) as caught:
        outside_rows(path, load_pack("shaanxi"))
    assert caught.value.line is not None and caught.value.file == str(path)
    with pytest.raises(InputError, match=r"outside\.csv"):
        load("action_plan").set(outside={"file": str(path)})


def test_file_without_a_usable_row_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no row of shaanxi or china after 2017"):
        outside_rows(written(tmp_path, HEAD + ROWS.splitlines(keepends=True)[3]), load_pack("shaanxi"))


STATED = [
    ("china", "contract_value_output", "yuan", 2e12),
    ("china", "contract_count_output", "contracts", 4e5),
    ("shaanxi", "rd_expenditure", "yuan", 6e10),
    ("shaanxi", "fiscal_science_technology", "yuan", 1e10),
    ("shaanxi", "gdp", "yuan", 3e12),
]


@pytest.mark.parametrize("row", STATED, ids=[f"{row[0]}-{row[1]}" for row in STATED])
def test_every_figure_that_is_accepted_moves_a_path(row: tuple[str, str, str, float], tmp_path: Path) -> None:
    where, indicator, unit, value = row
    pack, scenario = load_pack("shaanxi"), load("no_plan")
    path = written(tmp_path, HEAD + f"{where},x,2019,{indicator},{value!r},{unit},a supposition\n")
    centrals = scenario.parameter_centrals()
    free = outside_world(scenario, pack, centrals, 1)
    held = outside_world(scenario.set(outside={"file": str(path)}), pack, centrals, 1)
    moved = [name for name in free.paths if free.level(name, 2019) != held.level(name, 2019)]
    assert moved and all(free.level(name, 2018) == held.level(name, 2018) for name in free.paths)


def test_without_gross_product_public_spending_is_read(tmp_path: Path) -> None:
    row = "gansu,甘肃,2018,{},4.0e11,yuan,a supposition\n"
    assert len(outside_rows(written(tmp_path, HEAD + row.format("fiscal_total")), load_pack("gansu"))) == 1
    with pytest.raises(InputError, match=r"gdp of province changes nothing.*allowed .*fiscal_total"):
        outside_rows(written(tmp_path, HEAD + row.format("gdp")), load_pack("gansu"))
