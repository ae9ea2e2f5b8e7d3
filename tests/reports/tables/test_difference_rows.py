"""The table of differences as a person reads it: units, verdicts, notes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from shaanxi_transfer.experiments.forecasting.difference_table import COLUMNS
from shaanxi_transfer.experiments.forecasting.paired_differences import differences_of
from shaanxi_transfer.experiments.planning.definitions import Definitions
from shaanxi_transfer.reports.tables.difference_rows import (
    console_text,
    difference_rows,
    differences_html,
    notes_of,
)
from shaanxi_transfer.reports.words.phrases import LANGUAGES, Language, say

TITLES = {
    "en": {"plan": "The plan <A>", "no_plan": "Without the plan"},
    "zh": {"plan": "方案<A>", "no_plan": "无方案"},
}


def results(moved: dict[tuple[str, str, str, str, int], list[float]], **ends: str) -> Any:
    """Hand-made results: differences by kind, id, counting, unit and year."""
    rows = [
        ("shaanxi", "no_plan", "plan", *head, *differences_of(pairs).values())
        for head, pairs in moved.items()
    ]
    target: Any = SimpleNamespace(
        indicator="sales", countings={"full_value": "sales", "technology_part": "part"}, goal=1.0,
        unit="yuan", year=2020, how="flow_of_year", title_en="Turnover", title_zh="成交额",
    )  # fmt: skip
    cost: Any = SimpleNamespace(unit="yuan", kind="flow", title_en="Net cost", title_zh="净支出")
    return SimpleNamespace(
        differences=pd.DataFrame(rows, columns=list(COLUMNS)),
        definitions=Definitions({"public_cost": cost, "public_cost_task_01": cost}, {"sold": target}),
        titles=lambda language: TITLES[language],
        scenarios={name: {"end": ends.get(name, "2020-Q4")} for name in ("plan", "no_plan")},
        against="no_plan",
        province="shaanxi",
    )


MOVED = {
    ("target", "sold", "full_value", "yuan", 2020): [1.2e9] * 10,
    ("target", "sold", "technology_part", "yuan", 2020): [1e9] * 6 + [-5e8] * 4,
    ("indicator", "public_cost", "", "yuan", 2020): [4e6] * 10,
    ("cost", "public_cost", "", "yuan", 2020): [9e6] * 10,
    ("cost", "public_cost_task_01", "", "yuan", 2020): [1e6] * 10,
}


def test_targets_and_costs_stand_in_units_that_a_person_says() -> None:
    rows = difference_rows(results(MOVED), "en")
    assert [(row.heading, row.counting) for row in rows] == [
        ("Turnover, 2020 (billion yuan)", "full contract value"),
        ("Turnover, 2020 (billion yuan)", "technology part"),
        ("Net cost, all years to the end of 2020 together (million yuan)", ""),
    ]
    assert rows[0].cells == ("The plan <A>", "1.20", "1.20", "1.20", "1", "more")
    assert rows[1].cells[-1] == "not visible" and rows[1].remark.startswith("10 pairs of such spread")
    assert rows[0].remark == rows[2].remark == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_table_and_fragment_say_the_same_and_are_escaped(language: Language) -> None:
    some = results(MOVED)
    text, fragment = console_text(some, language).plain, differences_html(some, language)
    for row in difference_rows(some, language):
        assert row.heading in text and row.heading in fragment
    assert say("compare.verdict_more", language) in text
    assert TITLES[language]["no_plan"] in text.splitlines()[0]
    assert "&lt;A&gt;" in fragment and "<A>" not in fragment


def test_notes_tell_the_rule_and_what_it_cannot_see() -> None:
    assert notes_of(results(MOVED), "en")[0] == say("targets.visible_rule", "en")
    few = results({("target", "sold", "full_value", "yuan", 2020): [1.0] * 3})
    assert notes_of(few, "en")[0].startswith("3 pairs of futures are fewer than 10")
    apart = notes_of(results(MOVED, plan="2025-Q4"), "en")
    assert apart[0] == (
        "The plan <A> ends in 2025-Q4; Without the plan ends in 2020-Q4: compared are the years that both"
        " have, up to 2020 at most."
    )
