from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.running.claims import Claims
from shaanxi_transfer.experiments.status import status_of
from shaanxi_transfer.reports.command_line import main


@pytest.fixture
def stopped(fake: Any, night: Any, pack_folder: str, tmp_path: Path) -> Path:
    """A batch of 24 runs, stopped after 9 of which 2 failed."""

    def stop(progress: Any) -> None:
        if progress.done == 9:
            raise KeyboardInterrupt

    worlds = night.worlds(pack_folder, faults=((1, "exception"), (2, "nan")))
    with pytest.raises(KeyboardInterrupt):
        night.make_forecast(
            worlds,
            fake.MODEL,
            ForecastOptions(runs=12, scale=0.1, seed=1, out=tmp_path / "out", workers=0, progress=stop),
        )
    return tmp_path / "out"


def test_a_stopped_batch_tells_what_is_left(stopped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = status_of(stopped)
    assert (status.planned, status.finished, status.failed, status.left) == (24, 7, 2, 15)
    assert status.failed_by_kind == {"exception": 1, "not finite": 1}
    assert (status.runners, status.damaged, status.seconds_left) == ((), {}, None)
    assert list(Store(stopped).failures()["kind"]) == ["exception", "not finite"]
    assert main(["status", str(stopped)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{stopped}: forecast of 24 runs",
        "finished 7, failed 2 (1 exception, 1 not finite), left 15",
        f'nobody works on it; go on with: shaanxi-transfer resume "{stopped}"',
    ]


def test_who_works_on_it_is_told_with_rate_and_time_left(
    stopped: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Claims(stopped / "claims", lambda: {"made": 10, "seconds": 4.0}) as claims:
        assert claims.take("one") and claims.take("two")
        assert main(["status", str(stopped)]) == 0
        said = capsys.readouterr().out.splitlines()
        assert main(["status", str(stopped), "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
    assert said[2] == "2.50 runs a second, about 6 s left"
    assert f"runner {claims.owner}" in said[3] and "made 10 runs, holds 2 blocks, heard of" in said[3]
    assert told["runs_per_second"] == 2.5 and told["seconds_left"] == 6.0
    assert told["runners"][0]["blocks"] == 2 and told["runners"][0]["dead"] is False


def test_damage_is_told_and_nothing_is_touched(stopped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    part = Store(stopped).parts()[0]
    part.write_bytes(part.read_bytes()[:-1])
    assert main(["status", str(stopped)]) == 0
    said = capsys.readouterr().out
    assert f"runs/{part.name} is damaged: its contents do not fit the checksum in its name" in said
    assert "finished 0, failed 2" in said
    assert part.exists()


def test_a_run_is_replayed_from_the_command_line(
    stopped: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "record.csv"
    assert main(["replay", "none-000003", "--in", str(stopped), "--out", str(file)]) == 0
    assert "none-000003: seed " in capsys.readouterr().err
    assert file.read_text(encoding="utf-8").startswith("year,quarter,indicator,value\n2018,1,turnover,")
    command = Store(stopped).failures()["replay"][0]
    assert command == f'shaanxi-transfer replay plan-000001 --in "{stopped}"'
    assert main(["replay", "plan-000001", "--in", str(stopped)]) == 1
    assert "ValueError: no money" in capsys.readouterr().err
    assert main(["replay", "plan-000012", "--in", str(stopped)]) == 2
    assert "allowed plan-000000 to none-000011; did you mean plan-000011?" in capsys.readouterr().err


def test_changed_rules_are_not_resumed(stopped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = Store(stopped)
    manifest = store.manifest()
    manifest["identity"]["code"] = "0" * 64
    store.write_manifest(manifest)
    assert main(["resume", str(stopped)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("folder: rules or data have changed since") and "(code)" in said
