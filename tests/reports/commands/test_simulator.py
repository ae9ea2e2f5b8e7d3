"""The command ``simulator``: what it refuses before any run, each in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from shaanxi_transfer.reports.command_line import main


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--lever", "voucher_budjet"], "did you mean voucher_budget"),
        (["--lever", "task_22"], "holds 10 levers, and a slider is of one"),
        (["--lever", "listing_of_idle_results"], "listing_of_idle_results is a switch"),
        (["--lever", "voucher_budget,fund_size", "--points", "11"], "11 points are too few for 2 levers"),
        (["--points", "40"], "40 points are too few for 10 levers and 2 plans; allowed 44 or more"),
        (["--tests", "5"], "--tests: 5 points are no design; allowed a whole number from 20"),
        (["--runs", "9"], "--runs: 9 futures have no deciles"),
        (["--also", "action_plam"], "action_plan"),
        (["--out", "page.pdf"], "--out: 'page.pdf' has no known kind of file"),
    ],
)
def test_what_cannot_be_emulated_is_refused_in_one_line(
    words: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulator", *words]) == 2
    said = capsys.readouterr().err
    assert line in said and said.count("\n") == 1


def test_a_page_below_a_file_and_a_folder_of_something_else_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file")
    assert main(["simulator", "--out", str(taken / "page.html")]) == 2
    assert "is a file" in capsys.readouterr().err
    own = tmp_path / "own"
    own.mkdir()
    (own / "letter.txt").write_text("mine")
    assert main(["simulator", "--lever", "voucher_budget", "--folder", str(own)]) == 2
    assert "is not empty and holds no experiment" in capsys.readouterr().err
    assert [file.name for file in own.iterdir()] == ["letter.txt"]
