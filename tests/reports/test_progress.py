from __future__ import annotations

import io
import json
from types import SimpleNamespace
from typing import Any

from shaanxi_transfer.reports.progress import ProgressBar, ProgressLines, open_progress


def at(stage: str, done: int, seconds: float, failed: int = 0) -> Any:
    return SimpleNamespace(stage=stage, done=done, total=10, failed=failed, seconds=seconds)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_off_a_terminal_every_line_is_json() -> None:
    stream = io.StringIO()
    with open_progress(stream) as progress:
        assert isinstance(progress, ProgressLines)
        progress(at("compile", 0, 0.0))
        for done in range(1, 11):
            progress(at("run", done, done / 4, failed=1))
        progress(at("tables", 10, 2.6))
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["stage"] for line in lines] == ["compile", "run", "run", "tables"]
    assert "compiling the rules" in lines[0]["doing"]
    assert lines[1]["runs_per_second"] == 4.0
    assert lines[1]["seconds_left"] == 2.2
    assert (lines[2]["done"], lines[2]["failed"], lines[2]["seconds_left"]) == (10, 1, 0.0)


def test_on_a_terminal_there_is_a_bar_with_rate_and_failures() -> None:
    stream = Terminal()
    with open_progress(stream) as progress:
        assert isinstance(progress, ProgressBar)
        progress(at("compile", 0, 0.0))
        progress(at("run", 5, 2.0, failed=2))
    drawn = stream.getvalue()
    assert "5/10" in drawn
    assert "2.5/s" in drawn
    assert "2 failed" in drawn
