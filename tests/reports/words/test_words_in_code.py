"""Sentences that stand in the code in English have another language in the catalogues, and none is idle."""

from __future__ import annotations

import ast
import inspect
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

from shaanxi_transfer.engine.errors import InputError, LastStepError, RunError, SurroundingsError
from shaanxi_transfer.engine.words import FOLDER, texts
from shaanxi_transfer.reports.command_line import app
from shaanxi_transfer.reports.words.of_errors import error_line
from shaanxi_transfer.reports.words.translated import SUBJECTS, pattern_of, translated

ROOMS = ("engine", "agents", "model", "scenarios", "experiments", "reports")
ERRORS = ("InputError", "RunError", "DesignError", "LastStepError", "SurroundingsError")
PROBLEM_IN = {**dict.fromkeys(ERRORS, 0), "check_choice": 3}
"""Which argument of a call says what is wrong."""
GAP = "\0"

# Where errors stay English, and why: nobody meets them who types a command with a scenario of his own.
ENGLISH_ONLY = {
    "experiments/attributing/": "arrays of other shapes: calls from Python",
    "experiments/backtesting/": "series, draws and weights: calls from Python, and committed tables",
    "experiments/calibrating/": "calls from Python, of figures that a pack has",
    "experiments/effects/": "what ends a batch, and calls from Python",
    "experiments/evidence/": "made by make",
    "experiments/fitting_provinces/": "packs of all provinces, made by make",
    "experiments/forecasting/mapped_levels.py": "what ends a batch",
    "experiments/freezing/": "contents of a frozen file that was changed",
    "experiments/gaining/": "what ends a batch",
    "experiments/hubverse/": "rows of files of others, in the words of their form",
    "experiments/identification/": "made by make",
    "experiments/keep.py": "calls from Python",
    "experiments/planning/definitions.py": "a rule of one's own with a record of another form",
    "experiments/planning/text_of_function.py": "functions written in Python",
    "experiments/running/": "what ends a batch on a cluster, and designs made in Python",
    "experiments/searching/": "what ends a batch",
    "experiments/sensitivity_analysis/": "designs that were changed, and calls from Python",
    "experiments/worth.py": "a sentence of its own about prices",
    "model/": "defects, and calls from Python",
    "scenarios/provinces/": "packs, which their makers check",
    "scenarios/task_verdicts.py": "a list that is shipped",
}
MOST_IN_ENGLISH = 166
"""How many refusals have no Chinese; it may only fall."""


# ---- what stands in the code -------------------------------------------------------


def form_of(node: ast.expr) -> str | None:
    """Give a sentence with its gaps blank; None if it is made elsewhere."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return " ".join(node.value.split())
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else GAP for part in node.values]
        return " ".join("".join(map(str, parts)).split())
    return None


@cache
def trees() -> dict[str, ast.Module]:
    root = FOLDER.parent
    files = (file for room in ROOMS for file in sorted((root / room).rglob("*.py")))
    return {file.relative_to(root).as_posix(): ast.parse(file.read_text("utf-8")) for file in files}


def branches(node: ast.expr | None) -> Iterator[ast.expr]:
    if isinstance(node, ast.IfExp):
        yield from branches(node.body)
        yield from branches(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from branches(value)
    elif node is not None:
        yield node


def refusals() -> Iterator[tuple[str, str]]:
    """Give file and form of every problem, and of what is allowed instead, where it is raised."""
    for file, tree in trees().items():
        for call in ast.walk(tree):
            place = PROBLEM_IN.get(ast.unparse(call.func)) if isinstance(call, ast.Call) else None
            if isinstance(call, ast.Call) and place is not None and len(call.args) > place:
                allowed = next((one.value for one in call.keywords if one.arg == "allowed"), None)
                for node in (*branches(call.args[place]), *branches(allowed)):
                    form = form_of(node)
                    if form and re.search("[a-z]{2}.* ", form.replace(GAP, "")):
                        yield file, form


@cache
def forms_in_code() -> frozenset[str]:
    nodes = (node for tree in trees().values() for node in ast.walk(tree) if isinstance(node, ast.expr))
    return frozenset(filter(None, map(form_of, nodes)))


# ---- what the catalogues hold ------------------------------------------------------


def blank(form: str) -> str:
    parts = string.Formatter().parse(" ".join(form.split()))
    return "".join(text + (GAP if name is not None else "") for text, name, _, _ in parts)


@cache
def held(*subjects: str) -> dict[str, str]:
    """Give the English sentences of subjects, their gaps blank, and the pattern of each."""
    return {blank(form): form for subject in subjects for form in texts(subject, "en").values()}


def alike(one: str, other: str) -> bool:
    """Tell whether two forms may be of one sentence: a gap of either may hold words that the other has."""
    return fits(one, other) or fits(other, one)


def fits(form: str, text: str) -> bool:
    pieces = form.split(GAP)
    near = text.startswith(pieces[0]) and text.endswith(pieces[-1]) and all(one in text for one in pieces)
    return near and bool(re.fullmatch(".*".join(map(re.escape, pieces)), text, re.DOTALL))


def is_held(form: str, *subjects: str) -> bool:
    known = held(*subjects)
    return form in known or any(alike(form, one) for one in known if one.strip(GAP + " :,;"))


IN_CODE = tuple(one for one in SUBJECTS if one not in ("errors_of_libraries", "help"))


@pytest.mark.house
def test_every_refusal_is_said_in_chinese_or_named_as_english() -> None:
    english = [(file, form) for file, form in refusals() if not is_held(form, *IN_CODE)]
    strange = [one for one in english if not one[0].startswith(tuple(ENGLISH_ONLY))]
    assert strange == [], "put it into words/en/errors_... and words/zh/errors_..."
    assert {head for head in ENGLISH_ONLY if any(file.startswith(head) for file, _ in english)} == set(
        ENGLISH_ONLY
    ), "the list is stale"
    assert len(english) <= MOST_IN_ENGLISH


@pytest.mark.house
def test_no_sentence_of_these_catalogues_is_idle() -> None:
    code = forms_in_code()
    unsaid = [one for one in held(*IN_CODE) if one not in code]
    few = [one for one in code if GAP in one and len(one) > 3]
    assert [one for one in unsaid if not any(alike(one, other) for other in few)] == []


def test_no_sentence_is_held_twice() -> None:
    forms = [blank(form) for subject in SUBJECTS for form in texts(subject, "en").values()]
    assert sorted({form for form in forms if forms.count(form) > 1}) == []


# ---- help ----------------------------------------------------------------------------


def told_in_help() -> Iterator[str]:
    program: Any = typer.main.get_command(app)
    for command in (program, *program.commands.values()):
        yield from inspect.cleandoc(command.help).split("\n\n")
        yield command.short_help or ""
        yield from (one.help for one in command.params if one.help and not getattr(one, "hidden", False))
    yield "Show this message and exit."


def test_all_help_is_said_in_chinese_and_no_entry_is_idle() -> None:
    told = {" ".join(text.split()) for text in told_in_help() if text}
    assert told == set(texts("help", "en").values())


# ---- saying it -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("'forcast' is no command", "没有 'forcast' 这个命令"),
        (
            "80 looks like percent, but this is a fraction (divide by 100)",
            "80 像是百分数，而此处应为小数（请除以100）",
        ),
        ("'x' is negative (row 3)", "'x' 为负（行 3）"),  # a sentence in the gap of another
        ("1 to 3", "1至3"),
        ("one, task_1 to task_3", "one, task_1 to task_3"),  # a list of names is no range
        ("nobody has written this sentence", "nobody has written this sentence"),
    ],
)
def test_a_sentence_is_known_by_its_form(english: str, chinese: str) -> None:
    assert translated(english, "zh") == chinese
    assert translated(english, "en") == english


def test_values_are_read_out_of_gaps() -> None:
    found = pattern_of("{name} of {year} is given twice").fullmatch("a of b of 2017 is given twice")
    assert found and found.groupdict() == {"name": "a", "year": "b of 2017"}


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (
            InputError(
                "unknown key 'levrs'",
                key="levrs",
                file="a.yaml",
                line=2,
                column=1,
                allowed="once",
                suggestion="levers",
            ),
            "a.yaml:2:1: levrs：未知的条目 'levrs'；可用：只写一次；是否应为 levers？",
        ),
        (RunError("the scheduler does not answer any more"), "调度器不再应答"),
        (
            SurroundingsError(
                "keeping the runs: out: No space left on device; 4 kB free; choose a shorter name"
            ),
            "保存运行结果：out：磁盘已满；剩余 4 kB；请改用较短的名称",
        ),
        (
            LastStepError("the figures", InputError("the file is empty", file="x"), "again"),
            "未能生成图：x: 文件为空；已有成果均已保留；重做：again",
        ),
    ],
)
def test_an_error_is_one_line_in_either_language(error: Exception, line: str) -> None:
    assert error_line(error, "zh") == line
    assert error_line(error, "en") == str(error)


def test_an_error_that_travelled_is_told_alike(tmp_path: Path) -> None:
    import pickle

    error = InputError("the file is empty", file=tmp_path)
    assert error_line(pickle.loads(pickle.dumps(error)), "zh") == error_line(error, "zh")
