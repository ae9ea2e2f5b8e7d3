from __future__ import annotations

import io
import json

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.running.progress import Progress
from shaanxi_transfer.reports.commands import progress_bar
from shaanxi_transfer.reports.commands.progress_bar import (
    Pace,
    ProgressBar,
    ProgressLines,
    open_progress,
)


def at(stage: str, done: int, seconds: float, failed: int = 0, note: str = "") -> Progress:
    return Progress(stage, done, 10, failed, seconds, note)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_off_a_terminal_a_line_is_plain() -> None:
    stream = io.StringIO()
    with open_progress("zh", stream=stream) as progress:
        progress(at("compile", 9, 0.0))
        progress(at("run", 0, 30.0, failed=0))
        progress(at("run", 10, 35.0, failed=2))
        progress(at("tables", 10, 36.0))
    assert stream.getvalue().splitlines() == [
        "首次编译规则，以后直接载入：10条中已完成9条",
        "运行中：10次中已完成0次",
        "运行中：10次中已完成10次，失败2次",
        "写出表格",
    ]


def test_a_plain_line_says_what_time_is_left_once_a_pace_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(progress_bar, "SECONDS_BETWEEN_LINES", 0.0)
    stream = io.StringIO()
    with open_progress("en", stream=stream) as progress:
        for done, seconds in (
            (0, 0.0),
            (1, 60.0),
            (2, 61.0),
            (5, 64.0),
        ):  # first a minute of starting
            progress(at("run", done, seconds))
    assert stream.getvalue().splitlines()[1:] == [
        "running: 1 of 10 runs",
        "running: 2 of 10 runs",
        "running: 5 of 10 runs, about 5 s left",
    ]


def test_another_form_of_lines_is_refused() -> None:
    with pytest.raises(InputError, match=r"^log: 'jsn' .*did you mean json"):
        open_progress("en", "jsn")


def test_with_log_json_every_line_is_json_on_a_terminal_too() -> None:
    with open_progress(log="json", stream=Terminal()) as progress:
        assert isinstance(progress, ProgressLines)
    stream = io.StringIO()
    with open_progress(log="json", stream=stream) as progress:
        assert isinstance(progress, ProgressLines)
        progress(at("compile", 0, 0.0))
        for done in range(11):
            progress(at("run", done, 30 + done / 4, failed=1))
        progress(at("tables", 10, 33.0))
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["stage"] for line in lines] == ["compile", "run", "run", "tables"]
    assert "runs_per_second" not in lines[1]
    assert lines[2]["runs_per_second"] == 4.0  # the half minute of compiling is not counted
    assert (lines[2]["done"], lines[2]["failed"], lines[2]["seconds_left"]) == (10, 1, 0.0)


def test_a_notebook_that_calls_itself_a_terminal_gets_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setenv("JPY_PARENT_PID", "1")
    with open_progress("en", stream=terminal) as progress:
        progress(at("run", 1, 0.0))
    assert terminal.getvalue() == "running: 1 of 10 runs\n"


def test_a_bar_and_its_lines_speak_chinese() -> None:
    terminal, stream = Terminal(), io.StringIO()
    for one, log in ((terminal, "text"), (stream, "json")):
        with open_progress("zh", log, one) as progress:
            for done in (0, 1, 4):
                progress(at("run", done, 42.0 + done, failed=1))
    assert (
        "运行中" in terminal.getvalue()
        and "失败1次" in terminal.getvalue()
        and "约余6秒" in terminal.getvalue()
    )
    assert json.loads(stream.getvalue().splitlines()[0])["doing"] == "运行中"


def test_runs_found_on_disk_do_not_flatter_the_pace() -> None:
    pace = Pace()
    assert pace.of(at("run", 6, 1.0)) is None
    assert pace.of(at("run", 7, 9.0)) is None, "worker processes started meanwhile"
    assert pace.of(at("run", 9, 10.0)) == 2.0


def test_on_a_terminal_there_is_a_bar_with_rate_and_failures() -> None:
    stream = Terminal()
    with open_progress(stream=stream) as progress:
        assert isinstance(progress, ProgressBar)
        progress(at("compile", 0, 0.0))
        progress(at("run", 0, 40.0))
        progress(at("run", 1, 42.0))
        progress(at("run", 6, 44.0, failed=2))
    drawn = stream.getvalue()
    assert "6/10" in drawn
    assert "2.5/s" in drawn
    assert "2 failed" in drawn


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()])
def test_what_the_user_should_read_is_said_at_once(stream: io.StringIO) -> None:
    damaged = "runs/part-000001-0123456789abcdef.parquet is damaged: put aside into [quarantine]"
    with open_progress(stream=stream) as progress:
        progress(at("run", 0, 0.0))
        progress(at("run", 0, 0.1, note=damaged))
        progress(at("run", 1, 0.2))
    assert damaged in stream.getvalue()
