"""The whole way with the real province: two levers, few points; stopped nowhere, taken up again, laid out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.emulating.carry_out import COLUMNS, emulation_in
from shaanxi_transfer.experiments.emulating.options import EmulationOptions
from shaanxi_transfer.experiments.emulating.study import prepared, study_again
from shaanxi_transfer.experiments.keeping.manifest import differences
from shaanxi_transfer.experiments.keeping.store import EMULATOR
from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.experiments.resume import kind_of, resume
from shaanxi_transfer.reports.command_line import main

SMALL = (
    *("--runs", "10", "--points", "12", "--tests", "20"),
    *("--scale", "0.01", "--seed", "5", "--workers", "2"),
)


@pytest.mark.soak
def test_a_page_of_two_levers_and_the_same_again_from_its_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, folder = tmp_path / "页 a.html", tmp_path / "runs a"
    words = ["simulator", "--lever", "training_seats,fund_size", *SMALL, "--out", str(page)]
    assert main([*words, "--folder", str(folder), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert said.count("of 20 unseen points") == 10 and str(page) in said
    table = pd.read_csv(folder / EMULATOR)
    assert list(table.columns) == list(COLUMNS) and table["covered"].min() >= 0.9
    assert (kind_of(folder), resume(folder, workers=0)) == ("simulator", 0)
    assert main(["resume", str(folder), "--lang", "en"]) == 0
    assert (folder / "simulator.html").read_bytes() == page.read_bytes()
    assert emulation_in(folder).exit_code == 0


def test_an_emulator_is_put_together_again_from_its_identity() -> None:
    asked: Any = {
        "also": "action_plan_managed",
        "lever": "training_seats",
        "counting": "trained_people=certificates",
    }
    study = prepared(EmulationOptions(runs=10, points=12, tests=20, **asked))
    identity = json.loads(json.dumps(study.identity()))
    again = study_again(identity, door_to_model.model())
    assert differences(identity, again.identity()) == []
    assert [one.run_id for one in again.plan] == [one.run_id for one in study.plan]


def test_a_folder_of_no_simulator_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no experiment"):
        emulation_in(tmp_path)
