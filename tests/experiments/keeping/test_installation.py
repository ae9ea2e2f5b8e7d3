"""Runs of other libraries are not mixed in unseen: refused, or accepted and noted run by run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.experiments.keeping import installation
from shaanxi_transfer.experiments.keeping.installation import MOVE_NUMBERS, OTHERS
from shaanxi_transfer.experiments.keeping.parquet_parts import MADE_WITH, metadata_of, runs_in
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.replay import replayed
from shaanxi_transfer.experiments.resume import resume
from shaanxi_transfer.experiments.running.batch import complete
from shaanxi_transfer.reports.command_line import main

FUTURES = 12


def ask(night: Any, pack_folder: str, out: Path, **more: Any) -> Any:
    given = {"runs": FUTURES, "out": out, "workers": 0, **more}
    return night.make_forecast(night.worlds(pack_folder), night.fake.MODEL, ForecastOptions(**given))


@pytest.fixture
def stopped(night: Any, pack_folder: str, tmp_path: Path) -> Path:
    """A forecast that was stopped after nine runs."""

    def stop(progress: Any) -> None:
        if progress.done == 9:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask(night, pack_folder, tmp_path / "out", progress=stop)
    return tmp_path / "out"


def install(monkeypatch: pytest.MonkeyPatch, **changes: str) -> None:
    usual = installation.installation()
    monkeypatch.setattr(installation, "versions", lambda: {**usual, **changes})
    if platform := changes.get("platform"):
        monkeypatch.setattr(installation.platform, "system", lambda: platform)  # type: ignore[attr-defined]


@pytest.mark.parametrize("library", [name for name in MOVE_NUMBERS if name != "platform"])
def test_a_batch_does_not_go_on_with_other_libraries_unasked(
    library: str, night: Any, pack_folder: str, stopped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Store(stopped).finished_runs()
    install(monkeypatch, **{library: "0.0.1"})
    with pytest.raises(InputError, match=rf"was begun with {library} .*, here 0\.0\.1: .*--other-versions"):
        ask(night, pack_folder, stopped)
    assert Store(stopped).finished_runs() == before


def test_another_class_of_platform_is_another_installation(
    night: Any, pack_folder: str, stopped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    with pytest.raises(InputError, match=r"platform \w+ \w+, here \w+ riscv64"):
        ask(night, pack_folder, stopped)


def test_libraries_that_move_no_number_are_not_asked_for(
    night: Any, pack_folder: str, stopped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, pandas="0.0.1", pebble="0.0.1")
    assert ask(night, pack_folder, stopped).exit_code == 0
    assert OTHERS not in Store(stopped).manifest()


def test_what_is_accepted_is_noted_run_by_run(
    night: Any, pack_folder: str, stopped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = installation.installation()["numpy"]
    before = Store(stopped).finished_runs()
    install(monkeypatch, numpy="0.0.1")
    ask(night, pack_folder, stopped, other_versions=True)
    store = Store(stopped)
    made_with = {
        run: json.loads(metadata_of(part)[MADE_WITH])["numpy"]
        for part in store.parts()
        for run in runs_in(part)
    }
    assert (
        made_with == {run: usual if run in before else "0.0.1" for run in store.finished_runs()}
        and len(made_with) == 2 * FUTURES
    )
    manifest = store.manifest()
    assert manifest["versions"]["numpy"] == usual
    assert [one["numpy"] for one in manifest[OTHERS]] == ["0.0.1"]
    ask(night, pack_folder, stopped, runs=FUTURES + 1)  # accepted once, these versions are known here
    assert len(Store(stopped).manifest()[OTHERS]) == 1
    install(monkeypatch, numpy="0.0.2")
    with pytest.raises(InputError, match=r"here 0\.0\.2"):
        ask(night, pack_folder, stopped, runs=FUTURES + 2)


def test_a_finished_forecast_is_shown_whatever_is_installed(
    night: Any, pack_folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(night, pack_folder, tmp_path / "out")
    install(monkeypatch, numpy="0.0.1")
    assert ask(night, pack_folder, tmp_path / "out").exit_code == 0
    with pytest.raises(InputError, match="was begun with numpy"):  # made longer, shared out, made precise
        ask(night, pack_folder, tmp_path / "out", runs=FUTURES + 1)


@pytest.mark.parametrize("how", [{"shard": "1/2"}, {"precision": 0.2}])
def test_shares_and_rounds_are_compared_as_well(
    how: dict[str, Any], night: Any, pack_folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(progress: Any) -> None:
        if progress.done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask(night, pack_folder, tmp_path / "out", progress=stop, **how)
    install(monkeypatch, numba="0.0.1")
    with pytest.raises(InputError, match="was begun with numba"):
        ask(night, pack_folder, tmp_path / "out", **how)


def test_resume_and_replay_compare_too(
    stopped: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(monkeypatch, scipy="0.0.1")
    assert main(["resume", str(stopped), "--workers", "0"]) == 2
    assert "was begun with scipy" in capsys.readouterr().err
    assert main(["replay", "plan-000003", "--in", str(stopped)]) == 2
    assert "was begun with scipy" in capsys.readouterr().err
    assert replayed(stopped, "plan-000003", other_versions=True).run.run_id == "plan-000003"
    assert resume(stopped, workers=0, other_versions=True) == 0
    assert Store(stopped).manifest()["runs_finished"] == 2 * FUTURES
    assert main(["status", str(stopped)]) == 0
    assert re.search(
        r"runs were made with scipy \S+ and 0\.0\.1; each part says with which", capsys.readouterr().out
    )


def test_every_way_of_making_runs_goes_through_the_comparison() -> None:
    """One place asks, which is where a folder's missing runs are made, whoever asks for them."""
    assert "accepted" in complete.__code__.co_names
