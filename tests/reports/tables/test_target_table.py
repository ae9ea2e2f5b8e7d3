from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from shaanxi_transfer.reports.tables.experiment_folder import visible_differences
from shaanxi_transfer.reports.tables.target_table import (
    WITHOUT_ERROR,
    cells,
    console_table,
    html_table,
    notes,
    target_rows,
)
from shaanxi_transfer.reports.words.phrases import LANGUAGES, Language, say

Titles = dict[str, dict[str, str]]


@pytest.fixture
def rows_in(
    targets: pd.DataFrame, indicators: pd.DataFrame, definitions: dict[str, Any], scenario_titles: Titles
) -> Any:
    def make(language: Language, **changes: Any) -> Any:
        settings: dict[str, Any] = {
            "plan_year": 2018,
            "scenario_titles": scenario_titles[language],
            "visible": {
                ("action_plan", "contract_value_output"): True,
                ("action_plan", "incubation_platforms"): False,
            },
            "against": "no_plan",
        }
        frame = changes.pop("targets", targets)
        return target_rows(frame, indicators, definitions, language, **(settings | changes))

    return make


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_target_without_a_record_is_said_not_to_be_modelled(rows_in: Any, language: Language) -> None:
    rows = [row for row in rows_in(language) if row.target == "demonstration_institutions"]
    assert len(rows) == 1
    assert rows[0].remarks == (say("targets.not_modelled", language),)
    assert math.isnan(rows[0].probability)
    texts = cells(rows[0], language, {})
    assert "2020" in texts[1]
    assert set(texts[4:9]) == {"–"}


def test_an_empty_probability_is_not_modelled_either(rows_in: Any, targets: pd.DataFrame) -> None:
    empty = targets.copy()
    empty.loc[empty.target == "incubation_platforms", "probability"] = math.nan
    remarks = [row.remarks for row in rows_in("en", targets=empty) if row.target == "incubation_platforms"]
    assert remarks == [("not modelled yet",)]


def test_remarks_tell_what_the_reader_must_not_miss(rows_in: Any) -> None:
    remarks = {(row.target, row.scenario): row.remarks for row in rows_in("en")}
    assert remarks["incubation_platforms", "action_plan"] == (
        "met before the plan", 'no visible difference from "No plan"',
    )  # fmt: skip
    assert remarks["incubation_platforms", "no_plan"] == ("met before the plan",)
    assert remarks["contract_value_output", "action_plan"] == ()
    assert remarks["contract_value_output", "no_plan"] == ()


@pytest.mark.parametrize(
    ("moved", "invisible"),
    [
        ([1.0] * 9 + [-1.0], False),
        ([-1.0] * 9 + [5.0], False),
        ([1.0] * 8 + [-1.0] * 2, True),
        ([0.0] * 10, True),
    ],
)
def test_the_table_follows_the_rule_of_the_page_of_levers(
    rows_in: Any, moved: list[float], invisible: bool
) -> None:
    name = "contract_value_output"
    target = SimpleNamespace(countings={"counted": name}, year=2020)
    years = pd.DataFrame(
        [(scenario, future, name, 2020, value) for future, change in enumerate(moved)
         for scenario, value in (("action_plan", 7.0 + change), ("no_plan", 7.0))],
        columns=["scenario", "future", "indicator", "year", "value"],
    )  # fmt: skip
    definitions: Any = SimpleNamespace(targets={name: target})
    visible = visible_differences(years, ["action_plan", "no_plan"], definitions)
    rows = rows_in("en", visible=visible)
    (row,) = [row for row in rows if (row.target, row.scenario) == (name, "action_plan")]
    assert ('no visible difference from "No plan"' in row.remarks) is invisible
    assert "nine of ten futures, and of ten or more, agree" in " ".join(notes(rows, "en"))


def test_chances_without_an_error_of_the_model_are_marked_beside_those_with_one(rows_in: Any) -> None:
    rows = rows_in("en", with_error={"action_plan": {"contract_value_output"}})
    marked = {(row.target, row.scenario) for row in rows if cells(row, "en", {})[4].endswith(WITHOUT_ERROR)}
    of_plan = {(row.target, row.scenario) for row in rows if row.scenario == "action_plan"}
    assert marked == of_plan - {("contract_value_output", "action_plan")} != set()
    assert notes(rows, "en")[0].startswith(f"{WITHOUT_ERROR} Without an error of the model")
    assert not any(row.without_error for row in rows_in("en")), "nothing is marked where none has one"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_way_of_counting_stands_below_its_target(
    rows_in: Any,
    targets: pd.DataFrame,
    definitions: dict[str, Any],
    scenario_titles: Titles,
    language: Language,
) -> None:
    name = "contract_value_output"
    definitions[name].countings = {"full_value": name, "technology_part": f"{name}_technology"}
    mine = targets[targets.target == name]
    whole, part = mine.assign(counting="full_value"), mine.assign(counting="technology_part", probability=0.2)
    rows = rows_in(
        language,
        targets=pd.concat([whole, part]),
        visible={("action_plan", name): True, ("action_plan", f"{name}_technology"): False},
        with_error={"action_plan": {name}, "no_plan": {name}},
    )
    of_target = [row for row in rows if row.target == name]
    assert [row.probability for row in of_target] == [0.55, 0.4, 0.2, 0.2]
    assert [bool(row.remarks) for row in of_target] == [False, False, True, False]
    assert [row.without_error for row in of_target] == [False, False, True, True]
    lines = console_table(rows, language, scenario_titles[language], "gansu").plain.splitlines()
    ways = [f" {say(f'targets.counting_{way}', language)}" for way in ("full_value", "technology_part")]
    assert [line for line in lines if line in ways] == ways


def test_met_before_the_plan_needs_nineteen_of_twenty_futures(rows_in: Any, indicators: pd.DataFrame) -> None:
    at = (indicators.indicator == "incubation_platforms") & (indicators.year == 2017)
    indicators.loc[at & (indicators.scenario == "action_plan"), "q05"] = 199.0
    indicators.loc[at & (indicators.scenario == "no_plan"), "q05"] = 200.0
    rows = {row.scenario: row for row in rows_in("en") if row.target == "incubation_platforms"}
    assert "met before the plan" not in rows["action_plan"].remarks
    assert "met before the plan" in rows["no_plan"].remarks


def test_a_probability_that_no_data_identify_says_so(
    rows_in: Any, targets: pd.DataFrame, indicators: pd.DataFrame
) -> None:
    more = targets[targets.target == "incubation_platforms"].assign(target="demonstration_institutions")
    rows = rows_in("en", targets=pd.concat([targets, more], ignore_index=True))
    for row in rows:
        assert ("not identified by data" in row.remarks) is (row.target == "demonstration_institutions")
    assert any("end of 2017" in note for note in notes(rows, "en"))


def test_amounts_are_those_of_the_table(rows_in: Any, scenario_titles: Titles) -> None:
    rows = {(row.target, row.scenario): row for row in rows_in("en")}
    row = rows["contract_value_output", "action_plan"]
    assert cells(row, "en", scenario_titles["en"]) == (
        "Technology-contract turnover", "100 billion yuan by 2020", "", "Action plan", "0.55 (0.31–0.50)",
        "71", "102", "139", "2020", "",
    )  # fmt: skip
    assert cells(rows["contract_value_output", "no_plan"], "en", scenario_titles["en"])[8] == "–"
    zh = {(row.target, row.scenario): row for row in rows_in("zh")}["contract_value_output", "action_plan"]
    assert cells(zh, "zh", scenario_titles["zh"])[1:8] == (
        "1,000 亿元（2020年）", "", "行动计划", "0.55 (0.31–0.50)", "710", "1,020", "1,390",
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_console_shows_every_cell_in_80_columns(
    rows_in: Any, language: Language, scenario_titles: Titles
) -> None:
    from rich.cells import cell_len

    rows = rows_in(language)
    drawn = console_table(rows, language, scenario_titles[language], "gansu").plain
    for row in rows:
        for text in (*cells(row, language, scenario_titles[language])[:-1], *row.remarks):
            assert text in drawn
    assert max(map(cell_len, drawn.splitlines())) <= 80
    numbers = [line for line in drawn.splitlines() if "0.31–0.50" in line]
    assert len(numbers) == 4
    assert len({cell_len(line.partition("(")[0]) for line in numbers}) == 1


def test_a_target_not_modelled_has_no_line_of_numbers(rows_in: Any, scenario_titles: Titles) -> None:
    lines = console_table(rows_in("en"), "en", scenario_titles["en"], "gansu").plain.splitlines()
    place = next(i for i, line in enumerate(lines) if line.startswith("Demonstration institutions: 100"))
    assert lines[place + 1].strip() == "not modelled yet"
    assert lines[place + 2].startswith("Incubation platforms")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_html_table_has_a_row_for_each_and_escapes(
    rows_in: Any, language: Language, scenario_titles: Titles
) -> None:
    titles = scenario_titles[language] | {"no_plan": "<script>"}
    rows = rows_in(language, scenario_titles=titles)
    made = html_table(rows, language, titles, "gansu")
    assert {"en": "Gansu: Targets", "zh": "甘肃：行动方案目标"}[language] in made
    assert made.count("<tr>") == len(rows) + 1
    assert "<script>" not in made
    assert "&lt;script&gt;" in made


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plan_of_another_province_is_said_to_be_one(rows_in: Any, language: Language) -> None:
    rows = rows_in(language)
    said = say("targets.another_province", language, province={"en": "Shaanxi", "zh": "陕西"}[language])
    assert said not in notes(rows, language)
    assert said in notes(rows, language, written_for="shaanxi")
