"""Packs from a panel of one's own: the shipped ones come out again, and each fault is named at its place."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.reports.tables.panel_report import report_lines
from shaanxi_transfer.scenarios import load_pack
from shaanxi_transfer.scenarios.places import PACK_FOLDER, SOURCES_FOLDER
from shaanxi_transfer.scenarios.provinces.earlier_pack import write_earlier_pack
from shaanxi_transfer.scenarios.provinces.packs_from_panel import FINDINGS_FILE, packs_from_panel
from shaanxi_transfer.scenarios.provinces.panel import read_panel
from shaanxi_transfer.scenarios.provinces.panel_findings import Finding, panel_findings
from shaanxi_transfer.scenarios.provinces.sources_read import PANEL_FILES

FILES = [SOURCES_FOLDER / name for name in PANEL_FILES]
HEAD = "province,province_zh,year,indicator,value,unit,source\n"
NATION = "".join(
    f"china,全国,{year},{indicator},{value},{unit},yearbook\n"
    for year in (2015, 2016)
    for indicator, value, unit in (
        ("contract_count_output", 1000, "contracts"),
        ("contract_value_output", 1e9, "yuan"),
        ("rd_expenditure", 1e10, "yuan"),
    )
)


def written(folder: Path, *lines: str, nation: str = NATION) -> Path:
    file = folder / "mine.csv"
    file.write_text(HEAD + nation + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file


def test_the_shipped_packs_come_out_byte_by_byte(tmp_path: Path) -> None:
    made = packs_from_panel(FILES, 2017, tmp_path)
    assert len(made.made) == 31 and not made.refused
    for province in made.made:
        for file in sorted((PACK_FOLDER / province).iterdir()):
            assert (tmp_path / province / file.name).read_bytes() == file.read_bytes(), file
    findings = pd.read_csv(tmp_path / FINDINGS_FILE)
    assert {"xizang", "hainan"} <= set(findings["province"])
    # made again over itself nothing is lost; over a pack that somebody improved, it is refused
    packs_from_panel(FILES, 2017, tmp_path, ["hubei"])
    (tmp_path / "hubei" / "cities.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="a pack is there already"):
        packs_from_panel(FILES, 2017, tmp_path, ["湖北"])


def test_a_panel_cut_at_a_year_gives_what_an_earlier_pack_holds(tmp_path: Path) -> None:
    packs_from_panel(FILES, 2015, tmp_path / "cut", ["hubei", "陕西"])
    for province in ("hubei", "shaanxi"):
        cut = load_pack(tmp_path / "cut" / province)
        earlier = load_pack(write_earlier_pack(province, 2015, tmp_path / province))
        assert cut.manifest.last_year == earlier.manifest.last_year == 2015
        assert cut.series.equals(earlier.series) and cut.observed.equals(earlier.observed)
        for name, parameter in earlier.parameters.items():
            mine = cut.parameters[name]
            assert (mine.value, mine.low, mine.high) == (parameter.value, parameter.low, parameter.high), name


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        ("shannxi,陕西,2016,rd_expenditure,1e9,yuan,x", "province", "there is no province 'shannxi'"),
        ("shaanxi,陕西,2016,rd_expenditur,1e9,yuan,x", "indicator", "did you mean rd_expenditure"),
        ("shaanxi,陕西,2016,rd_expenditure,10,亿元,x", "unit", "the value by 100000000 and write yuan"),
        ("shaanxi,陕西,2016,rd_expenditure,10,contracts,x", "unit", "rd_expenditure is in 'contracts'"),
        ('shaanxi,陕西,2016,rd_expenditure,"1,000",yuan,x', "value", "did you mean 1000"),
        ("shaanxi,陕西,2016,rd_expenditure,about 5,yuan,x", "value", "'about 5' is not a number"),
        ("shaanxi,陕西,2016,rd_expenditure,12.5亿,yuan,x", "value", "did you mean 1.25e9"),
        ("shaanxi,陕西,2016年,rd_expenditure,1e9,yuan,x", "year", "allowed four digits; did you mean 2016"),
        ("shan xi,-,2016,rd_expenditure,1e9,yuan,x", "province", "mean shanxi (山西) or shaanxi (陕西)"),
        ("shaanxi,陕西,16,rd_expenditure,1e9,yuan,x", "year", "'16' is not a year"),
        ("全国,全国,2016,rd_expenditure,1e9,yuan,x", "value", "is given twice, first in mine.csv:7"),
    ],
)
def test_a_fault_is_named_at_its_place(line: str, column: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read_panel([written(tmp_path, line)], 2016)
    said = str(refused.value)
    assert words in said and "mine.csv:8" in said and f"panel.{column}: " in said


def test_a_province_may_be_called_by_any_of_its_names(tmp_path: Path) -> None:
    names = {"shaanxi": ("shaanxi", "陕西", "陕西省", "Shaanxi Province"), "neimenggu": ("内蒙古自治区",)}
    lines = [
        f"{name},-,{year},rd_expenditure,1e9,yuan,x"
        for called in names.values()
        for year, name in enumerate(called, start=2010)
    ]
    panel = read_panel([written(tmp_path, *lines)], 2016)
    assert panel.provinces == sorted(names)
    assert {name: len(panel.series(name, "rd_expenditure")) for name in names} == {
        "shaanxi": 4,
        "neimenggu": 1,
    }


def test_one_province_under_two_names_stands_twice(tmp_path: Path) -> None:
    twice = [f"{name},陕西,2016,rd_expenditure,1e9,yuan,x" for name in ("shaanxi", "陕西省")]
    with pytest.raises(InputError, match=r"mine\.csv:9.*given twice, first in mine\.csv:8"):
        read_panel([written(tmp_path, *twice)], 2016)


def test_the_eve_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"last_year: the panel ends with 2016.*did you mean 2016"):
        read_panel([written(tmp_path)], 2018)
    gap = "\n".join(line for line in NATION.splitlines() if "2016,rd" not in line) + "\n"
    with pytest.raises(InputError, match="rd_expenditure of the nation has no row in 2016"):
        read_panel([written(tmp_path, nation=gap)], 2016)
    with pytest.raises(
        InputError, match=r"mine\.csv: panel\.\w+: \w+ of the nation has no row in 2016"
    ) as all_:
        read_panel([written(tmp_path, "shaanxi,陕西,2016,rd_expenditure,1e9,yuan,x", nation="")], 2016)
    assert "allowed a row of china for the last year" in str(all_.value) and "2 more" in str(all_.value)
    (tmp_path / "mine.csv").write_text(HEAD + "陕西", encoding="gbk")
    with pytest.raises(InputError, match=r"mine\.csv.*it looks like GBK"):
        read_panel([tmp_path / "mine.csv"], 2016)


def test_odd_figures_are_told_and_left(tmp_path: Path) -> None:
    """Ten provinces grow by a tenth a year; one has a thousand times as much once, one forgets a year."""
    names = ("anhui", "beijing", "fujian", "gansu", "hainan", "hebei", "henan", "hubei", "hunan", "jilin")
    lines = [
        f"{name},-,{year},rd_expenditure,{2e8 * 1.1 ** (year - 2010) * (1.05, 1.0)[(i + year) % 2]},yuan,x"
        for i, name in enumerate(names)
        for year in range(2010, 2017)
        if (name, year) not in {("gansu", 2014), ("hunan", 2016), ("hubei", 2016)}
    ]
    lines.append("hubei,-,2016,rd_expenditure,3.5e11,yuan,x")
    panel = read_panel([written(tmp_path, *lines)], 2016)
    found = panel_findings(panel)
    assert Finding("missing_years", "gansu", "rd_expenditure", "2014") in found
    assert Finding("ends_early", "hunan", "rd_expenditure", "2016") in found
    (unit,) = [one for one in found if one.kind == "unit"]
    assert (unit.province, unit.years, unit.value) == ("hubei", "2016", 3.5e11)
    assert unit.distance == pytest.approx(6.9, abs=0.2)  # ln 1000
    assert not [one for one in found if one.kind == "jump"]


def test_provinces_with_more_than_the_nation_are_told(tmp_path: Path) -> None:
    lines = [
        f"{name},-,{year},rd_expenditure,{value},yuan,x"
        for name in ("anhui", "beijing")
        for year, value in ((2015, 4.9e9), (2016, 6e9))
    ]
    found = panel_findings(read_panel([written(tmp_path, *lines)], 2016))
    sums = [one for one in found if one.kind == "sum"]
    assert [(one.years, one.value) for one in sums] == [("2015", 0.98), ("2016", 1.2)]


def test_a_province_with_half_of_its_series_is_scaled_by_what_is_known(tmp_path: Path) -> None:
    """Hubei without R&D by kind and without high-technology industry: others stand in, with wider bounds."""
    lost = ("rd_basic", "rd_funded", "hightech", "patents", "universit", "rd_personnel")
    for file in FILES:
        head, *lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [
            one for one in lines if not (one.startswith("hubei,") and any(f",{name}" in one for name in lost))
        ]
        (tmp_path / file.name).write_text("".join([head, *kept]), encoding="utf-8")
    made = packs_from_panel([tmp_path / file.name for file in FILES], 2017, tmp_path / "packs", ["hubei"])
    pack, whole = load_pack(tmp_path / "packs" / "hubei"), load_pack("hubei")
    assert {one.indicator for one in made.findings if (one.kind, one.province) == ("no_series", "hubei")}
    firms, of_all = pack.parameters["technology_firms_2017"], whole.parameters["technology_firms_2017"]
    assert "by rd_expenditure in 2017, for rd_funded_by_enterprises is not known here" in firms.note
    wide, narrow = (one.high / one.low for one in (firms, of_all) if one.high and one.low)
    assert wide / narrow == pytest.approx(1.5**2, rel=0.01)
    assert set(pack.parameters) == set(whole.parameters)
    told = {one.parameter: (one.indicator, one.by) for one in made.findings if one.kind == "stands_in"}
    assert told["technology_firms_2017"] == ("rd_funded_by_enterprises", "rd_expenditure")
    said = "\n".join(report_lines(made, "en"))
    assert (
        "Hubei, technology_firms_2017: by rd_expenditure, for rd_funded_by_enterprises is not known" in said
    )
    assert "按rd_expenditure缩放" in "\n".join(report_lines(made, "zh"))


def test_what_is_taken_over_for_want_of_a_series_is_wider_than_what_is_scaled(tmp_path: Path) -> None:
    """Every second series of Hubei is gone, what it buys among them."""
    (file,) = {SOURCES_FOLDER / PANEL_FILES[0]}
    head, *lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    names = sorted({line.split(",")[3] for line in lines if line.startswith("hubei,")})
    gone = {f",{name}," for name in names[::2]} - {",contract_value_output,"}
    kept = [one for one in lines if not (one.startswith("hubei,") and any(name in one for name in gone))]
    (tmp_path / "half.csv").write_text("".join([head, *kept]), encoding="utf-8")
    made = packs_from_panel([tmp_path / "half.csv"], 2014, tmp_path / "half", ["hubei"])
    packs_from_panel([file], 2014, tmp_path / "whole", ["hubei"])
    pack, whole = (load_pack(tmp_path / name / "hubei") for name in ("half", "whole"))
    told = {one.parameter: one.indicator for one in made.findings if one.kind == "stands_in"}
    assert told.pop("series.csv") == "fiscal_science_technology", "without which no run could be made"
    assert {"import_share", "import_mean_value_ratio", "technology_firms_2017"} <= set(told)
    for name in told:
        less, more = pack.parameters[name], whole.parameters[name]
        assert less.low is not None and less.high is not None and more.low and more.high
        assert less.high / less.low > more.high / more.low, name
    assert any("import_share: as where it was measured" in line for line in report_lines(made, "en"))
