"""A disk that is full, or cannot be written, stops a batch clearly and costs nothing that was stored."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer.engine.errors import InputError, RunError
from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.experiments.keeping import atomic_files
from shaanxi_transfer.experiments.keeping.integrity import damages
from shaanxi_transfer.experiments.keeping.store import MANIFEST, Store

FUTURES = 16


@pytest.fixture(autouse=True)
def small_parts(night: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "shaanxi_transfer.experiments.running.outcome_writer.RUNS_PER_PART", night.RUNS_PER_PART
    )


def check_whole(store: Store) -> None:
    """Nothing half written is there, and nobody holds a claim."""
    assert not (store.folder / MANIFEST).exists() or not list(damages(store))
    assert not [file for file in store.folder.rglob("*") if file.name.endswith((".writing", ".probe"))]
    assert not (store.folder / "claims").exists()


def check_resumed(night: Any, folder: Path, pack_folder: str, whole: Store) -> None:
    """After the disk was mended the batch goes on to the tables that it would have had."""
    made = night.forecast(folder, pack_folder, FUTURES, 0)
    for name in ("targets.csv", "indicators.csv", "failures.csv"):
        assert (made.folder / name).read_bytes() == (whole.folder / name).read_bytes()


@pytest.mark.battery("R13", "the disk fills up at any file that a batch writes; resumed afterwards")
def test_a_disk_that_fills_up_at_any_file(
    night: Any, pack_folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, soak: bool, tell: Any
) -> None:
    whole = Store(night.forecast(tmp_path / "whole", pack_folder, FUTURES, 0).folder)
    synced, full_from = 0, 0
    usual = os.fsync

    def fsync(descriptor: int) -> None:
        nonlocal synced
        synced += 1
        if synced >= full_from > 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "disk")
        usual(descriptor)

    monkeypatch.setattr(atomic_files.os, "fsync", fsync)  # type: ignore[attr-defined]
    night.forecast(tmp_path / "counted", pack_folder, FUTURES, 0)
    files = synced
    cases = 0
    for number in range(1, files + 1, 1 if soak else files // 5):
        out = tmp_path / f"full {number}"
        synced, full_from = 0, number
        with pytest.raises((InputError, RunError, OSError), match="No space left on device"):
            night.forecast(out, pack_folder, FUTURES, 0)
        check_whole(Store(out))
        full_from = 0
        check_resumed(night, out, pack_folder, whole)
        cases += 1
    assert cases >= 5
    tell(cases, f"a batch of {2 * FUTURES} runs brings files and folders to the disk {files} times")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 300 kB, if this process may mount one."""
    place = tmp_path / "small disk"
    place.mkdir()
    if not mount(place, "size=300k"):
        pytest.skip("a small disk can only be mounted by root on Linux")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def mount(place: Path, options: str) -> bool:
    if sys.platform != "linux" or os.geteuid() != 0:
        return False
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], capture_output=True)
    return done.returncode == 0


@pytest.mark.battery("R13", "a real small disk, filled up by the batch, then enlarged")
def test_a_real_disk_that_is_full(night: Any, small_disk: Path, pack_folder: str, tell: Any) -> None:
    ballast = small_disk / "ballast"
    out = small_disk / "out"
    spaces = (60, 30, 10, 0)
    for kilobytes in spaces:
        ballast.unlink(missing_ok=True)
        free = os.statvfs(small_disk)
        ballast.write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - 1024 * kilobytes)))
        with pytest.raises((InputError, RunError), match=r"(written|out/\S+): No space left on device"):
            night.forecast(out, pack_folder, 15 * FUTURES, 0)
        check_whole(Store(out))
        assert Store(out).finished_runs(), "the disk was full before the first part"
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    night.forecast(out, pack_folder, 15 * FUTURES, 0)
    assert len(Store(out).finished_runs()) == 2 * 15 * FUTURES
    check_whole(Store(out))
    tell(len(spaces), f"{', '.join(map(str, spaces))} kB left for {30 * FUTURES} runs")


@pytest.mark.battery("R13", "a folder that becomes read-only before or within a batch")
def test_a_folder_that_is_read_only(
    night: Any, small_disk: Path, pack_folder: str, tmp_path: Path, tell: Any
) -> None:
    whole = Store(night.forecast(tmp_path / "whole", pack_folder, FUTURES, 0).folder)
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)

    def remount(how: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{how}", str(small_disk)], check=True)

    def make_read_only(progress: Any) -> None:
        if progress.done == 20:
            remount("ro")

    out = small_disk / "out"
    worlds = night.worlds(pack_folder)
    with pytest.raises(RunError, match=r"keeping the runs: .*out/.*: Read-only file system; .*resume"):
        night.make_forecast(
            worlds,
            night.fake.MODEL,
            ForecastOptions(runs=FUTURES, scale=0.1, seed=1, out=out, workers=0, progress=make_read_only),
        )
    with pytest.raises(InputError, match=r"^out: .*cannot be written: Read-only file system"):
        night.forecast(out, pack_folder, FUTURES, 0)
    with pytest.raises(InputError, match=r"^out: .*cannot be written: Read-only file system"):
        night.forecast(small_disk / "new", pack_folder, FUTURES, 0)
    remount("rw")
    assert 0 < len(Store(out).finished_runs()) < 2 * FUTURES
    check_resumed(night, out, pack_folder, whole)
    tell(3)
