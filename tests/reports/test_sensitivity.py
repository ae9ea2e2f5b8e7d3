"""Sentences and figures of a sensitivity analysis, from tables made by hand."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer.experiments.planning.factors import GROUPINGS, choose_factors
from shaanxi_transfer.model.targets import TARGETS
from shaanxi_transfer.reports.command_line import main
from shaanxi_transfer.reports.figures.forecast import save_figure
from shaanxi_transfer.reports.figures.sensitivity import figures_of
from shaanxi_transfer.reports.words.of_sensitivity import (
    duration,
    group_words,
    percent,
)
from shaanxi_transfer.reports.words.phrases import LANGUAGES, Language, say
from shaanxi_transfer.reports.words.sensitivity_sentences import sentences
from shaanxi_transfer.scenarios import load

TURNOVER, PEOPLE = "contract_value_output", "trained_people"
CHINESE = re.compile("[\u4e00-\u9fff]")


def test_every_group_has_a_name() -> None:
    factors = choose_factors(load("action_plan"), "both")
    for factor in factors:
        for by in GROUPINGS[:2]:
            group = factor.group(by)
            assert group_words(group, "zh") != group, group


def test_sobol_is_said_with_percent_intervals_and_luck(made_indices: Any) -> None:
    said = sentences(made_indices.table("sobol"), TARGETS, "en")
    assert said[TURNOVER] == (
        "Of the variance of “Technology contract turnover” in 2020, 61 % (49–73) comes from “Total scale at "
        "which the guidance fund aims, all partners together”, 30 % (24–37) from “Yearly budget of "
        "innovation vouchers” and 15 % (12–18) from “Seats in the training of technology brokers, a year”; "
        "luck is 3 %."
    )
    assert said[PEOPLE] == (
        "“People trained for technology transfer” in 2020 is 350 people at all 384 points: nothing that was "
        "varied moves it."
    )


def test_morris_is_said_in_the_unit_of_the_target(made_indices: Any) -> None:
    said = sentences(made_indices.table("morris", factors=("task_21", "loan")), TARGETS, "zh")[TURNOVER]
    assert said.startswith(
        "“技术合同成交额”（2020年）受以下因素在其范围内变动的影响最大：“任务21（发挥好陕西省科技成果转化引导基金作用）”（平均80"
    )
    assert "亿元" in said and "“贷款”" in said and said.endswith("；偶然性占3%。")


def test_pawn_names_what_a_factor_gets_that_does_nothing(made_indices: Any) -> None:
    said = sentences(made_indices.table("pawn"), TARGETS, "en")[TURNOVER]
    assert "(distance 0.61, 0.49 to 0.73)" in said
    assert "a factor that does nothing gets 0.03" in said


def test_much_luck_is_not_hidden(made_indices: Any) -> None:
    assert (
        "too much for a firm order"
        in sentences(made_indices.table("sobol", luck=0.3), TARGETS, "en")[TURNOVER]
    )
    only = sentences(made_indices.table("sobol", luck=0.99), TARGETS, "en")[TURNOVER]
    assert only.endswith("its differences between points are luck.")
    assert "%" not in only


def test_what_cannot_be_told_from_nothing_is_not_named(made_indices: Any) -> None:
    rows = made_indices.table("sobol")
    rows.loc[rows["index"] == "S1", "low"] = -0.01
    assert "no factor alone has a share" in sentences(rows, TARGETS, "en")[TURNOVER]
    rows = made_indices.table("morris")
    rows.loc[rows["factor"] == "luck", "value"] = 9e9  # more than any factor's effect
    rows.loc[rows["index"] == "share_of_variance", "value"] = 0.04
    assert sentences(rows, TARGETS, "en")[TURNOVER] == (
        "No factor moves “Technology contract turnover” in 2020 over its range by more than luck alone would "
        "show; luck is 4 %."
    )
    rows = made_indices.table("pawn")
    rows.loc[(rows["factor"] == "luck") & (rows["index"] == "pawn_median"), ["value", "high"]] = 0.7
    assert "than on one that does nothing (0.70)" in sentences(rows, TARGETS, "en")[TURNOVER]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("method", ["morris", "sobol", "pawn"])
def test_every_figure_has_every_glyph(
    made_indices: Any, method: str, language: Language, tmp_path: Path
) -> None:
    indices = made_indices.table(method)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a missing glyph is a warning
        how = figures_of(indices, made_indices.growing(indices), TARGETS, language)
        figures = {name: draw() for name, draw in how.items()}
        for name, figure in figures.items():
            assert save_figure(figure, tmp_path / f"{name}.png").stat().st_size > 5_000
    planes = {f"{TURNOVER}_plane"} if method == "morris" else set()
    assert set(figures) == {TURNOVER, f"{TURNOVER}_settling", PEOPLE} | planes
    words = [text.get_text() for text in figures[TURNOVER].axes[0].get_yticklabels()]
    assert len(words) == len(made_indices.LEVERS) + 1
    assert words[-1] == say("sensitivity.luck", language)
    assert all(bool(CHINESE.search(word)) is (language == "zh") for word in words)
    luck = figures[TURNOVER].axes[0].patches[len(made_indices.LEVERS)]
    assert luck.get_width() > 0.0  # type: ignore[attr-defined]


def test_groups_have_no_plane(made_indices: Any) -> None:
    indices = made_indices.table("morris", factors=("task_21", "loan"))
    how = figures_of(indices, made_indices.growing(indices), TARGETS, "zh")
    figures = {name: draw() for name, draw in how.items()}
    assert f"{TURNOVER}_plane" not in figures


def test_shares_and_times_are_said_shortly() -> None:
    assert [percent(share, "en") for share in (0.0, 0.004, 0.0999, 1.3, -0.2)] == [
        "0 %", "0.4 %", "10 %", "100 %", "0 %",
    ]  # fmt: skip
    assert [duration(seconds, "zh") for seconds in (5, 600, 8000)] == ["5秒", "10分钟", "2.2小时"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["pwn"], "method: 'pwn' is not one of the choices; allowed morris, sobol, pawn; did you mean pawn?"),
        (["morris", "--over", "lever"], "--over: 'lever' is not one of the choices.*did you mean levers"),
        (["morris", "--group-by", "tasks"], "--group-by: 'tasks' is not.*did you mean task"),
        (
            ["morris", "--only", "fund_sze,city_plans"],
            "--only: 'fund_sze' is no factor.*did you mean fund_size",
        ),
        (["morris", "--only", "fund_size,fund_size"], "--only: 'fund_size' stands there twice"),
        (["morris", "--only", "fund_size"], "--only: one factor cannot be compared"),
        (["morris", "--only", ","], "--only: no factor is named"),
        (["sobol", "--points", "100"], "--points: 100 is no power of two.*did you mean 128"),
        (["sobol", "--points", "8"], "--points: 8 base points are no design"),
        (["morris", "--points", "100000"], "--points: .* more than 1000000 runs"),
        (["morris", "--seeds", "1"], "--seeds: 1 futures at every point cannot be analysed"),
        (["morris", "--seeds", "many"], "--seeds: 'many' is no number of futures"),
        (["morris", "--rest", "mean"], "--rest: 'mean' is not one of the choices"),
        (["pawn", "--group-by", "task"], "--group-by: pawn has no index of a group"),
        (["morris", "no_plan", "--over", "levers"], "--over: 'no_plan' has no levers to vary"),
        (
            ["morris", "--over", "levers", "--only", "fund_size,culture_fund", "--group-by", "task"],
            "--group-by: all",
        ),
        (["morris", "--scale", "10"], "--scale: 10.0 is not a scale"),
    ],
)
def test_whatever_cannot_be_analysed_is_refused_before_any_run(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["sensitivity", *words, "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert re.search(message, said), said
    assert said.count("\n") == 1
    assert not (tmp_path / "out").exists()
