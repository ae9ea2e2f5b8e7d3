"""The page in headless Chromium: a slider, a reload, two users, both languages, and a silent console."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer import forecast, load

pytestmark = pytest.mark.browser

SECONDS = 120_000
LAST = 4
"""Futures of the last stage of the tiny dashboard that is served; see conftest."""


class Watched:
    """A page, with what its console said and what it asked for elsewhere."""

    def __init__(self, chromium: Any, address: str, query: str = "") -> None:
        self.page = chromium.new_page(viewport={"width": 1440, "height": 900})
        self.told: list[str] = []
        self.elsewhere: list[str] = []
        self.page.on("console", lambda message: self.told.append(message.text))
        self.page.on("pageerror", lambda error: self.told.append(str(error)))
        self.page.on("request", lambda request: self._asked(request.url, address))
        self.page.goto(address + query)

    def _asked(self, url: str, address: str) -> None:
        if not url.startswith((address, "data:", "blob:")):
            self.elsewhere.append(url)

    def wait(self, futures: int = LAST) -> None:
        """Wait until the answer to what stands on the page has so many futures."""
        settled = "() => !document.querySelector('#cards').classList.contains('stale')"
        self.page.wait_for_function(settled, timeout=SECONDS)
        self.page.wait_for_selector(f'#cards[data-futures="{futures}"]', timeout=SECONDS)

    def chances(self) -> dict[str, str]:
        return {
            card.get_attribute("data-target"): card.locator("[data-chance]").get_attribute("data-chance")
            for card in self.page.locator(".card").all()
        }

    def moved(self) -> list[str]:
        return list(self.page.locator(".card dd b").all_inner_texts())

    def slide(self, lever: str, value: float) -> None:
        """Move a slider as a hand does: it says that it was moved."""
        self.page.locator(f"#l-{lever}").evaluate(
            "(one, value) => { one.value = value; one.dispatchEvent(new Event('input', {bubbles: true})); }",
            value,
        )

    def close(self) -> None:
        assert self.told == [] and self.elsewhere == []
        self.page.close()


def test_a_slider_moves_the_numbers_to_those_of_forecast(served: Any, chromium: Any, tmp_path: Path) -> None:
    one = Watched(chromium, served.address, "?lang=en&seed=3")
    one.wait()
    before, seconds = one.moved(), []
    for value in (5.0e9, 3.0e10):
        began = time.monotonic()
        one.slide("fund_size", value)
        one.page.wait_for_selector("#cards.stale", timeout=SECONDS)
        one.wait()
        seconds.append(time.monotonic() - began)
    assert one.moved() != before
    link = one.page.url
    assert "fund_size=30000000000" in link and "seed=3" in link
    mine = load("action_plan").set(fund_size=3.0e10)
    whole = forecast(mine, runs=LAST, scale=0.01, seed=3, workers=0, out=tmp_path / "whole").targets
    wanted = whole[(whole["scenario"] == mine.name) & whole["probability"].notna()].drop_duplicates("target")
    shown = one.chances()
    assert shown == {row.target: f"{row.probability:.4f}" for row in wanted.itertuples()}
    after = one.moved()
    one.page.reload()  # and the link alone restores all of it
    one.wait()
    assert one.chances() == shown and one.moved() == after
    assert one.page.locator("#l-fund_size").input_value() == "30000000000"
    assert one.page.locator(".lever.moved").count() == 1
    print(f"seconds from slider to answer: {sorted(seconds)}")
    one.close()


def test_two_users_side_by_side_do_not_mix(served: Any, chromium: Any) -> None:
    first = Watched(chromium, served.address, "?lang=en&seed=3")
    second = Watched(chromium, served.address, "?lang=zh&seed=3&training_seats=0")
    first.wait()
    second.wait()
    mine, theirs = first.moved(), second.moved()
    second.slide("fund_size", 0.0)
    second.wait()
    assert first.moved() == mine and second.moved() != theirs
    assert "fund_size" not in first.page.url
    first.close()
    second.close()


@pytest.mark.parametrize(("lang", "other"), [("zh", "en"), ("en", "zh")])
def test_both_languages_say_the_same_by_one_switch(served: Any, chromium: Any, lang: str, other: str) -> None:
    one = Watched(chromium, served.address, f"?lang={lang}&seed=3&fund_size=8e9")
    one.wait()
    chances = one.chances()
    one.page.click("#language")
    one.page.wait_for_url(re.compile(f"lang={other}"))
    one.wait()
    assert one.chances() == chances
    text = one.page.locator("main").inner_text()
    assert not re.search(r"\b[a-z]+_[a-z_]+\b|\{\w+\}", text), "ids and gaps are not for readers"
    cjk = len(re.findall("[\u4e00-\u9fff]", one.page.locator(".results").inner_text()))
    assert cjk > 200 if other == "zh" else cjk == 0
    one.close()


def test_what_is_out_of_bounds_never_leaves_the_page(served: Any, chromium: Any) -> None:
    one = Watched(chromium, served.address, "?lang=en&seed=3")
    one.wait()
    exact = one.page.locator('[data-lever="fund_size"] .exact')
    exact.evaluate("one => one.closest('details').open = true")
    exact.fill("999999")
    exact.blur()
    one.wait()
    assert "fund_size=50000000000" in one.page.url
    assert one.page.locator("#problem").is_hidden()
    one.close()
