from __future__ import annotations

import re

import pytest

from shaanxi_transfer.engine.units import UNITS
from shaanxi_transfer.engine.words import texts
from shaanxi_transfer.reports.words.amounts import amount, axis_unit
from shaanxi_transfer.reports.words.phrases import LANGUAGES, NOT_IDENTIFIED, note_of

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_unit_that_a_target_carries_has_a_word(language: str) -> None:
    for unit in ("yuan", "count", "people", "contracts", "fraction", "multiple"):
        assert unit in UNITS
        label = axis_unit(unit, 5.0, language).label  # type: ignore[arg-type]
        assert bool(CHINESE.search(label)) is (language == "zh")


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (1e11, "yuan", "1,000 亿元", "100 billion yuan"),
        (92_094e6, "yuan", "920.9 亿元", "92.1 billion yuan"),
        (2.63e8, "yuan", "2.63 亿元", "263 million yuan"),
        (1000, "people", "1,000 人", "1,000 people"),
        (200, "count", "200", "200"),
        (0.4321, "fraction", "0.43", "0.43"),
        (31_000, "contracts", "3.10 万项", "31 thousand contracts"),
        (float("nan"), "yuan", "–", "–"),
    ],
)
def test_amounts_are_said_as_people_say_them(value: float, unit: str, zh: str, en: str) -> None:
    assert amount(value, unit, "zh") == zh
    assert amount(value, unit, "en") == en


def test_notes_speak_of_targets_only() -> None:
    from shaanxi_transfer.model.targets import TARGETS

    noted = {name.removeprefix("note_") for name in texts("targets", "en") if name.startswith("note_")}
    assert noted and noted <= set(TARGETS)
    assert not note_of("results_contracted", "en")
    assert set(TARGETS) >= NOT_IDENTIFIED
