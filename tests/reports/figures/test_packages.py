"""Answer, tables and figure of a search, from a table made by hand, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from matplotlib.figure import Figure

from shaanxi_transfer.experiments.planning.definitions import Definitions
from shaanxi_transfer.experiments.searching.finished_search import Wanted, with_texts
from shaanxi_transfer.experiments.searching.packages_table import COLUMNS
from shaanxi_transfer.reports.figures.packages import draw_front
from shaanxi_transfer.reports.tables.experiment_folder import model_definitions
from shaanxi_transfer.reports.tables.package_rows import (
    answer_line,
    front_columns,
    front_rows,
    lever_columns,
    lever_rows,
    notes,
)
from shaanxi_transfer.reports.words.phrases import LANGUAGES, Language

Look = Callable[[str, Language, Callable[[], Figure]], Figure]


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return model_definitions()


def made(answer: str, plan_cost: float = 1.2e9) -> pd.DataFrame:
    """Give a search made by hand: no plan, two packages and the plan."""
    role = {"cheapest": "cheapest", "out_of_reach": "best", "without": "without"}[answer]
    packages = [("none", "none", 0.0, 0.1), ("s00b", "front", 5e6, 0.5), ("s00d", role, 2e7, 0.95)]
    if answer == "without":
        packages = [("none", role, 0.0, 0.95)]
    rows: list[dict[str, Any]] = []
    for name, one, net, chance in [*packages, ("all", "plan", plan_cost, 0.6)]:
        head = {
            "province": "shaanxi",
            "scenario": "action_plan",
            "answer": answer,
            "package": name,
            "role": one,
        }
        shown = {"chance": chance, "chance_low": chance - 0.05, "chance_high": min(1.0, chance + 0.04)}
        people = {"kind": "target", "id": "trained_people", "counting": "certificates", "unit": "people"}
        rows.append({**head, "kind": "goals", "id": "all_goals", **shown, "chance_searched": chance})
        rows.append({**head, **people, "year": 2020, "goal": 1000.0, **shown})
        for cost in ("public_cost", "public_cost_gross"):
            rows.append(
                {**head, "kind": "cost", "id": cost, "unit": "yuan", "mean": net, "q05": net, "q95": net}
            )
        if name.startswith("s"):
            value = {"value": 400.0, "without": 75.0, "low": 0.0, "high": 1500.0, "unit": "people/year"}
            held = {"state": "saturated", "held_by": "broker_use=0.97; posts=0.31"}
            rows.append({**head, "kind": "lever", "id": "training_seats", **value, **held})
            full = {"value": 1.0, "without": 0.0, "low": 0.0, "high": 1.0, "unit": "fraction"}
            rows.append({**head, "kind": "lever", "id": "publicity", **full, "state": "bound"})
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    texts = ["kind", "id", "counting", "unit", "state", "held_by"]
    table[texts] = table[texts].astype("object").fillna("")
    return table


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_says_chance_cost_and_what_was_asked(language: Language, definitions: Definitions) -> None:
    for answer, budget, words in [
        ("cheapest", None, ("cheapest package found", "成本最低的政策组合")),
        ("without", None, ("Met without any lever", "无需任何政策工具")),
        ("out_of_reach", None, ("Out of reach within the bounds", "在允许范围内无法实现")),
        ("out_of_reach", 3e7, ("Out of reach with 30 million yuan", "以 3,000 万元 的预算无法实现")),
    ]:
        line = answer_line(made(answer), Wanted(0.9, budget, 2, 200), definitions, language)
        assert words[language == "zh"] in line
        assert ("95 %" if language == "en" else "95%") in line and "200" in line


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_have_a_cell_for_each_heading(language: Language, definitions: Definitions) -> None:
    table = made("cheapest")
    front, levers = front_rows(table, language), lever_rows(table, definitions, language)
    assert [len(row) for row in front] == [len(front_columns(language))] * 4
    assert [len(row) for row in levers] == [len(lever_columns(language))] * 2
    assert ("97 %" if language == "en" else "97%") in levers[0][-1], "what is used up is named"
    assert any("2" in line for line in notes(table, Wanted(0.9, None, 2, 20), language))


def test_levers_without_any_state_come_back_from_a_file(definitions: Definitions, tmp_path: Path) -> None:
    made("cheapest").assign(state="", held_by="").to_csv(tmp_path / "packages.csv", index=False)
    back = with_texts(pd.read_csv(tmp_path / "packages.csv"))
    assert [row[-1] for row in lever_rows(back, definitions, "en")] == ["", ""]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("plan_cost", [1.2e9, 3e7])
def test_every_glyph_is_drawn_and_a_dear_plan_is_told_below(
    language: Language, plan_cost: float, definitions: Definitions, looks_as_it_did: Look
) -> None:
    table, wanted = made("cheapest", plan_cost), Wanted(0.9, None, 2, 200)
    name = "front_of_a_dear_plan" if plan_cost > 1e9 else "front"
    figure = looks_as_it_did(name, language, lambda: draw_front(table, wanted, definitions, language))
    legend = figure.axes[0].get_legend()
    assert legend is not None
    assert len(legend.get_texts()) == (2 if plan_cost > 1e9 else 3)
