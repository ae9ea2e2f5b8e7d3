"""A brief from the folder of a forecast to the page and the document, read back; folders that make none."""

from __future__ import annotations

import csv
import json
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from shaanxi_transfer.engine.errors import InputError, LastStepError
from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.experiments.forecast import make_forecast
from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.experiments.keeping.manifest import CHECKSUM, checksum_of
from shaanxi_transfer.experiments.keeping.store import MANIFEST, Store
from shaanxi_transfer.experiments.planning.door_to_model import Model
from shaanxi_transfer.reports.brief import chapters_of_forecast
from shaanxi_transfer.reports.brief.report import report
from shaanxi_transfer.reports.command_line import main
from shaanxi_transfer.reports.tables.experiment_folder import model_definitions
from shaanxi_transfer.reports.words.phrases import LANGUAGES
from shaanxi_transfer.scenarios import load

TITLE = 'Mine <script>alert(1)</script> & "more"'
QUARTERS = tuple(Quarter(year, quarter) for year in range(2010, 2021) for quarter in (1, 2, 3, 4))
NAMES = (
    "contract_value_output", "trained_people", "incubation_platforms", "guidance_fund_committed",
    "public_cost", "public_cost_gross",
)  # fmt: skip
XHTML = "{http://www.w3.org/1999/xhtml}"


def toy_run(scenario: Any, *, seed: int, scale: float = 0.1) -> SimpleNamespace:
    """Let the plan add trained people and cost money, and do nothing else."""
    luck = np.random.default_rng(seed).normal(0.0, 0.1)
    since = np.arange(len(QUARTERS), dtype=float)
    planned = np.where(since >= 33, 1.0, 0.0) * (scenario.name != "no_plan")
    people = 10.0 * since * np.exp(luck) + 900.0 * planned
    columns = [
        3e9 * np.exp(0.045 * since + luck),
        people,
        40.0 + 9 * since,
        1e8 * since,
        2e6 * planned,
        3e6 * planned,
    ]
    return SimpleNamespace(indicators=NAMES, quarters=QUARTERS, values=np.column_stack(columns).round())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("results") / "forecast 预测"
    mine = load("action_plan").set(name="mine", title_en=TITLE, title_zh=TITLE)
    model = Model(toy_run, model_definitions(), lambda: None)
    worlds = {"mine": mine, "no_plan": load("no_plan")}
    make_forecast(worlds, model, ForecastOptions(runs=12, scale=0.1, seed=3, out=place, workers=0))
    return place


@pytest.fixture(scope="module")
def quick_figures() -> Iterator[None]:
    """Draw something small in place of the figures, which have tests of their own."""
    from matplotlib.figure import Figure

    with pytest.MonkeyPatch.context() as patch:
        for name in ("plot_forecast", "plot_page", "plot_comparison"):
            patch.setattr(chapters_of_forecast, name, lambda *_: Figure(figsize=(1, 1)))
        yield


@pytest.fixture(scope="module")
def page(folder: Path, quick_figures: None) -> dict[str, str]:
    files = {language: report(folder, lang=language) for language in LANGUAGES}
    return {language: file.read_text(encoding="utf-8") for language, file in files.items()}


class Nesting(HTMLParser):
    """Follow every tag to its end, and gather what is asked for from outside."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.asked: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.seen.add(tag)
        self.asked += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "action")]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.slow
def test_the_page_is_whole_and_asks_for_nothing(page: dict[str, str]) -> None:
    for text in page.values():
        ElementTree.fromstring(text)
        nesting = Nesting()
        nesting.feed(text)
        assert nesting.open == []
        assert nesting.asked and all(one.startswith("data:image/svg+xml;base64,") for one in nesting.asked)
        assert not nesting.seen & {"script", "link", "iframe", "object"}
        assert "url(" not in text and "@import" not in text and "<script" not in text
        assert "Mine &lt;script&gt;alert(1)&lt;/script&gt; &amp;" in text


def said_in(text: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Give each paragraph of a page with its traces: where, and what stands there."""
    for block in ElementTree.fromstring(text).iter(f"{XHTML}div"):
        paragraph, details = block.find(f"{XHTML}p"), block.find(f"{XHTML}details")
        assert paragraph is not None
        items = [] if details is None else list(details.iter(f"{XHTML}li"))
        traces = [
            ((one.text or "").strip(), "".join(c.text or "" for c in one.iter(f"{XHTML}code")))
            for one in items
        ]
        yield "".join(paragraph.itertext()), traces


def test_numbers_of_the_page_are_those_of_the_tables(page: dict[str, str], folder: Path) -> None:
    checked = 0
    for text in page.values():
        for said, traces in said_in(text):
            for place, shows in traces:
                found = re.fullmatch(r"forecast 预测/(\w+\.csv)(?:, line |第)(\d+)行?", place)
                if found is None:
                    continue
                with (folder / found[1]).open(encoding="utf-8", newline="") as file:
                    row = dict(list(enumerate(csv.DictReader(file), start=2))[int(found[2]) - 2][1])
                cells = dict(one.split("=", 1) for one in shows.split("; "))
                assert {name: _as_number(row[name]) for name in cells} == {
                    name: _as_number(value) for name, value in cells.items()
                }
                if found[1] == "targets.csv" and "probability" in cells and 1 < len(traces) < 12:
                    assert f"{float(row['probability']):.2f}" in said
                checked += 1
    assert checked > 60


def _as_number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def test_every_paragraph_has_a_trace_and_the_answer_comes_first(page: dict[str, str]) -> None:
    for text in page.values():
        paragraphs = list(said_in(text))
        assert [said for said, traces in paragraphs if not traces and "rank" not in said] == []
    first = next(said for said, _ in said_in(page["en"]))
    assert first.startswith("Of 4 modelled targets, under “Mine <script>")
    assert "Because of the plan: People trained" in first and "Met before the plan: Incubation" in first
    body = " ".join(said for said, _ in said_in(page["zh"]))
    assert (
        "这是方案的作用" in body
        and "尚未建模：省级技术转移示范机构" in body
        and "shaanxi-transfer rank" in body
    )


def test_the_same_folder_gives_the_same_bytes(folder: Path, tmp_path: Path, page: dict[str, str]) -> None:
    assert report(folder, lang="en", out=tmp_path).read_text(encoding="utf-8") == page["en"]


def test_the_document_says_what_the_page_says(folder: Path, tmp_path: Path, page: dict[str, str]) -> None:
    from docx import Document

    text = page["zh"]
    paper = Document(str(report(folder, lang="zh", form="docx", out=tmp_path)))
    written = [re.sub(r"\[\d+\]$", "", one.text) for one in paper.paragraphs]
    again = "--form docx"  # the command that makes a document is another
    of_page = [said for said, _ in said_in(text) if "report" not in said]
    assert [one for one in written if one in set(of_page)] == of_page
    assert any(again in one for one in written)
    assert len(paper.inline_shapes) == text.count("<img")
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    tags = [f"{XHTML}th", f"{XHTML}td"]
    of_tables = ["".join(one.itertext()) for one in ElementTree.fromstring(text).iter() if one.tag in tags]
    assert cells == of_tables


def test_a_figure_that_fails_costs_nothing_else(
    folder: Path, tmp_path: Path, quick_figures: None, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("no such colour")

    monkeypatch.setattr(chapters_of_forecast, "plot_comparison", broken)
    assert main(["report", str(folder), "--out", str(tmp_path), "--lang", "en"]) == 3
    told = capsys.readouterr()
    assert "no such colour; the work is kept; again: shaanxi-transfer report" in told.err
    assert (tmp_path / "brief_en.html").read_text(encoding="utf-8").count("<img") == 2
    with pytest.raises(LastStepError, match="no such colour"):
        report(folder, out=tmp_path)


# ---- what makes no brief ---------------------------------------------------------


def changed(folder: Path, place: Path, **entries: Any) -> Path:
    """Copy a folder, with other entries in the identity of its manifest, sealed again."""
    shutil.copytree(folder, place)
    manifest = {**Store(place).manifest()}
    manifest["identity"] = {**manifest["identity"], **entries}
    manifest[CHECKSUM] = checksum_of(manifest)
    (place / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    return place


def refusal(*folders: Path | str, **options: Any) -> str:
    with pytest.raises(InputError) as refused:
        report(*folders, **options)
    line = str(refused.value)
    assert "\n" not in line
    return line


def test_folders_that_make_no_brief_are_refused_in_one_line(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "holds no experiment" in refusal(tmp_path / "empty") and "results" in refusal()
    newer = changed(folder, tmp_path / "newer", layout=99)
    assert "made by a newer version: its layout is 99" in refusal(newer) and "pip install -U" in refusal(
        newer
    )
    other = changed(folder, tmp_path / "other", kind="calibration")
    assert "of the kind 'calibration'" in refusal(other)
    mixed = changed(folder, tmp_path / "mixed", data={"shaanxi": "0", "hubei": "1"})
    assert "several provinces" in refusal(mixed) and f"`shaanxi-transfer report {mixed}`" in refusal(mixed)
    gansu = changed(folder, tmp_path / "gansu", kind="ranking", data={"gansu": "0"})
    (gansu / "ranking.csv").write_text("", encoding="utf-8")
    both = f"`shaanxi-transfer report {shlex.quote(str(folder))}`, `shaanxi-transfer report {gansu}`"
    assert both in refusal(folder, gansu)
    assert "both of the kind 'forecast'" in refusal(folder, folder)
    unfinished = shutil.copytree(folder, tmp_path / "unfinished")
    Store(unfinished).note(files=None)
    assert "is not finished" in refusal(unfinished) and "shaanxi-transfer resume" in refusal(unfinished)
    bare = shutil.copytree(folder, tmp_path / "bare")
    (bare / "targets.csv").unlink()
    assert "targets.csv is missing" in refusal(bare) and "shaanxi-transfer resume" in refusal(bare)
    assert "'pdf'" in refusal(folder, form="pdf") and "'fr'" in refusal(folder, lang="fr")


def test_a_folder_of_other_rules_is_read_and_said(folder: Path, tmp_path: Path, quick_figures: None) -> None:
    older = changed(folder, tmp_path / "older", code="0" * 64)
    for language, words in (("en", "with other rules than those of this version"), ("zh", "与本版本不同")):
        text = report(older, lang=language, out=tmp_path).read_text(encoding="utf-8")
        assert words in text[: text.index("<main>")], "below the title"
        limits = next(said for said, traces in said_in(text) if traces and traces[0][1] == f"code={'0' * 64}")
        assert "000000000000" in limits and "shaanxi-transfer forecast mine.yaml --against no_plan" in limits
    (older / "targets.csv").write_text("scenario,target\nmine,trained_people\n", encoding="utf-8")
    Store(older).list_files()
    assert "made with other rules than those that are here, and its tables cannot be read" in refusal(older)


def test_without_the_library_a_document_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    assert "shaanxi-transfer[report]" in refusal(folder, form="docx")


# ---- as a reader opens it --------------------------------------------------------


def watched(page: Any) -> tuple[list[str], list[str]]:
    """Gather what a page says on its console, and what it asks for."""
    told: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda one: asked.append(one.url))
    return told, asked


@pytest.mark.browser
def test_a_browser_opens_and_prints_it_without_a_complaint(folder: Path, tmp_path: Path) -> None:
    """Figures are small ones if other tests of this file are made before it, and real ones if it is alone."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for language in LANGUAGES:
            page = browser.new_page()
            told, asked = watched(page)
            file = report(folder, lang=language, out=tmp_path)
            page.goto(file.as_uri())
            assert told == [] and [one for one in asked if not one.startswith(("file:", "data:"))] == []
            page.locator("summary").first.click()
            assert page.locator("details[open] li").first.is_visible()
            widths = page.evaluate("[...document.images].map(one => one.naturalWidth)")
            assert widths and min(widths) > 0
            printed = page.pdf(prefer_css_page_size=True)
            assert printed.startswith(b"%PDF")
        browser.close()
