"""The commands ``forecast --freeze`` and ``score``."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from shaanxi_transfer import score
from shaanxi_transfer.experiments.backtesting.rivals import RIVALS
from shaanxi_transfer.experiments.freezing import rivals_of_frozen
from shaanxi_transfer.experiments.freezing.read_frozen import MEMBERS, read_frozen
from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.experiments.score import REASONS
from shaanxi_transfer.reports.command_line import main
from shaanxi_transfer.reports.commands import forecast
from shaanxi_transfer.reports.words.phrases import LANGUAGES, say

VALUE = "contract_value_output"
TABLES = ["brier.csv", "frozen.csv", "not_scored.csv", "scores.csv", "summary.csv", "target_scores.csv"]


def freeze(by_hand: Any, file: Path, **changes: Any) -> Path:
    draws = {
        ("model", "action_plan", VALUE, 2020): [math.exp(power) for power in (0, 1, 2)],
        ("model", "no_plan", VALUE, 2020): [math.exp(power) for power in (0, 0, 0)],
        ("last_growth", "", VALUE, 2020): [math.exp(power) for power in (2, 2, 2)],
    }
    frozen: Path = by_hand.freeze(file, draws, targets=[by_hand.target(VALUE, goal=7.0)], **changes)
    return frozen


@pytest.fixture
def frozen(by_hand: Any, tmp_path: Path) -> Path:
    return freeze(by_hand, tmp_path / "shaanxi.zip")


@pytest.fixture
def came(by_hand: Any, tmp_path: Path) -> Path:
    rows = (f"{VALUE},2020,{math.exp(3)!r},yuan", f"{VALUE},2017,5,yuan", f"{VALUE},2021,5,yuan")
    table: Path = by_hand.observed(tmp_path / "came.csv", *rows)
    return table


def test_scores_are_told_with_how_few_they_are(
    frozen: Path, came: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", str(frozen), str(came)]) == 0
    told = capsys.readouterr().out
    assert "shaanxi: frozen with figures up to 2017, 3 futures, judged in action_plan" in told
    assert read_frozen(frozen).checksum in told
    shown = [line.split() for line in told.splitlines()]
    # crps, error and bands worked out by hand: see tests/experiments/test_score.py
    assert ["model", "1", "1.333", "2.000", "0.000", "0.000", "0.000"] in shown
    assert ["last_growth", "1", "1.000", "1.000", "0.000", "0.000", "0.000"] in shown
    assert ["model", "no_plan", "True", "1", "3.000", "3.000", "0.000", "0.000", "0.000"] in shown
    # one of three draws of the model reaches 7, all of last growth's do
    assert [VALUE, "model", "1", "0.333", "1.000", "0.444"] in shown
    assert [VALUE, "last_growth", "1", "1.000", "1.000", "0.000"] in shown
    assert "1 points a forecaster: 1 observed figures of 1 province(s) and 1 year(s)" in told
    assert (
        f"Not scored: 1 figure(s), already known when the forecast was frozen: shaanxi {VALUE} 2017" in told
    )
    assert f"Not scored: 1 figure(s), beyond the years that were forecast: shaanxi {VALUE} 2021" in told


def test_what_is_written_is_what_python_gives(
    frozen: Path, came: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "scores"
    assert main(["score", str(frozen), "--observed", str(came), "--out", str(out)]) == 0
    assert sorted(file.name for file in out.iterdir()) == TABLES
    assert "summary.csv" in capsys.readouterr().out.splitlines()[-1]
    scored = score(frozen, came)
    for name, table in (("scores", scored.scores), ("target_scores", scored.targets)):
        written = pd.read_csv(out / f"{name}.csv", keep_default_na=False)
        pd.testing.assert_frame_equal(written, table, check_dtype=False)


def test_several_provinces_are_pooled_and_shown_apart(
    by_hand: Any, frozen: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hubei = freeze(by_hand, tmp_path / "hubei.zip", province="hubei")
    table = by_hand.observed(
        tmp_path / "came.csv",
        f"shaanxi,{VALUE},2020,{math.exp(3)!r},yuan",
        f"hubei,{VALUE},2020,{math.exp(1.9)!r},yuan",
        head="province,indicator,year,value,unit",
    )
    assert main(["score", str(frozen), str(hubei), str(table)]) == 0
    shown = [line.split() for line in capsys.readouterr().out.splitlines()]
    # 4/3 in one; mean distance (1.9 + 0.9 + 0.1) / 3 less 2/3 in the other
    assert ["model", "2", "0.817", "1.450", "0.500", "0.500", "0.500"] in shown
    assert ["hubei", "model", "1", "0.300", "0.900", "1.000", "1.000", "1.000"] in shown
    assert any(line[:1] == ["Goals"] for line in shown)


def test_what_a_reader_must_know_is_told_in_both_languages(
    by_hand: Any, came: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = freeze(
        by_hand,
        tmp_path / "a.zip",
        without=["luck"],
        outside_file={"action_plan": "0" * 64},
        parameters={"action_plan": {"drawn_from": "prior"}},
        discrepancy={"action_plan": None},
        left_out={"indicators": [], "rivals": ["damped_smoothing, x: 2 figures up to 2017"]},
    )
    for language in LANGUAGES:
        assert main(["score", str(file), str(came), "--lang", language]) == 0
        told = capsys.readouterr().out
        remarks = [line for line in told.splitlines() if line.startswith("* shaanxi")]
        assert len(remarks) == 5
        assert ("校验和" in told) is (language == "zh")


def test_a_figure_that_may_be_in_another_unit_is_asked_back(
    by_hand: Any, frozen: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = by_hand.observed(tmp_path / "came.csv", f"{VALUE},2020,30000,yuan")
    assert main(["score", str(frozen), str(table)]) == 0
    told = capsys.readouterr().out
    assert f"* shaanxi {VALUE} 2020: 30000 is more than a thousand times away" in told
    assert told.rstrip().endswith("is it in yuan?")


def test_every_reason_has_words() -> None:
    for reason in REASONS:
        for language in LANGUAGES:
            assert say(f"scores.because_{reason.replace(' ', '_')}", language)


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (["{frozen}"], r"OBSERVED.csv: no table of observed figures is named"),
        (["{came}"], r"FILE: no frozen forecast is named"),
        (["{frozen}", "{came}", "--observed", "{came}"], r"OBSERVED.csv: 2 tables are named"),
        (["{frozen}", "{frozen}", "{came}"], r"this is a second forecast of shaanxi"),
        (["{frozen}.no", "{came}"], r"FILE: .* cannot be read"),
        (["{frozen}", "{came}.csv"], r"came.csv.csv: "),
        (["{frozen}", "{came}", "--lang", "de"], r"--lang: 'de'"),
    ],
)
def test_what_is_refused_ends_with_two_and_one_line(
    words: list[str], refusal: str, frozen: Path, came: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", *(word.format(frozen=frozen, came=came) for word in words)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert re.search(refusal, line)


def test_a_changed_file_is_refused(frozen: Path, came: Path, capsys: pytest.CaptureFixture[str]) -> None:
    contents = bytearray(frozen.read_bytes())
    contents[60] ^= 1
    frozen.write_bytes(contents)
    assert main(["score", str(frozen), str(came)]) == 2
    assert "changed after it was frozen" in capsys.readouterr().err


@pytest.mark.house
def test_the_page_names_what_is_there() -> None:
    page = Path(__file__).resolve().parents[3] / "docs" / "how_to" / "freeze_and_score.md"
    text = page.read_text(encoding="utf-8")
    for name in (*MEMBERS, *TABLES):
        assert f"`{name}`" in text
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert links and all((page.parent / link).is_file() for link in links)


# ---- forecast --freeze -----------------------------------------------------------


def test_forecast_freezes_and_tells_the_checksum(
    channel: Any,
    frozen: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known: door_to_model.Model = door_to_model.model()
    quick = {"run_one": channel.run, "run_together": None, "warm": channel.nothing_to_compile}
    monkeypatch.setattr(door_to_model, "model", lambda own=None: replace(known, **quick))
    monkeypatch.setattr(door_to_model, "rehearse", lambda world, own=None: None)
    monkeypatch.setattr(rivals_of_frozen, "RIVALS", {"last_growth": RIVALS["last_growth"]})
    monkeypatch.setattr(forecast, "show_results", lambda *results: None)
    file = tmp_path / "mine.zip"
    words = [
        "forecast",
        "--runs",
        "2",
        "--workers",
        "0",
        "--out",
        str(tmp_path / "runs"),
        "--freeze",
        str(file),
    ]
    assert main(words) == 0
    told = read_frozen(file)
    assert told.checksum in capsys.readouterr().out
    assert told.manifest["command"] == (
        "shaanxi-transfer forecast action_plan --against no_plan --runs 2 --scale 0.1 --seed 1 --freeze FILE"
    )
    before = file.read_bytes()
    assert main(words) == 2
    assert capsys.readouterr().err.startswith(f"--freeze: '{file}' is there already")
    assert file.read_bytes() == before


def test_a_name_that_is_no_frozen_forecast_is_refused_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["forecast", "--freeze", str(tmp_path / "mine.parquet")]) == 2
    assert "did you mean mine.zip?" in capsys.readouterr().err


# ---- rivals from quantile files ------------------------------------------------------


def rival_rows(rival_by_hand: Any) -> list[str]:
    rows: list[str] = rival_by_hand.lognormal(2.5, 1.0, horizon=3)
    return [*rows, *rival_by_hand.lognormal(2.5, 1.0, horizon=1)]


def test_a_rival_is_set_beside_the_frozen_forecasters(
    frozen: Path, came: Path, rival_by_hand: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = rival_by_hand.write(tmp_path / "hub", rival_rows(rival_by_hand))
    out = tmp_path / "scores"
    assert main(["score", str(frozen), str(came), "--rival", str(file), "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert "a_team-a_model: 2 forecasts in 2017-12-31-a_team-a_model.csv, 1 scored, 1 without" in told
    assert "with few quantiles (here down to 7)" in told
    written = pd.read_csv(out / "against_rivals.csv")
    assert written["forecaster"].tolist() == ["model", "last_growth"]
    assert written["crps_log"].tolist() == pytest.approx([4.0 / 3.0, 1.0])
    # 3 lies half a spread above the median: the CRPS of a normal there is 0.331, of seven quantiles 0.330
    assert written["crps_log_rival"].tolist() == pytest.approx([0.330, 0.330], abs=1e-3)
    assert {file.name for file in out.iterdir()} == {
        *TABLES,
        *("rivals.csv", "rival_scores.csv", "against_rivals.csv"),
    }
    assert main(["score", str(frozen), str(came), "--rival", str(file.parent), "--lang", "zh"]) == 0
    assert "a_team-a_model" in capsys.readouterr().out


def test_a_wrong_rival_ends_in_one_line_that_says_where(
    frozen: Path, came: Path, rival_by_hand: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [row.replace(",yuan,", ",wan,") for row in rival_by_hand.lognormal(2.5, 1.0)]
    file = rival_by_hand.write(tmp_path / "hub", rows)
    assert main(["score", str(frozen), str(came), "--rival", str(file)]) == 2
    told = capsys.readouterr().err
    assert f"{file}:2: unit: the unit is 'wan'" in told
    assert "allowed yuan; did you mean yuan?" in told


def test_a_rival_in_another_unit_is_asked_back(
    frozen: Path, came: Path, rival_by_hand: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = rival_by_hand.write(tmp_path / "hub", rival_by_hand.lognormal(12.0, 1.0, horizon=3))
    assert main(["score", str(frozen), str(came), "--rival", str(file)]) == 0
    assert "is the rival in yuan?" in capsys.readouterr().out


def test_a_frozen_forecast_is_written_for_others(
    frozen: Path, came: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, hub = frozen.read_bytes(), tmp_path / "model-output"
    assert main(["export", str(frozen), "--form", "hubverse", "--out", str(hub)]) == 0
    assert "2017-12-31-shaanxi_transfer-model.csv" in capsys.readouterr().out
    assert frozen.read_bytes() == before
    assert main(["score", str(frozen), str(came), "--rival", str(hub)]) == 0
    assert "shaanxi_transfer-last_growth: 1 forecasts" in capsys.readouterr().out
