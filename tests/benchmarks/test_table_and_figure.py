"""The small parts of ``make bench`` that only work out: nothing is timed here."""

from __future__ import annotations

import csv
import importlib
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.house

BENCHMARKS = Path(__file__).resolve().parent.parent.parent / "benchmarks"


@pytest.fixture(autouse=True)
def benchmarks_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))


@pytest.fixture
def rows() -> Any:
    return importlib.import_module("rows")


@pytest.fixture
def found(rows: Any) -> list[Any]:
    return [
        rows.Row("a run / another", 0.5, "ratio", 0.62, 0.5),
        rows.Row("answers", 5.0, "per second and core", 10, 40),
        rows.Row("what no machine has", None, "ratio", 1.3, 1.1),
        rows.Row("numbers that differ", 0, "count"),
        *(rows.Row(f"a whole run with {n:,} firms", n / 1e4, "s") for n in (1_000, 20_000, 600_000)),
    ]


def test_the_exponent_is_the_slope_of_logarithms(rows: Any) -> None:
    firms = [1_000, 20_000, 600_000]
    assert rows.exponent(firms, [3e-6 * n**0.8 for n in firms]) == pytest.approx(0.8)
    assert rows.exponent(firms, [2.0, 2.0, 2.0]) == pytest.approx(0.0)


def test_a_share_of_the_demand_is_below_one_where_it_is_better(found: list[Any]) -> None:
    less, more, missing, unasked, *_ = found
    assert less.of_demand == pytest.approx(0.5 / 0.62)
    assert less.aim_of_demand == pytest.approx(0.5 / 0.62)
    assert (more.of_demand, more.aim_of_demand) == (2.0, 0.25)
    assert missing.of_demand is None and unasked.of_demand is None


def test_the_table_has_a_row_for_each_with_empty_cells_for_none(found: list[Any], tmp_path: Path) -> None:
    made = importlib.import_module("table_and_figure")
    file = tmp_path / "bench" / "bench.csv"
    made.write_table(found, file)
    with file.open(encoding="utf-8", newline="") as table:
        head, *told = csv.reader(table)
    assert head == ["name", "value", "unit", "demand", "aim"]
    assert len(told) == len(found)
    assert told[0] == ["a run / another", "0.5", "ratio", "0.62", "0.5"]
    assert told[2] == ["what no machine has", "", "ratio", "1.3", "1.1"]
    assert told[3] == ["numbers that differ", "0", "count", "", ""]


def test_the_figure_shows_what_is_asked_for_and_the_growth(found: list[Any]) -> None:
    made = importlib.import_module("table_and_figure")
    demands, growth = made.draw(found).axes
    assert [text.get_text() for text in demands.get_yticklabels()] == ["a run / another", "answers"]
    assert "exponent 1.00" in growth.get_title(loc="left")


def test_runs_that_were_noted_are_added_up_without_the_loading_of_rules(tmp_path: Path) -> None:
    timed = importlib.import_module("timed_runs")
    (tmp_path / "11").write_text("2 9.0\n2 0.6\n2 0.4\n", "ascii")
    (tmp_path / "12").write_text("2 7.0\n1 0.5\n", "ascii")
    runs, seconds = timed.seconds_of_runs(tmp_path)
    assert runs == 9
    assert seconds == pytest.approx(6 * 0.25 + 3 * 0.5)


def test_without_the_history_of_git_the_row_says_so(
    rows: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = importlib.import_module("before_and_now")
    monkeypatch.setattr(turns, "ROOT", tmp_path)
    assert turns.tree_of(turns.BEFORE, tmp_path) is False
