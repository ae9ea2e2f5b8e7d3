"""The commands at work, on the real model at its smallest scale."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from shaanxi_transfer.reports.command_line import main

DESIGN_LEVER_COLUMNS = {
    "id", "task", "title_zh", "title_en", "quote", "agencies", "kind", "unit", "history", "no_plan", "plan",
    "low",
    "high", "start", "ramp", "end", "admin_cost_per_year", "payer", "rule", "indicator", "reference", "note",
}  # fmt: skip


@pytest.mark.parametrize("what", ["provinces", "scenarios", "targets", "indicators", "parameters"])
def test_every_list_can_be_read_by_a_machine(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", what, "--format", "csv"]) == 0
    rows = pd.read_csv(io.StringIO(capsys.readouterr().out))
    assert len(rows) >= 2
    assert rows.iloc[:, 0].is_unique
    assert main(["list", what]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(rows) + 1


def test_the_five_targets_are_listed_modelled_or_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "targets", "--format", "csv"]) == 0
    rows = pd.read_csv(io.StringIO(capsys.readouterr().out)).set_index("target")
    assert set(rows.index) == {
        "demonstration_institutions", "trained_people", "incubation_platforms",
        "contract_value_output", "guidance_fund_committed",
    }  # fmt: skip
    assert rows.loc["contract_value_output", "goal"] == 1e11
    assert set(rows["modelled"]) <= {"yes", "not yet"}


def test_levers_have_the_columns_of_the_design(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["levers", "--format", "csv"]) == 0
    rows = pd.read_csv(io.StringIO(capsys.readouterr().out))
    assert set(rows.columns) >= DESIGN_LEVER_COLUMNS
    assert main(["levers"]) == 0
    shown = capsys.readouterr().out
    lines = {line.split()[0]: line for line in shown.splitlines()}
    assert set(lines) >= set(rows["id"])
    for lever, change in zip(rows["id"], rows["change"], strict=True):
        assert ("no change asked by the plan" in lines[lever]) is not bool(change)


def test_a_file_in_order_is_said_to_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("base: action_plan\nlevers:\n  task_21: no_plan\n", encoding="utf-8")
    assert main(["check", str(file)]) == 0
    assert capsys.readouterr().out.splitlines()[0] == f"{file}: in order"


def test_check_shows_every_problem_on_a_line_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("base: action_plan\nlevers:\n  task_99: plan\n  fund_sise: 5.0e9\n", encoding="utf-8")
    assert main(["check", str(file)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"{file}:3:")
    assert lines[1].startswith(f"{file}:4:")


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_run_writes_the_record_that_it_prints(
    suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "new folder" / f"record{suffix}"
    words = ["run", "no_plan", "--seed", "3", "--scale", "0.01"]
    assert main([*words, "--out", str(file)]) == 0
    ended = capsys.readouterr()
    assert str(file) in ended.out
    frame = pd.read_csv(file) if suffix == ".csv" else pd.read_parquet(file)
    assert list(frame.columns) == ["year", "quarter", "indicator", "value"]
    assert set(frame["quarter"]) == {1, 2, 3, 4}

    assert main([*words, "--lang", "zh"]) == 0
    printed = [re.split(" {2,}", line) for line in capsys.readouterr().out.splitlines()]
    assert printed[0][:4] == ["指标", "名称", "单位", "2010"]
    for indicator, unit, divisor in (
        ("contract_value_output", "亿元", 1e8),
        ("contract_count_output", "万项", 1e4),
        ("trained_people", "人", 1.0),
    ):
        (cells,) = [cells for cells in printed if cells[0] == indicator]
        mine = frame[(frame["indicator"] == indicator) & (frame["year"] == 2010)]["value"]
        whole = mine.iloc[-1] if indicator == "trained_people" else mine.sum()
        assert cells[2] == unit
        assert float(cells[3].replace(",", "")) == pytest.approx(whole / divisor, rel=0.01)


@pytest.mark.slow
def test_run_takes_a_rule_from_outside_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "own.py"
    file.write_text("def none(province):\n    province.enterprises.rows['certified'] = 0\n", encoding="utf-8")
    words = ["run", "no_plan", "--province", "hainan", "--scale", "0.02", "--out", str(tmp_path / "a.csv")]
    assert main([*words, "--rule", f"firms.certify={file}:none"]) == 0
    assert "Own rules: firms.certify (own.py:none)." in capsys.readouterr().err
    record = pd.read_csv(tmp_path / "a.csv")
    assert (record.loc[record["indicator"] == "high_tech_enterprises", "value"] == 0).all()


@pytest.mark.slow
def test_a_forecast_writes_prints_and_tells(tmp_path: Path) -> None:
    from shaanxi_transfer.model.warm import warm

    warm()
    words = [
        "forecast",
        "--runs",
        "2",
        "--scale",
        "0.01",
        "--workers",
        "1",
        "--lang",
        "zh",
        "--log",
        "json",
        "--out",
        "a b/预测",
    ]
    ended = subprocess.run(
        [sys.executable, "-m", "shaanxi_transfer.reports.command_line", *words],
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
        env=os.environ | {"PYTHONUTF8": "1"},
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    stages = [json.loads(line)["stage"] for line in ended.stderr.splitlines()]
    assert next(one for one in stages if one != "compile") == "run"
    assert stages[-1] == "tables"
    assert "技术合同成交额：1,000 亿元（2020年）" in ended.stdout
    assert "行动方案" in ended.stdout
    folder = tmp_path / "a b" / "预测"
    names = {path.name for path in folder.iterdir()}
    assert names >= {
        "manifest.json",
        "failures.csv",
        "runs",
        "predictive",
        "targets.csv",
        "indicators.csv",
        "figures",
    }
    figures = {path.name for path in (folder / "figures").iterdir()}
    assert figures >= {
        f"{name}_zh.{form}" for name in ("contract_value_output", "overview") for form in ("png", "svg")
    }
    drawn = {path: path.stat().st_mtime_ns for path in (folder / "figures").iterdir()}
    again = (
        "import sys; from shaanxi_transfer.reports.command_line import main;"
        "code = main(['resume', sys.argv[1], '--lang', 'zh']);"
        "sys.exit(code or ' '.join({'SALib', 'matplotlib', 'scipy.stats'} & set(sys.modules)) or 0)"
    )
    resumed = subprocess.run(
        [sys.executable, "-c", again, str(folder)],
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1"},
        check=False,
    )
    assert resumed.returncode == 0, resumed.stderr
    assert "技术合同成交额：1,000 亿元（2020年）" in resumed.stdout
    assert {path: path.stat().st_mtime_ns for path in (folder / "figures").iterdir()} == drawn


def test_failed_runs_end_with_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from shaanxi_transfer.reports.commands import forecast

    done = SimpleNamespace(folder=tmp_path, exit_code=1)
    monkeypatch.setattr("shaanxi_transfer.experiments.forecast.forecast_of", lambda options: done)
    monkeypatch.setattr("shaanxi_transfer.reports.tables.experiment_folder.read_results", lambda folder: None)
    monkeypatch.setattr(forecast, "show_results", lambda results, language: None)
    assert main(["forecast", "--out", str(tmp_path)]) == 1


def test_a_pair_whose_plans_start_apart_is_remarked_upon(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from shaanxi_transfer.reports.commands import forecast
    from shaanxi_transfer.reports.figures import forecast as forecast_figures
    from shaanxi_transfer.reports.tables import target_table

    monkeypatch.setattr(forecast_figures, "write_figures", lambda *_: None)
    monkeypatch.setattr(target_table, "rows_of", lambda *_: [])
    monkeypatch.setattr(target_table, "console_table", lambda *_: "")
    for other, said in (("2019-Q2", True), ("2018-Q2", False)):
        results = SimpleNamespace(
            folder=Path("results"), runs=2, scale=0.1, seed=1, failed=0, written_for="",
            province="shaanxi", own_rules=(), own_notes=(),
            scenarios={"late": {"plan_start": other}, "no_plan": {"plan_start": "2018-Q2"}},
            titles=lambda language: {}, stopped=None, without=("luck", "carry"), of_other_rules=said,
            belief="posterior", forecaster="combined" if said else "model", differences=pd.DataFrame(),
            reconciled=not said,
        )  # fmt: skip
        forecast.show_results(results, "en")  # type: ignore[arg-type]
        out = capsys.readouterr().out
        assert "Left out of the uncertainty on purpose: luck, carry" in out
        assert ("was estimated with other rules" in out) is said
        assert ("not reconciled with the nation's forecast" in out) is said
        assert ("Levels of contracts are the average of the model and" in out) is said
        assert ("starts in 2019-Q2 in one scenario and in 2018-Q2 in the other" in out) is said


def test_doctor_finds_this_machine_fit(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["doctor", "--format", "csv"])
    found = pd.read_csv(io.StringIO(capsys.readouterr().out), keep_default_na=False)
    amiss = found[found["what to do"] != ""]
    assert set(amiss["what"]) <= {"memory", "disk"}, amiss.to_string()
    assert code == (1 if len(amiss) else 0)
    assert {
        "python",
        "compiler",
        "compiled rules",
        "cores",
        "font",
        "packs of provinces",
        "scenario action_plan",
    } <= set(found["what"])
