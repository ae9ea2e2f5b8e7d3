"""The page of the sensitivity analysis, and which factors it takes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from shaanxi_transfer.experiments.sensitivity_analysis.finished_analysis import Sensitivity
from shaanxi_transfer.experiments.sensitivity_analysis.index_tables import COLUMNS
from shaanxi_transfer.scenarios import lever_catalogue
from shaanxi_transfer.studies.reference_pages.sensitivity_page import that_matter, write_reference

TURNOVER, PEOPLE = "contract_value_output", "trained_people"


LEVERS = ("fund_size", "voucher_budget", "training_seats", "platform_reach", "city_plans")


def row(method: str, factor: str, index: str, value: float, **more: Any) -> dict[str, Any]:
    lever = lever_catalogue().get(factor)
    who = {"factor": factor, "kind": "luck" if factor == "luck" else "group" if lever is None else "lever"}
    titles = {"title_en": lever.title_en, "title_zh": lever.title_zh} if lever else {}
    yuan = index in ("mu_star", "mu", "sigma")
    return {
        "method": method,
        "target": TURNOVER,
        **who,
        "title_en": "",
        "title_zh": "",
        **titles,
        "group": "",
        "index": index,
        "value": value,
        "low": value * 0.8,
        "high": value * 1.2,
        "unit": "yuan" if yuan else "fraction",
        "size": 64,
        "points": 384,
        "futures": 4,
        **more,
    }


def table(method: str, luck: float = 0.03, factors: tuple[str, ...] = LEVERS) -> pd.DataFrame:
    names = {
        "morris": ("mu_star", "mu", "sigma"),
        "sobol": ("S1", "ST"),
        "pawn": ("pawn_median", "pawn_maximum"),
    }
    size = 8e9 if method == "morris" else 0.61
    rows = [
        row(method, factor, index, size / 2**place)
        for place, factor in enumerate(factors)
        for index in names[method]
        if index != "sigma" or factor in lever_catalogue()
    ]
    rows.append(row(method, "luck", "share_of_variance", luck))
    if method != "sobol":
        rows.append(
            row(method, "luck", names[method][0], 0.05 * size, low=np.nan if method == "morris" else 0.02)
        )
    still = {"kind": "constant", "target": PEOPLE, "index": "constant", "value": 350.0, "unit": "people"}
    rows.append(row(method, "", "constant", 350.0) | still | {"low": np.nan, "high": np.nan})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def growing(indices: pd.DataFrame) -> pd.DataFrame:
    some = indices[indices["kind"] != "constant"]
    return pd.concat([some.assign(size=size, points=6 * size) for size in (16, 32, 64)])


def test_the_factors_that_matter_are_taken_in_turn_from_each_target() -> None:
    turnover = table("morris")
    turnover = turnover[turnover["target"] == TURNOVER]
    people = turnover.assign(
        target=PEOPLE, value=turnover["value"].where(turnover["factor"] != "city_plans", 9e9)
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


def test_the_reference_page_tells_counts_and_sentences(tmp_path: Path) -> None:
    done = []
    for method in ("morris", "sobol"):
        indices = table(method)
        done.append((Sensitivity(tmp_path, indices, growing(indices)), 600.0))
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
