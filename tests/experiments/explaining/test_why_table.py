"""Why a number is what it is, from figures that are known: parts that sum, what a mechanism adds, a goal."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError, RunError
from shaanxi_transfer.experiments.effects.kept_figures import Figures
from shaanxi_transfer.experiments.effects.quantities import Quantity
from shaanxi_transfer.experiments.explaining.carry_out import goal_of, resolved
from shaanxi_transfer.experiments.explaining.mechanisms import CONDITIONS, TRIED, WHOLE, Knocked
from shaanxi_transfer.experiments.explaining.options import WhyOptions
from shaanxi_transfer.experiments.explaining.parts import parts_of
from shaanxi_transfer.experiments.explaining.why_table import COLUMNS, why_table
from shaanxi_transfer.experiments.gaining.breakdowns import Breakdown
from shaanxi_transfer.experiments.planning.door_to_model import model
from shaanxi_transfer.reports.tables.experiment_folder import model_definitions
from shaanxi_transfer.reports.tables.why_rows import notes, sentences, tables_of
from shaanxi_transfer.reports.words.phrases import LANGUAGES, Language
from shaanxi_transfer.scenarios import Scenario, lever_catalogue, load

FUTURES = 20
INSTITUTIONS = "demonstration_institutions"
GOAL = 100.0


@pytest.fixture(scope="module")
def worlds() -> Knocked:
    return Knocked(load("action_plan"))


def quantity(name: str, unit: str = "count") -> Quantity:
    return Quantity("indicator", name, "", name, unit, 2020)


def table_of(worlds: Knocked, moved: dict[str, float], missing: float = 0.0) -> pd.DataFrame:
    """Make the table of a number of about 80 with two parts, which some worlds move in every future."""
    luck = np.random.default_rng(1).uniform(70.0, 90.0, FUTURES)
    parts = {"enterprise": "of_enterprises", "university": "of_universities"}
    quantities = [quantity(INSTITUTIONS), *(quantity(name) for name in parts.values())]
    found = {}
    for name in worlds:
        for future, value in enumerate(luck):
            whole = value + moved.get(name, 0.0)
            found[name, future] = np.array([whole, 0.75 * whole, 0.25 * whole - missing])
    breakdown = Breakdown("kind", INSTITUTIONS, parts)
    return why_table(Figures(quantities, found), FUTURES, worlds, quantities[:1], [breakdown], {2020: GOAL})


def test_parts_sum_and_worlds_are_differences_of_the_same_futures(worlds: Knocked) -> None:
    table = table_of(worlds, {"deals_asked_of_an_institution": 12.0, "firms_grow_by_results_in_use": -30.0})
    assert list(table.columns) == list(COLUMNS) and len(table) == 3 + len(worlds) - 1
    parts = table[table["section"] == "part"]
    assert parts["item"].tolist() == ["enterprise", "university"]
    assert parts["share"].to_numpy() == pytest.approx([0.75, 0.25])
    assert parts["mean"].sum() == pytest.approx(table["mean"].iloc[0], rel=1e-12)
    assert table["chance"].iloc[0] == 0.0
    moved = table.set_index("item")
    assert moved.loc["deals_asked_of_an_institution", "mean"] == pytest.approx(12.0)
    assert moved.loc["deals_asked_of_an_institution", "verdict"] == "more"
    assert moved.loc["firms_grow_by_results_in_use", "mean"] == pytest.approx(30.0)
    assert (table["verdict"] == "identical").sum() == len(worlds) - 3


def test_parts_that_do_not_sum_are_refused(worlds: Knocked) -> None:
    with pytest.raises(RunError, match=r"miss it by 0\.5"):
        table_of(worlds, {}, missing=0.5)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentence_is_carried_by_the_table(worlds: Knocked, language: Language) -> None:
    definitions = model_definitions()
    table = table_of(worlds, {"deals_asked_of_an_institution": 12.0})
    *_, first, last = sentences(table, definitions, language)
    said = " ".join(sentences(table, definitions, language))
    assert {"en": "It stays below 100 in 100 %", "zh": "低于 100"}[language] in said
    assert {"en": "too few deals", "zh": "促成交易不足"}[language] in last and "12" in last
    assert first != last
    still = " ".join(sentences(table_of(worlds, {}), definitions, language))
    assert {"en": "None of the mechanisms and conditions", "zh": "均无明显影响"}[language] in still
    assert {"en": "too few deals", "zh": "促成交易不足"}[language] not in still
    (_, parts), (_, eased) = tables_of(table, language)
    assert len(parts) == 2 and len(eased) == 1
    assert str(len(worlds) - 1) in notes(table, language)[1]


def test_each_world_differs_from_the_whole_one(worlds: Knocked) -> None:
    whole = worlds[WHOLE].hash
    assert len(worlds) == len(list(worlds)) and len(worlds.conditions) == len(CONDITIONS)
    assert all(worlds[name].hash != whole for name in worlds if name != WHOLE)


def test_a_target_has_conditions_of_its_own_and_what_is_none_has_all() -> None:
    plan = load("action_plan")
    assert set(TRIED) == set(model().definitions.targets)
    assert {one for several in TRIED.values() for one in several} == set(CONDITIONS)
    for indicator, conditions in TRIED.items():
        found = Knocked(plan, indicator)
        assert tuple(found.conditions.values()) == conditions
        assert tuple(pickle.loads(pickle.dumps(found))) == tuple(found)


def test_a_condition_on_a_lever_is_eased_to_its_bound(worlds: Knocked) -> None:
    seats = worlds["seats_in_training"]
    assert seats.levers["training_seats"] == lever_catalogue()["training_seats"].high == 1500
    assert worlds["quarters_of_fund_raising"].parameters == {"fund_closing_quarters": 3.0}


def test_a_target_stands_for_its_indicator_in_its_year() -> None:
    plan: Scenario = load("action_plan")
    definitions = model().definitions
    assert resolved(WhyOptions(indicator=INSTITUTIONS), plan, definitions) == (INSTITUTIONS, (2020,))
    asked = WhyOptions(indicator="contract_value_output", year=2012)
    assert resolved(asked, plan, definitions) == ("contract_value_output", (2012,))
    several = WhyOptions(indicator="contract_value_output", year="2016-2018")
    assert resolved(several, plan, definitions) == ("contract_value_output", (2016, 2017, 2018))
    assert (
        goal_of(definitions, INSTITUTIONS, 2020) == GOAL and goal_of(definitions, INSTITUTIONS, 2019) is None
    )


def test_turnover_is_broken_down_in_four_ways() -> None:
    found = parts_of("contract_value_output", load("action_plan"))
    assert [one.by for one in found] == ["kind", "type", "city", "channel"]
    assert parts_of(INSTITUTIONS, load("action_plan")) == []
    assert parts_of("entries_shifted", load("action_plan")) == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"indicator": "contract_value_outptu"}, "did you mean contract_value_output"),
        ({"year": 2031}, "2031 is no whole year of 'action_plan'; allowed 2010 to 2020"),
        ({"year": 2017.5}, "2017.5 is no whole year"),
        ({"year": "2018-2031"}, "2021 is no whole year of 'action_plan'; allowed 2010 to 2020"),
        ({"year": "2018-2016"}, "'2018-2016' is no year; allowed 2020, or 2010-2020"),
        ({"year": "soon"}, "'soon' is no year"),
    ],
)
def test_bad_input_is_one_line(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as refused:
        resolved(WhyOptions(**asked), load("action_plan"), model().definitions)
    assert said in str(refused.value) and "\n" not in str(refused.value)
