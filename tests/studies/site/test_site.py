"""Every page is in the site, its links are right in both languages, its reference is made from the code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import shaanxi_transfer
from shaanxi_transfer.engine.words import LANGUAGES, Language
from shaanxi_transfer.reports.command_line import COMMANDS
from shaanxi_transfer.scenarios import lever_catalogue
from shaanxi_transfer.studies.site.changes import MARK, changes_of_numbers, releases
from shaanxi_transfer.studies.site.from_code import PUBLIC, made_from_code, objects_given
from shaanxi_transfer.studies.site.links import for_the_site
from shaanxi_transfer.studies.site.nav import NAV, navigation, pages_named
from shaanxi_transfer.studies.site.pages import LEFT_OUT, REPOSITORY, address, place_of, texts_of_site

pytestmark = pytest.mark.house

DOCS = REPOSITORY / "docs"


def refuse(complaint: str) -> None:
    raise AssertionError(complaint)


def in_tree(tree: Any) -> list[str]:
    if isinstance(tree, str):
        return [tree]
    below = tree.values() if isinstance(tree, dict) else tree
    return [place for one in below for place in in_tree(one)]


def all_places(language: Language) -> list[str]:
    return [*texts_of_site(language), *made_from_code(language), "changes_of_numbers.md"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_in_the_order_of_pages_once(language: Language) -> None:
    named = in_tree(navigation(all_places(language), language))
    assert sorted(named) == sorted(set(all_places(language)))


def test_every_text_in_docs_is_a_page_but_for_what_is_left_out() -> None:
    paths = {file.relative_to(REPOSITORY).as_posix() for file in DOCS.rglob("*.md")}
    assert {path for path in paths if place_of(path) is None} == {f"docs/{name}" for name in LEFT_OUT}
    assert {name for name in pages_named(NAV) if "*" not in name} <= set(all_places("en"))


def test_a_chinese_text_stands_where_the_english_one_does() -> None:
    english, chinese = texts_of_site("en"), texts_of_site("zh")
    assert set(english) == set(chinese)
    assert chinese["tutorial.md"] == "docs/zh/tutorial.md"
    assert chinese["model/tasks.md"] == "docs/model/tasks_zh.md"
    assert english["overview.md"] == "README.md" and chinese["overview.md"] == "docs/zh/README.md"
    assert chinese["model/forecast.md"] == english["model/forecast.md"]


# ---- links -----------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_link_of_a_page_leads_nowhere(language: Language) -> None:
    for path in texts_of_site(language).values():
        for_the_site((REPOSITORY / path).read_text(encoding="utf-8"), path, language, refuse)


@pytest.mark.parametrize(
    ("path", "language", "text", "in_the_site"),
    [
        ("docs/model/fit.md", "en", "[a](patterns.md#x)", "[a](patterns.md#x)"),
        ("docs/how_to/calibrate.md", "en", "[a](../../README.md#start)", "[a](../overview.md#start)"),
        ("README.md", "en", "[`results/`](results/README.md)", "`results/` (`results/README.md`)"),
        ("docs/model/fit.md", "en", "[why](../../engine/luck.py)", "why (`engine/luck.py`)"),
        ("docs/model/tasks.md", "en", "[中文](tasks_zh.md)", '<a href="../zh/model/tasks.html">中文</a>'),
        ("docs/model/tasks_zh.md", "zh", "[en](tasks.md)", '<a href="../../model/tasks.html">en</a>'),
        ("docs/zh/how_to/write_a_brief.md", "zh", "[a](../../decisions/0056-policy-brief.md)",
         "[a](../decisions/0056-policy-brief.md)"),
        ("docs/zh/tutorial.md", "zh", "[a](how_to/write_a_brief.md)", "[a](how_to/write_a_brief.md)"),
        # A heading of an English page has another name on its Chinese twin.
        ("docs/how_to/calibrate.md", "zh", "[a](read_a_forecast.md#what)", "[a](read_a_forecast.md)"),
        ("docs/model/fit.md", "en", "`[a](b.md)`", "`[a](b.md)`"),
        ("docs/model/fit.md", "en", "```\n[a](b.md)\n```", "```\n[a](b.md)\n```"),
        ("docs/model/fit.md", "en", "[a](https://example.org)", "[a](https://example.org)"),
        ("docs/model/fit.md", "en", "<!-- made by hand -->\n\n# A", "# A"),
    ],
)  # fmt: skip
def test_a_link_leads_to_a_page_of_the_site_or_names_the_file(
    path: str, language: Language, text: str, in_the_site: str
) -> None:
    assert for_the_site(text, path, language, refuse) == in_the_site


@pytest.mark.parametrize("text", ["[a](no_such_page.md)", "![a](../../results/none.png)"])
def test_a_link_that_leads_nowhere_is_told(text: str) -> None:
    told: list[str] = []
    assert for_the_site(text, "docs/model/fit.md", "en", told.append) == text
    assert len(told) == 1 and told[0].startswith("docs/model/fit.md: ")


def test_the_chinese_site_lies_below_the_english_one() -> None:
    assert [address("how_to/calibrate.md", one) for one in ("en", "zh")] == [
        "how_to/calibrate.html",
        "zh/how_to/calibrate.html",
    ]


# ---- what is made from the code --------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_made_from_the_code_are_whole(language: Language) -> None:
    pages = made_from_code(language)
    commands = re.findall(r"^## (\S+)$", pages["reference/command_line.md"], re.MULTILINE)
    assert commands == list(COMMANDS)
    assert "`--against <str>`" in pages["reference/command_line.md"]
    assert all(f"`{name}`" in pages["reference/levers.md"] for name in lever_catalogue())
    assert "`voucher_face_value`" in pages["reference/levers.md"]
    assert "| `steps_per_year` | int | 4 |" in pages["reference/scenario_file.md"]


def test_every_public_name_is_described_once() -> None:
    names = [name for names in PUBLIC.values() for name in names]
    assert sorted(names) == sorted(set(shaanxi_transfer.__all__) - {"__version__"})
    given = [name.rpartition(".")[2] for name in objects_given()]
    assert {"Scenario", "Forecast", "Comparison", "KeptFutures", "Search"} <= set(given)


# ---- what changed the numbers ----------------------------------------------------


def test_entries_that_change_numbers_are_told_by_release() -> None:
    entries = "### Changed\n\n- Plain.\n- **Numbers change** in A.\n"
    changelog = f"# C\n\n## [Unreleased]\n\n{entries}\n## [0.1] - 2000\n"
    first, second = releases(changelog)
    assert first["title"] == "Unreleased" and first["entries"] == ["**Numbers change** in A."]
    assert second["title"] == "0.1 - 2000" and second["entries"] == [] and second["told"] == ""


def test_the_page_of_changes_has_all_releases_and_all_entries_with_the_mark() -> None:
    changelog = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
    page = changes_of_numbers()
    headings = re.findall(r"^## (.*)$", changelog, re.MULTILINE)
    assert page.count("\n## ") == len(headings) >= 3
    body = changelog[changelog.index("\n## ") :]
    entries = [line for line in body.splitlines() if MARK in line]
    assert len(entries) > 3 and all(entry in page for entry in entries)


# ---- the tutorial ----------------------------------------------------------------

TUTORIALS = [DOCS / "tutorial.md", DOCS / "zh" / "tutorial.md"]


@pytest.mark.parametrize("page", TUTORIALS, ids=["en", "zh"])
def test_commands_of_the_tutorial_are_commands(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import typer

    from shaanxi_transfer.reports.command_line import app

    lines = re.findall(r"^\$ shaanxi-transfer (\S+) ?(.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name, _ in lines] == ["doctor", "forecast", "new", "check", "compare", "report"]
    group: object = typer.main.get_command(app)
    for name, words in lines:
        group.commands[name].make_context(name, words.split())  # type: ignore[attr-defined]


def test_the_scenario_of_the_tutorial_is_in_order() -> None:
    from shaanxi_transfer import load

    texts = [page.read_text(encoding="utf-8") for page in TUTORIALS]
    said = [re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) for text in texts]
    assert said[0] == said[1] and len(said[0]) == 1
    levers = {name.strip(): float(number) for name, number in re.findall(r"(\w+): (\S+)", said[0][0])}
    plan = load("action_plan")
    assert all(number == 2 * lever_catalogue()[name].plan for name, number in levers.items())
    assert plan.set(**levers).levers | levers == plan.set(**levers).levers
