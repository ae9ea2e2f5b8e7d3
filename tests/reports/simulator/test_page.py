"""The page: its arithmetic is the emulator's, it asks for nothing, and it speaks two languages."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.experiments.emulating.carry_out import Emulation, columns_of, error_table
from shaanxi_transfer.experiments.emulating.points import Point
from shaanxi_transfer.reports.simulator.contents import contents_of
from shaanxi_transfer.reports.simulator.page import page_of
from shaanxi_transfer.scenarios import load

LEVERS = ["voucher_budget", "voucher_face_value", "training_seats"]
ROUGH = "trained_people"
"""Levers of the planted emulator, and the target that it cannot know; see conftest."""

OWN = "<script>alert('标题')</script>"


@pytest.fixture(scope="module")
def done(planted: Callable[..., Emulation]) -> Emulation:
    return planted(load("action_plan").set(title_en=OWN, title_zh=OWN))


def evaluated(
    contents: dict[str, Any], plan: int, levels: tuple[float, ...]
) -> tuple[list[float], list[float]]:
    """Do in Python what the page's script does, step by step."""
    numbers = contents["emulator"]
    columns = []
    for lever, level in zip(contents["levers"], levels, strict=True):

        def share(at: float, lever: Any = lever) -> float:
            up = at >= lever["without"]
            way = (lever["high"] if up else lever["low"]) - lever["without"]
            root = math.sqrt(min(1.0, max(0.0, (at - lever["without"]) / way))) if way else 0.0
            return root if up else -root

        low, high = share(lever["low"]), share(lever["high"])
        columns.append(2.0 * (share(level) - low) / (high - low) - 1.0)
    columns += [1.0 if plan == other else -1.0 for other in range(1, len(contents["plans"]))]
    known = []
    for x in columns:
        made = [1.0, x]
        for n in range(1, 4):
            made.append(((2 * n + 1) * x * made[n] - n * made[n - 1]) / (n + 1))
        known.append(made)
    away = [
        math.prod(known[column][degree] for column, degree in term) - mean
        for term, mean in zip(numbers["terms"], numbers["means"], strict=True)
    ]
    spread = 1.0 + 1.0 / numbers["points"]
    for first, row in enumerate(numbers["spread"]):
        spread += sum(
            (2 if step else 1) * one * away[first] * away[first + step] for step, one in enumerate(row)
        )
    values = [
        constant + sum(slope * one for slope, one in zip(slopes, away, strict=True))
        for constant, slopes in zip(numbers["constants"], numbers["slopes"], strict=True)
    ]
    return values, [error * math.sqrt(max(1.0, spread)) for error in numbers["errors"]]


@pytest.mark.parametrize("levels", [(3e7, 5e4, 120.0), (0.0, 0.0, 0.0), (4e8, 3e5, 1500.0)])
@pytest.mark.parametrize("plan", [0, 1])
def test_the_numbers_of_the_page_are_those_of_the_emulator(
    done: Emulation, plan: int, levels: tuple[float, ...]
) -> None:
    contents = json.loads(json.dumps(contents_of(done)))
    values, errors = evaluated(contents, plan, levels)
    where = columns_of(done.points.axes, 2, [Point(plan, levels)])
    wanted, stated = done.emulator.predict(where)[0], done.emulator.stated(where)[0]
    scale = np.maximum(np.abs(wanted), np.abs(done.emulator.constants))
    assert (np.abs(np.array(values) - wanted) <= 1e-4 * scale + 1e-9).all()
    assert np.allclose(errors, stated, rtol=1e-2, atol=1e-9)


def test_what_is_smooth_is_known_and_what_is_rough_has_to_be_run(done: Emulation) -> None:
    table = error_table(done)
    last = table[(table["year"] == 2020) & (table["statistic"] == "q50") & (table["of"] == "level")]
    within = dict(zip(last["id"], last["within_third"], strict=True))
    assert within.pop(ROUGH) < 0.9
    assert min(within.values()) == 1.0
    rough = last[last["id"] == ROUGH].iloc[0]
    assert rough["stated"] > rough["band"] / 3.0 and rough["covered"] >= 0.9


class Read(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_asks_for_nothing_and_escapes_a_title(done: Emulation, language: Any) -> None:
    page = page_of(done, language)
    assert page == page_of(done, language)
    read = Read()
    read.feed(page)
    asking = [
        (tag, name)
        for tag, attrs in read.tags
        for name in attrs
        if name in ("src", "href", "srcset", "action")
    ]
    assert asking == [("link", "href")] and '<link rel="icon" href="data:,">' in page
    without_names = page.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://|@import|url\(|fetch\(|XMLHttp|WebSocket|sendBeacon", without_names)
    (policy,) = (str(attrs["content"]) for tag, attrs in read.tags if tag == "meta" and "http-equiv" in attrs)
    assert (
        policy.startswith("default-src 'none'; img-src data:; script-src 'sha256-") and "unsafe" not in policy
    )
    assert OWN not in page and [tag for tag, _ in read.tags].count("script") == 2
    assert "&lt;script&gt;alert" in page and "\\u003cscript\\u003ealert" in page


def test_both_languages_are_complete(done: Emulation) -> None:
    words = contents_of(done)["words"]
    assert words["en"].keys() == words["zh"].keys()
    for name in words["en"]:
        gaps = [set(re.findall(r"\{\w+\}", words[one][name])) for one in ("en", "zh")]
        assert gaps[0] == gaps[1], name
        assert name == "note_other" or all(words[one][name] for one in ("en", "zh"))
    page = page_of(done, "zh")
    assert set(re.findall(r'data-word="(\w+)"', page)) <= words["en"].keys()
    assert set(re.findall(r'\bword\("(\w+)"', page)) <= words["en"].keys()
    assert [lever["id"] for lever in contents_of(done)["levers"]] == LEVERS


def test_elsewhere_no_chance_of_the_plans_goals_is_given(planted: Callable[..., Emulation]) -> None:
    done = planted(load("action_plan"), points=20, province="gansu")
    contents = contents_of(done)
    assert not any(target["chance"] for target in contents["targets"])
    assert "Shaanxi" in contents["words"]["en"]["note_other"] and "--province gansu" in contents["options"]
