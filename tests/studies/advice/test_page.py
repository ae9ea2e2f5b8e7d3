"""Sentences of the page come from the tables: altered tables, altered sentences."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from shaanxi_transfer.experiments.running.table_command import DEFAULT_FOLDER
from shaanxi_transfer.reports.words.phrases import LANGUAGES, Language
from shaanxi_transfer.studies.advice.make import COMMANDS
from shaanxi_transfer.studies.advice.page import page

COMMITTED = Path(__file__).resolve().parents[3] / DEFAULT_FOLDER
FUND = "guidance_fund_committed"


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """Copy the committed tables that no later study adds to: forecast, boxes, statistics."""
    for name in ("differences", "boxes", "worth", "forecast_targets"):
        shutil.copy(COMMITTED / f"{name}_shaanxi.csv", tmp_path)
    return tmp_path


def told(tables: Path, language: Language = "en") -> str:
    return page(pd.read_csv(COMMITTED / COMMANDS), language, folder=tables)


def altered(file: Path, change: Callable[[pd.DataFrame], None]) -> None:
    table = pd.read_csv(file)
    change(table)
    table.to_csv(file, index=False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_ten_sentences_also_where_a_table_is_not_made(tables: Path, language: Language) -> None:
    lines = told(tables, language).splitlines()
    begins = [line.split(".")[0] for line in lines if line.split(".")[0].isdigit()]
    assert begins == [str(number) for number in range(1, 11)]
    missing = {"en": "the table is not made yet", "zh": "该表尚未生成"}[language]
    assert sum(missing in line for line in lines) == 2, "ranking and explanation"


def test_a_target_that_is_not_visibly_moved_is_not_said_to_be(tables: Path) -> None:
    def hide(table: pd.DataFrame) -> None:
        table.loc[(table["id"] == FUND) & (table["kind"] == "target"), "verdict"] = "not visible"

    assert "visibly moves 4 of 5" in told(tables)
    altered(tables / "differences_shaanxi.csv", hide)
    text = told(tables)
    assert "visibly moves 3 of 5" in text
    assert "**Technology contract turnover is not visibly moved, nor is Guidance fund" in text


def test_a_goal_that_is_likely_anyway_is_no_success_of_the_plan(tables: Path) -> None:
    def likely(table: pd.DataFrame) -> None:
        mine = (table["target"] == FUND) & (table["counting"] == "signed")
        table.loc[mine, "probability"] = 0.8

    assert "3 goals stay less likely than not" in told(tables)
    altered(tables / "forecast_targets_shaanxi.csv", likely)
    text = told(tables)
    assert "2 goals stay less likely than not" in text
    assert "and guidance fund, total committed are more likely than not with the plan or without it" in text


def test_tables_of_other_rules_are_said_to_be(tables: Path) -> None:
    commands = pd.read_csv(COMMITTED / COMMANDS)
    older = page(commands.assign(basis="0"), "en", folder=tables)
    assert "of older rules" in older and "of older rules" not in told(tables)
