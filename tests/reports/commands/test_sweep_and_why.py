"""``sweep``, ``why``, ``compare --by``, ``results``: what cannot be is refused in one line, nothing made."""

from __future__ import annotations

from pathlib import Path

import pytest

from shaanxi_transfer.reports.command_line import main


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sweep"], "--lever: no lever is named"),
        (["sweep", "--lever", "voucher_budjet=1"], "voucher_budget"),
        (["sweep", "--lever", "voucher_budget=1,x"], "--lever: 'x' is no level of voucher_budget"),
        (["sweep", "--lever", "voucher_budget=0", "--runs", "1"], "--runs: 1 future has no spread"),
        (["sweep", "--lever", "voucher_budget=0", "--points", "1"], "--points: 1 points cannot be spread"),
        (["sweep", "--lever", "voucher_budget=6e8"], "--lever: voucher_budget=6e+08"),
        (["why", "contract_value"], "contract_value_output"),
        (["why", "contract_value_output", "--year", "2031"], "--year: 2031 is no whole year"),
        (["compare", "action_plan", "no_plan", "--by", "cities"], "did you mean city"),
        (["results", "nowhere"], "'nowhere' is no folder"),
        (["results", "--kind", "sweeps", "."], "did you mean sweep"),
    ],
)
def test_a_refusal_is_one_line(
    words: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_has_an_empty_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["results", str(tmp_path), "--lang", "zh"]) == 0
    assert "没有试验" in capsys.readouterr().out
