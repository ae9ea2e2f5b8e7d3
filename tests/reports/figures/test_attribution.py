"""Figures of an attribution: every glyph, projects before their tasks, frames around visible pairs."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import pandas as pd
import pytest
from matplotlib.figure import Figure

from shaanxi_transfer.experiments.planning.definitions import Definitions
from shaanxi_transfer.reports.figures.attribution import draw_pairs, draw_parts
from shaanxi_transfer.reports.tables.attribution_rows import (
    columns_of,
    nothing_lines,
    pair_lines,
    part_rows,
    whole_line,
)
from shaanxi_transfer.reports.tables.experiment_folder import model_definitions
from shaanxi_transfer.reports.words.phrases import LANGUAGES, Language
from shaanxi_transfer.scenarios.choosing.projects import projects_of_the_plan

Look = Callable[[str, Language, Callable[[], Figure]], Figure]


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return model_definitions()


@pytest.fixture
def rows() -> pd.DataFrame:
    """Give an attribution made by hand: project n adds n, its tasks equal parts; the second adds nothing."""
    made: list[dict[str, Any]] = []

    def add(level: str, item: str, other: str, mean: float, verdict: str) -> None:
        made.append(
            {
                "kind": "target", "id": "trained_people", "counting": "certificates", "unit": "people",
                "year": 2020, "level": level, "item": item, "other": other, "mean": mean, "q05": mean - 1.0,
                "q95": mean + 1.0, "pairs": 40, "verdict": verdict, "standard_error": 0.1,
                "share": mean / 34.0,
            }
        )  # fmt: skip

    projects = projects_of_the_plan()
    add("whole", "", "", 34.0, "more")
    for number, (project, tasks) in enumerate(projects.items(), start=1):
        none = number == 2
        add("project", project, "", 0.0 if none else float(number), "identical" if none else "more")
        for task in tasks:
            mean = 0.0 if none else number / len(tasks)
            add("task", task, project, mean, "identical" if none else "not visible")
    for one, other in combinations(projects, 2):
        first = (one, other) == ("project_1", "project_2")
        add("pair", one, other, -3.0 if first else 0.5, "less" if first else "not visible")
    return pd.DataFrame(made)


@pytest.mark.parametrize("language", LANGUAGES)
def test_parts_have_every_glyph_and_stand_in_order(
    rows: pd.DataFrame, definitions: Definitions, language: Language, looks_as_it_did: Look
) -> None:
    figure = looks_as_it_did("parts", language, lambda: draw_parts(rows, definitions, language))
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert len(labels) == 7 + 23, "all but the project that adds nothing, and its five tasks"
    assert (
        labels[0]
        == {"en": "Measures of organisation, together", "zh": "组织与实施（三项措施合计）"}[language]
    )
    assert len(figure.axes[0].patches) == 7


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pair_that_is_visible_is_framed(
    rows: pd.DataFrame, definitions: Definitions, language: Language, looks_as_it_did: Look
) -> None:
    figure = looks_as_it_did("pairs", language, lambda: draw_pairs(rows, definitions, language))
    (axes,) = figure.axes
    assert len(axes.texts) == 28 and len(axes.patches) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_say_what_the_table_holds(
    rows: pd.DataFrame, definitions: Definitions, language: Language
) -> None:
    shown = part_rows(rows, language)
    assert {len(row) for row in shown} == {len(columns_of(rows, language))}
    assert shown[0][1] == "8" and shown[1][0].startswith("    ")
    whole = whole_line(rows, "The action plan", definitions, language)
    assert "+34" in whole and "+33" in whole and "40" in whole
    (hinder,) = pair_lines(rows, language)
    assert "-3" in hinder and ("Hinder" if language == "en" else "相互抵消") in hinder
    (nothing,) = nothing_lines(rows, language)
    assert nothing.count(";" if language == "en" else "；") == 4
