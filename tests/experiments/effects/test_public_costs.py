"""The table of public cost: by task and payer, against the other world, adding up to the yuan."""

from __future__ import annotations

from pathlib import Path

import pytest

from shaanxi_transfer import forecast
from shaanxi_transfer.experiments.effects.public_costs import COLUMNS, cost_table, main


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("costs") / "forecast"
    forecast("action_plan", against="no_plan", runs=1, scale=0.01, seed=3, out=out, workers=1)
    return out


def test_costs_add_up_over_tasks_and_payers(folder: Path) -> None:
    table = cost_table(folder)
    assert tuple(table.columns) == COLUMNS and (table["against"] == "no_plan").all()
    value: dict[tuple[str, str, str], float] = {
        (str(task), str(payer), str(measure)): float(middle)
        for task, payer, measure, middle in table[["task", "payer", "measure", "q50"]].to_numpy()
    }
    tasks = {task for task, _, _ in value} - {"all"}
    assert len(tasks) == 28
    for measure in ("gross", "recovered", "net"):
        assert sum(value[task, "all", measure] for task in tasks) == value["all", "all", measure]
    whole = value["all", "all", "net"]
    assert whole == value["all", "all", "gross"] - value["all", "all", "recovered"]
    assert whole == value["all", "province", "net"] + value["all", "cities", "net"] > 0
    assert value["task_21", "cities", "net"] > 0 < value["organisation_1", "cities", "net"]
    assert value["all", "all", "reallocated"] > 0
    assert value["all", "all", "forgone"] > 0, "the plan's contracts are exempt as others are"
    assert value["all", "all", "forgone_certificates"] > 0, "the plan's certified firms pay less tax"


def test_the_table_is_printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder)]) == 0
    assert capsys.readouterr().out.startswith(",".join(COLUMNS))


def test_a_folder_without_a_forecast_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert "manifest.json is missing" in error and error.count("\n") == 1
