"""Nights of real processes: one is killed in the middle of a batch, and the batch gone on with."""

from __future__ import annotations

import importlib
import os
import random
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer.experiments.keeping import manifest as manifest_module
from shaanxi_transfer.experiments.keeping.integrity import damages
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.resume import resume

night: Any = importlib.import_module("night")
processes: Any = importlib.import_module("processes")

KINDS = ("coordinator killed", "worker killed", "neighbour killed") if sys.platform == "linux" else ()
FUTURES = 24
TABLES = ("targets.csv", "indicators.csv", "failures.csv")

_hash_of_code = manifest_module.hash_of_code


def play(kind: str, seed: int, place: Path) -> None:
    """Play a night of real processes in the folder ``out`` of a place."""
    luck = random.Random(seed)
    out, log, go, pack = place / "out", place / "log", place / "go", str(place / "pack")
    for file in (log, go):
        file.unlink(missing_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_module, "hash_of_code", _hash_of_code)
        whole = _whole(place, pack)
        number = 2 if kind == "neighbour killed" else 1
        begun = processes.start_together(number, go, out, pack, FUTURES, 2, 0.01, log)
        try:
            victim = begun[-1]
            least = luck.randint(2, 2 * FUTURES - 10)
            assert processes.wait_until(lambda: _made(log) >= least or victim.poll() is not None)
            if kind == "worker killed":
                if workers := [one for one in processes.session_of(victim) if _is_worker(one)]:
                    os.kill(luck.choice(workers), signal.SIGKILL)
            else:
                victim.kill()
            for process in begun:
                _, errors = process.communicate(timeout=120)
                dead = process is victim and kind != "worker killed"
                assert dead or process.returncode == 0, errors
        finally:
            for process in begun:
                process.kill()
        assert processes.wait_until(lambda: not processes.session_of(victim), 10.0), "workers outlive it"
        assert resume(out, workers=luck.choice((0, 0, 0, 1))) == 0
        store = Store(out)
        assert not list(damages(store)) and not (out / "claims").exists(), "damage or claims are left"
        assert store.read().equals(Store(whole).read()), "other runs"
        for name in TABLES:
            assert (out / name).read_bytes() == (whole / name).read_bytes(), f"different: {name}"


def _whole(place: Path, pack: str) -> Path:
    """Give the folder of a batch that nobody disturbed."""
    whole, out = place / "whole of processes", place / "out"
    if not whole.exists():
        night.forecast(out, pack, FUTURES, 0)
        shutil.move(out, whole)
    return whole


def _made(log: Path) -> int:
    return len(log.read_text(encoding="utf-8").splitlines()) if log.exists() else 0


def _is_worker(process: int) -> bool:
    try:
        return b"spawn_main" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False
