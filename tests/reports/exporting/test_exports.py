"""Exports hold what the folder holds, and say what it means, in both languages."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import openpyxl
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.experiments.forecast import Forecast
from shaanxi_transfer.experiments.forecasting.target_and_indicator_tables import yearly_of_parts
from shaanxi_transfer.experiments.forecasting.write_tables import write_tables
from shaanxi_transfer.experiments.keeping.cube import dataset_of
from shaanxi_transfer.experiments.keeping.manifest import identity_of
from shaanxi_transfer.experiments.keeping.store import Store, open_store
from shaanxi_transfer.experiments.planning.door_to_model import model
from shaanxi_transfer.experiments.planning.plan_of_runs import plan_runs
from shaanxi_transfer.experiments.planning.runs import Failed, Finished
from shaanxi_transfer.model.indicators import INDICATORS
from shaanxi_transfer.reports.command_line import main
from shaanxi_transfer.reports.commands.export import FORMS
from shaanxi_transfer.reports.exporting.cells import number_format
from shaanxi_transfer.reports.exporting.data_dictionary import COLUMNS
from shaanxi_transfer.reports.exporting.workbook import SHEETS
from shaanxi_transfer.reports.words.phrases import Language
from shaanxi_transfer.scenarios import load

NAMES = (
    "contract_value_output",
    "contract_value_output.xian",
    "incubation_platforms",
    "registration_coverage",
)
QUARTERS = tuple(Quarter(2018, 1).later(step) for step in range(13))  # the last year is not whole
FAILED = "no_plan-000002"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A forecast of three futures in two parts, of which one run failed with an ugly message."""
    worlds = {name: load(name) for name in ("action_plan", "no_plan")}
    store = open_store(
        tmp_path_factory.mktemp("made") / "预测 one",
        identity_of(worlds, {}, kind="forecast", runs=3, scale=0.1, seed=1, indicators={}),
    )
    luck = np.random.default_rng(1)
    plan = list(plan_runs(list(worlds), 3, 1))
    made = [
        Finished(run, NAMES, QUARTERS, luck.lognormal(20.0, 3.0, (len(QUARTERS), len(NAMES))))
        for run in plan
        if run.run_id != FAILED
    ]
    store.add(made[:2])
    store.add(made[2:])
    failed = [Failed(run, "exception", "=SUM(A1)\x07 told 方案") for run in plan if run.run_id == FAILED]
    store.write_failures(failed, lambda one: "replay it")
    write_tables(store, model().definitions, dict.fromkeys(worlds, "shaanxi"))
    return store.folder


def export(folder: Path, form: str, file: Path) -> Path:
    assert main(["export", str(folder), "--form", form, "--out", str(file)]) == 0
    assert [path.name for path in file.parent.iterdir()] == [file.name], "something else was written"
    return file


def test_duckdb_holds_every_row_and_table(folder: Path, tmp_path: Path) -> None:
    file = export(folder, "duckdb", tmp_path / "结果.duckdb")
    store = Store(folder)
    with duckdb.connect(str(file), read_only=True) as database:

        def table(query: str) -> pd.DataFrame:
            return database.execute(query).df()

        order = "ORDER BY run_id, indicator, year, quarter"
        for kind in ("runs", "predictive"):
            pd.testing.assert_frame_equal(
                table(f"SELECT * FROM {kind} {order}"), store.read(kind), check_dtype=False, check_exact=True
            )
        for name in ("targets", "indicators"):
            pd.testing.assert_frame_equal(
                table(f"FROM {name}"), store.read_csv(f"{name}.csv"), check_dtype=False, check_exact=True
            )
        assert table("SELECT message FROM failures")["message"].tolist() == ["=SUM(A1)\x07 told 方案"]
        seed = table("SELECT value FROM manifest WHERE entry = 'identity.seed'")["value"].tolist()
        assert seed == ["1"]


def test_the_view_by_year_is_that_of_the_tables(folder: Path, tmp_path: Path) -> None:
    file = export(folder, "duckdb", tmp_path / "out.duckdb")
    with duckdb.connect(str(file), read_only=True) as database:
        seen = database.execute("FROM years ORDER BY scenario, future, indicator, year").df()
    made = yearly_of_parts(Store(folder).frames(), model().definitions)
    assert set(seen["year"]) == {2018, 2019, 2020}, "a year of one quarter is none"
    pd.testing.assert_frame_equal(
        seen[["scenario", "future", "indicator", "year", "value"]],
        made[["scenario", "future", "indicator", "year", "value"]],
        check_dtype=False,
        rtol=1e-14,
    )


def test_every_column_and_indicator_is_explained_in_both_languages(folder: Path, tmp_path: Path) -> None:
    file = export(folder, "duckdb", tmp_path / "out.duckdb")
    with duckdb.connect(str(file), read_only=True) as database:
        columns = database.execute(
            "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
        dictionary = database.execute("FROM data_dictionary").df()
    assert list(dictionary.columns) == list(COLUMNS)
    explained = set(zip(dictionary["table"], dictionary["column"], strict=True))
    for table, column, comment in columns:
        if table != "data_dictionary":
            assert (table, column) in explained
            assert " / " in comment, (table, column)
    indicators = dictionary[dictionary["indicator"] != ""]
    assert sorted(indicators["indicator"]) == sorted(NAMES)
    told = ["unit", "kind", "title_en", "title_zh", "definition_en", "definition_zh"]
    assert not (indicators[told] == "").any(axis=None)
    assert indicators.set_index("indicator")["title_zh"]["contract_value_output.xian"].endswith("：西安")
    assert not (dictionary[["definition_en", "definition_zh"]] == "").any(axis=None)


def test_predictive_rows_of_their_own_are_kept_apart(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    store = Store(copy)
    shutil.rmtree(copy / "predictive")
    (copy / "predictive").mkdir()
    runs = list(plan_runs(["action_plan"], 1, 1))
    store.add([Finished(runs[0], NAMES, QUARTERS, np.ones((len(QUARTERS), len(NAMES))))], "predictive")
    store.list_files()
    (tmp_path / "out").mkdir()
    file = export(copy, "duckdb", tmp_path / "out" / "out.duckdb")
    with duckdb.connect(str(file), read_only=True) as database:
        counts = database.execute(
            "SELECT (SELECT count(*) FROM runs), count(*), max(value) FROM predictive"
        ).fetchone()
    assert counts == (5 * 13 * 4, 13 * 4, 1.0)


@pytest.mark.parametrize("form", ["duckdb", "xarray"])
def test_a_damaged_part_is_never_exported(
    folder: Path, form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy, out = tmp_path / "copy", tmp_path / "out"
    shutil.copytree(folder, copy)
    part = Store(copy).parts("predictive")[0]
    for file in (part, Store(copy).parts("runs")[0]):
        contents = bytearray(file.read_bytes())
        contents[len(contents) // 2] ^= 1
        file.write_bytes(bytes(contents))
    out.mkdir()
    suffix = {"duckdb": "duckdb", "xarray": "nc"}[form]
    assert main(["export", str(copy), "--form", form, "--out", str(out / f"out.{suffix}")]) == 2
    assert "the part is damaged" in capsys.readouterr().err
    assert list(out.iterdir()) == []


def test_a_workbook_holds_the_tables_and_words_stay_words(folder: Path, tmp_path: Path) -> None:
    file = export(folder, "xlsx", tmp_path / "结果.xlsx")
    sheets = pd.read_excel(file, sheet_name=None, keep_default_na=False, na_values=[""])
    assert list(sheets) == list(SHEETS)
    for name in ("targets", "indicators", "differences"):
        pd.testing.assert_frame_equal(
            sheets[name], Store(folder).read_csv(f"{name}.csv"), check_dtype=False, rtol=1e-15
        )
    seed = openpyxl.load_workbook(file)["failures"]["D2"].value
    assert seed == str(Store(folder).failures()["seed"][0]), "as a number it would be rounded"
    assert sheets["failures"]["message"].tolist() == ["=SUM(A1)  told 方案"]
    entries = dict(zip(sheets["manifest"]["entry"], sheets["manifest"]["value"], strict=True))
    assert entries["identity.kind"] == "forecast"
    assert set(NAMES) <= set(sheets["data_dictionary"]["indicator"].dropna())
    assert openpyxl.load_workbook(file)["failures"]["F2"].quotePrefix, "a word also when it is edited"


def by_heading(sheet: Any, row: int) -> dict[str, Any]:
    return {str(head.value): cell for head, cell in zip(sheet[1], sheet[row], strict=True)}


def test_cells_hold_raw_numbers_and_show_them_in_their_unit(folder: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(export(folder, "xlsx", tmp_path / "out.xlsx"))
    table = Store(folder).read_csv("targets.csv")
    row = int(table.index[table["target"] == "contract_value_output"][0]) + 2
    cells = by_heading(book["targets"], row)
    assert cells["goal"].value == 1e11 and cells["q50"].value == table["q50"][row - 2]
    assert cells["goal"].number_format == cells["q50"].number_format == '#,##0.00,,," billion yuan"'
    assert cells["probability"].number_format == "0.00" and cells["target"].number_format == "General"
    assert all(book[name].freeze_panes == "A2" for name in SHEETS[1:])
    assert book["targets"].column_dimensions["B"].width > len("action_plan")


def test_a_chinese_workbook_has_chinese_headings_and_forms(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "out.xlsx"
    assert main(["export", str(folder), "--form", "xlsx", "--lang", "zh", "--out", str(file)]) == 0
    book = openpyxl.load_workbook(file)
    cells = by_heading(book["targets"], 2)
    assert {"省份", "情景", "目标值", "实现概率", "5%分位数"} <= set(cells)
    formats = {by_heading(book["indicators"], row)["95%分位数"].number_format for row in range(2, 40)}
    assert r'0\.00,,"亿元"' in formats
    for sheet in book.worksheets[1:]:
        for cell in sheet[1]:
            assert any(ord(letter) > 0x2E80 for letter in cell.value), (sheet.title, cell.value)


def test_the_first_sheet_shows_the_targets_with_a_chart_of_its_cells(folder: Path, tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(export(folder, "xlsx", tmp_path / "out.xlsx"))[SHEETS[0]]
    (chart,) = sheet._charts
    values, names = (chart.series[0].val.numRef.f, chart.series[0].cat.numRef.f)
    assert len(chart.series) == 2 and values == "'five_targets'!$B$5:$B$6" and names.endswith("$A$5:$A$6")
    table = Store(folder).read_csv("targets.csv").set_index(["target", "counting", "scenario"])
    shown = {sheet.cell(row, 1).value: sheet.cell(row, 2).value for row in (5, 6)}
    key: Any = ("contract_value_output", "full_value", "action_plan")
    assert table["probability"][key] in shown.values()
    words = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any("whole yuan" in word for word in words)


@pytest.mark.parametrize(
    ("unit", "largest", "language", "form"),
    [
        ("yuan", 1e11, "zh", r'0\.00,,"亿元"'),
        ("yuan", 5e6, "zh", r'0\.0,"万元"'),
        ("yuan/year", 2e7, "en", '#,##0.00,," million yuan a year"'),
        ("yuan", 12.0, "en", '#,##0" yuan"'),
        ("people", 1000.0, "en", "#,##0"),
        ("years", 1.5, "zh", "#,##0.##"),
        ("fraction", 0.5, "zh", "0.00"),
        ("yuan", float("nan"), "en", '#,##0" yuan"'),
    ],
)
def test_a_form_divides_what_is_shown(unit: str, largest: float, language: Language, form: str) -> None:
    assert number_format(unit, largest, language) == form


def test_a_cube_has_every_number_in_its_place(folder: Path) -> None:
    store = Store(folder)
    cube = dataset_of(store, model().definitions)
    assert dict(cube.sizes) == {"scenario": 2, "future": 3, "quarter": 13}
    rows = store.read("predictive")
    for row in rows.sample(200, random_state=1).itertuples():
        found = cube[row.indicator].sel(
            scenario=row.scenario, future=row.future, quarter=f"{row.year}-Q{row.quarter}"
        )
        assert found.item() == row.value
        assert int(cube["seed"].sel(future=row.future)) == row.seed
    values = cube.to_dataarray()
    assert int(values.notnull().sum()) == len(rows)
    assert bool(values.sel(scenario="no_plan", future=2).isnull().all()), "a failed run is no number"
    assert cube["incubation_platforms"].attrs == {"units": "count", "kind": "stock"}


def test_netcdf_is_the_cube_and_explains_itself(folder: Path, tmp_path: Path) -> None:
    xarray = pytest.importorskip("xarray")
    file = export(folder, "xarray", tmp_path / "out.nc")
    cube = Forecast.read(folder).to_xarray()
    with xarray.open_dataset(file) as read:
        for name in NAMES:
            assert np.array_equal(read[name].values, cube[name].values, equal_nan=True)
        assert list(read["scenario"].values) == ["action_plan", "no_plan"]
        assert list(read["quarter"].values) == [str(quarter) for quarter in QUARTERS]
        assert [int(seed) for seed in read["seed"].values] == cube["seed"].values.tolist()
        about: dict[str, Any] = read["contract_value_output.xian"].attrs
        assert about["units"] == "yuan" and about["long_name_zh"].endswith("：西安")
        assert about["definition_zh"] == INDICATORS["contract_value_output"].definition_zh
        assert json.loads(read.attrs["manifest"]) == Store(folder).manifest()


def test_every_indicator_has_a_chinese_definition() -> None:
    for name, indicator in INDICATORS.items():
        assert any("\u4e00" <= letter <= "\u9fff" for letter in indicator.definition_zh), name


REFUSED = [
    (["export", "{folder}", "--form", "excel"], "--form: 'excel' .*allowed duckdb, xarray, xlsx"),
    (["export", "{folder}", "--form", "xlsx", "--out", "a.csv"], "--out: 'a.csv' .*did you mean a.xlsx"),
    (["export", "absent"], "'absent' holds no experiment"),
    (["export", "{unfinished}"], "is not finished: runs or tables are still to be made"),
]


@pytest.mark.parametrize(("words", "line"), REFUSED, ids=[line for _, line in REFUSED])
def test_what_cannot_be_exported_is_refused_in_one_line(
    folder: Path,
    words: list[str],
    line: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    unfinished = tmp_path / "unfinished"
    open_store(unfinished, {"kind": "forecast", "scenarios": {}})
    places = {"{folder}": str(folder), "{unfinished}": str(unfinished)}
    assert main([places.get(word, word) for word in words]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    with pytest.raises(InputError, match=line):
        raise InputError(told.strip())


def full_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the disk be full when a finished file is brought to it."""

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)


@pytest.mark.parametrize(("form", "suffix"), FORMS.items())
def test_a_full_disk_is_one_line_with_the_command_and_nothing_is_left(
    folder: Path,
    form: str,
    suffix: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / f"x{suffix}"
    full_at_the_end(monkeypatch)
    assert main(["export", str(folder), "--form", form, "--out", str(file)]) == 3
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert told.startswith(f"{file} could not be made: writing: {file}: No space left on device; ")
    assert told.endswith(f'again: shaanxi-transfer export "{folder}" --form {form} --out "{file}"\n')
    assert not [*tmp_path.iterdir()]


def test_what_duckdb_says_of_a_full_disk_is_said_like_any_other(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(exported: object, path: Path) -> None:
        path.with_name(f"{path.name}.wal").write_bytes(b"half")
        raise duckdb.IOException(f'Could not write file "{path}.wal": No space left on device')

    monkeypatch.setattr("shaanxi_transfer.reports.exporting.duckdb_file._fill", full)
    assert main(["export", str(folder), "--out", str(tmp_path / "x.duckdb")]) == 3
    assert f"writing: {tmp_path / 'x.duckdb'}: No space left on device" in capsys.readouterr().err
    assert not [*tmp_path.iterdir()]


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
def test_an_export_that_is_stopped_leaves_nothing_behind(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(exported: object, path: Path) -> None:
        path.write_bytes(b"half")
        path.with_name(f"{path.name}.wal").write_bytes(b"half")
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr("shaanxi_transfer.reports.exporting.duckdb_file._fill", stopped)
    assert main(["export", str(folder), "--out", str(tmp_path / "x.duckdb")]) == 143
    assert capsys.readouterr().err.startswith("Stopped")
    assert not [*tmp_path.iterdir()]
