"""``calibrate`` and ``backtest`` before the start, and ``status`` of a fit, in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer.experiments.calibrate import FitEstimate
from shaanxi_transfer.experiments.status import Status
from shaanxi_transfer.reports.command_line import main
from shaanxi_transfer.reports.commands.batches import sentences
from shaanxi_transfer.reports.commands.calibrate import estimate_lines

pytest.importorskip("iterative_ensemble_smoother")

ESTIMATE = FitEstimate(
    rounds=2, planned=432, runs=322, workers=2, seconds_per_run=0.5, seconds=120.0, bytes=1.1e6, memory=6e8,
    draws=12.3, enough_members=630,
)  # fmt: skip


def test_a_fit_says_what_it_will_take_and_what_it_will_be_worth() -> None:
    first, second = estimate_lines(ESTIMATE, "calibrate", "en")
    assert first.startswith(
        "322 of 432 runs to make, in 2 rounds, about 2 min (worker processes: 2) and 1.1 MB"
    )
    assert first.endswith("roughly 12 independent draws.")
    assert "needs 100" in second and "--members 630" in second
    first, second = estimate_lines(ESTIMATE, "backtest", "zh")
    assert "432次运行中尚需322次" in first and "约相当于12个独立抽样" in first
    assert "--members 630" in second


def test_a_dry_run_makes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["calibrate", "--ensembles", "2", "--members", "124", "--assimilations", "1", "--scale", "0.01"]
    out = tmp_path / "new"
    assert main([*words, "--workers", "0", "--dry-run", "--lang", "zh", "--out", str(out)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "省份：陕西（Shaanxi），不是山西（Shanxi）。"
    assert told[1].startswith("496次运行中尚需496次，分2轮") and "--members" in told[2]
    assert not out.exists()


def test_too_few_members_are_refused_with_what_is_allowed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", "--members", "50"]) == 2
    assert re.match(r"--members: 50 is too few; allowed 124 or more\n", capsys.readouterr().err)


def test_the_status_of_a_fit_comes_in_chinese() -> None:
    counts: dict[str, Any] = {"planned": 432, "finished": 110, "failed": 2, "left": 320}
    nobody: dict[str, Any] = {"damaged": {}, "mixed": (), "runners": ()}
    status = Status(
        kind="calibration",
        failed_by_kind={"time limit": 2},
        runs_per_second=2.0,
        seconds_left=160.0,
        **counts,
        **nobody,
    )
    assert sentences(status, Path("k"), "zh")[:3] == [
        "k：拟合，共432次运行",
        "已完成110次，失败2次（2 超时），尚余320次",
        "每秒2.00次运行，约余2.7分钟",
    ]
