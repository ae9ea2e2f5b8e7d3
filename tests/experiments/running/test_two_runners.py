"""Two processes on one folder: every run is made, and made once."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.experiments.keeping.ended_runs import Settled
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.planning.plan_of_runs import plan_runs
from shaanxi_transfer.experiments.running import claims as claims_module
from shaanxi_transfer.experiments.running.blocks import Blocks
from shaanxi_transfer.experiments.running.claims import Claims

FUTURES = 30


@pytest.mark.slow
@pytest.mark.battery("R14", "two processes race on one folder: no run lost, none made twice")
def test_two_processes_share_a_folder(
    fake: Any, night: Any, pack_folder: str, tmp_path: Path, soak: bool, tell: Any
) -> None:
    processes = importlib.import_module("processes")
    whole = night.forecast(tmp_path / "whole", pack_folder, FUTURES, 0)
    cases = 20 if soak else 1
    shares = []
    for case in range(cases):
        out, log = tmp_path / f"race {case}", tmp_path / f"log {case}"
        go = tmp_path / f"go {case}"
        racers = processes.start_together(2, go, out, pack_folder, FUTURES, 1, 0.05, log)
        for racer in racers:
            _, errors = racer.communicate(timeout=60)
            assert racer.returncode == 0, errors
        made = [line.split() for line in log.read_text(encoding="utf-8").splitlines()]
        times = Counter((name, seed) for name, seed, _ in made)
        assert len(times) == 2 * FUTURES, "a run was lost"
        assert set(times.values()) == {1}, "a run was made twice"
        by_process = Counter(process for _, _, process in made)
        assert len(by_process) == 2, "one of the two had nothing to do"
        shares.append(min(by_process.values()) / len(made))
        for name in ("targets.csv", "indicators.csv", "failures.csv"):
            assert (whole.folder / name).read_bytes() == (out / name).read_bytes()
        assert not (out / "claims").exists()
    tell(cases, f"{2 * FUTURES} runs each; the smaller share was {min(shares):.0%} to {max(shares):.0%}")


def made_by(process: subprocess.Popen[str], log: Path) -> int:
    if not log.exists():
        return 0
    return sum(line.endswith(f" {process.pid}") for line in log.read_text(encoding="utf-8").splitlines())


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.battery("R14", "one of two processes is killed: the other takes over what it had claimed")
def test_the_survivor_takes_over(
    fake: Any, night: Any, pack_folder: str, tmp_path: Path, soak: bool, tell: Any
) -> None:
    processes = importlib.import_module("processes")
    whole = night.forecast(tmp_path / "whole", pack_folder, FUTURES, 0)
    cases = 10 if soak else 1
    twice = 0
    for case in range(cases):
        out, log = tmp_path / f"race {case}", tmp_path / f"log {case}"
        go = tmp_path / f"go {case}"
        victim, survivor = processes.start_together(2, go, out, pack_folder, FUTURES, 1, 0.05, log)
        assert processes.wait_until(lambda: made_by(victim, log) > 5)  # noqa: B023
        victim.kill()
        victim.wait()
        _, errors = survivor.communicate(timeout=60)
        assert survivor.returncode == 0, errors
        for name in ("targets.csv", "indicators.csv", "failures.csv"):
            assert (whole.folder / name).read_bytes() == (out / name).read_bytes()
        assert not (out / "claims").exists()
        twice += len(log.read_text(encoding="utf-8").splitlines()) - 2 * FUTURES
    tell(
        cases,
        f"{twice / cases:.1f} of {2 * FUTURES} runs made twice, those of the dead that it had not stored",
    )


def test_a_claim_holds_against_another_and_is_given_up_at_the_end(tmp_path: Path) -> None:
    with Claims(tmp_path / "claims") as one:
        with Claims(tmp_path / "claims") as other:
            assert one.take("block 3") and one.take("block 3")
            assert not other.take("block 3")
            assert other.take("block 4") and not one.take("block 4")
            one.release("block 3")
            assert other.take("block 3")
        assert one.take("block 3") and one.take("block 4")
    assert not (tmp_path / "claims").exists()


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Claims of a process on another machine, of which nothing but its beat can be known."""

    def make(**settings: Any) -> Claims:
        claims = Claims(tmp_path / "claims", **settings)
        beat = claims._beat

        def beat_from_there() -> None:
            with monkeypatch.context() as there:
                there.setattr(claims_module, "this_machine", lambda: "elsewhere 1 2")
                beat()

        monkeypatch.setattr(claims, "_beat", beat_from_there)
        return claims

    return make


def test_the_claims_of_a_machine_that_stands_still_pass_on_after_the_lease(
    elsewhere: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    now = 1000.0
    monkeypatch.setattr("shaanxi_transfer.experiments.running.claims.time.monotonic", lambda: now)
    with elsewhere(beat=1e6) as dead, Claims(tmp_path / "claims", lease=60.0) as watcher:
        assert dead.take("block 1")
        assert not watcher.take("block 1")  # from here on its beat is watched
        now += 59.0
        assert not watcher.take("block 1")
        dead._beat()
        now += 30.0
        assert not watcher.take("block 1"), "it had given a sign of life"
        now += 61.0
        assert watcher.take("block 1")
        assert not dead.holds("block 1") and watcher.holds("block 1")
        dead.release("block 1")  # it wakes up, and must not take the claim from its new owner
        assert watcher.holds("block 1")


def test_only_one_of_two_watchers_takes_over(
    elsewhere: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    now = 1000.0
    monkeypatch.setattr("shaanxi_transfer.experiments.running.claims.time.monotonic", lambda: now)
    with elsewhere(beat=1e6) as dead, Claims(tmp_path / "claims") as one, Claims(tmp_path / "claims") as two:
        assert dead.take("block 1")
        assert not one.take("block 1") and not two.take("block 1")
        now += 100.0
        assert [one.take("block 1"), two.take("block 1")] == [True, False]


def test_the_claims_of_a_process_that_died_here_pass_on_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "claims"
    with Claims(folder) as watcher:
        child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
        beat = {"owner": "gone", "beat": 3, "machine": claims_module.this_machine(), "process": child}
        (folder / "runner-gone.json").write_text(json.dumps(beat), encoding="utf-8")
        (folder / "block-block 7.1").write_text("gone", encoding="ascii")
        assert watcher.take("block 7")
        watcher.clear(["block 7"])
        assert [file.name for file in folder.iterdir()] == [f"runner-{watcher.owner}.json"]


def test_a_run_whose_claim_has_passed_on_is_left_to_its_new_owner(
    fake: Any, night: Any, pack_folder: str, tmp_path: Path
) -> None:
    """A process that stood still stores nothing of what another took over meanwhile."""
    out = tmp_path / "out"
    taken: list[Path] = []
    stored: list[int] = []

    def take_over(progress: Any) -> None:
        claims = sorted((out / "claims").glob("block-*")) if progress.stage == "run" else []
        if claims and not taken:
            taken.append(claims[0].with_suffix(".2"))
            taken[0].write_text("somebody else", encoding="ascii")
        if progress.stage == "wait" and not stored:
            stored.append(len(Store(out).finished_runs()))
            taken[0].unlink()  # the other one gives up without having stored anything

    made = night.make_forecast(
        night.worlds(pack_folder),
        fake.MODEL,
        ForecastOptions(runs=20, scale=0.1, seed=1, out=out, workers=0, progress=take_over),
    )
    assert 0 < stored[0] < 40, "what was no longer its own was stored"
    assert made.failed == 0
    rows = Store(out).read()
    assert not rows.duplicated(["run_id", "indicator", "year", "quarter"]).any()
    assert rows["run_id"].nunique() == 40


def test_claims_of_who_died_after_the_last_run_are_cleared(
    night: Any, pack_folder: str, tmp_path: Path
) -> None:
    """Killed between the last part and the end: nothing is left to be made, but its claims are there."""
    out = tmp_path / "out"
    night.forecast(out, pack_folder, 3, 0)
    plan = list(plan_runs(["plan", "none"], 3, 1))
    claims = out / "claims"
    claims.mkdir()
    for name in Blocks(plan, Settled(Store(out)), Claims(claims)).names():
        (claims / f"block-{name}.1").write_text("gone", encoding="ascii")
    assert len(list(claims.iterdir())) == 3
    night.forecast(out, pack_folder, 3, 0)
    assert not claims.exists()
