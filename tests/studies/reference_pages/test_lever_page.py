"""The page of the levers, from the committed table of their effects."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from shaanxi_transfer.experiments.effects import lever_effects
from shaanxi_transfer.experiments.effects.lever_effects import unmoved_levers, worlds
from shaanxi_transfer.scenarios import Scenario, lever_catalogue
from shaanxi_transfer.studies.reference_pages.lever_page import PAGE, page


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    few = ("no_plan", "action_plan", "lever:training_seats", "only_task_15", "without_task_15")
    every = worlds("shaanxi")
    chosen: dict[str, Scenario] = {name: every[name] for name in few}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lever_effects, "worlds", lambda province: chosen)
        found, failures = lever_effects.lever_effects("shaanxi", runs=3, scale=0.01, seed=1, workers=1)
    assert not failures
    return found


@pytest.mark.house
def test_the_page_on_levers_is_made_from_the_committed_table() -> None:
    root = Path(__file__).resolve().parents[3]
    table = pd.read_csv(root / "results" / "reference" / lever_effects.FILE)
    assert (table["futures"] >= 200).all(), "the reference table is of 200 futures at least"
    assert (root / "docs" / "model" / PAGE).read_text(encoding="utf-8") == page(table), "run `make pages`"
    assert set(table["lever"].dropna()) == {
        lever.id for lever in lever_catalogue().values() if lever not in unmoved_levers()
    }
