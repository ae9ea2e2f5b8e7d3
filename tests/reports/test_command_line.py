from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from shaanxi_transfer.engine.errors import InputError, LastStepError, RunError, SurroundingsError
from shaanxi_transfer.experiments.running.stopping import Kept, Stopped
from shaanxi_transfer.reports import command_line
from shaanxi_transfer.reports.command_line import COMMANDS, EXAMPLES, app, command_names, main

NOW = [
    "forecast",
    "compare",
    "run",
    "score",
    "rank",
    "attribute",
    "sweep",
    "why",
    "discover",
    "worth",
    "search",
    "sensitivity",
    "calibrate",
    "backtest",
    "resume",
    "status",
    "results",
    "replay",
    "report",
    "dashboard",
    "simulator",
    "export",
    "draw",
    "packs",
    "check",
    "new",
    "migrate",
    "list",
    "levers",
    "explain",
    "schema",
    "doctor",
]


def call(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "shaanxi_transfer.reports.command_line", *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        timeout=120,
        check=False,
    )


def test_exactly_the_commands_of_today_are_there() -> None:
    assert command_names() == NOW


def test_the_list_of_commands_cuts_no_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    told = " ".join(capsys.readouterr().out.partition("Commands:")[2].split())
    assert "..." not in told
    for name, command in COMMANDS.items():
        assert f" {name} {(command.__doc__ or '').strip().splitlines()[0]} " in f" {told} "


@pytest.mark.parametrize("name", NOW)
def test_every_help_ends_with_examples_whose_words_the_command_knows(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, "--help"]) == 0
    _, _, examples = capsys.readouterr().out.partition("Examples:\n")
    lines = [line.strip() for line in examples.strip().splitlines()]
    assert lines == [f"shaanxi-transfer {name} {words}" for words in EXAMPLES[name]]
    command = typer.main.get_command(app).commands[name]  # type: ignore[attr-defined]
    for line in lines:
        words = shlex.split(line.partition(" >")[0])[2:]
        command.make_context(name, words).close()  # parses, and runs nothing


def test_an_example_with_a_misspelt_option_would_be_noticed() -> None:
    command = typer.main.get_command(app).commands["levers"]  # type: ignore[attr-defined]
    with pytest.raises(Exception, match="--fnd"):
        command.make_context("levers", ["--fnd", "x"])


REFUSED = [
    (["forcast"], r"did you mean forecast\?"),
    (["optimise"], r"no command; allowed forecast"),
    (["dashboard", "--port", "70000"], r"^--port: 70000 is no port; allowed 0 to 65535"),
    (["dashboard", "--runs", "0"], r"^--runs: 0 cannot be served; allowed 1 to 2000"),
    (["dashboard", "--ranking", "absent"], r"absent"),
    (["dashboard", "--host", "203.0.113.1"], r"^--port: nothing .* at 203.0.113.1:8765: .*any that is free"),
    (["forecast", "--rnus", "3"], r"^--rnus: unknown option; .*did you mean --runs\?"),
    (["forecast", "--runs", "0"], r"^--runs: 0 .*allowed"),
    (["forecast", "--runs", "-5"], r"^--runs: -5 .*allowed"),
    (["forecast", "--runs", "many"], r"^--runs: .*integer"),
    (["forecast", "--runs"], r"^--runs: "),
    (["forecast", "--scale", "0.001"], r"^--scale: 0.001 .*allowed"),
    (["forecast", "--scale", "nan"], r"^--scale: nan .*allowed"),
    (["forecast", "--scale", "10"], r"^--scale: 10.* did you mean 0.1\?"),
    (["forecast", "--seed", "-1"], r"^--seed: -1 .*allowed"),
    (["forecast", "--workers", "-1"], r"^--workers: -1 .*allowed"),
    (["forecast", "--shard", "0/4", "--out", "new"], r"^--shard: '0/4' .*allowed i/n.*did you mean 1/4"),
    (["forecast", "--shard", "a/b", "--out", "new"], r"^--shard: 'a/b' .*allowed i/n"),
    (
        ["forecast", "--shard", "1/500", "--out", "new"],
        r"^--shard: 100 futures .*allowed i/n with n up to 100",
    ),
    (["forecast", "--precision", "2", "--out", "new"], r"^--precision: 2.0 .* did you mean 0.02\?"),
    (["forecast", "--cluster", "nowhere", "--out", "new"], r"^--cluster: no scheduler answers at 'nowhere'"),
    (["forecast", "--lang", "cn"], r"^--lang: 'cn' .*allowed zh, en"),
    (["forecast", "--out", "a_file/below"], r"^--out: .*a_file is a file; allowed"),
    (["forecast", "--outside", "absent.csv", "--out", "new"], r"^--outside: .*absent.csv"),
    (["forecast", "acton_plan", "--out", "new"], r"did you mean action_plan\?"),
    (["forecast", "--against", "noplan", "--out", "new"], r"did you mean no_plan\?"),
    (
        ["forecast", "--province", "shannxi", "--out", "new"],
        r"^--province: .*did you mean shanxi \(山西\) or shaanxi \(陕西\)\?",
    ),
    (
        ["check", "--province", "shannxi"],
        r"^--province: .*did you mean shanxi \(山西\) or shaanxi \(陕西\)\?",
    ),
    (["check"], r"^FILE: .*allowed one of FILE and --province NAME"),
    (["check", "no_plan", "--province", "hubei"], r"^FILE: .*allowed one of FILE and --province NAME"),
    (["run", "--scale", "0"], r"^--scale: .*allowed"),
    (["run", "--out", "record.txt"], r"^--out: .*\.csv or \.parquet"),
    (["run", "--profile", "--out", "record.csv"], r"^--profile: the model's own run is timed"),
    (["run", "acton_plan"], r"did you mean action_plan\?"),
    (["list", "provinces", "--format", "cvs"], r"^--format: .*did you mean csv\?"),
    (["list", "province"], r"^WHAT: .*did you mean provinces\?"),
    (["list"], r"^WHAT: is missing"),
    (["resume", "absent"], r"^folder: 'absent' holds no experiment; allowed a folder with manifest.json"),
    (["resume", "absent", "--workers", "-1"], r"^--workers: -1 .*allowed"),
    (["resume"], r"^(DIR|FOLDER): "),
    (["status", "absent"], r"^folder: 'absent' holds no experiment"),
    (["replay", "action_plan-000001", "--in", "absent"], r"^(--in|folder): 'absent' holds no experiment"),
    (["replay", "action_plan-000001"], r"^--in: "),
    (["check", "absent.yaml"], r"absent.yaml.* does not exist"),
]


@pytest.mark.parametrize(("words", "line"), REFUSED, ids=[" ".join(words) for words, _ in REFUSED])
def test_a_refusal_is_one_line_and_exit_code_two(
    words: list[str],
    line: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a_file").touch()
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out in ("", "Province: Shaanxi (陕西), not Shanxi (山西).\n"), "no more than where it would run"
    assert err.count("\n") == 1
    assert re.search(line, err), err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a_file"], "something was written"


CHINESE = [
    (["--lang", "zh", "forcast"], "shaanxi-transfer：没有 'forcast' 这个命令；可用：forecast, "),
    (["forecast", "--rnus", "3", "--lang=zh"], "--rnus：未知的选项；可用：--against, "),
    (["forecast", "--runs", "many", "--lang", "zh"], "--runs：应为整数"),
    (["--lang", "zh", "forecast", "--runs", "0"], "--runs：不能运行0个未来；可用：1至1000000的整数"),
    (["list", "--lang", "zh"], "WHAT：缺失"),
    (["list", "province", "--lang", "zh"], "WHAT：'province' 不在可选项之中；可用：provinces, "),
    (["status", "absent", "--lang", "zh"], "folder：'absent' 中没有实验；可用：含有 manifest.json 的文件夹"),
    (["check", "mine.yaml", "--lang", "zh"], "mine.yaml:2:1: levrs：未知的条目 'levrs'；可用：name, "),
]


@pytest.mark.parametrize(("words", "line"), CHINESE, ids=[" ".join(words) for words, _ in CHINESE])
def test_a_refusal_is_one_line_in_chinese_too(
    words: list[str],
    line: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text("base: action_plan\nlevrs: {}\n", encoding="utf-8")
    assert main(words) == 2
    err = capsys.readouterr().err
    assert err.startswith(line), err
    assert err.count("\n") == 1


def test_the_setting_holds_for_refusals_and_help(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHAANXI_TRANSFER_LANG", "zh")
    assert main(["forcast"]) == 2
    assert "没有 'forcast' 这个命令" in capsys.readouterr().err
    assert main(["forcast", "--lang", "en"]) == 2
    assert "'forcast' is no command" in capsys.readouterr().err
    monkeypatch.setenv("SHAANXI_TRANSFER_LANG", "chinese")
    assert main(["list", "targets"]) == 2
    assert capsys.readouterr().err == (
        "SHAANXI_TRANSFER_LANG: 'chinese' is not one of the choices; allowed zh, en\n"
    )


@pytest.mark.parametrize("name", ["", *NOW])
def test_help_in_chinese_has_all_that_the_english_has(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from rich.cells import cell_len

    monkeypatch.setenv("COLUMNS", "100")
    words = [name, "--help"] if name else ["--help"]
    assert main(words) == 0
    english = capsys.readouterr().out
    assert main([*words, "--lang", "zh"]) == 0
    chinese = capsys.readouterr().out
    options = re.findall(r"^  (--[\w-]+)", english, re.MULTILINE)
    assert re.findall(r"^  (--[\w-]+)", chinese, re.MULTILINE) == options
    assert chinese.startswith("用法：shaanxi-transfer") and "选项：" in chinese
    assert ("示例：\n  shaanxi-transfer" in chinese) == bool(name)
    page, _, _ = chinese.partition("示例：")  # a line to copy stays whole
    assert max(map(cell_len, page.splitlines())) <= 100
    told = re.sub(r"(?m)^  shaanxi-transfer.*|--?[\w-]+ \S+|`[^`]*`", "", chinese)
    assert not re.search(r"[a-z]+ [a-z]+ [a-z]+ ", told), "a sentence that is still English"


def test_off_a_terminal_nothing_else_is_printed(tmp_path: Path) -> None:
    (tmp_path / "a folder 方案").mkdir()
    scenario = tmp_path / "a folder 方案" / "方案.yaml"
    scenario.write_text("base: action_plan\nlevrs: {}\n", encoding="utf-8")
    for words in (["forecast", str(scenario), "--runs", "1", "--out", "new"], ["check", str(scenario)]):
        ended = call(*words, cwd=tmp_path)
        assert ended.returncode == 2
        assert ended.stdout == ""
        assert ended.stderr.count("\n") == 1
        assert re.search(r"方案\.yaml:2:1: levrs: .*did you mean levers\?", ended.stderr), ended.stderr


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (
            InputError("is negative", key="fund_size", file="x.yaml", line=3, column=5),
            2,
            "x.yaml:3:5: fund_size: is negative",
        ),
        (RunError("not one run\nended well"), 1, "RunError: not one run ended well"),
        (SurroundingsError("starting: /dev/shm: full"), 1, "SurroundingsError: starting: /dev/shm: full"),
        (
            LastStepError("x.duckdb", OSError(5, "broken"), "again"),
            3,
            "x.duckdb could not be made: OSError: [Errno 5] broken; the work is kept; again: again",
        ),
        (
            PermissionError(13, "Permission denied", "results/x"),
            1,
            "doctor: results/x: Permission denied; choose a place that is yours",
        ),
        (KeyboardInterrupt(), 130, "Stopped"),
    ],
)
def test_every_known_end_has_its_code_and_one_line(
    error: BaseException,
    code: int,
    line: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(command_line, "check_command_name", fail)
    assert main(["doctor"]) == code
    assert capsys.readouterr().err == line + "\n"


def test_a_defect_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(command_line, "check_command_name", fail)
    with pytest.raises(ZeroDivisionError):
        main(["doctor"])


def test_help_comes_without_the_heavy_libraries() -> None:
    code = (
        "import sys; from shaanxi_transfer.reports.command_line import main; main(['--help']);"
        "heavy = {'SALib', 'matplotlib', 'mesa', 'numba', 'numpy', 'pandas', 'pyarrow', 'pydantic', 'scipy'};"
        "heavy &= set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    for name in NOW:
        assert f"\n  {name} " in ended.stdout


def test_version_and_no_words_at_all_are_no_errors(capsys: pytest.CaptureFixture[str]) -> None:
    from shaanxi_transfer import __version__

    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"shaanxi-transfer {__version__}\n"
    assert main([]) == 0
    assert "Usage" in capsys.readouterr().out


@pytest.mark.skipif(os.name != "posix", reason="pipes as POSIX has them")
@pytest.mark.parametrize("words", [["levers"], ["--help"], ["--version"], ["list", "nothing"]], ids=" ".join)
def test_whoever_reads_may_go_and_that_is_no_failed_run(words: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        [sys.executable, "-m", "shaanxi_transfer.reports.command_line", *words],
        stdout=writing,
        stderr=writing if words[-1] == "nothing" else subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert ended.returncode == 141
    assert not ended.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_output_that_finds_no_room_is_one_line_without_a_place_that_is_not_known() -> None:
    with open("/dev/full", "w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "shaanxi_transfer.reports.command_line", "levers"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert ended.returncode == 1
    assert re.fullmatch(r"(levers|printing): No space left on device; .*doctor.*\n", ended.stderr)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="a shell closes the streams")
@pytest.mark.parametrize(
    ("closed", "words"),
    [
        pytest.param(
            "<&- >&- 2>&-",
            "forecast --runs 1 --scale 0.01 --workers 1 --out made",
            marks=pytest.mark.soak,
        ),
        pytest.param("<&-", "run no_plan --scale 0.01 --out made.csv", marks=pytest.mark.soak),
        (">&- 2>&-", "run no_plan --scale 0.01 --out made.csv"),
    ],
)
def test_a_command_without_streams_writes_its_files(closed: str, words: str, tmp_path: Path) -> None:
    command = f'exec "{sys.executable}" -m shaanxi_transfer.reports.command_line {words} {closed}'
    ended = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr
    made = {path.name for path in tmp_path.rglob("*")}
    assert {"targets.csv", "indicators.csv", "figures"} <= made or made == {"made.csv"}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Stopped: 9 of 24 runs are kept; go on with: shaanxi-transfer resume "),
        ("zh", "已停止：24次运行中已保存9次；继续运行："),
    ],
)
def test_a_stop_says_in_the_chosen_language_what_is_kept(
    language: str,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def stop(*given: object, **options: object) -> int:
        error = Stopped()
        error.kept = Kept(9, 24, tmp_path)
        raise error

    monkeypatch.setattr("shaanxi_transfer.experiments.resume.resume", stop)
    monkeypatch.setattr("shaanxi_transfer.reports.words.of_provinces.province_line", lambda *_: "")
    monkeypatch.setattr("shaanxi_transfer.reports.tables.experiment_folder.province_of", lambda _: "shaanxi")
    assert main(["resume", str(tmp_path), "--lang", language]) == 130
    assert words in capsys.readouterr().err
