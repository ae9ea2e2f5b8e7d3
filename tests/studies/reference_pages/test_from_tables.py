"""The pages made from reference tables are those of the committed tables, and these are whole."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from shaanxi_transfer.experiments.effects.lever_effects import unmoved_levers
from shaanxi_transfer.experiments.evidence.entries import entries
from shaanxi_transfer.experiments.evidence.ledger import WORLD
from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.experiments.running.table_command import DEFAULT_FOLDER
from shaanxi_transfer.scenarios import lever_catalogue
from shaanxi_transfer.studies.reference_pages import (
    evidence_page,
    from_tables,
    lever_page,
    pattern_page,
    task_page,
)

ROOT = Path(__file__).resolve().parents[3]
TABLES = ROOT / DEFAULT_FOLDER


@pytest.mark.parametrize("one", from_tables.PAGES)
def test_the_page_is_made_from_the_committed_tables(one: from_tables.Page) -> None:
    tables = [pd.read_csv(TABLES / name) for name in one.tables]
    committed = (ROOT / "docs" / "model" / one.file).read_text(encoding="utf-8")
    assert committed == one.of(*tables), "run `make pages`"


# Twenty futures say which effects are visible, not how wide their bands are: a release makes them of 200.
@pytest.mark.parametrize(
    ("one", "futures", "least"),
    [(lever_page, "futures", 200), (pattern_page, "futures", 200), (evidence_page, "runs", 900)],
)
def test_the_committed_table_is_of_many_futures(one: ModuleType, futures: str, least: int) -> None:
    counts = pd.read_csv(TABLES / one.FILES[0])[futures]
    assert (counts[counts > 0] >= least).all()


def test_the_committed_tables_hold_every_lever_and_parameter() -> None:
    moved = set(lever_catalogue()) - {lever.id for lever in unmoved_levers()}
    levers, evidence = (pd.read_csv(TABLES / one.FILES[0]) for one in (lever_page, evidence_page))
    assert set(levers["lever"].dropna()) == moved, "run `make effects`"
    told = entries(door_to_model.loaded(WORLD, province="shaanxi"))
    assert set(evidence["name"]) == set(told["name"]), "run `make evidence`"


def test_a_page_without_its_table_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / lever_page.FILES[0]).write_bytes((TABLES / lever_page.FILES[0]).read_bytes())
    monkeypatch.setattr(from_tables, "DEFAULT_FOLDER", tmp_path)
    monkeypatch.setattr(sys, "argv", ["from_tables", str(tmp_path)])
    from_tables.main()
    made = {file.name for file in tmp_path.glob("*.md")}
    assert made == {lever_page.PAGE, *task_page.PAGES.values()}
    assert f"{pattern_page.PAGE}: not written, " in capsys.readouterr().out
