"""The page of the sensitivity analysis, and which factors it takes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd

from shaanxi_transfer.experiments.sensitivity_analysis.finished_analysis import Sensitivity
from shaanxi_transfer.experiments.sensitivity_analysis.index_tables import COLUMNS
from shaanxi_transfer.studies.reference_pages.sensitivity_page import that_matter, write_reference

TURNOVER, PEOPLE = "contract_value_output", "trained_people"


def test_the_factors_that_matter_are_taken_in_turn_from_each_target(made_indices: Any) -> None:
    turnover = made_indices.table("morris")
    turnover = turnover[turnover["target"] == TURNOVER]
    people = turnover.assign(
        target=PEOPLE,
        value=turnover["value"].where(turnover["factor"] != "city_plans", 9e9),
    ).sort_values("value", ascending=False)
    both = pd.concat([turnover, people])
    assert that_matter(both, 3) == ["fund_size", "city_plans", "voucher_budget"]
    assert that_matter(both) == [
        "fund_size",
        "city_plans",
        "voucher_budget",
        "training_seats",
        "platform_reach",
    ]
    both.loc[both["factor"] == "luck", "value"] = 5e9  # only what is above luck
    assert that_matter(both) == ["fund_size", "city_plans"]


def test_the_reference_page_tells_counts_and_sentences(made_indices: Any, tmp_path: Path) -> None:
    done = []
    for method in ("morris", "sobol"):
        indices = made_indices.table(method)
        done.append((Sensitivity(tmp_path, indices, made_indices.growing(indices)), 600.0))
    for folder in ("tables", "docs/figures"):
        (tmp_path / folder).mkdir(parents=True)
    write_reference(done, tmp_path / "tables", tmp_path / "docs")
    text = (tmp_path / "docs" / "sensitivity.md").read_text(encoding="utf-8")
    assert text.count("5 factors, 384 points, 4 futures at each: 1536 runs in 10 minutes.") == 2
    assert "61 % (49–73) comes from" in text and "偶然性占3%" in text
    pictures = re.findall(r"\]\((figures/[^)]*)\)", text)
    assert len(pictures) == 2
    assert all((tmp_path / "docs" / picture).stat().st_size < 80_000 for picture in pictures)
    kept = pd.read_csv(tmp_path / "tables" / "sensitivity_sobol.csv")
    assert list(kept.columns) == [name for name in COLUMNS if "title" not in name]
    assert len(kept) == len(done[1][0].indices)
