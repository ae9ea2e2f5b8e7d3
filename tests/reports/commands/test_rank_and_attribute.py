"""``rank`` and ``attribute`` as a person gives them: what they say before, after, again, and refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from shaanxi_transfer.engine.words import LANGUAGE_VARIABLE
from shaanxi_transfer.reports.command_line import main
from shaanxi_transfer.reports.notebooks.advice import Attribution, Ranking

SMALL = ("--runs", "2", "--scale", "0.01", "--workers", "0")
FEW = "name: few\nbase: no_plan\nlevers:\n  task_14: plan\n  task_15: plan\n"


@pytest.fixture
def few(tmp_path: Path) -> Path:
    file = tmp_path / "few.yaml"
    file.write_text(FEW, encoding="utf-8")
    return file


@pytest.mark.parametrize("command", ["rank", "attribute"])
def test_a_dry_run_says_runs_and_time_and_writes_nothing(
    command: str, few: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [command, str(few), *SMALL, "--out", str(tmp_path / "out"), "--dry-run"]
    assert main(words) == 0
    said = capsys.readouterr().out
    packages = {"rank": 6, "attribute": 4}[command]
    assert f"Nothing was run. {packages} packages of levers in 2 futures: {2 * packages} runs" in said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rank", "no_plan"], "scenario: 'no_plan' moves no lever"),
        (
            ["rank", "--by", "levers"],
            "--by: 'levers' is not one of the choices; allowed task, project, lever",
        ),
        (["attribute", "--target", "trained_peple"], "did you mean trained_people?"),
        (["attribute", "--runs", "1"], "--runs: 1 future has no spread; allowed 2 or more"),
        (["attribute", "--set", "fund_sise=1"], "fund_size"),
    ],
)
def test_a_refusal_is_one_line(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


def test_rank_prints_a_table_draws_it_and_does_so_again_when_resumed(
    few: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "排序"
    words = [
        "rank",
        str(few),
        *SMALL,
        "--by",
        "task,project",
        "--target",
        "trained_people",
        "--out",
        str(out),
    ]
    assert main([*words, "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert "15．开展技术转移人才培养" in said and "工程4：科技成果转移转化人才队伍建设工程" in said
    assert "同时进行了 4 次比较" in said and "仅 2 个未来" in said
    pictures = {file.name for file in (out / "figures").glob("*.png")}
    assert pictures == {
        "trained_people_certificates_by_task_zh.png",
        "trained_people_certificates_by_project_zh.png",
    }
    assert main(["resume", str(out), "--lang", "en"]) == 0
    assert "15. training" in capsys.readouterr().out
    done = Ranking.read(out)
    assert "15. training" in str(done._repr_html_()) and "<table" in str(done._repr_html_())
    monkeypatch.setenv(LANGUAGE_VARIABLE, "zh")
    assert "15．开展技术转移人才培养" in str(done._repr_html_())
    assert done.plot("trained_people", "zh").axes[0].get_yticklabels()[0].get_text().startswith("15．")


def test_attribute_prints_parts_and_pairs_and_shows_itself_in_a_notebook(
    few: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "shared"
    words = ["attribute", str(few), *SMALL, "--target", "contract_value_output", "--out", str(out)]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "with all levers of" in said and "Project 3: capacity for transfer" in said
    assert "    14. the north-west centre" in said and "2 futures: bands are wide" in said
    assert (out / "figures" / "contract_value_output_full_value_en.svg").is_file()
    assert main([*words[:-1], str(out), "--target", "public_cost", "--counting", ""]) == 0
    assert "public_cost" in str(Attribution.read(out).asked)
    done = Attribution.read(out)
    assert "<td>&emsp;14. the north-west centre</td>" in str(done._repr_html_())
    assert len(done.plot("public_cost").axes[0].patches) == 2
