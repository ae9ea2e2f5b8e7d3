"""The page that tells how to read a sensitivity analysis shows commands that can be given."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shaanxi_transfer.experiments.sensitivity_analysis import carry_out
from shaanxi_transfer.reports.command_line import main

pytestmark = pytest.mark.house

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how_to" / "read_a_sensitivity.md"
# Beside the wheel there is no page, and these tests are left out; but the file is read even then.
TEXT = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
SHOWN = re.findall(r"^\$ shaanxi-transfer (sensitivity [^#\n]*)", TEXT, re.MULTILINE)


@pytest.mark.parametrize("command", SHOWN)
def test_every_command_on_the_page_can_be_given(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(carry_out, "estimated_seconds", lambda *words: 60.0)
    monkeypatch.chdir(tmp_path)
    assert main([*command.split(), "--dry-run"]) == 0
    assert re.search("Nothing was run|未做任何运行", capsys.readouterr().out)
    assert list(tmp_path.iterdir()) == []


def test_the_page_shows_commands() -> None:
    assert len(SHOWN) == 3
