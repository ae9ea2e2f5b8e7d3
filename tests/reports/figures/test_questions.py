"""Figures of an explanation, a discovery and the worth of statistics, from tables made by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from shaanxi_transfer.experiments.planning.definitions import Definitions
from shaanxi_transfer.reports.figures.boxes import draw_boxes
from shaanxi_transfer.reports.figures.why import draw_why
from shaanxi_transfer.reports.figures.worth import draw_worth
from shaanxi_transfer.reports.tables.experiment_folder import model_definitions
from shaanxi_transfer.reports.words.phrases import LANGUAGES, Language
from shaanxi_transfer.scenarios import load, read_statistics

Look = Callable[[str, Language, Callable[[], Figure]], Figure]


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return model_definitions()


def why() -> pd.DataFrame:
    """Explain 100 billion yuan: 70 of enterprises, 30 of universities; one mechanism adds 20."""
    rows = [
        ("whole", "", "all", 1e11, 1.0, ""),
        ("part", "kind", "enterprise", 7e10, 0.7, ""),
        ("part", "kind", "university", 3e10, 0.3, ""),
        ("part", "type", "service", 6e10, 0.6, ""),
        ("part", "type", "development", 4e10, 0.4, ""),
        ("without", "mechanism", "registration_spreads", 2e10, 0.2, "more"),
        ("without", "mechanism", "peers_are_imitated", -1e9, -0.01, "not visible"),
        ("without", "mechanism", "large_sellers_register_first", 0.0, 0.0, "identical"),
    ]
    table = pd.DataFrame(rows, columns=["section", "by", "item", "mean", "share", "verdict"])
    head = {"province": "shaanxi", "scenario": "action_plan", "id": "contract_value_output", "unit": "yuan"}
    spread = 0.2 * table["mean"].abs()
    return table.assign(
        **head, year=2020, pairs=20, chance=0.4, q05=table["mean"] - spread, q50=table["mean"],
        q95=table["mean"] + spread,
    )  # fmt: skip


def boxes() -> pd.DataFrame:
    """Give three conclusions: one that a box flips, one that no box does, one that nothing flips."""
    head = {"province": "shaanxi", "scenario": "action_plan", "base": "", "kind": "target", "year": 2020}
    head |= {"futures": 200, "holds": 0.8, "holds_low": 0.74, "holds_high": 0.85, "flips": 40, "inside": 30}
    head |= {"coverage": 0.6, "density": 0.7, "density_low": 0.52, "density_high": 0.83, "base_rate": 0.2}
    head |= {"score": 0.2, "score_by_luck": 0.05, "comparisons": 3, "by_luck": 0.1}
    turnover = {"target": "contract_value_output", "counting": "full_value", "conclusion": "met"}
    people = {"target": "trained_people", "counting": "certificates", "conclusion": "missed"}
    fund = {
        "target": "guidance_fund_committed",
        "counting": "signed",
        "conclusion": "more",
        "base": "no_plan",
    }
    limit = {"input": "outside.national_value", "input_unit": "ln/year", "low": np.nan, "high": 0.09}
    rows = [
        {**head, **turnover, **limit, "box": 1, "verdict": "better than chance", "high_rank": 0.25},
        {**head, **turnover, "box": 1, "verdict": "better than chance", "input_unit": "ln", "low": 0.01,
         "high": np.nan, "input": "unexplained.contract_value_output", "low_rank": 0.6},
        {**head, **people, **limit, "box": 1, "verdict": "no better than chance"},
        {**head, **fund, "base": "no_plan", "box": 0, "verdict": "nothing flips it", "holds": 1.0,
         "flips": 0},
    ]  # fmt: skip
    return pd.DataFrame(rows)


def worth() -> pd.DataFrame:
    """Give the ten statistics of the package; two are worth more than one about nothing."""
    rows: list[dict[str, Any]] = []
    for rank, one in enumerate(read_statistics(None), start=1):
        value = 2e7 / rank
        rows.append(
            {
                "province": "shaanxi", "scenario": "action_plan", "base": "no_plan", "rank": rank,
                "target": "contract_value_output", "counting": "full_value", "unit": "yuan", "year": 2020,
                "price": 0.02, "over_break_even": 1.0, "decision": "either", "statistic": one.id,
                "title_en": one.title_en, "title_zh": one.title_zh, "value": value, "error": 1e6,
                "q05": max(0.0, value - 2e6), "q95": value + 2e6, "by_luck": 8e6, "perfect": 6e7,
                "share_of_perfect": value / 6e7, "cost": np.nan, "futures": 200,
                "verdict": "worth something" if value > 8e6 else "no more than luck",
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_explanation_draws_parts_and_what_moves_them(
    definitions: Definitions, language: Language, looks_as_it_did: Look
) -> None:
    figure = looks_as_it_did("why", language, lambda: draw_why(why(), definitions, language))
    kinds, types, moved = figure.axes
    unit = 1e8 if language == "zh" else 1e9
    bars: list[Any] = list(kinds.patches)
    assert [bar.get_width() for bar in bars] == [7e10 / unit, 3e10 / unit]
    assert len(types.patches) == 2 and len(moved.patches) == 2, "what is identical is left out"
    assert [bar.get_alpha() for bar in moved.patches] == [1.0, 0.35], "what is not visible is pale"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_discovery_draws_limits_that_stand_the_check(
    definitions: Definitions, language: Language, looks_as_it_did: Look
) -> None:
    parameters = load("action_plan").parameter_table()
    figure = looks_as_it_did(
        "boxes", language, lambda: draw_boxes(boxes(), parameters, definitions, language)
    )
    (axes,) = figure.axes
    every: list[Any] = list(axes.patches)
    drawn = [bar for bar in every if bar.get_width() < 1.0]
    assert [(bar.get_x(), bar.get_width()) for bar in drawn] == [(0.0, 0.25), (0.6, pytest.approx(0.4))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_worth_is_drawn_with_the_bar_of_luck(
    definitions: Definitions, language: Language, looks_as_it_did: Look
) -> None:
    figure = looks_as_it_did("worth", language, lambda: draw_worth(worth(), definitions, language))
    (axes,) = figure.axes
    unit = 1e4 if language == "zh" else 1e6
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    assert [np.asarray(line.get_xdata())[0] for line in dots][:2] == [2e7 / unit, 1e7 / unit]
    assert [line.get_alpha() for line in dots[:3]] == [1.0, 1.0, 0.35]
    assert 8e6 / unit in [
        np.asarray(line.get_xdata())[0] for line in axes.lines if line.get_linestyle() == "--"
    ]
