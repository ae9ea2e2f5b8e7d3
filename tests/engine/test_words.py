"""Every word is there in every language, is asked for by someone, and stands in no code."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shaanxi_transfer.engine import words
from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.engine.units import UNITS
from shaanxi_transfer.engine.words import (
    FOLDER,
    LANGUAGE_VARIABLE,
    LANGUAGES,
    SIDE_BY_SIDE,
    Language,
    check_language,
    say,
    texts,
    word_or,
)

ROOMS = ("engine", "agents", "model", "scenarios", "experiments", "reports", "studies")
SUBJECTS = sorted(file.stem for file in (FOLDER / "en").iterdir())

CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
CHARACTER = re.compile("[\u4e00-\u9fff]")

# Files of code in which Chinese has to stand, and why it is no sentence of a catalogue.
CHINESE_IN_CODE = {
    "experiments/sensitivity_analysis/index_tables.py": "title of the row of luck, beside its English one",
    "model/indicators/from_outside.py": "definition of an indicator, beside its English one",
    "model/indicators/of_": "titles and definitions of indicators, beside their English ones",
    "scenarios/changed_in_words.py": "an example: an amount as people write it",
    "scenarios/choosing/amounts_in_words.py": "reads what people write: 80亿元",
    "scenarios/choosing/catalogue.py": "reads the agencies out of the plan's text, and joins them",
    "scenarios/choosing/overlays_by_name.py": "reads headings of the plan; titles of overlays made by name",
    "scenarios/choosing/plan_text.py": "reads the plan's text",
    "scenarios/choosing/projects.py": "reads headings of the plan",
    "scenarios/loading.py": "an example: an amount as people write it",
    "scenarios/provinces/names.py": "examples: provinces are found by their Chinese names too",
    "scenarios/provinces/panel.py": "reads what people write: 全国, 万元",
    "scenarios/provinces/parameter_draws.py": "examples: a parameter has a Chinese title",
    "scenarios/reading/names_from_files.py": "examples: a name in GBK bytes",
    "scenarios/reading/likely_meaning.py": "reads what people write: 否, 亿, 季度",
    "scenarios/reading/search.py": "reads what people write: traditional characters",
    "scenarios/reading/workbook.py": "headings of the sheets: the form of a file that is read back",
    "scenarios/reading/yaml_with_places.py": "tells a Chinese colon from YAML's",
    "scenarios/template.py": "cuts the plan's text at its first full stop",
    "reports/command_line.py": "examples: things are found by their Chinese titles",
    "reports/commands/help_pages.py": "an example: where a line of Chinese may be broken",
    "reports/commands/doctor.py": "tries the font on a Chinese title",
    "reports/words/": "examples of what is said",
    "studies/upkeep/": "headings of generated pages; signs of the font; spoilt input",
}


def keys() -> list[str]:
    return [f"{subject}.{name}" for subject in SUBJECTS for name in texts(subject, "en")]


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def text_of(key: str, language: Language) -> str:
    subject, _, name = key.partition(".")
    return texts(subject, language)[name]


# ---- both languages --------------------------------------------------------------


def test_every_language_has_every_subject_and_nothing_else() -> None:
    assert sorted(path.name for path in FOLDER.iterdir() if path.is_dir()) == sorted(LANGUAGES)
    for language in LANGUAGES:
        assert sorted(file.name for file in (FOLDER / language).iterdir()) == [
            f"{one}.yaml" for one in SUBJECTS
        ]


def test_languages_have_the_same_entries_in_the_same_order() -> None:
    for subject in SUBJECTS:
        assert list(texts(subject, "zh")) == list(texts(subject, "en"))


def test_every_text_is_whole_in_both_languages() -> None:
    for key in keys():
        english, chinese = text_of(key, "en"), text_of(key, "zh")
        for text in (english, chinese):
            assert isinstance(text, str), key
            assert text.strip(), key
            assert all(re.fullmatch("[a-z_]+", gap) for gap in gaps(text)), f"{key}: a gap has a name"
        assert gaps(english) == gaps(chinese), key
        assert not CHARACTER.search(english) or key == "scenario_files.head", key
        letters = re.sub(r"\{[^}]*\}", "", chinese)
        assert CHARACTER.search(letters) or not re.search("[a-z]", letters), key


# ---- code and catalogue ----------------------------------------------------------


def code() -> Iterator[tuple[str, str]]:
    for room in ROOMS:
        for file in sorted((FOLDER.parent / room).rglob("*.py")):
            yield file.relative_to(FOLDER.parent).as_posix(), file.read_text(encoding="utf-8")


def asked(tree: ast.AST, argument: ast.expr) -> Iterator[str]:
    """Give what a call asks for, as patterns; what is filled in while the program runs matches anything."""
    if isinstance(argument, ast.IfExp):
        yield from asked(tree, argument.body)
        yield from asked(tree, argument.orelse)
    elif isinstance(argument, ast.Constant):
        yield re.escape(str(argument.value))
    elif isinstance(argument, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else None for part in argument.values)
        yield "".join(".+" if part is None else re.escape(str(part)) for part in parts)
    elif isinstance(argument, ast.Name):
        given = [
            one.value
            for one in ast.walk(tree)
            if isinstance(one, ast.Assign) and [ast.unparse(name) for name in one.targets] == [argument.id]
        ]
        assert given, f"write the key where it is asked for, not {argument.id}"
        for one in given:
            yield from asked(tree, one)
    else:
        raise AssertionError(f"write the key where it is asked for, not {ast.unparse(argument)}")


def asked_in(source: str, function: str) -> set[str]:
    tree = ast.parse(source)
    calls = (one for one in ast.walk(tree) if isinstance(one, ast.Call) and ast.unparse(one.func) == function)
    return {pattern for call in calls for pattern in asked(tree, call.args[0])}


def in_the_code(function: str) -> set[str]:
    own = "engine/words.py"
    return {
        pattern
        for file, source in code()
        if file != own and f"{function}(" in source
        for pattern in asked_in(source, function)
    }


def of_units() -> set[str]:
    from shaanxi_transfer.reports.words.amounts import _SCALES

    scales = {key for several in _SCALES.values() for _, _, key in several}
    return (
        scales
        | {f"unit_{unit.partition('/')[0]}" for unit in UNITS}
        | {"seconds", "minutes", "hours", "days"}
    )


def of_kinds() -> set[str]:
    from shaanxi_transfer.scenarios.provinces.coverage import KINDS

    return {*KINDS, "scaled from", "as in"}


def of_mechanisms() -> set[str]:
    from shaanxi_transfer.experiments.planning.factors import GROUPINGS, choose_factors
    from shaanxi_transfer.scenarios import load

    factors = choose_factors(load("action_plan"), "both")
    return {str(factor.group(by)) for factor in factors for by in GROUPINGS[:2]}


def of_lists() -> set[str]:
    from shaanxi_transfer.reports.commands.lists import LEVER_COLUMNS, LISTS

    columns = [*LEVER_COLUMNS, *(column for _, columns in LISTS.values() for column in columns)]
    doctor = {"state", "examined", "found", "what_to_do"}
    in_cells = {"yes", "no", "not yet", "scenario", "overlay", "generated", "flow", "stock", "ratio"}
    return {column.heading for column in columns} | doctor | in_cells | {"compiled", "plain"}


def of_status() -> set[str]:
    from shaanxi_transfer.experiments.fits_in_folders import ALL
    from shaanxi_transfer.experiments.planning.code_of_numbers import MADE_OF

    return {
        *MADE_OF,
        ALL,
        "backtest",
        "exception",
        "not finite",
        "malformed",
        "memory",
        "killed",
        "time limit",
    }


def of_tasks() -> set[str]:
    from shaanxi_transfer.scenarios import TASKS
    from shaanxi_transfer.scenarios.choosing.projects import projects_of_the_plan

    return {*TASKS, *projects_of_the_plan()}


def in_the_code_in_english() -> tuple[str, ...]:
    """Subjects whose sentences stand in the code in English: `test_words_in_code.py` looks for idle ones."""
    from shaanxi_transfer.reports.words.translated import SUBJECTS

    return SUBJECTS


# Subjects of which a key may be made of data alone: what the data hold.
MADE_OF_DATA: dict[str, Callable[[], set[str]]] = {
    "amounts": of_units,
    "kinds_of_source": of_kinds,
    "lists": of_lists,
    "mechanisms": of_mechanisms,
    "status": of_status,
    "tasks": of_tasks,
}


@pytest.mark.house
def test_every_key_that_is_asked_for_is_there() -> None:
    there = keys()
    missing = [one for one in in_the_code("say") if not any(re.fullmatch(one, key) for key in there)]
    assert missing == []


@pytest.mark.house
def test_every_key_is_asked_for() -> None:
    patterns = in_the_code("say") | in_the_code("word_or")
    wide = [one for one in patterns if re.fullmatch(r"\w+\\\.\.\+", one)]
    assert {one.partition("\\")[0] for one in wide} == set(MADE_OF_DATA)
    narrow = patterns - set(wide)
    held = {f"{subject}.{name}" for subject, names in MADE_OF_DATA.items() for name in names()}
    asked = [
        key for key in keys() if not key.startswith(tuple(f"{one}." for one in in_the_code_in_english()))
    ]
    idle = [key for key in asked if key not in held and not any(re.fullmatch(one, key) for one in narrow)]
    assert idle == []


@pytest.mark.house
def test_chinese_stands_in_no_code_but_where_it_must() -> None:
    found = {file for file, source in code() if CHINESE.search(source)}
    allowed = {file: [head for head in CHINESE_IN_CODE if file.startswith(head)] for file in found}
    assert [file for file, heads in allowed.items() if not heads] == [], "put the sentence into words/zh"
    assert {head for heads in allowed.values() for head in heads} == set(CHINESE_IN_CODE), "the list is stale"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("say('a.b', x)", {r"a\.b"}),
        ("say('a.b' if y else 'a.c', x)", {r"a\.b", r"a\.c"}),
        ("key = 'a.b' if y else 'a.c'\nsay(key, x)", {r"a\.b", r"a\.c"}),
        ("say(f'a.b_{c}', x)", {r"a\.b_.+"}),
    ],
)
def test_what_is_asked_for_is_read_out_of_the_code(source: str, found: set[str]) -> None:
    assert asked_in(source, "say") == found


@pytest.mark.parametrize("source", ["say(key, x)", "say('a.' + b, x)"])
def test_a_key_that_nobody_can_read_is_refused(source: str) -> None:
    with pytest.raises(AssertionError, match="write the key where it is asked for"):
        asked_in(source, "say")


# ---- terms -----------------------------------------------------------------------


def test_terms_of_the_plan_are_said_in_one_way() -> None:
    from ruamel.yaml import YAML

    terms = YAML(typ="safe", pure=True).load(FOLDER / "terms.yaml")
    assert len(terms) > 30 and len(set(terms.values())) == len(terms)
    assert all(
        CHARACTER.search(chinese) and not CHARACTER.search(english) for chinese, english in terms.items()
    )


# ---- the language that is set ------------------------------------------------------

LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")


@pytest.mark.parametrize(
    ("asked", "environment", "language"),
    [
        (None, {}, "en"),
        (None, {"LANG": "zh_CN.UTF-8"}, "zh"),
        (None, {"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        (None, {"LC_MESSAGES": "zh_TW", "LANG": "de_DE"}, "zh"),
        (None, {LANGUAGE_VARIABLE: "", "LANG": "zh"}, "zh"),
        (None, {LANGUAGE_VARIABLE: "en", "LC_ALL": "zh_CN"}, "en"),
        ("zh", {LANGUAGE_VARIABLE: "en"}, "zh"),
        ("en", {LANGUAGE_VARIABLE: "cn"}, "en"),  # what is asked for is enough
    ],
)
def test_one_setting_says_the_language(
    asked: str | None, environment: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (LANGUAGE_VARIABLE, *LOCALE):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert check_language(asked) == language


def test_a_language_without_words_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LANGUAGE_VARIABLE, "zhs")
    with pytest.raises(
        InputError, match=r"^SHAANXI_TRANSFER_LANG: 'zhs' .*allowed zh, en; did you mean zh\?"
    ):
        check_language()
    with pytest.raises(InputError, match=r"^lang: 'cn' .*allowed zh, en"):
        check_language("cn")


@pytest.mark.house
def test_no_function_has_a_language_of_its_own() -> None:
    own = [file for file, source in code() if re.search(r"\blang: [^=\n]*= [\"']", source)]
    assert own == [], "lang=None: check_language decides"


# ---- looking up ------------------------------------------------------------------


def test_a_missing_word_is_a_defect() -> None:
    with pytest.raises(KeyError):
        say("figures.no_such_word", "en")
    with pytest.raises(KeyError):
        say("figures.goal_line", "zh", year=2020)
    assert word_or("amounts.unit_furlong", "zh", "furlong") == "furlong"
    assert set(SIDE_BY_SIDE) == set(LANGUAGES)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [('a: "one\nb: "two"\n', r"en.s\.yaml:2:"), ('a: "one"\na: "two"\n', r"en.s\.yaml:2:1: .*duplicate")],
)
def test_a_spoilt_file_is_refused_with_its_line(
    text: str, refusal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "s.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(words, "FOLDER", tmp_path)
    texts.cache_clear()
    with pytest.raises(InputError, match=refusal) as refused:
        texts("s", "en")
    assert "\n" not in str(refused.value)
    texts.cache_clear()
