"""A batch whose process is killed, at any moment, is resumed to the same tables."""

from __future__ import annotations

import importlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.experiments.keeping.integrity import damages
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.resume import resume

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

FUTURES = 24
RESUMED_WITH = (2, 0)
"""Worker processes, by turns: a batch that is begun with some may be ended in this process."""

TABLES = ("targets.csv", "indicators.csv", "failures.csv")


@pytest.fixture
def processes(fake: Any) -> Any:
    return importlib.import_module("processes")


@pytest.fixture
def whole(night: Any, pack_folder: str, tmp_path: Path) -> Store:
    return Store(night.forecast(tmp_path / "whole", pack_folder, FUTURES, 0).folder)


def runs_done(process: subprocess.Popen[str], at_least: int) -> int:
    """Read the process's progress until so many runs are done; give the number."""
    assert process.stdout is not None
    for line in process.stdout:
        stage, done, *_ = line.split()
        if stage == "run" and int(done) >= at_least:
            return int(done)
    raise AssertionError(f"the batch ended early: {process.communicate()[1]}")


def check_equal(whole: Store, other: Store) -> None:
    for name in TABLES:
        assert (whole.folder / name).read_bytes() == (other.folder / name).read_bytes(), name
    assert whole.read().equals(other.read())


@pytest.mark.slow
@pytest.mark.battery("R11", "coordinator killed at random moments of a batch, then resumed to equal tables")
def test_a_killed_coordinator_loses_a_part_at_most(
    night: Any, processes: Any, whole: Store, pack_folder: str, tmp_path: Path, soak: bool, tell: Any
) -> None:
    moments = random.Random(None if soak else 7)
    lost = 0
    cases = 20 if soak else 2
    for case in range(cases):
        out = tmp_path / f"killed {case}"
        log = tmp_path / f"log {case}"
        process = processes.start(out, pack_folder, FUTURES, 2, 0.02, log)
        runs_done(process, moments.randint(night.RUNS_PER_PART + 2, 2 * FUTURES - 12))
        time.sleep(moments.uniform(0.0, 0.05))
        process.kill()
        process.wait()
        assert processes.wait_until(lambda: not processes.session_of(process), 5.0), "workers outlive it"  # noqa: B023
        stored = len(Store(out).finished_runs())
        assert 0 < stored < 2 * FUTURES, "the kill did not land in the middle of the batch"
        assert resume(out, workers=RESUMED_WITH[case % 2]) == 0
        assert not list(damages(Store(out))) and not (out / "claims").exists()
        check_equal(whole, Store(out))
        lost += len(log.read_text(encoding="utf-8").splitlines()) - 2 * FUTURES
    under_way = 2 * 3 * 2  # workers, chunks of each that were begun or waiting, runs of a chunk
    assert 0 <= lost <= cases * (night.RUNS_PER_PART + under_way), "more was made twice than had to be"
    tell(
        cases,
        f"{lost / cases:.1f} runs of {2 * FUTURES} made twice per kill, in parts of {night.RUNS_PER_PART}",
    )


def test_a_worker_in_a_long_run_does_not_outlive_a_killed_coordinator(
    processes: Any, pack_folder: str, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    process = processes.start(tmp_path / "out", pack_folder, 2, 1, 60, log)
    assert processes.wait_until(log.exists)
    process.kill()
    process.wait()
    assert processes.wait_until(lambda: not processes.session_of(process), 5.0)


@pytest.mark.slow
@pytest.mark.battery("R12", "Ctrl-C and SIGTERM: ended in 5 s, no process left, resumed to equal tables")
def test_a_batch_that_is_told_to_stop_does_so_at_once(
    night: Any, processes: Any, whole: Store, pack_folder: str, tmp_path: Path, soak: bool, tell: Any
) -> None:
    slowest = 0.0
    cases = 10 if soak else 2
    for case in range(cases):
        number = (signal.SIGINT, signal.SIGTERM)[case % 2]
        out = tmp_path / f"stopped {case}"
        night.begin(out, pack_folder, FUTURES, seconds=0.04)
        process = processes.start("--command", "resume", out, "--workers", 2)
        parts = 1 + case % 4
        assert processes.wait_until(lambda: len(Store(out).parts()) >= parts), process.poll()  # noqa: B023
        began = time.monotonic()
        if case % 4 < 2:
            os.kill(process.pid, number)
        else:
            os.killpg(process.pid, number)  # as a terminal does: to the workers too
        _, errors = process.communicate(timeout=30)
        slowest = max(slowest, time.monotonic() - began)
        assert process.returncode == 128 + number, errors
        last = errors.splitlines()[-1]
        kept = len(Store(out).finished_runs())
        how = f'go on with: shaanxi-transfer resume "{out}"'
        assert last == f"Stopped: {kept} of {2 * FUTURES} runs are kept; {how}"
        assert "Traceback" not in errors
        assert processes.wait_until(lambda: not processes.session_of(process), 2.0), "a process is left"  # noqa: B023
        assert not list(damages(Store(out))) and not (out / "claims").exists()
        assert 0 < len(Store(out).finished_runs()) < 2 * FUTURES, "it was not stopped in the middle"
        resume(out, workers=RESUMED_WITH[case % 2])
        check_equal(whole, Store(out))
    assert slowest < 5.0
    tell(cases, f"slowest {slowest:.2f} s")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_in_python_the_interrupt_comes_through_after_cleaning_up(
    fake: Any, night: Any, pack_folder: str, tmp_path: Path, number: signal.Signals
) -> None:
    def stop(progress: Any) -> None:
        if progress.done == 5:
            os.kill(os.getpid(), number)

    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt) as caught:
        night.make_forecast(
            night.worlds(pack_folder),
            fake.MODEL,
            ForecastOptions(runs=9, out=tmp_path / "out", workers=1, progress=stop),
        )
    assert caught.value.exit_code == 128 + number  # type: ignore[attr-defined]
    assert "shaanxi-transfer resume" in caught.value.__notes__[0]
    assert signal.getsignal(number) is before
    assert len(Store(tmp_path / "out").finished_runs()) == 5
