"""The figure and rows of a sweep: every glyph, a panel for each lever, lines where only one lever differs."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from shaanxi_transfer.experiments.planning.definitions import Definitions
from shaanxi_transfer.reports.figures.sweep import draw_sweep
from shaanxi_transfer.reports.tables.experiment_folder import model_definitions
from shaanxi_transfer.reports.tables.sweep_rows import columns_of, heading, notes, point_rows
from shaanxi_transfer.reports.words.phrases import LANGUAGES, Language

LEVERS = ["voucher_budget", "fund_size"]

Look = Callable[[str, Language, Callable[[], Figure]], Figure]


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return model_definitions()


@pytest.fixture
def rows() -> pd.DataFrame:
    """Give a sweep of two levers by hand: vouchers add, the fund does not."""
    points = [(2e7, 1e10), *product((0.0, 2e7, 4e7), (5e9, 1e10))]
    made: list[dict[str, Any]] = []
    for place, (vouchers, fund) in enumerate(points):
        mean = 20.0 * (vouchers - 2e7)
        made.append(
            {
                "province": "shaanxi", "scenario": "action_plan",
                "point": "base" if place == 0 else f"point_{place:05d}", "voucher_budget": vouchers,
                "fund_size": fund, "kind": "target", "id": "contract_value_output",
                "counting": "full_value", "unit": "yuan", "year": 2020, "level_q50": 1.1e11 + mean,
                "chance": 0.7, "q05": mean - 2e8, "q50": mean, "q95": mean + 2e8, "mean": mean, "pairs": 200,
                "verdict": "more" if mean > 0 else "less" if mean < 0 else "identical",
                "comparisons": 6, "by_luck": 0.0,
            }
        )  # fmt: skip
    return pd.DataFrame(made)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_every_glyph_and_a_panel_for_each_lever(
    rows: pd.DataFrame, definitions: Definitions, language: Language, looks_as_it_did: Look
) -> None:
    figure = looks_as_it_did("sweep", language, lambda: draw_sweep(rows, LEVERS, definitions, language))
    vouchers, fund = figure.axes
    joined = [line for line in vouchers.lines if len(np.asarray(line.get_xdata())) == 3]
    assert len(joined) == 2, "a line for each level of the other lever"
    assert (
        len([line for line in fund.lines if line.get_marker() == "o" and np.asarray(line.get_xydata()).size])
        == 6
    )
    pale = {float(line.get_alpha() or 1.0) for line in vouchers.lines if line.get_marker() == "o"}
    assert pale == {1.0, 0.35}, "what is not visible is pale"


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_rows_say_what_the_table_holds(
    rows: pd.DataFrame, definitions: Definitions, language: Language
) -> None:
    costs = dict.fromkeys(rows["point"], 1e7)
    shown = point_rows(rows, costs, LEVERS, language)
    assert len(shown) == 7 and {len(row) for row in shown} == {len(columns_of(rows, LEVERS, language))}
    assert shown[0][-2] == {"en": "base", "zh": "基准"}[language]
    assert "200" in heading(rows, LEVERS, definitions, language) and "6" in notes(rows, language)[1]
    still = rows.assign(verdict="identical")
    assert "200" not in heading(still, LEVERS, definitions, language)


def test_many_points_are_cut_and_it_is_said(rows: pd.DataFrame) -> None:
    many = pd.concat([rows, *[rows.iloc[1:]] * 11], ignore_index=True)
    assert len(point_rows(many, dict.fromkeys(many["point"], 0.0), LEVERS, "en")) == 61
    assert notes(many, "en")[0] == "… 12 more points in sweep.csv."


def test_points_of_a_hypercube_are_not_joined(rows: pd.DataFrame, definitions: Definitions) -> None:
    scattered = rows.assign(fund_size=rows["fund_size"] + np.arange(len(rows)) * 1e8)
    figure = draw_sweep(scattered, LEVERS, definitions, "en")
    assert not [line for line in figure.axes[0].lines if len(np.asarray(line.get_xdata())) == 3]
