from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.scenarios import check, list_provinces, load, load_pack, problems_of
from shaanxi_transfer.scenarios.places import PACK_FOLDER
from shaanxi_transfer.scenarios.provinces.columns import TABLES
from shaanxi_transfer.scenarios.reading.csv_tables import read_table


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Copy the first pack that names zones and organisations."""
    folder = tmp_path / "somewhere"
    shutil.copytree(PACK_FOLDER / "shaanxi", folder)
    return folder


def spoil(path: Path, line: int, old: str, new: str) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    assert old in lines[line - 1], lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    path.write_text("".join(lines), encoding="utf-8")


def test_every_pack_loads_with_the_declared_columns() -> None:
    for name in list_provinces():
        one = load_pack(name)
        assert one.name == name
        for table, declared in TABLES.items():
            frame = getattr(one, table)
            assert list(frame.columns) == [column.name for column in declared.columns]
            for column in declared.columns:
                assert (
                    frame[column.name].dtype
                    == {"text": "str", "number": "float64", "year": "int64"}[column.holds]
                )


def test_series_by_year_and_scope() -> None:
    one = load_pack("shaanxi")
    output = one.series_of("contract_value_output", "province")
    assert list(output) == sorted(output) and output[2017] == pytest.approx(9.209e10, rel=1e-3)
    assert one.series_of("contract_value_output", "china")[2017] > 10 * output[2017]
    assert one.unit_of("contract_value_output") == "yuan"
    with pytest.raises(InputError) as caught:
        one.series_of("contract_value_outptu", "province")
    assert caught.value.suggestion == "contract_value_output" and "series.csv" in str(caught.value)
    with pytest.raises(InputError, match="scope"):
        one.series_of("contract_value_output", "nation")


@pytest.mark.parametrize("table", [name for name in TABLES if name != "fields"])
def test_missing_table_is_named(pack: Path, table: str) -> None:
    (pack / f"{table}.csv").unlink()
    with pytest.raises(InputError, match=f"no table {table}.csv"):
        load_pack(pack)


@pytest.mark.parametrize("belief", ["posterior", "prior"])
def test_a_scenario_on_a_bad_pack_names_its_file_and_line(pack: Path, belief: str) -> None:
    cities = pack / "cities.csv"
    spoil(cities, 3, ",", ",9,")
    with pytest.raises(InputError, match="cells") as caught:
        load("no_plan").set(province=str(pack), belief=belief)
    assert (caught.value.file, caught.value.line) == (str(cities), 3)


@pytest.mark.parametrize("table", [name for name in TABLES if name != "fields"])
def test_missing_and_misspelt_column_are_named(pack: Path, table: str) -> None:
    column = TABLES[table].columns[1].name
    spoil(pack / f"{table}.csv", 1, column, column + "x")
    with pytest.raises(InputError) as caught:
        load_pack(pack)
    found = problems_of(caught.value)
    assert all(error.line == 1 and error.file == str(pack / f"{table}.csv") for error in found)
    assert {error.problem.split(" (and")[0] for error in found} >= {
        f"unknown column '{column}x'"
    } or "missing" in str(found)


# Table, line, what is replaced, by what, words of the message.
SPOILED = [
    ("cities", 2, "34.34", "nan", "not a finite number"),
    ("cities", 2, "34.34", "", "empty"),
    ("cities", 2, "34.34", "134.34", "out of bounds"),
    ("cities", 2, "34.34", "north", "not a number"),
    ("cities", 2, "0.7600", "76", r"divide by 100.*did you mean 0\.76"),
    ("cities", 2, "0.7600", "-0.76", "out of bounds"),
    ("cities", 2, "assumption", "asumption", "did you mean assumption"),
    ("cities", 3, "tongchuan", "xian", "given twice, first in line 2"),
    ("cities", 3, "tongchuan,", "", "9 cells"),
    ("series", 2, "province", "provnce", "did you mean province"),
    ("series", 2, "2000", "200", "not a year"),
    ("series", 2, "2000", "2000.5", "not a year"),
    ("series", 2, "2582", "-2582", "out of bounds"),
    ("series", 2, "2582", "inf", "not a finite number"),
    ("series", 3, "2005", "2000", "given twice"),
    ("observed", 2, "fit", "fti", "did you mean fit"),
    ("observed", 2, "0.12", "-0.12", "out of bounds"),
    ("zones", 2, "national", "local", "national, provincial"),
    ("organisations", 2, ",university,", ",univercity,", "did you mean university"),
]


@pytest.mark.parametrize(("table", "line", "old", "new", "words"), SPOILED)
def test_spoiled_table_is_refused_with_its_line(
    pack: Path, table: str, line: int, old: str, new: str, words: str
) -> None:
    path = pack / f"{table}.csv"
    spoil(path, line, old, new)
    with pytest.raises(InputError, match=words) as caught:
        load_pack(pack)
    assert caught.value.file == str(path) and caught.value.line == line
    assert "\n" not in str(caught.value)


def test_column_of_a_cell_counts_from_one(tmp_path: Path) -> None:
    table = TABLES["zones"]
    path = tmp_path / "zones.csv"
    path.write_text('zone,zone_zh,city,level,source\na,"b,c",d,local,e\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_table(path, table)
    assert (caught.value.line, caught.value.column) == (2, 11)


def test_shares_must_sum_to_one(pack: Path) -> None:
    spoil(pack / "cities.csv", 2, "0.7600", "0.8600")
    with pytest.raises(InputError, match=r"firm_share: the shares sum to 1\.1"):
        load_pack(pack)


def test_unknown_city_and_late_fit_are_refused(pack: Path) -> None:
    spoil(pack / "zones.csv", 2, ",xian,", ",xiam,")
    with pytest.raises(InputError, match=r"not a city of the pack.*did you mean xian"):
        load_pack(pack)
    spoil(pack / "zones.csv", 2, ",xiam,", ",xian,")
    text = (pack / "pack.yaml").read_text(encoding="utf-8")
    (pack / "pack.yaml").write_text(text.replace("last_year: 2017", "last_year: 2016"), encoding="utf-8")
    with pytest.raises(InputError, match="of 2017 is to be fitted, but was not known"):
        load_pack(pack)


def test_empty_table_is_refused_where_rows_are_needed(pack: Path) -> None:
    path = pack / "series.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="no rows"):
        load_pack(pack)
    assert load_pack("hubei").organisations.empty or "hubei" not in list_provinces()


def test_manifest_is_checked(pack: Path) -> None:
    path = pack / "pack.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("name_zh", "nam_zh", 1), encoding="utf-8")
    with pytest.raises(InputError, match="did you mean name_zh"):
        load_pack(pack)


def test_parameters_of_a_pack_are_checked(pack: Path) -> None:
    path = pack / "parameters.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("distribution:", "distribtion:", 1), encoding="utf-8")
    assert any(error.suggestion == "distribution" for error in check(pack))


def test_unknown_province_and_a_folder_as_province(pack: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_pack("shaanxii")
    assert caught.value.suggestion == "shaanxi (陕西) or shanxi (山西)"
    scenario = load("action_plan").set(province=str(pack))
    assert scenario.pack().folder == pack.resolve()
    assert load_pack(pack).hash == load_pack("shaanxi").hash
    spoil(pack / "series.csv", 2, "2582", "2583")
    assert load_pack(pack).hash != load_pack("shaanxi").hash, "a changed file is read again"


def test_no_province_is_named_in_the_code() -> None:
    names = [*list_provinces(), "xian"]
    for path in PACK_FOLDER.parent.glob("*.py"):
        if path.name.startswith(("make_packs", "pack_")):
            continue
        code = path.read_text(encoding="utf-8").lower()
        for name in names:
            # The default province of a scenario and the package's own name are allowed.
            rest = re.sub('shaanxi[_-]transfer|default="shaanxi"', "", code)
            assert name not in rest, f"{path.name} names {name}"
