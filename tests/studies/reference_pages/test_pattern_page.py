"""The page of the patterns, also of a province of which little was observed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from shaanxi_transfer.experiments.patterns.verdicts import COLUMNS, pattern_table, verdicts_of_patterns
from shaanxi_transfer.experiments.running.table_command import DEFAULT_FOLDER
from shaanxi_transfer.studies.reference_pages.pattern_page import FILES, page


@pytest.fixture
def table() -> pd.DataFrame:
    found = pd.read_csv(Path(__file__).resolve().parents[3] / DEFAULT_FOLDER / FILES[0])
    assert list(found.columns) == list(COLUMNS)
    return found


def test_the_page_tells_every_fact_and_every_verdict(table: pd.DataFrame) -> None:
    text = page(table)
    assert all(f"`{name}`" in text for name in table["fact"])
    for pattern, row in verdicts_of_patterns(table).iterrows():
        assert f"## {pattern}. {row['title']}: {row['verdict']}\n" in text
    assert "| nan" not in text and "[nan" not in text and "None" not in text


def test_a_province_with_few_figures_has_a_table_and_a_page_too(table: pd.DataFrame, tmp_path: Path) -> None:
    year = pd.DataFrame([(0, "x", 2017, 1.0)], columns=["future", "indicator", "year", "value"])
    few = pattern_table([], year, scale=0.1, seed=1)
    both = pd.concat([table[table["pattern"] == 1], few[few["pattern"] != 1]])
    both.to_csv(tmp_path / FILES[0], index=False)
    assert "## 9. Loans of the Xi'an programme: nothing observed" in page(pd.read_csv(tmp_path / FILES[0]))


def test_a_fact_that_is_not_simulated_keeps_its_row(table: pd.DataFrame) -> None:
    table.loc[0, "verdict"] = "not simulated"
    fact, use = str(table["fact"][0]), str(table["use"][0])
    (row,) = (line for line in page(table).splitlines() if line.startswith(f"| `{fact}`"))
    assert row.endswith(f" |  |  |  |  | {use} | not simulated |")
