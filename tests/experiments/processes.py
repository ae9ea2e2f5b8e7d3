"""Start, watch and end processes that make batches, for tests that need more than one."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent


def start_together(number: int, go: Path, *arguments: object) -> list[subprocess.Popen[str]]:
    """Start several processes that all begin in the same moment, when the last one is ready."""
    started = [start(*arguments, NIGHT_GO=str(go)) for _ in range(number)]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    go.touch()
    return started


def start(*arguments: object, **environment: str) -> subprocess.Popen[str]:
    """Start ``python -m night ...`` in a session of its own."""
    paths = [str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(
        [sys.executable, "-m", "night", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )


def wait_until(true: Callable[[], bool], seconds: float = 30.0) -> bool:
    """Wait until something is true; False if it never is."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.01)
    return False


def session_of(process: subprocess.Popen[str]) -> list[int]:
    """List the living processes of the session that a process was started in."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            fields = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if entry.name.isdigit() and fields[0] != "Z" and int(fields[3]) == process.pid:
            found.append(int(entry.name))
    return found
