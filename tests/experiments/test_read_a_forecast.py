"""The page for readers of a forecast names parts, parameters and pages that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shaanxi_transfer.experiments.forecasting.target_and_indicator_tables import TARGET_COLUMNS
from shaanxi_transfer.experiments.forecasting.uncertainty import PARTS
from shaanxi_transfer.experiments.planning import door_to_model

pytestmark = pytest.mark.house

FILE = Path(__file__).resolve().parents[2] / "docs" / "how_to" / "read_a_forecast.md"


@pytest.fixture(scope="module")
def text() -> str:
    return FILE.read_text(encoding="utf-8")


def test_each_part_that_can_be_left_out_is_told_once_with_its_word(text: str) -> None:
    assert re.findall(r"\| `--without (\w+)` \|", text) == list(PARTS)


def test_links_lead_somewhere(text: str) -> None:
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert links and all((FILE.parent / link).is_file() for link in links)


def test_parameters_and_columns_that_are_named_exist(text: str) -> None:
    parameters = door_to_model.loaded("action_plan", province="shaanxi").parameter_table()
    trio = text[text.index("**The confounded trio.**") :].splitlines()[0]
    named = set(re.findall(r"`(\w+)`", trio))
    assert len(named) == 3 and named <= set(parameters)
    indicators = door_to_model.model().definitions.indicators
    assert "registration_coverage" in text and "registration_coverage" in indicators
    for column in ("probability", "probability_low", "probability_high", "q05", "q95"):
        assert f"`{column}`" in text and column in TARGET_COLUMNS
