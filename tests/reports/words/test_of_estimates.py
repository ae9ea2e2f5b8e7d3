from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer

from shaanxi_transfer.experiments.forecasting.estimate import Estimate
from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.experiments.planning.plan_of_runs import Shard
from shaanxi_transfer.experiments.running.shards import Unfinished
from shaanxi_transfer.reports.command_line import main
from shaanxi_transfer.reports.words.of_estimates import (
    estimate_line,
    size_words,
    stopped_line,
    time_words,
)

ESTIMATE = Estimate(1000, 2, 2000, 4, 0.25, 128.0, 36_000, 7.2e7, 10**11, 0.0309)


def test_the_estimate_is_one_sentence_in_either_language() -> None:
    assert estimate_line(ESTIMATE, "en") == (
        "1,000 futures in 2 scenarios: 2,000 runs to make, about 2.1 min (worker processes: 4) and 72 MB of "
        "disk; a probability near one half will be known to ±3.1 percentage points (95 %)."
    )
    told = estimate_line(ESTIMATE, "zh", at_most=True)
    assert told.startswith("至多1,000个未来") and "±3.1个百分点" in told and "2.1分钟" in told


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (3.21, "3.2 s"), (89, "89 s"), (91, "1.5 min"), (6_000, "1.7 h"), (1e6, "12 days")],
)
def test_times_are_said_in_the_unit_that_suits(seconds: float, said: str) -> None:
    assert time_words(seconds, "en") == said


@pytest.mark.parametrize(("size", "said"), [(999, "1 kB"), (1.84e10, "18 GB"), (3e13, "30 TB")])
def test_sizes_too(size: float, said: str) -> None:
    assert size_words(size) == said


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("reason", ["precision reached", "all futures made"])
def test_why_it_stopped_is_said_with_names(language: Any, reason: str) -> None:
    stopped = {"futures": 300, "reason": reason, "half_width": 0.0457}
    told = stopped_line(stopped, language, "Turnover", "The plan")
    for part in ("300", "±4.6", "Turnover", "The plan"):
        assert part in told


def forecast_that(raises: BaseException | None, seen: dict[str, Any]) -> Any:
    def forecast_of(options: ForecastOptions) -> None:
        seen["options"] = options
        assert options.announce is not None
        options.announce(ESTIMATE)
        if raises is not None:
            raise raises

    return forecast_of


def test_a_dry_run_says_what_to_expect_and_makes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: dict[str, Any] = {}
    monkeypatch.setattr(
        "shaanxi_transfer.experiments.forecast.forecast_of", forecast_that(typer.Abort(), seen)
    )
    out = tmp_path / "out"
    assert main(["forecast", "--dry-run", "--precision", "0.02", "--lang", "zh", "--out", str(out)]) == 0
    first, second, third = capsys.readouterr().out.splitlines()
    assert first == "省份：陕西（Shaanxi），不是山西（Shanxi）。"
    assert second.startswith("情景：") and "（action_plan）" in second and "（no_plan）" in second
    assert third == estimate_line(ESTIMATE, "zh", at_most=True)
    assert seen["options"].precision == 0.02 and not out.exists()


@pytest.mark.parametrize(("failed", "code"), [(0, 0), (2, 1)])
def test_a_share_says_what_the_others_still_have_to_make(
    failed: int,
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    unfinished = Unfinished(tmp_path, ["plan-000001", "plan-000003"], 8, failed)
    seen: dict[str, Any] = {}
    monkeypatch.setattr("shaanxi_transfer.experiments.forecast.forecast_of", forecast_that(unfinished, seen))
    assert main(["forecast", "--shard", "1/2", "--out", str(tmp_path / "out")]) == code
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "Province: Shaanxi (陕西), not Shanxi (山西)."
    assert told[3].startswith("This share is done; 2 of 8 runs are still missing (plan-000001, plan-000003).")
    assert seen["options"].shard == Shard(1, 2)
