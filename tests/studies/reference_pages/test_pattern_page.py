"""The page of the patterns, from tables made up and committed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from shaanxi_transfer.experiments.patterns import verdicts as patterns
from shaanxi_transfer.experiments.patterns.verdicts import (
    pattern_table,
    verdicts_of_patterns,
)
from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.studies.reference_pages.pattern_page import FILE, PAGE, page


def years(values: dict[tuple[str, int], list[float]]) -> pd.DataFrame:
    """One value for each future."""
    return pd.DataFrame(
        [
            (future, name, year, value)
            for (name, year), sample in values.items()
            for future, value in enumerate(sample)
        ],
        columns=["future", "indicator", "year", "value"],
    )


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    world = door_to_model.loaded("no_plan", province="shaanxi").set(end="2017-Q4", name="no_plan")
    found, failures = patterns.patterns(world, door_to_model.model(), runs=3, scale=0.02, seed=1, workers=1)
    assert failures == []
    return found


def test_the_page_tells_every_fact_and_every_verdict(table: pd.DataFrame, tmp_path: Path) -> None:
    table.to_csv(tmp_path / FILE, index=False)
    text = page(pd.read_csv(tmp_path / FILE))
    assert all(f"`{name}`" in text for name in table["fact"])
    for pattern, row in verdicts_of_patterns(table).iterrows():
        assert f"## {pattern}. {row['title']}: {row['verdict']}\n" in text
    assert "| nan" not in text and "[nan" not in text and "None" not in text


def test_a_province_with_few_figures_has_a_table_and_a_page_too(table: pd.DataFrame, tmp_path: Path) -> None:
    few = pattern_table([], years({("x", 2017): [1.0]}), scale=0.1, seed=1)
    both = pd.concat([table[table["pattern"] == 1], few[few["pattern"] != 1]])
    both.to_csv(tmp_path / FILE, index=False)
    assert "## 9. Loans of the Xi'an programme: nothing observed" in page(pd.read_csv(tmp_path / FILE))


@pytest.mark.house
def test_the_page_on_patterns_is_made_from_the_committed_table() -> None:
    root = Path(__file__).resolve().parents[3]
    file = root / "results" / "reference" / FILE
    if not file.exists():
        assert not (root / "docs" / "model" / PAGE).exists(), "a page without its table"
        return
    made = pd.read_csv(file)
    assert (made["futures"] >= 200).all(), "the reference table is of 200 futures at least"
    assert (root / "docs" / "model" / PAGE).read_text(encoding="utf-8") == page(made), "run `make pages`"
