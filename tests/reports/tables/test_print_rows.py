from __future__ import annotations

import csv
import io

import pytest

from shaanxi_transfer.reports.tables.print_rows import print_rows

ROWS = [["contract_value_output", 1.5, None], ['a "quoted", word', 2000, "x" * 300]]


def test_csv_can_be_read_back() -> None:
    stream = io.StringIO()
    print_rows(["name", "value", "note"], ROWS, "csv", stream)
    read = list(csv.reader(io.StringIO(stream.getvalue())))
    assert read == [
        ["name", "value", "note"],
        ["contract_value_output", "1.5", ""],
        ['a "quoted", word', "2000", "x" * 300],
    ]


def test_a_row_is_one_line_off_a_terminal() -> None:
    stream = io.StringIO()
    print_rows(["name", 2017, "note"], ROWS, "table", stream)
    lines = [line.rstrip() for line in stream.getvalue().splitlines()]
    assert len(lines) == 3
    assert lines[2].endswith("x" * 300)
    assert lines[1].index("1.5") + 3 == lines[2].index("2000") + 4  # numbers end at the same place


def test_numbers_without_room_are_not_cut_into_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    class Window(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("COLUMNS", "60")
    years, values = list(range(2010, 2021)), [1234.5 + year for year in range(11)]
    window = Window()
    print_rows(["name", *years], [["contract_value_output", *values]], "table", window)
    assert window.getvalue().splitlines()[1].split() == ["contract_value_output", *map(str, values)]
