"""Verdicts on facts and patterns: by hand on made-up futures, and the patterns complete on the model."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.experiments.calibrating.observed_figures import Side
from shaanxi_transfer.experiments.patterns import verdicts as patterns
from shaanxi_transfer.experiments.patterns.formulas import (
    Figures,
    at,
    change,
    over,
    ratio,
    yearly_growth,
)
from shaanxi_transfer.experiments.patterns.observed_facts import Fact, facts
from shaanxi_transfer.experiments.patterns.pattern_list import OBSERVED, PATTERNS, STUDIES, Measure
from shaanxi_transfer.experiments.patterns.simulated_against_observed import simulated_years
from shaanxi_transfer.experiments.patterns.verdicts import (
    COLUMNS,
    judged,
    pattern_table,
    verdict,
    verdicts_of_patterns,
)
from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.scenarios.provinces.sources_read import Sources

NAMES = ["indicator", "year", "value", "unit", "use", "ln_error", "note"]


def fact(
    value: float = 100.0,
    side: Side = "equal",
    measure: Measure = "log",
    tolerance: float = 0.2,
    pattern: int = 1,
) -> Fact:
    return Fact(pattern, "x.2017", value, "yuan", side, measure, tolerance, "fit", "", at("x", 2017))


def judge(sample: list[float], of: Fact) -> dict[str, object]:
    return judged(of, np.array(sample), scale=0.1, seed=3)


def years(values: dict[tuple[str, int], list[float]]) -> pd.DataFrame:
    """One value for each future."""
    return pd.DataFrame(
        [
            (future, name, year, value)
            for (name, year), sample in values.items()
            for future, value in enumerate(sample)
        ],
        columns=["future", "indicator", "year", "value"],
    )


# ---- one fact --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inside", "near", "said"),
    [(True, True, "reproduced"), (True, False, "partly"), (False, True, "partly"), (False, False, "not")],
)
def test_the_rule(inside: bool, near: bool, said: str) -> None:
    assert verdict(inside, near) == said


def test_a_sample_around_the_observed_reproduces_it() -> None:
    row = judge([90, 95, 105, 110], fact())
    assert (row["verdict"], row["inside"], row["median"], row["band"]) == ("reproduced", "yes", 100.0, "")
    assert row["distance"] == 0.0
    assert row["band_width"] == pytest.approx(math.log(109.25 / 90.75), abs=1e-4)


def test_a_sample_that_misses_is_said_to_miss() -> None:
    row = judge([50, 51, 52], fact())
    assert (row["verdict"], row["inside"]) == ("not", "no")
    assert row["distance"] == pytest.approx(math.log(0.51), abs=1e-4)


def test_a_wide_band_alone_is_half_a_match_and_marked() -> None:
    row = judge([10, 50, 60, 400], fact())
    assert (row["verdict"], row["inside"], row["band"]) == ("partly", "yes", "wide")


def test_a_narrow_band_beside_the_observed_is_half_a_match() -> None:
    row = judge([108, 110, 112], fact())
    assert (row["verdict"], row["inside"]) == ("partly", "no")


def test_a_distance_of_exactly_the_tolerance_is_near() -> None:
    row = judge([0.09, 0.15, 0.2], fact(0.10, measure="absolute", tolerance=0.05))
    assert (row["verdict"], row["distance"]) == ("reproduced", 0.05)


@pytest.mark.parametrize(
    ("sample", "side", "said", "distance"),
    [
        ([150.0, 200.0, 300.0], "at_least", "reproduced", 0.0),
        ([150.0, 200.0, 300.0], "at_most", "not", math.log(2.0)),
        ([10.0, 20.0, 30.0], "at_most", "reproduced", 0.0),
        ([10.0, 20.0, 30.0], "at_least", "not", math.log(0.2)),
        ([50.0, 60.0, 200.0], "at_least", "partly", math.log(0.6)),
    ],
)
def test_a_bound_is_met_from_its_side(sample: list[float], side: Side, said: str, distance: float) -> None:
    row = judge(sample, fact(side=side))
    assert row["verdict"] == said
    assert row["distance"] == pytest.approx(distance, abs=1e-4)


def test_nothing_simulated_is_infinitely_far_and_no_future_is_no_answer() -> None:
    row = judge([0.0, 0.0, 0.0], fact())
    assert (row["verdict"], row["distance"]) == ("not", -math.inf)
    row = judge([math.nan, math.inf], fact())
    assert (row["verdict"], row["futures"], row["distance"]) == ("not simulated", 0, None)


# ---- figures and formulas --------------------------------------------------------


def test_formulas_say_the_same_of_the_observed_and_of_each_future() -> None:
    values: dict[tuple[str, int], list[float]] = {("x", 2010): [1.0, 2.0], ("x", 2012): [4.0, 2.0]}
    wide = years(values).pivot(index=["future", "year"], columns="indicator", values="value")
    table = pd.DataFrame(
        [(name, year, sample[0]) for (name, year), sample in values.items()],
        columns=["indicator", "year", "value"],
    )
    observed, simulated = Figures.observed(table), Figures.simulated(wide.sort_index())
    growth = yearly_growth("x", 2010, 2012)
    assert growth(observed) == pytest.approx(math.log(2.0))
    assert list(growth(simulated)) == pytest.approx([math.log(2.0), 0.0])
    assert change(lambda year: at("x", year), 2010, 2012)(observed) == pytest.approx(math.log(4.0))
    assert ratio("x", "x", 2010)(observed) == 1.0
    with pytest.raises(KeyError):
        at("x", 2011)(observed)
    with pytest.raises(KeyError):
        at("y", 2010)(simulated)


def test_flows_are_pooled_over_all_years() -> None:
    values = {
        (name, year): [float(n + year - 2010)]
        for n, name in ((1, "a"), (2, "b"))
        for year in range(2010, 2018)
    }
    wide = years(values).pivot(index=["future", "year"], columns="indicator", values="value")
    assert list(over("a", "b")(Figures.simulated(wide.sort_index()))) == pytest.approx([36 / 44])


def observed(rows: list[tuple[str, int, float, str, str]]) -> pd.DataFrame:
    return pd.DataFrame(
        [(name, year, value, "yuan", use, 0.1, note) for name, year, value, use, note in rows], columns=NAMES
    )


def studies() -> dict[str, float]:
    return patterns.studies(Sources())


def test_facts_of_an_observed_table() -> None:
    listed = {
        each.name: each
        for each in facts(
            observed(
                [
                    ("contract_value_output", 2010, 10.0, "fit", "-"),
                    ("contract_value_output", 2013, 40.0, "fit", "-"),
                    ("rd_expenditure", 2010, 5.0, "check", "-"),
                    ("rd_expenditure", 2013, 10.0, "check", "-"),
                    ("contract_value_share_above_10m", 2019, 0.8, "check", "-"),
                    ("guidance_fund_committed", 2013, 1.0, "check", "lower bound: the first"),
                    ("contract_value_output_enterprise_share", 2016, 0.5, "at_least", "-"),
                    ("rd_share.xian", 2012, 0.8, "check", "-"),
                    ("rd_share.xian", 2020, 0.8, "prior", "-"),
                    ("results_registered", 2017, 3.0, "check", "-"),
                ]
            ),
            studies(),
        )
    }
    assert listed["contract_value_output.2010"].tolerance == pytest.approx(0.2)
    assert listed["the_same_less_growth_of_rd.2010-2013"].value == pytest.approx(math.log(2.0) / 3)
    assert listed["contract_value_share_above_10m.2019"].use == "later check"
    assert listed["guidance_fund_committed.2013"].side == "at_least"
    assert listed["contract_value_output_enterprise_share.2016"].side == "at_least"
    assert listed["rd_share.xian.2012"].use == "input"
    assert not {"rd_share.xian.2020", "results_registered.2017", "mean_contract_sold.2010"} & set(listed)
    assert "crowded_in_over_nominal_social_money.2016" not in listed, "no leverage is published here"
    assert listed["industrialised_share_university.2017"].value == 0.038


def test_every_study_can_be_looked_up() -> None:
    figures = Figures(lambda name, year: 9.26)
    assert all(math.isfinite(each.observed(figures, studies())) for each in STUDIES)


# ---- patterns --------------------------------------------------------------------


def test_a_later_figure_is_held_against_the_last_year_and_an_unknown_one_keeps_its_row() -> None:
    listed = facts(
        observed(
            [("contract_count_inflow", 2019, 0.05, "check", "-"), ("maker_spaces", 2017, 5.0, "fit", "-")]
        ),
        {},
    )
    table = pattern_table(listed, years({("contract_count_inflow", 2017): [0.04, 0.06]}), scale=0.1, seed=1)
    assert list(table.columns) == list(COLUMNS)
    assert table.set_index("fact").loc["contract_count_inflow.2019", "verdict"] == "reproduced"
    assert table.set_index("fact").loc["maker_spaces.2017", "verdict"] == "not simulated"
    assert set(table["pattern"]) == set(PATTERNS), "a pattern without facts keeps a row"


def rows(*verdicts: str) -> pd.DataFrame:
    return pd.DataFrame(
        [(1, said, 0.1 if said != "not simulated" else None, 0.2) for said in verdicts],
        columns=["pattern", "verdict", "distance", "tolerance"],
    )


@pytest.mark.parametrize(
    ("verdicts", "whole"),
    [
        (["reproduced"] * 4 + ["partly"], "reproduced"),
        (["reproduced"] * 9 + ["not"], "partly"),
        (["reproduced"] * 3 + ["partly"], "partly"),
        (["reproduced", "not"], "partly"),
        (["reproduced", "not", "not simulated"], "not"),
    ],
)
def test_a_pattern_is_judged_by_its_facts(verdicts: list[str], whole: str) -> None:
    table = verdicts_of_patterns(rows(*verdicts))
    assert table.loc[1, "verdict"] == whole
    assert table.loc[1, ["reproduced", "partly", "missed"]].sum() == len(verdicts)
    assert table.loc[1, "distance"] == 0.5
    assert table.loc[2, "verdict"] == "nothing observed"


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    world = door_to_model.loaded("no_plan", province="shaanxi").set(end="2017-Q4", name="no_plan")
    years, failures = simulated_years(world, door_to_model.model(), runs=3, scale=0.02, seed=1, workers=1)
    assert failures == []
    return patterns.patterns(world, years, scale=0.02, seed=1)


def test_the_table_holds_all_patterns_and_the_model_answers_to_every_fact(table: pd.DataFrame) -> None:
    assert list(table.columns) == list(COLUMNS)
    assert sorted(set(table["pattern"])) == list(range(1, 13))
    assert table["fact"].is_unique and (table["futures"] == 3).all()
    assert set(table["verdict"]) <= {"reproduced", "partly", "not"}
    assert (table["q05"] <= table["median"]).all() and (table["median"] <= table["q95"]).all()
    pack = door_to_model.loaded("no_plan", province="shaanxi").pack().observed
    wanted = pack[pack["indicator"].isin(list(OBSERVED)) & (pack["use"] != "prior")]
    assert {f"{row.indicator}.{row.year}" for row in wanted.itertuples()} <= set(table["fact"])
    assert (table["pattern"] == 1).sum() == 29, "four series, 2010 and 2012 to 2017; value sold, 2011"


def test_an_unknown_province_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert patterns.main(["--province", "shanxxi", "--runs", "1", "--out", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "shanxxi" in said and said.count("\n") == 1 and not list(tmp_path.iterdir())
