"""A pack is checked where it is read: any cell that is spoilt is named with its file and line."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.calibrating.observed_figures import observed_table
from shaanxi_transfer.experiments.planning.door_to_model import model
from shaanxi_transfer.reports.tables.pack_check import refusal_of_a_run
from shaanxi_transfer.scenarios import check, list_provinces, load_pack
from shaanxi_transfer.scenarios.places import PACK_FOLDER, SCENARIOS
from shaanxi_transfer.scenarios.provinces.columns import SERIES, TABLES
from shaanxi_transfer.scenarios.provinces.pack_checks import PARAMETER_FILE
from shaanxi_transfer.scenarios.provinces.sources_read import PANEL_FILES, Sources

HERE = PACK_FOLDER / "shaanxi"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    shutil.copytree(HERE, folder)
    return folder


def edit(file: Path, old: str, new: str) -> int:
    """Replace the first place that fits a pattern, and give its line."""
    text = file.read_text(encoding="utf-8")
    found = re.search(old, text, re.MULTILINE)
    assert found is not None, old
    file.write_text(text[: found.start()] + found.expand(new) + text[found.end() :], encoding="utf-8")
    return text[: found.start()].count("\n") + 1


# File, what is replaced, by what, words of the message. The first eight were told by no one, or by a
# traceback of the run.
SPOILT = [
    ("organisations.csv", r"0\.2638", "0.98", "shares of university sum to 1.1529 up to here"),
    ("series.csv", r"^(rd_expenditure,province,2016),[^,]+", r"\1,0", "0 has no logarithm"),
    ("series.csv", r"^(rd_expenditure,province,2016),[^,]+", r"\1,9e12", "as much as the nation has"),
    ("series.csv", r"^(contract_value_output,province,2016),[^,]+", r"\1,9e12", "as much as the nation has"),
    ("series.csv", r"^(gdp,province,2016),[^,]+", r"\1,9e18", "too large.*at most 1e\\+14 yuan"),
    ("series.csv", r"^(rd_expenditure,province),2010", r"\1,1990", "2000 to 2040"),
    ("series.csv", r"^(rd_expenditure,province),2017", r"\1,2018", "not known.*up to 2017"),
    ("observed.csv", r"^(contract_count_inflow,2010),6775", r"\1,0", "0 has no logarithm"),
    ("observed.csv", r"^(contract_count_inflow),2010", r"\1,1990", "2010 to 2040"),
    ("observed.csv", r"^(rd_share)\.xian", r"\1.xiam", "'xiam' is not a city.*did you mean xian"),
    ("observed.csv", r"fit,0\.12", "fit,12", "0 to 3"),
    ("observed.csv", r"fit,0\.12", "fit,0", "a fitted figure needs an error"),
    ("organisations.csv", r",university,xian,0", ",bank,xian,0", "a bank has no share of R&D"),
    ("pack.yaml", r'^capital: "xian"', 'capital: "xain"', "not a city of the pack.*did you mean xian"),
    ("pack.yaml", r'^plan_written_for: "shaanxi"', 'plan_written_for: "shanxxi"', "there is no province"),
    ("pack.yaml", r"^last_year: 2017", "last_year: 2011", "leaves no growth to see"),
    ("pack.yaml", r"^  zones:", "  zoens:", "no table is called 'zoens'.*did you mean zones"),
    (PARAMETER_FILE, r"^universities:", "universites:", "no parameter.*did you mean universities"),
]


@pytest.mark.parametrize(
    ("name", "old", "new", "words"), SPOILT, ids=[f"{row[0]}-{row[2]}" for row in SPOILT]
)
def test_what_a_run_would_stumble_over_is_named_by_check(
    pack: Path, name: str, old: str, new: str, words: str
) -> None:
    line = edit(pack / name, old, new)
    found = check(pack)
    assert any(re.search(words, str(one)) and one.line in (line, line + 1) for one in found), found
    assert all(one.file == str(pack / name) and "\n" not in str(one) for one in found)


def test_shares_of_research_leave_enterprises_something(pack: Path) -> None:
    edit(pack / PARAMETER_FILE, r"(rd_share_military:(?:\n  .*)*?\n  value): .*", r"\1: 0.8")
    edit(pack / PARAMETER_FILE, r"(rd_share_military:(?:\n  .*)*?\n  high): .*", r"\1: 0.9")
    (found,) = check(pack)
    assert "sum to 1.058, and enterprises are left without R&D" in str(found)


def test_shares_of_contract_types_are_a_whole(pack: Path) -> None:
    shared = (SCENARIOS / "parameters.yaml").read_text("utf-8")
    entry = re.search(r"^type_share_service:(?:\n  .*)*", shared, re.MULTILINE)
    assert entry is not None
    file = pack / PARAMETER_FILE
    before = file.read_text("utf-8")
    file.write_text(f"{before}\n{entry[0]}\n", "utf-8")
    assert not check(pack)
    file.write_text(f"{before}\n{entry[0].replace('value: 0.52', 'value: 0.60')}\n", "utf-8")
    (found,) = check(pack)
    assert "type_share_service" in str(found) and "sum to 1.08" in str(found)


def test_sources_of_a_fund_are_a_whole(pack: Path) -> None:
    shared = (SCENARIOS / "parameters.yaml").read_text("utf-8")
    entry = re.search(r"^fund_state_share:(?:\n  .*)*", shared, re.MULTILINE)
    assert entry is not None
    file = pack / PARAMETER_FILE
    before = file.read_text("utf-8")
    file.write_text(f"{before}\n{entry[0]}\n", "utf-8")
    assert not check(pack)
    file.write_text(f"{before}\n{entry[0].replace('value: 0.5', 'value: 0.6')}\n", "utf-8")
    (found,) = check(pack)
    assert "fund_state_share" in str(found) and "sources of a fund's social capital sum to 1.1" in str(found)


def test_no_more_are_named_than_there_are(pack: Path) -> None:
    text = (pack / PARAMETER_FILE).read_text("utf-8")
    entry = re.search(r"^universities:(?:\n  .*)*", text, re.MULTILINE)
    assert entry is not None
    few = re.sub(r"(value|low|high): .*", r"\1: 2", entry[0])
    (pack / PARAMETER_FILE).write_text(text.replace(entry[0], few), "utf-8")
    (found,) = check(pack)
    assert found.line == 4 and "names 3 of kind university, and there may be 2 of them" in str(found)


def test_a_file_that_nobody_reads_is_named(pack: Path) -> None:
    (pack / "observd.csv").write_text("a\n", "utf-8")
    (pack / "README.md").write_text("a\n", "utf-8")
    (found,) = check(pack)
    assert found.suggestion == "observed.csv" and found.file == str(pack / "observd.csv")


def test_a_kind_of_source_that_no_source_has_is_named(pack: Path) -> None:
    with (pack / "pack.yaml").open("a", encoding="utf-8") as stream:
        stream.write('source_kinds:\n  "Chinaa Statistical": "official statistic"\n')
    (found,) = check(pack)
    assert found.line is not None and "no source of the pack begins so" in str(found)


def test_blank_rows_of_a_spreadsheet_are_no_rows(pack: Path) -> None:
    with (pack / "series.csv").open("a", encoding="utf-8") as stream:
        stream.write(",,,,,\n" * 3 + "gdp,province,2016,1,yuan,x\n")
    (found,) = [one for one in check(pack) if one.line is not None]
    assert (
        "given twice" in str(found)
        and found.line == len((HERE / "series.csv").read_text("utf-8").splitlines()) + 4
    )


def test_series_are_those_of_the_panel_and_the_gross_product() -> None:
    sources = Sources()
    panel = {row["indicator"] for file in PANEL_FILES for row in sources.table(file)}
    assert set(SERIES) == {*panel, "gdp"}
    used = {indicator for name in list_provinces() for indicator in load_pack(name).series["indicator"]}
    assert used <= set(SERIES)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            r"^(contract_count_inflow,2010,6775),contracts",
            r"\1,yuan",
            "the unit is 'yuan'.*allowed contracts",
        ),
        (r"^contract_count_inflow,2010", "contract_count_inflwo,2010", "mean contract_count_inflow"),
        (r"^(incubators,2016,[^,]*),count", r"\1,people", "the unit is 'people'.*allowed count"),
        (r"^(rd_share.xian,20..),([^,]*)", r"\1,80", "divide by 100.*mean 0.8"),
    ],
)
def test_a_fit_and_check_hold_a_packs_figures_against_the_model(
    pack: Path, old: str, new: str, words: str
) -> None:
    line = edit(pack / "observed.csv", old, new)
    with pytest.raises(InputError, match=words) as caught:
        observed_table(load_pack(pack), model().definitions)
    assert caught.value.line == line
    if not check(pack):
        assert re.search(words, str(refusal_of_a_run(load_pack(pack))))


def test_a_table_of_ones_own_is_checked_as_a_packs(tmp_path: Path) -> None:
    file = tmp_path / "observed.csv"
    shutil.copy(HERE / "observed.csv", file)
    line = edit(file, r"^(contract_value_output,2016),[^,]+", r"\1,8.0e6")
    with pytest.raises(InputError, match="of another size than") as caught:
        observed_table(load_pack("shaanxi"), model().definitions, file)
    assert (caught.value.file, caught.value.line) == (str(file), line)


def test_a_bound_may_lie_far_from_what_it_bounds(pack: Path) -> None:
    edit(pack / "observed.csv", r"^(contract_value_output,2016),[^,]+,yuan,fit", r"\1,1.0,yuan,at_least")
    assert check(pack) == ()


# ---- any single cell -------------------------------------------------------------


def times(factor: float) -> Callable[[str], str]:
    return lambda cell: repr(float(cell) * factor)


def misspelt(cell: str) -> str:
    return cell + "x"


Spoil = tuple[str, str, Callable[[str], str]]

CELLS: list[Spoil] = [
    ("cities", "latitude", times(-1)),
    ("cities", "longitude", times(-1)),
    ("cities", "latitude", lambda _: "108.95"),
    *(
        ("cities", share, times(factor))
        for share in ("firm_share", "rd_share", "fiscal_share")
        for factor in (-1, 100)
    ),
    ("cities", "kind", misspelt),
    ("zones", "city", misspelt),
    ("zones", "level", misspelt),
    ("organisations", "city", misspelt),
    ("organisations", "kind", misspelt),
    ("organisations", "rd_share", times(-1)),
    ("organisations", "rd_share", times(100)),
    *(("series", column, misspelt) for column in ("indicator", "scope", "unit")),
    ("series", "year", lambda cell: str(int(cell) - 100)),
    ("series", "year", lambda cell: str(int(cell) + 18)),
    *(("series", "value", times(factor)) for factor in (-1, 1e-4, 1e4, 1e8, 0)),
    *(("observed", column, misspelt) for column in ("indicator", "unit", "use", "source_kind")),
    ("observed", "year", lambda cell: str(int(cell) - 100)),
    *(("observed", "value", times(factor)) for factor in (-1, 0, 1e12)),
    ("observed", "ln_error", times(-1)),
    ("observed", "ln_error", times(100)),
]
"""Table, column, and what becomes of a cell in it: its sign, unit, name, order or size."""


@pytest.fixture(scope="module")
def spoilt_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pack") / "mine"
    shutil.copytree(HERE, folder)
    return folder


def problems_with(folder: Path) -> Iterator[InputError]:
    """Give what `check` says, of the names that only the model knows too."""
    found = check(folder)
    yield from found
    if not found:
        with pytest.raises(InputError) as caught:
            observed_table(load_pack(folder), model().definitions)
        yield caught.value


@given(data=st.data())
@settings(max_examples=60)
def test_any_single_cell_that_is_spoilt_is_named(data: st.DataObject, spoilt_once: Path) -> None:
    table, column, spoil = data.draw(st.sampled_from(CELLS))
    good = (HERE / f"{table}.csv").read_text("utf-8")
    rows = list(csv.reader(io.StringIO(good)))
    row = data.draw(st.integers(1, len(rows) - 1))
    place = rows[0].index(column)
    before = rows[row][place]
    rows[row][place] = spoil(before)
    if float_or_none(rows[row][place]) == float_or_none(before) is not None:
        return  # nothing times anything is nothing
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    file = spoilt_once / f"{table}.csv"
    file.write_text(stream.getvalue(), "utf-8")
    try:
        found = list(problems_with(spoilt_once))
    finally:
        file.write_text(good, "utf-8")
    # A sum that is not one cannot say which of its shares is wrong, and a kind of source stands in many rows.
    assert any((one.line == row + 1 and one.file == str(file)) or one.line is None for one in found), found
    assert all("\n" not in str(one) for one in found)


def float_or_none(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


PARAMETERS = load_pack("shaanxi").parameters


@given(
    name=st.sampled_from(sorted(PARAMETERS)),
    what=st.sampled_from(("name", "sign", "unit", "unknown unit", "order", "size", "gone")),
)
@settings(max_examples=25)
def test_any_parameter_that_is_spoilt_is_named(name: str, what: str, spoilt_once: Path) -> None:
    good = (HERE / PARAMETER_FILE).read_text("utf-8")
    found = re.search(rf"^{name}:(?:\n  .*)*", good, re.MULTILINE)
    assert found is not None
    entry = found[0]
    spoilt: dict[str, str] = {
        "name": entry.replace(f"{name}:", f"{name[:-1]}:", 1),
        "sign": re.sub(r"\n  value: ", "\n  value: -", entry),
        "unit": re.sub(r'\n  unit: "[^"]*"', '\n  unit: "km"', entry),
        "unknown unit": re.sub(r'\n  unit: "[^"]*"', '\n  unit: "wan"', entry),
        "order": re.sub(r"\n  low: (.*)\n  high: (.*)", r"\n  low: \2\n  high: \1", entry),
        "size": re.sub(r"\n  value: (.*)", r"\n  value: 1\g<1>000000000000", entry),
        "gone": "",
    }
    if what == "order" and PARAMETERS[name].low == PARAMETERS[name].high:
        return
    file = spoilt_once / PARAMETER_FILE
    file.write_text(good.replace(entry, spoilt[what]), "utf-8")
    try:
        told: Any = check(spoilt_once)
    finally:
        file.write_text(good, "utf-8")
    lines = good[: found.start()].count("\n") + 1, good[: found.end()].count("\n") + 1
    assert told and all(one.file == str(file) for one in told)
    assert any(lines[0] <= one.line <= lines[1] if one.line else name in str(one) for one in told), (
        told,
        lines,
    )


def test_the_pack_that_is_spoilt_is_in_order_before() -> None:
    assert check(HERE) == () and set(TABLES) >= {table for table, _, _ in CELLS}
