"""The nation's yearly series from 1998 on."""

from __future__ import annotations

from pathlib import Path

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.scenarios.places import SOURCES_FOLDER
from shaanxi_transfer.scenarios.provinces.coverage import kind_of_source
from shaanxi_transfer.scenarios.provinces.national_series import NATION_FILE, national_series
from shaanxi_transfer.scenarios.provinces.sources_read import Sources

FILE = SOURCES_FOLDER / NATION_FILE
VALUE = "contract_value_output"


def _without(tmp_path: Path, words: str, instead: str = "") -> Path:
    lines = FILE.read_text(encoding="utf-8").splitlines(keepends=True)
    changed = [line.replace(words, instead) for line in lines if instead or words not in line]
    assert changed != lines
    file = tmp_path / NATION_FILE
    file.write_text("".join(changed), encoding="utf-8")
    return file


def test_every_year_is_there_and_the_sum_of_provinces_is_that_of_the_panel() -> None:
    panel = Sources().panel
    for name in (VALUE, "rd_expenditure"):
        series = national_series(name)
        assert list(series) == list(range(1998, 2018))
        for year in range(2012, 2018):
            parts = [
                float(row["value"])
                for (who, one, when), row in panel.items()
                if (one, when) == (name, year) and who != "china"
            ]
            assert sum(parts) == pytest.approx(series[year], rel=1e-3)


def test_its_source_is_graded() -> None:
    for row in Sources().table(NATION_FILE):
        assert kind_of_source(row["source"]) == "mirror or blog"


def test_a_gap_is_named_with_file_line_and_column(tmp_path: Path) -> None:
    file = _without(tmp_path, f"2004,{VALUE}")
    with pytest.raises(InputError, match="after 2003 comes 2005: the series has a gap") as caught:
        national_series(VALUE, file)
    assert (caught.value.file, caught.value.key) == (str(file), "nation.year")
    assert f"2005,{VALUE}" in file.read_text(encoding="utf-8").splitlines()[(caught.value.line or 0) - 1]


@pytest.mark.parametrize(
    ("words", "instead", "problem"),
    [
        ("2017,contract_value_output", "2018,contract_value_output", "2018 is out of bounds"),
        ("2016,contract_value_output", "2017,contract_value_output", "is given twice"),
        ("43582280000.0", "-1.0", "-1.0 is out of bounds"),
        ("43582280000.0", "nan", "nan is not a finite number"),
    ],
)
def test_a_wrong_cell_is_named(tmp_path: Path, words: str, instead: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem) as caught:
        national_series(VALUE, _without(tmp_path, words, instead))
    assert caught.value.file is not None
    assert caught.value.line is not None


def test_a_series_that_is_not_there_is_told_its_neighbour() -> None:
    with pytest.raises(InputError, match="did you mean contract_value_output"):
        national_series("contract_value_ouput")
