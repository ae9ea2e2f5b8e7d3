"""Sentences of a brief on cases worked by hand: what is said, and that nothing more is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pandas as pd
import pytest

from shaanxi_transfer.reports.brief.commands_again import command_of
from shaanxi_transfer.reports.brief.likelihood import LEVELS, OPEN, level_of, likelihood
from shaanxi_transfer.reports.brief.parts import of_rows
from shaanxi_transfer.reports.brief.sentences_of_questions import sentence_of_levels, sentence_of_worth
from shaanxi_transfer.reports.brief.sentences_of_targets import (
    CAUSES,
    Chance,
    TargetFacts,
    cause_of,
    sentences_of,
)
from shaanxi_transfer.reports.brief.sentences_of_tasks import sentence_of_costs, sentence_of_tasks
from shaanxi_transfer.reports.brief.source import Source
from shaanxi_transfer.reports.brief.text import files_of, numbered, pieces_of
from shaanxi_transfer.reports.tables.experiment_folder import model_definitions
from shaanxi_transfer.reports.words.phrases import LANGUAGES, Language
from shaanxi_transfer.scenarios import load

CERTAIN, LIKELY, EVEN = Chance(1.0, 0.992, 1.0), Chance(0.83, 0.79, 0.86), Chance(0.5, 0.45, 0.55)
UNLIKELY, NEVER, FEW = Chance(0.2, 0.16, 0.24), Chance(0.0, 0.0, 0.008), Chance(0.25, 0.09, 0.53)

BASE = TargetFacts(
    title="People trained",
    scenario="The plan",
    base="No plan",
    counting="",
    unit="people",
    goal=1000.0,
    year=2020,
    year_before=2017,
    chance=LIKELY,
    values=(813.4, 1008.0, 1269.0),
    without=UNLIKELY,
    moved=(579.2, 712.5, 760.2),
    verdict="more",
    pairs=500,
    smallest_visible=40.0,
)
HIDDEN: dict[str, Any] = {"verdict": "not visible", "moved": (-4.0, 2.0, 12.0)}


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        (0.99, 1.0, "virtually_certain"),
        (0.989, 1.0, "very_likely"),
        (0.9, 0.97, "very_likely"),
        (0.79, 0.86, "likely"),
        (0.65, 0.99, "more_likely"),  # 11 of 12 futures
        (0.45, 0.55, "even"),
        (0.33, 0.66, "even"),
        (0.329, 0.413, "more_unlikely"),  # 185 of 500 futures
        (0.09, 0.53, OPEN),  # 3 of 12 futures
        (0.0, 1.0, OPEN),
        (0.16, 0.24, "unlikely"),
        (0.02, 0.1, "very_unlikely"),
        (0.0, 0.01, "exceptionally_unlikely"),
    ],
)
def test_a_word_is_said_if_the_whole_interval_lies_in_its_range(low: float, high: float, word: str) -> None:
    assert level_of(low, high) == word


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_level_has_a_word_of_its_own(language: Language) -> None:
    assert len({likelihood(level, language) for level in LEVELS}) == len(LEVELS) == 10


CASES: dict[str, tuple[dict[str, Any], str]] = {
    "certain, because of the plan": ({"chance": CERTAIN}, "because"),
    "likely, because of the plan": ({}, "because"),
    "likely anyway": ({"without": LIKELY}, "anyway"),
    "raised to even": ({"chance": EVEN}, "raised"),
    "open in few futures": ({"chance": FEW, "pairs": 12}, "raised"),
    "more, and not enough": ({"chance": UNLIKELY, "without": NEVER}, "not_enough"),
    "met before": ({"met_before": True, "without": CERTAIN}, "met_before"),
    "invisible difference": (HIDDEN, "not_visible"),
    "the very same": ({"verdict": "identical", "moved": (0.0, 0.0, 0.0)}, "identical"),
    "negative effect": ({"verdict": "less", "moved": (-9.0, -5.0, -1.0)}, "less"),
    "too few futures": ({"pairs": 9, "verdict": "not visible"}, "few"),
    "more where the goal is another province's": ({"with_goal": False}, "more"),
    "nothing to compare with": ({"without": None, "moved": (), "verdict": "", "base": ""}, "alone"),
}


@pytest.mark.parametrize(("changes", "cause"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_case_has_its_cause_and_numbers(changes: dict[str, Any], cause: str, language: Language) -> None:
    facts = replace(BASE, **changes)
    assert cause_of(facts) == cause
    said = sentences_of(facts, language)
    assert "1,008" in said[0] and "1,269" in said[0]
    assert (f"{facts.chance.probability:.2f}" in said[0]) == facts.with_goal
    assert (likelihood(facts.chance.level, language) in said[0]) == facts.with_goal
    if cause in ("because", "anyway", "raised", "not_enough"):
        assert facts.without is not None
        assert "712.5" in said[1] and "+712.5" not in said[1]
        assert f"{facts.without.probability:.2f}" in said[1]
    assert (len(said) == 1) == (cause == "alone")


def test_all_causes_are_tried() -> None:
    assert {cause for _, cause in CASES.values()} == set(CAUSES)


def test_what_is_not_visible_is_not_called_an_effect() -> None:
    said = " ".join(sentences_of(replace(BASE, **HIDDEN), "en"))
    assert "No difference from “No plan” is visible" in said
    assert "would have seen a difference of 40 people" in said
    assert "because of the plan" not in said and "adds" not in said
    few = " ".join(sentences_of(replace(BASE, pairs=9, verdict="not visible"), "en"))
    assert "Only 9 futures were compared, fewer than 10" in few and "712.5" not in few


def test_a_negative_effect_says_its_sign() -> None:
    said = sentences_of(replace(BASE, verdict="less", moved=(-9.0, -5.0, -1.0)), "zh")[1]
    assert "下降" in said and "-5" in said and "0.20（0.16—0.24）" in said


def test_hedges_follow_the_evidence() -> None:
    facts = replace(BASE, not_identified=True, without_error=True, others=(("attendances", EVEN),))
    *_, others, unknown, error = sentences_of(facts, "en")
    assert others == "Chances by other ways of counting: attendances 0.50 (0.45–0.55)."
    assert "rests on assumptions" in unknown and "too sure" in error


def ranking() -> pd.DataFrame:
    rows = [
        ("alone", 1, "task_15", 682.0, "more", 7.04e6, "CD"),
        ("alone", 2, "task_14", 3.0, "not visible", 7.5e6, "A"),
        ("in_plan", 1, "task_15", 690.0, "more", 7.0e6, "CD"),
        ("in_plan", 2, "task_14", 1.0, "not visible", 7.5e6, "A"),
    ]
    names = ["way", "rank", "item", "mean", "verdict", "net_cost_mean", "evidence"]
    head = {"kind": "target", "id": "trained_people", "counting": "certificates", "unit": "people"}
    table = pd.DataFrame(rows, columns=names).assign(**head, year=2020, by="task", pairs=10)
    return table.assign(q05=table["mean"] - 1.0, q95=table["mean"] + 1.0)


def test_tasks_that_visibly_add_are_named_with_cost_and_weakest_evidence() -> None:
    said, traces = sentence_of_tasks(ranking(), "r/ranking.csv", model_definitions(), "zh")
    assert "15．开展技术转移人才培养（+682 人" in said and "704 万元" in said and "最弱的依据为假设" in said
    assert "西北中心" not in said
    assert [trace.row for trace in traces] == [2]
    nothing, traces = sentence_of_tasks(
        ranking().assign(verdict="not visible"), "r/ranking.csv", model_definitions(), "en"
    )
    assert "none of 2 items adds visibly" in nothing and [trace.row for trace in traces] == [2, 3]


def test_costs_are_said_as_visible_only_if_they_are() -> None:
    rows = [("public_cost", 1.49e8, 2.13e8, 5.24e8), ("public_cost_gross", 2e8, 3e8, 6e8)]
    table = pd.DataFrame(rows, columns=["id", "q05", "q50", "q95"]).assign(
        kind="cost", scenario="a", base="b", year=2020, pairs=12, verdict="more"
    )
    titles = {"a": "A", "b": "B"}
    found = sentence_of_costs(table, "a", titles, "f/differences.csv", "en")
    assert found is not None and "costs treasuries 213 million yuan more" in found[0]
    hidden = sentence_of_costs(table.assign(verdict="not visible"), "a", titles, "f", "zh")
    assert hidden is not None and "看不出明显差异" in hidden[0] and "2.13 亿元" in hidden[0]
    few = sentence_of_costs(table.assign(pairs=9, verdict="not visible"), "a", titles, "f", "en")
    assert few is not None and "in 9 futures, fewer than 10" in few[0]
    assert sentence_of_costs(table.iloc[:1], "a", titles, "f", "en") is None


def test_a_trace_holds_the_line_and_the_cells_of_the_file() -> None:
    table = pd.DataFrame({"a": [0.1, 1 / 3, float("nan")], "b": ["x", "y", "z"]})
    traces = of_rows("f/t.csv", table.iloc[[1, 2]], ("a", "b"))
    assert [(one.row, one.shows) for one in traces] == [(3, "a=0.3333333333333333; b=y"), (4, "a=; b=z")]
    assert files_of(
        [*traces, *of_rows("f/t.csv", table.iloc[[0]], ()), *of_rows("g.csv", table, ())], "en"
    ) == ("f/t.csv, lines 2–4; g.csv, lines 2–4")


def test_chinese_text_has_no_space_beside_its_signs_and_commands_keep_theirs() -> None:
    pieces = pieces_of("共 12 个未来，可用 `rank 我的 a.yaml` 生成", "zh")
    assert pieces == [(False, "共12个未来，可用"), (True, "rank 我的 a.yaml"), (False, "生成")]
    assert numbered(11, "甲", "zh") == "十一、甲" and numbered(2, "A", "en") == "2. A"


def source(kind: str, **identity: Any) -> Source:
    world = {
        "hash": "0",
        "contents": load("action_plan").set(fund_size=1e9, name="mine").model_dump(mode="json"),
    }
    whole = {"scale": 0.1, "seed": 2, "scenarios": {"mine": world}, **identity}
    return Source(kind, Path("out"), {"identity": {"kind": kind, **whole}, "asked": []})


def test_commands_of_a_scenario_of_ones_own_name_its_file_and_what_was_asked() -> None:
    search = source(
        "search", runs=8, goals=[["trained_people", "certificates", 1000.0]], chance=0.9, budget=None
    )
    said = "search mine.yaml --target trained_people=1000 --chance 0.9 --runs=8 --scale=0.1 --seed=2"
    assert command_of(search) == (f"shaanxi-transfer {said}", True)
    morris = source("sensitivity", method="morris", over="levers", group_by="task", size=3, seeds=2, runs=2)
    said = (
        "sensitivity morris mine.yaml --over levers --group-by task --points 3 --seeds 2 --scale=0.1 --seed=2"
    )
    assert command_of(morris) == (f"shaanxi-transfer {said}", True)


def test_where_the_goal_is_another_provinces_nothing_is_said_of_it() -> None:
    for language, chances in (("en", ("chance", "goal")), ("zh", ("概率", "目标"))):
        for changes in (
            {},
            HIDDEN,
            {"verdict": "less", "moved": (-9.0, -5.0, -1.0)},
            {"verdict": "identical"},
        ):
            facts = replace(BASE, with_goal=False, met_before=True, others=(("a", EVEN),), **changes)
            said = " ".join(sentences_of(facts, cast(Language, language)))
            assert "1,008" in said and not any(word in said for word in chances), said


def swept() -> pd.DataFrame:
    rows = [
        ("base", 2e7, 0.7, 0.0, "identical"),
        ("point_00001", 0.0, 0.6, -4e8, "less"),
        ("point_00002", 4e7, 0.75, 5e8, "more"),
        ("point_00003", 8e7, 0.8, 9e8, "more"),
        ("point_00004", 9e7, 0.9, 2e9, "not visible"),
    ]
    table = pd.DataFrame(rows, columns=["point", "voucher_budget", "chance", "mean", "verdict"])
    return table.assign(q05=table["mean"] - 1e8, q95=table["mean"] + 1e8, unit="yuan", pairs=12)


def test_a_sweep_names_the_visible_points_that_lie_farthest_off() -> None:
    costs = {"point_00001": -2e7, "point_00002": 2e7, "point_00003": 6e7, "point_00004": 7e7}
    said, rows = sentence_of_levels(swept(), costs, ["voucher_budget"], "en")
    vouchers = "“Yearly budget of innovation vouchers”"
    assert f"farthest above the base at {vouchers} 80 million yuan a year: +900 million yuan" in said
    assert "met in 80 % of the futures, in the base in 70 %; mean net public cost" in said
    assert f"below it at {vouchers} 0 yuan a year: -400 million yuan" in said
    assert rows["point"].tolist() == ["base", "point_00003", "point_00001"]
    nothing, rows = sentence_of_levels(swept().assign(verdict="not visible"), costs, ["voucher_budget"], "zh")
    assert "4组水平中没有一组" in nothing and len(rows) == 5
    no_target, _ = sentence_of_levels(swept().assign(chance=float("nan")), costs, ["voucher_budget"], "zh")
    assert "达标" not in no_target


def test_worth_names_the_first_statistic_that_can_be_told_from_luck() -> None:
    rows = pd.DataFrame(
        [("A survey", "甲调查", 2e7, "worth something"), ("Returns", "乙报表", 1e6, "no more than luck")],
        columns=["title_en", "title_zh", "value", "verdict"],
    ).assign(q05=1e7, q95=3e7, share_of_perfect=0.25)
    said = sentence_of_worth(rows, "zh")
    assert (
        "2项统计中有1项" in said and "“甲调查”：2,000 万元" in said and "25%" in said and "乙报表" not in said
    )
    assert "None of 2 statistics" in sentence_of_worth(rows.assign(verdict="no more than luck"), "en")
