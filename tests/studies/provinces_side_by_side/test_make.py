"""The page and the figure of the provinces are what the committed tables give."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pandas as pd
import pytest

from shaanxi_transfer.reports.words.phrases import LANGUAGES, Language
from shaanxi_transfer.studies.backtest_of_all_provinces.figures import names_of
from shaanxi_transfer.studies.provinces_side_by_side.figure import PANELS, draw_provinces
from shaanxi_transfer.studies.provinces_side_by_side.figure_of_plans import draw_plans
from shaanxi_transfer.studies.provinces_side_by_side.make import FACTS, PAGE, SCALES, SIMULATED, main
from shaanxi_transfer.studies.provinces_side_by_side.page import page
from shaanxi_transfer.studies.provinces_side_by_side.plans import FILE as PLANS
from shaanxi_transfer.studies.provinces_side_by_side.plans import TASKS_ALONE
from shaanxi_transfer.studies.templates import number_in_words

pytestmark = pytest.mark.house

ROOT = Path(__file__).resolve().parents[3]
TABLES = ROOT / "results" / "reference"


def tables() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    facts, simulated, scales, plans = (
        pd.read_csv(TABLES / name) for name in (FACTS, SIMULATED, SCALES, PLANS)
    )
    return facts, simulated, scales, plans


def test_the_page_is_what_the_tables_give() -> None:
    text = page(*tables(), "shaanxi")
    assert (ROOT / "docs" / "model" / PAGE).read_text(encoding="utf-8") == text, "run `make pages`"
    assert not re.search(r"\b(nan|None|inf)\b", text)
    for warning in ("The plan was written for shaanxi (陕西)", "thought experiment", "思想实验"):
        assert warning in text


def test_every_province_outside_the_factor_is_named() -> None:
    facts, simulated, scales, plans = tables()
    text = page(facts, simulated, scales, plans, "shaanxi")
    outside = simulated[simulated["within_factor_3"] == "no"]
    assert len(outside) > 0
    for row in outside.to_dict("records"):
        assert f"`{row['indicator']}` | {number_in_words(row['observed'])} |" in text
    fine = simulated.assign(within_factor_3="yes")
    other = page(facts, fine, scales, plans, "shaanxi")
    assert "31 of 31 provinces" in other.replace("\n", " ") and "Too many contracts" not in other


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_figure_shows_every_province_in_words_that_the_font_has(language: Language) -> None:
    facts, simulated, *_ = tables()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = draw_provinces(facts, simulated, "shaanxi", language)
    assert len(figure.axes) == len(PANELS)
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    column = "province_zh" if language == "zh" else "province"
    assert sorted(names) == sorted(facts[column])
    dots = figure.axes[-1].lines
    assert any(len(line.get_xdata()) == 31 for line in dots)  # type: ignore[arg-type]


def test_the_plan_elsewhere_has_a_row_for_every_province_and_its_warning_stands_before_it() -> None:
    *_, plans = tables()
    text = page(*tables(), "shaanxi")
    section = text.split("## What the plan would do elsewhere")[1].split("\n## ")[0]
    assert section.count("\n| ") == 1 + plans["province"].nunique() == 32
    assert all(task.replace("_", " ") in section for task in TASKS_ALONE)
    assert text.index("Do not quote") < text.index("What the plan would do elsewhere")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_effect_that_is_not_visible_has_an_open_dot(language: Language) -> None:
    *_, plans = tables()
    figure = draw_plans(plans, names_of(plans["province"].unique().tolist(), language), language)
    whole = plans[(plans["indicator"] == "contract_value_output") & (plans["scenario"] == "action_plan")]
    filled, hollow = (len(line.get_xdata()) for line in figure.axes[0].lines[:2])  # type: ignore[arg-type]
    assert (filled, hollow) == (int(whole["visible"].sum()), int((~whole["visible"]).sum()))


def test_without_the_tables_of_runs_the_page_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--page", "--out", str(tmp_path), "--docs", str(tmp_path)]) == 2
    assert SIMULATED in capsys.readouterr().err
    assert main(["--scale", "10"]) == 2
