"""The page in headless Chromium, opened as a file without a network."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer.experiments.emulating.carry_out import Emulation, columns_of
from shaanxi_transfer.experiments.emulating.points import Point
from shaanxi_transfer.reports.simulator.page import page_of

pytestmark = pytest.mark.browser

TARGET = "incubation_platforms"


@pytest.fixture(scope="module")
def done(planted: Callable[..., Emulation]) -> Emulation:
    return planted()


@pytest.fixture(scope="module")
def file(done: Emulation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("mail") / "页面 a.html"
    found.write_text(page_of(done, "en"), encoding="utf-8")
    return found


class Opened:
    """The page, with what its console said and what it asked for."""

    def __init__(self, chromium: Any, address: str, width: int = 1280) -> None:
        context = chromium.new_context(viewport={"width": width, "height": 800}, offline=True)
        self.page = context.new_page()
        self.told: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.told.append(message.text))
        self.page.on("pageerror", lambda error: self.told.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(address)
        self.page.wait_for_selector('body[data-ready="yes"]')

    def median(self) -> float:
        return float(self.page.locator(f'[data-target="{TARGET}"]').get_attribute("data-median"))

    def chances(self) -> list[str]:
        return [one.get_attribute("data-chance") for one in self.page.locator(".number").all()]

    def said(self, words: str) -> None:
        """Wait until the live line says some words."""
        from playwright.sync_api import expect

        expect(self.page.locator("#said")).to_contain_text(words)

    def close(self) -> None:
        assert self.told == []
        assert all(address.startswith(("file:", "data:")) for address in self.asked)
        self.page.context.close()


def test_a_slider_moved_by_keys_shows_what_the_emulator_says(
    done: Emulation, file: Path, chromium: Any
) -> None:
    one = Opened(chromium, file.as_uri())
    before = one.median()
    slide = one.page.locator("#l-voucher_budget")
    slide.focus()
    for _ in range(12):
        one.page.keyboard.press("ArrowRight")
    after = one.median()
    assert after != before
    data = json.loads(one.page.locator("#data").text_content())
    level = float(re.search(r"voucher_budget=([\d.]+)", one.page.url)[1])  # type: ignore[index]
    levels = (level, *data["plans"][0]["levels"][1:])
    where = columns_of(done.points.axes, 2, [Point(0, levels)])
    place = next(
        place
        for place, output in enumerate(done.outputs)
        if (output.id, output.kind, output.year, output.statistic) == (TARGET, "level", 2020, "q50")
    )
    assert after == pytest.approx(done.emulator.predict(where)[0, place], rel=1e-4)
    assert f"{level:g}" in slide.get_attribute("aria-valuetext").replace(",", "") or level >= 1e6
    one.said("emulator")
    assert f"--set voucher_budget={level:.0f}" in one.page.locator("#command").inner_text()
    assert "run the model" in one.page.locator('[data-target="trained_people"]').inner_text()
    link, shown = one.page.url, one.chances()
    one.close()
    again = Opened(chromium, link)
    assert (again.chances(), again.median()) == (shown, after)
    again.close()


def test_a_plan_as_it_is_shows_its_runs(done: Emulation, file: Path, chromium: Any) -> None:
    one = Opened(chromium, file.as_uri())
    one.page.locator('input[value="no_plan"]').check()
    one.said("runs themselves")
    verdicts = one.page.locator(".moved .verdict").all_inner_texts()
    assert [text.strip() for text in verdicts] == ["no difference"] * 5
    assert "plan=no_plan" in one.page.url
    one.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_both_languages_fit_the_screen(file: Path, chromium: Any, width: int) -> None:
    one = Opened(chromium, f"{file.as_uri()}#lang=zh&voucher_budget=50000000", width)
    text = one.page.locator("body").inner_text()
    assert not re.search(r"\{\w+\}|undefined|NaN", text)
    assert not re.search(r"[a-z]{4,} [a-z]{4,}", one.page.locator("#cards").inner_text())
    one.page.click("#language")
    one.said("targets")
    assert not re.search("[\u4e00-\u9fff]", one.page.locator("main").inner_text())
    assert one.page.evaluate("document.documentElement.scrollWidth") <= width
    one.close()


def test_a_link_that_names_what_is_not_there_says_so(file: Path, chromium: Any) -> None:
    one = Opened(chromium, f"{file.as_uri()}#lang=en&fund_size=1e9&voucher_budget=-3&path=%3Cscript%3E")
    assert "left out: fund_size, voucher_budget" in one.page.locator("#link").inner_text()
    one.close()
