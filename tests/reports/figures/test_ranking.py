"""The figure of a ranking: every glyph, both ways of an item, nothing of what moves nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from shaanxi_transfer.experiments.planning.definitions import Definitions
from shaanxi_transfer.reports.figures.ranking import draw_ranking
from shaanxi_transfer.reports.tables.experiment_folder import model_definitions
from shaanxi_transfer.reports.tables.ranking_rows import (
    columns_of,
    heading,
    notes,
    nothing_lines,
    ranked_rows,
)
from shaanxi_transfer.reports.words.phrases import LANGUAGES, Language
from shaanxi_transfer.scenarios import TASKS

Look = Callable[[str, Language, Callable[[], Figure]], Figure]


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return model_definitions()


@pytest.fixture
def rows() -> pd.DataFrame:
    """Give a ranking of all tasks, made by hand: the later, the less; the last three move nothing."""
    made: list[dict[str, Any]] = []
    for way, factor in (("alone", 1.0), ("in_plan", 0.8)):
        for place, task in enumerate(TASKS):
            still = place >= len(TASKS) - 3
            mean = 0.0 if still else factor * (1.2e9 - 7e7 * place)
            spread = 0.0 if still else 3e8
            verdict = "identical" if still else "more" if place < 9 else "not visible"
            made.append(
                {
                    "kind": "target", "id": "contract_value_output", "counting": "full_value", "unit": "yuan",
                    "year": 2020, "by": "task", "way": way, "rank": place + 1, "item": task,
                    "q05": mean - spread, "q50": mean, "q95": mean + spread, "mean": mean, "pairs": 200,
                    "verdict": verdict, "first_three": 0.9 if place < 3 else 0.01, "net_cost_mean": 4e7,
                    "yuan_per_unit": 0.05 if verdict == "more" else np.nan, "payer": "both",
                    "evidence": "AD", "comparisons": 56, "by_luck": 0.0,
                }
            )  # fmt: skip
    return pd.DataFrame(made)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_every_glyph_and_both_ways_of_every_task_that_moves_something(
    rows: pd.DataFrame, definitions: Definitions, language: Language, looks_as_it_did: Look
) -> None:
    figure = looks_as_it_did("ranking", language, lambda: draw_ranking(rows, definitions, language))
    (axes,) = figure.axes
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert len(labels) == len(TASKS) - 3 and all(label.endswith("[AD]") for label in labels)
    middles = [line for line in axes.lines if line.get_marker() in ("o", "s")]
    assert len(middles) == 2 * len(labels)
    unit = 1e8 if language == "zh" else 1e9
    assert np.asarray(middles[0].get_xdata())[0] == pytest.approx(1.2e9 / unit)
    alphas = [float(line.get_alpha() or 0.0) for line in middles]
    assert alphas[0] == 1.0 and 0.0 < alphas[-1] < 0.5, "what is not visible is pale"


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_rows_say_what_the_table_holds(
    rows: pd.DataFrame, definitions: Definitions, language: Language
) -> None:
    shown = ranked_rows(rows, language)
    assert len(shown) == len(TASKS) - 3
    assert {len(row) for row in shown} == {len(columns_of(rows, language))}
    assert shown[0][0] == "1" and shown[0][-1] == "AD"
    assert shown[-1][-3] == "–", "what is not visible has no price"
    assert "200" in heading(rows, definitions, language) and "28" in heading(rows, definitions, language)
    assert "56" in notes(rows, language)[0]
    (nothing,) = nothing_lines(rows, language)
    assert nothing.count(";" if language == "en" else "；") == 2


def test_what_nothing_touches_is_one_sentence(rows: pd.DataFrame, definitions: Definitions) -> None:
    still = rows.assign(verdict="identical", mean=0.0, q05=0.0, q50=0.0, q95=0.0)
    assert heading(still, definitions, "en").startswith("No lever touches Technology contract turnover")
    assert ranked_rows(still, "en") == []
