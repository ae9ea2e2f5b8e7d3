"""Questions are answered by commands, their tables kept, and it is taken down how each was made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.model.targets import TARGETS
from shaanxi_transfer.reports.command_line import command_names
from shaanxi_transfer.studies.advice.make import COLUMNS, COMMANDS, QUESTIONS, answered, main

BY_NAME = {one.name: one for one in QUESTIONS}


def writes(asked: list[Sequence[str]], file: str, code: int = 0) -> Callable[[Sequence[str]], int]:
    """Give a command that writes a file into the folder that it is told."""

    def command(words: Sequence[str]) -> int:
        asked.append(words)
        folder = Path(words[words.index("--out") + 1] if "--out" in words else words[-1])
        folder.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text("a,b\n1,2\n", encoding="utf-8")
        return code

    return command


def test_a_table_is_kept_with_the_command_that_made_it(tmp_path: Path) -> None:
    asked: list[Sequence[str]] = []
    folder, tables = tmp_path / "advice", tmp_path / "tables"
    ranking = BY_NAME["ranking"]
    found = answered(ranking, "shaanxi", folder, tables, 3, writes(asked, ranking.file))
    assert asked == [ranking.words("shaanxi", folder, 3)]
    assert asked[0][:3] == ["rank", "--by", "task"] and asked[0][-1] == str(folder / "ranking")
    assert (tables / "ranking_shaanxi.csv").read_text(encoding="utf-8") == "a,b\n1,2\n"
    assert list(found.columns) == list(COLUMNS) and found["minutes"].notna().all()
    again = answered(ranking, "shaanxi", folder, tables, 3, writes(asked, ranking.file, 1))
    assert len(again) == 1 and again["minutes"].isna().all(), "it was taken up again"
    answered(BY_NAME["boxes"], "shaanxi", folder, tables, 3, writes(asked, "boxes.csv"))
    assert asked[-1] == ["discover", str(folder / "differences")]
    kept = pd.read_csv(tables / COMMANDS)
    assert kept["table"].tolist() == ["ranking", "boxes"] and kept["basis"].nunique() == 1
    assert kept["command"].tolist() == [
        "shaanxi-transfer rank --by task --province shaanxi",
        "shaanxi-transfer discover results/advice/shaanxi/differences",
    ]


def test_a_command_that_fails_keeps_nothing(tmp_path: Path) -> None:
    ranking = BY_NAME["ranking"]
    with pytest.raises(InputError, match="ended with 2"):
        answered(ranking, "shaanxi", tmp_path, tmp_path / "tables", 1, writes([], ranking.file, 2))
    assert not (tmp_path / "tables").exists()


def test_every_question_is_a_command_and_every_target_is_searched() -> None:
    assert {one.command.split()[0] for one in QUESTIONS} <= set(command_names())
    assert {name.removeprefix("packages_") for name in BY_NAME if "packages_" in name} == set(TARGETS)


def test_an_unknown_table_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "rankin"]) == 2
    assert "did you mean ranking?" in capsys.readouterr().err
