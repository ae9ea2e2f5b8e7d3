"""The table of `run --profile` adds up."""

from __future__ import annotations

import pandas as pd
import pytest

from shaanxi_transfer.model.profile import COLUMNS, END, START
from shaanxi_transfer.reports.tables.profile_table import print_profile


def test_parts_are_summed_by_heading_and_over_all(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [(START, "", 0.01, 0.03), (1, "a", 0.02, 0.0), (1, "b", 0.1, 0.03), (END, "", 0.0, 0.01)]
    print_profile(pd.DataFrame(rows, columns=list(COLUMNS)), "en")
    heads, *lines = (line.split("  ") for line in capsys.readouterr().out.splitlines())
    told = {cells[0]: [cell.strip() for cell in cells[1:] if cell.strip()] for cells in lines}
    assert heads[0] == "part of the quarter"
    assert told == {
        "before the first quarter": ["10.0", "30.0", "40.0", "0.20"],
        "1. Policy": ["120.0", "30.0", "150.0", "0.75"],
        "the record": ["0.0", "10.0", "10.0", "0.05"],
        "all": ["130.0", "70.0", "200.0", "1.00"],
    }
