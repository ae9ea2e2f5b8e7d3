"""The committed packs are what the script makes, and keep the rules on sources and years."""

from __future__ import annotations

import csv
import math
import shutil
from pathlib import Path

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.engine.units import UNITS
from shaanxi_transfer.scenarios.places import PACK_FOLDER, SOURCES_FOLDER
from shaanxi_transfer.scenarios.provinces.make_packs import COLUMNS, main, make_pack
from shaanxi_transfer.scenarios.provinces.own_parameters import SHARES_AT_MOST
from shaanxi_transfer.scenarios.provinces.parameter_draws import read_parameters
from shaanxi_transfer.scenarios.provinces.sources_read import LAST_YEAR, NATION, Sources, number
from shaanxi_transfer.scenarios.reading.yaml_with_places import read_yaml

SCENARIOS = PACK_FOLDER.parent
PACKS = sorted(path.parent.name for path in PACK_FOLDER.glob("*/pack.yaml"))
CONTRACT_YEARS = {2000, 2005, 2010, *range(2012, 2018)}
YEARS_WITHOUT_SALES = {
    "hainan": {2000},
    "qinghai": {2000},
    "xizang": CONTRACT_YEARS - {2017},
}
"""What the statistics do not have of a province's sales."""


def mirrored(province: str, indicator: str) -> set[int]:
    """Give the years of contracts that a mirror adds: of 2011 the value sold, of all provinces but one."""
    return {2011} if indicator == "contract_value_output" and province != "xizang" else set()


CONTRACT_SERIES = (
    "contract_value_output",
    "contract_count_output",
    "contract_value_inflow",
    "contract_count_inflow",
)


@pytest.fixture(scope="module")
def sources() -> Sources:
    return Sources()


def rows(province: str, table: str) -> list[dict[str, str]]:
    with (PACK_FOLDER / province / table).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


# ---- made by the script ----------------------------------------------------------


def test_every_province_of_the_panel_has_a_pack(sources: Sources) -> None:
    assert list(sources.provinces) == PACKS
    assert len(PACKS) == 31


@pytest.mark.parametrize("province", PACKS)
def test_committed_pack_is_what_the_script_makes(province: str, sources: Sources) -> None:
    made = make_pack(province, sources)
    there = {path.name: path.read_bytes() for path in (PACK_FOLDER / province).iterdir()}
    assert set(there) == set(made)
    for name, text in made.items():
        assert there[name] == text.encode("utf-8"), f"{province}/{name}: run make_packs and commit the result"


def test_running_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        assert main(["hubei"], tmp_path / folder) == 0
    files = sorted(path.name for path in (tmp_path / "one" / "hubei").iterdir())
    assert len(files) == 7
    for name in files:
        one = (tmp_path / "one" / "hubei" / name).read_bytes()
        assert one == (tmp_path / "two" / "hubei" / name).read_bytes()


def test_every_province_of_the_panel_makes_a_valid_pack(sources: Sources, tmp_path: Path) -> None:
    assert len(sources.provinces) == 31
    assert main(["all"], tmp_path) == 0
    for province in sources.provinces:
        parameters = read_parameters(tmp_path / province / "parameters.yaml")
        shares = [parameter.value for name, parameter in parameters.items() if name.startswith("rd_share_")]
        assert len(shares) == 3
        assert sum(shares) <= SHARES_AT_MOST + 1e-3
        about = read_yaml(tmp_path / province / "pack.yaml").data
        assert about["name"] == province
        assert about["plan_written_for"] == "shaanxi"


def test_without_a_name_the_existing_packs_are_renewed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gansu").mkdir()
    (tmp_path / "gansu" / "pack.yaml").write_text("stale: true\n", encoding="utf-8")
    assert main([], tmp_path) == 0
    assert capsys.readouterr().out == "gansu: 7 files\n"
    assert "甘肃" in (tmp_path / "gansu" / "pack.yaml").read_text(encoding="utf-8")


def test_unknown_province_is_refused_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["shanxii"], tmp_path) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "did you mean shanxi (山西) or shaanxi (陕西)?" in error
    assert list(tmp_path.iterdir()) == []


def test_nation_is_no_province(sources: Sources) -> None:
    with pytest.raises(InputError):
        make_pack(NATION, sources)


# ---- the tables ------------------------------------------------------------------


@pytest.mark.parametrize("province", PACKS)
@pytest.mark.parametrize("table", COLUMNS)
def test_columns_are_fixed_and_no_cell_is_empty(province: str, table: str) -> None:
    text = (PACK_FOLDER / province / table).read_text(encoding="utf-8")
    assert tuple(text.split("\n", 1)[0].split(",")) == COLUMNS[table]
    assert "\r" not in text
    for row in rows(province, table):
        assert all(cell.strip() for cell in row.values()), row


@pytest.mark.parametrize("province", PACKS)
def test_shares_of_cities_sum_to_one_and_places_exist(province: str) -> None:
    cities = rows(province, "cities.csv")
    for column in ("firm_share", "rd_share", "fiscal_share"):
        assert sum(float(row[column]) for row in cities) == pytest.approx(1.0, abs=1e-9)
    for row in cities:
        assert 18 < float(row["latitude"]) < 54
        assert 73 < float(row["longitude"]) < 135
    known = {row["city"] for row in cities}
    assert len(known) == len(cities)
    for table in ("zones.csv", "organisations.csv"):
        assert {row["city"] for row in rows(province, table)} <= known


def test_shaanxi_is_as_the_plan_counts_it() -> None:
    assert len(rows("shaanxi", "cities.csv")) == 11
    levels = [row["level"] for row in rows("shaanxi", "zones.csv")]
    assert (levels.count("national"), levels.count("provincial")) == (7, 11)
    cities = {row["city"]: row for row in rows("shaanxi", "cities.csv")}
    guanzhong = ("xian", "baoji", "xianyang", "weinan", "tongchuan", "yangling")
    assert sum(float(cities[city]["firm_share"]) for city in guanzhong) == pytest.approx(0.9455)
    assert float(cities["xian"]["rd_share"]) == 0.8


def test_named_universities_hold_their_part_of_the_funds() -> None:
    shares = {row["name_zh"]: float(row["rd_share"]) for row in rows("shaanxi", "organisations.csv")}
    assert shares == pytest.approx(
        {"西北工业大学": 0.2638, "西安交通大学": 0.1729, "西安电子科技大学": 0.1195}
    )


def test_fields_are_the_ten_of_the_plan_and_engineering_services() -> None:
    with (SCENARIOS / "fields.csv").open(encoding="utf-8", newline="") as stream:
        fields = list(csv.DictReader(stream))
    assert len(fields) == 11
    for column in ("seller_share", "need_share", "result_share"):
        assert sum(float(row[column]) for row in fields) == pytest.approx(1.0, abs=1e-9)
    largest = max(fields, key=lambda row: float(row["seller_share"]))
    assert largest["field"] == "engineering_services"
    assert all(row["kind"] == "assumption" and row["source"] for row in fields)


# ---- years and gaps --------------------------------------------------------------


@pytest.mark.parametrize("province", PACKS)
def test_nothing_after_2017_is_a_series_or_fitted(province: str) -> None:
    assert LAST_YEAR == 2017
    assert all(int(row["year"]) <= 2017 for row in rows(province, "series.csv"))
    for row in rows(province, "observed.csv"):
        assert row["use"] in ("fit", "at_least", "at_most", "check", "prior")
        if row["use"] not in ("check", "prior"):
            assert int(row["year"]) <= 2017, row
        if int(row["year"]) > 2017:
            assert "later vintage" in row["note"], row
        if "bound" in row["note"]:
            assert row["use"] != "fit", row  # at most a bound of the fit


@pytest.mark.parametrize("province", PACKS)
def test_gaps_of_the_contract_statistics_stay_gaps(province: str) -> None:
    for indicator in CONTRACT_SERIES:
        absent = YEARS_WITHOUT_SALES.get(province, set()) if indicator.endswith("_output") else set()
        for scope in ("province", NATION):
            years = {
                int(row["year"])
                for row in rows(province, "series.csv")
                if (row["indicator"], row["scope"]) == (indicator, scope)
            }
            own = mirrored(province, indicator) - absent if scope == "province" else set()
            assert years == CONTRACT_YEARS - (absent if scope == "province" else set()) | own
        fitted = {
            int(row["year"])
            for row in rows(province, "observed.csv")
            if row["indicator"] == indicator and row["use"] == "fit"
        }
        assert fitted == ({2010, *range(2012, 2018)} | mirrored(province, indicator)) - absent


def test_a_later_year_is_refused_as_something_to_fit(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    shutil.copytree(SOURCES_FOLDER, folder)
    file = folder / "observations.csv"
    text = file.read_text(encoding="utf-8")
    mended = text.replace(
        "high_tech_enterprises_in_zones_share,2018,fraction,check",
        "high_tech_enterprises_in_zones_share,2018,fraction,fit",
    )
    assert mended != text
    file.write_text(mended, encoding="utf-8")
    with pytest.raises(InputError, match="may not be fitted"):
        make_pack("shaanxi", Sources(folder))


def test_later_years_in_the_panel_do_not_reach_a_pack(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    shutil.copytree(SOURCES_FOLDER, folder)
    before = make_pack("hubei", Sources(folder))
    with (folder / "provinces_2000_2017.csv").open("a", encoding="utf-8") as stream:
        stream.write("hubei,湖北,2018,contract_value_output,1.0,yuan,a later yearbook\n")
    assert make_pack("hubei", Sources(folder)) == before


# ---- values ----------------------------------------------------------------------


@pytest.mark.parametrize("province", PACKS)
def test_series_and_observed_agree_with_the_panel(province: str, sources: Sources) -> None:
    for row in rows(province, "series.csv"):
        assert row["unit"] in UNITS
        who = NATION if row["scope"] == NATION else province
        cell = sources.panel.get((who, row["indicator"], int(row["year"])))
        if row["indicator"] == "gdp":
            assert province == "shaanxi"
            assert cell is None
        else:
            assert cell is not None
            assert float(row["value"]) == pytest.approx(float(cell["value"]), rel=1e-12)
    in_panel = 0
    for row in rows(province, "observed.csv"):
        assert row["unit"] in UNITS
        assert 0.0 < float(row["ln_error"]) <= 1.0
        cell = sources.panel.get((province, row["indicator"], int(row["year"])))
        if cell is not None:
            in_panel += 1
            assert float(row["value"]) == pytest.approx(float(cell["value"]), rel=1e-12)
    unknown = YEARS_WITHOUT_SALES.get(province, set()) & {2010, *range(2012, 2018)}
    assert in_panel == 4 * 7 + 8 - 2 * len(unknown) + len(mirrored(province, "contract_value_output"))


def test_outlier_of_2013_has_a_large_error_in_shaanxi_only() -> None:
    for province in PACKS:
        errors = {
            int(row["year"]): float(row["ln_error"])
            for row in rows(province, "observed.csv")
            if row["indicator"] == "contract_value_inflow"
        }
        assert errors[2013] == (0.30 if province == "shaanxi" else 0.13)
        assert errors[2014] == 0.13


def test_rd_of_the_provinces_sums_to_the_nation(sources: Sources) -> None:
    for year in range(2010, 2018):
        whole = float(sources.panel[NATION, "rd_expenditure", year]["value"])
        parts = math.fsum(
            float(sources.panel[province, "rd_expenditure", year]["value"]) for province in sources.provinces
        )
        assert parts == pytest.approx(whole, rel=0.03)


def test_a_contradiction_between_sources_is_refused(sources: Sources) -> None:
    with pytest.raises(InputError, match="2 different values"):
        sources.fact("shaanxi_2009_2017.csv", "tech_contract_count", "Shaanxi", 2016)
    with pytest.raises(InputError, match="0 different values"):
        sources.fact("shaanxi_2009_2017.csv", "tech_contract_count", "Shaanxi", 2011)


def test_a_row_that_stands_twice_in_the_panel_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    shutil.copytree(SOURCES_FOLDER, folder)
    file = folder / "provinces_2000_2017.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="stands twice") as caught:
        make_pack("hubei", Sources(folder))
    assert caught.value.line == len(lines) + 1


@pytest.mark.parametrize(
    ("value", "text"),
    [(1768993999999.9998, "1768994000000"), (0.57, "0.57"), (5975176848.48, "5975176848.48"), (0.0, "0")],
)
def test_numbers_are_written_without_noise(value: float, text: str) -> None:
    assert number(value) == text
    assert float(number(value)) == pytest.approx(value, rel=1e-12)
