"""Scores of frozen forecasts: against numbers worked out by hand, a closed form, and refusals."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.freezing.read_frozen import read_frozen
from shaanxi_transfer.experiments.score import REASONS, Scored, score

Draws = dict[tuple[str, str, str, int], list[float]]

VALUE, COUNT, PEOPLE = "contract_value_output", "contract_count_output", "trained_people"


def exps(*powers: float) -> list[float]:
    return [math.exp(power) for power in powers]


def one_figure(
    by_hand: Any, tmp_path: Path, draws: list[float], observed: float, **rest: Any
) -> pd.Series[Any]:
    file = by_hand.freeze(tmp_path / "a.zip", {("model", "action_plan", VALUE, 2018): draws}, **rest)
    table = by_hand.observed(tmp_path / "came.csv", f"{VALUE},2018,{observed!r},yuan")
    scored = score(file, table)
    assert len(scored.scores) == 1
    return scored.scores.iloc[0]


# ---- against hand and closed form ------------------------------------------------


@pytest.mark.parametrize(
    ("logs", "outcome", "crps", "error"),
    [
        # mean distance 1/2, less the one pair's distance 1 over 2 x 1
        ((0.0, 1.0), 0.5, 0.0, 0.0),
        # mean distance (1 + 0 + 1) / 3, less (1 + 2 + 1) / (3 x 2)
        ((0.0, 1.0, 2.0), 1.0, 0.0, 0.0),
        # mean distance (3 + 2 + 1) / 3, less 4 / 6
        ((0.0, 1.0, 2.0), 3.0, 4.0 / 3.0, 2.0),
        ((2.0, 2.0, 2.0), 1.0, 1.0, 1.0),
    ],
)
def test_crps_and_error_are_those_worked_out_by_hand(
    by_hand: Any, tmp_path: Path, logs: tuple[float, ...], outcome: float, crps: float, error: float
) -> None:
    row = one_figure(by_hand, tmp_path, exps(*logs), math.exp(outcome))
    assert row["crps_log"] == pytest.approx(crps, abs=1e-12)
    assert row["abs_log_error"] == pytest.approx(error, abs=1e-12)
    assert (row["horizon"], row["forecaster"], row["judged"]) == (1, "model", True)


def test_a_panel_is_scored_as_it_is(by_hand: Any, tmp_path: Path) -> None:
    """The nation, other provinces, years that were known and series without an indicator are passed over."""
    draws = {("model", "action_plan", VALUE, year): [100.0, 200.0] for year in (2018, 2019)}
    file = by_hand.freeze(tmp_path / "a.zip", draws)
    head = "province,province_zh,year,indicator,value,unit,source"
    rows = [
        f"{province},-,{year},{indicator},{value},yuan,book"
        for province in ("china", "gansu", "陕西省")
        for year in (2016, 2017, 2018, 2019)
        for indicator, value in ((VALUE, 150.0), ("rd_basic", 0.0))
    ]
    table = by_hand.observed(tmp_path / "panel.csv", *rows, head=head)
    scored = score(file, table)
    assert scored.scores["year"].tolist() == [2018, 2019] and scored.not_scored.empty
    assert set(scored.scores["province"]) == {"shaanxi"}
    table = by_hand.observed(tmp_path / "panel.csv", rows[0], head=head)
    with pytest.raises(InputError, match="not one of 0 figures was forecast; already known"):
        score(file, table)


@pytest.mark.parametrize("outcome", [10.0, 10.3, 11.0, 8.5])
def test_crps_of_many_draws_is_the_closed_form_of_a_normal_log(
    by_hand: Any, tmp_path: Path, outcome: float
) -> None:
    mean, spread, draws = 10.0, 0.4, 4000
    logs = mean + spread * norm.ppf((np.arange(draws) + 0.5) / draws)
    row = one_figure(by_hand, tmp_path, np.exp(logs).tolist(), math.exp(outcome))
    z = (outcome - mean) / spread
    closed = spread * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / math.sqrt(math.pi))
    assert row["crps_log"] == pytest.approx(closed, abs=2e-4)


@pytest.mark.parametrize(
    ("outcome", "inside"),
    [
        (50.0, (True, True, True)),
        (24.0, (False, True, True)),
        (76.0, (False, True, True)),
        (9.0, (False, False, True)),
        (98.0, (False, False, False)),
        (2.0, (False, False, False)),
    ],
)
def test_bands_hold_what_lies_between_their_ends(
    by_hand: Any, tmp_path: Path, outcome: float, inside: tuple[bool, ...]
) -> None:
    # 1 to 99: by rank p (99 + 1) the ends of the bands are 25 and 75, 10 and 90, 2.5 and 97.5
    row = one_figure(by_hand, tmp_path, [float(draw) for draw in range(1, 100)], outcome)
    assert tuple(row[name] for name in ("inside_50", "inside_80", "inside_95")) == inside
    assert (row["q25"], row["q90"]) == (pytest.approx(25.0), pytest.approx(90.0))


@pytest.mark.parametrize(("outcome", "brier"), [(100.0, 0.75**2), (99.0, 0.25**2)])
def test_a_target_is_reached_at_its_goal_and_scored_by_brier(
    by_hand: Any, tmp_path: Path, outcome: float, brier: float
) -> None:
    draws: Draws = {
        ("model", "action_plan", VALUE, 2020): [90.0, 95.0, 99.0, 100.0],  # one of four reaches 100
        ("last_growth", "", VALUE, 2020): [101.0, 102.0],
    }
    file = by_hand.freeze(tmp_path / "a.zip", draws, targets=[by_hand.target(VALUE)])
    scored = score(file, by_hand.observed(tmp_path / "came.csv", f"{VALUE},2020,{outcome},yuan"))
    found = scored.targets.set_index("forecaster")
    assert found.loc["model", "probability"] == 0.25
    assert found.loc["model", "brier"] == brier
    assert found.loc["last_growth", "brier"] == (0.0 if outcome >= by_hand.GOAL else 1.0)
    assert found["reached"].tolist() == [outcome >= by_hand.GOAL] * 2
    assert scored.brier.set_index("forecaster").loc["model", "brier"] == brier


# ---- several forecasters, several provinces --------------------------------------


@pytest.fixture
def two(by_hand: Any, tmp_path: Path) -> Scored:
    """Two provinces; of the count in the second there is no rival."""
    one: Draws = {
        ("model", "action_plan", VALUE, 2018): exps(0, 1, 2),
        ("model", "no_plan", VALUE, 2018): exps(0, 1, 2),
        ("last_growth", "", VALUE, 2018): exps(3, 3, 3),
    }
    other: Draws = {
        ("model", "action_plan", VALUE, 2018): exps(5, 5, 5),
        ("model", "no_plan", VALUE, 2018): exps(2, 2, 2),
        ("last_growth", "", VALUE, 2018): exps(0, 1, 2),
        ("model", "no_plan", COUNT, 2018): exps(1, 1, 1),
    }
    files = [
        by_hand.freeze(tmp_path / "one.zip", one, targets=[by_hand.target(VALUE, year=2018)]),
        by_hand.freeze(
            tmp_path / "other.zip",
            other,
            province="hubei",
            judged="no_plan",
            targets=[by_hand.target(VALUE, year=2018)],
        ),
    ]
    table = by_hand.observed(
        tmp_path / "came.csv",
        f"shaanxi,{VALUE},2018,{math.exp(3)!r},yuan",
        f"hubei,{VALUE},2018,{math.exp(3)!r},yuan",
        f"hubei,{COUNT},2018,{math.exp(2)!r},contracts",
        head="province,indicator,year,value,unit",
    )
    return score(files, table)


def test_forecasters_are_compared_on_what_all_of_them_forecast(two: Scored) -> None:
    whole: Any = two.summary.query("province == 'all' and indicator == 'all' and judged")
    shared = whole[whole["shared"]].set_index("forecaster")
    # model: 4/3 in one province, 1 in the other; last growth: 0 and 4/3
    assert shared.loc["model", "crps_log"] == pytest.approx((4 / 3 + 1) / 2)
    assert shared.loc["last_growth", "crps_log"] == pytest.approx((0 + 4 / 3) / 2)
    assert shared["points"].tolist() == [2, 2]
    alone = whole[~whole["shared"]]
    assert (alone["forecaster"].tolist(), alone["points"].tolist()) == (["model"], [1])


def test_the_scenario_that_was_not_chosen_enters_no_comparison(two: Scored) -> None:
    beside: Any = two.summary.query("province == 'all' and indicator == 'all' and not judged")
    found = beside.set_index("scenario")["crps_log"].to_dict()
    assert found == {"no_plan": pytest.approx(4 / 3), "action_plan": pytest.approx(2.0)}


def test_each_province_has_its_own_rows(two: Scored) -> None:
    mine: Any = two.summary.query("province == 'hubei' and judged and shared").set_index("forecaster")
    assert mine.loc["model", "crps_log"] == pytest.approx(1.0)
    assert mine.loc["model", "points"] == 1
    assert two.files["province"].tolist() == ["shaanxi", "hubei"]


def test_goals_set_for_another_province_are_told_apart(two: Scored) -> None:
    assert two.targets.groupby("province")["for_another"].first().to_dict() == {
        "hubei": True,
        "shaanxi": False,
    }
    assert set(two.brier["for_another"]) == {True, False}


def test_one_file_is_scored_by_a_table_of_many_provinces(by_hand: Any, tmp_path: Path) -> None:
    file = by_hand.freeze(tmp_path / "a.zip", {("model", "action_plan", VALUE, 2018): exps(0, 1)})
    table = by_hand.observed(
        tmp_path / "came.csv",
        f"shaanxi,{VALUE},2018,1.0,yuan",
        f"hubei,{VALUE},2018,1.0,yuan",
        head="province,indicator,year,value,unit",
    )
    scored = score(file, table)
    assert len(scored.scores) == 1
    assert scored.not_scored["province"].tolist() == ["hubei"]


# ---- what is not scored is told --------------------------------------------------


def test_every_figure_without_a_score_is_told_with_its_reason(by_hand: Any, tmp_path: Path) -> None:
    draws: Draws = {
        ("model", "action_plan", VALUE, 2018): exps(0, 1),
        ("model", "action_plan", PEOPLE, 2020): [0.0, 120.0],
    }
    file = by_hand.freeze(tmp_path / "a.zip", draws, targets=[by_hand.target(PEOPLE)])
    table = by_hand.observed(
        tmp_path / "came.csv",
        f"shaanxi,{VALUE},2018,1.0,yuan,a yearbook",
        f"shaanxi,{VALUE},2017,1.0,yuan,",
        f"shaanxi,{VALUE},2021,1.0,yuan,",
        f"shaanxi,{COUNT},2018,1.0,contracts,",
        f"hubei,{VALUE},2018,1.0,yuan,",
        f"shaanxi,{PEOPLE},2020,110,people,",
        head="province,indicator,year,value,unit,source",
    )
    scored = score(file, table)
    assert scored.not_scored["reason"].tolist() == list(REASONS)
    assert scored.not_scored["line"].tolist() == [3, 4, 5, 6, 7]
    assert len(scored.scores) == 1
    # a draw of nothing has no logarithm, and is still a draw that misses the goal
    assert scored.targets["brier"].tolist() == [0.25]


def test_a_table_of_which_nothing_was_forecast_is_refused(by_hand: Any, tmp_path: Path) -> None:
    file = by_hand.freeze(tmp_path / "a.zip", {("model", "action_plan", VALUE, 2018): exps(0, 1)})
    table = by_hand.observed(tmp_path / "came.csv", f"{VALUE},2016,1.0,yuan", f"{VALUE},2017,1.0,yuan")
    with pytest.raises(InputError, match=r"not one of 2 figures.*already known.*shaanxi 2018 to 2020"):
        score(file, table)


# ---- what is refused -------------------------------------------------------------

REFUSED = {
    f"{VALUE},2018,-1,yuan": r":2:\d+: observed\.value: -1 is out of bounds",
    f"{VALUE},2018,0,yuan": r":2: observed\.value: 0 has no logarithm.*above 0",
    f"{VALUE},2018,,yuan": r":2:\d+: observed\.value: the cell is empty",
    f"{VALUE},2018,many,yuan": r":2:\d+: observed\.value: 'many' is not a number",
    f"{VALUE},2018,nan,yuan": r":2:\d+: observed\.value: nan is not a finite number",
    f"{VALUE},18,1,yuan": r":2:\d+: observed\.year: '18' is not a year",
    f"{VALUE},2018,1,1e8 yuan": r":2: observed\.unit: the unit is '1e8 yuan'.*did you mean yuan\?",
    "contract_value_ouput,2018,1,yuan": r":2: observed\.indicator: unknown.*did you mean contract_value_o",
    f"{VALUE},2018,1,yuan\n{VALUE},2018,2,yuan": r":3: indicator, year: .* is given twice, first in line 2",
    f"{VALUE},2018,1": r":2: the row has 3 cells; allowed 4 cells",
}


@pytest.mark.parametrize("rows", REFUSED)
def test_a_wrong_row_is_refused_with_line_and_key(by_hand: Any, tmp_path: Path, rows: str) -> None:
    file = by_hand.freeze(tmp_path / "a.zip", {("model", "action_plan", VALUE, 2018): exps(0, 1)})
    table = by_hand.observed(tmp_path / "came.csv", rows)
    with pytest.raises(InputError, match=REFUSED[rows]) as refused:
        score(file, table)
    assert str(refused.value).startswith(f"{table}:")


def test_an_unknown_province_is_refused_with_the_nearest(by_hand: Any, tmp_path: Path) -> None:
    file = by_hand.freeze(tmp_path / "a.zip", {("model", "action_plan", VALUE, 2018): exps(0, 1)})
    table = by_hand.observed(
        tmp_path / "came.csv", f"shanxii,{VALUE},2018,1,yuan", head="province,indicator,year,value,unit"
    )
    with pytest.raises(InputError, match=r":2: observed\.province: unknown.*did you mean .*shaanxi \(陕西\)"):
        score(file, table)


def test_a_province_may_be_called_in_chinese_and_not_twice(by_hand: Any, tmp_path: Path) -> None:
    file = by_hand.freeze(tmp_path / "a.zip", {("model", "action_plan", VALUE, 2018): exps(0, 1)})
    head, row = "province,indicator,year,value,unit", f"{{}},{VALUE},2018,1,yuan"
    english, chinese = (
        score(file, by_hand.observed(tmp_path / f"{name}.csv", row.format(name), head=head)).scores
        for name in ("shaanxi", "陕西")
    )
    pd.testing.assert_frame_equal(english, chinese)
    both = by_hand.observed(tmp_path / "both.csv", row.format("shaanxi"), row.format("陕西"), head=head)
    with pytest.raises(InputError, match=r":3: observed\.province: the figure stands there twice"):
        score(file, both)


def test_columns_are_checked(by_hand: Any, tmp_path: Path) -> None:
    file = by_hand.freeze(tmp_path / "a.zip", {("model", "action_plan", VALUE, 2018): exps(0, 1)})
    table = by_hand.observed(tmp_path / "came.csv", f"{VALUE},2018,1", head="indicator,year,value")
    with pytest.raises(InputError, match=":1: unit: the column is missing"):
        score(file, table)
    table = by_hand.observed(
        tmp_path / "came.csv", f"{VALUE},2018,1,yuan,1", head="indicator,year,value,unit,x"
    )
    with pytest.raises(InputError, match=r":1:.*unknown column 'x'"):
        score(file, table)


def test_several_provinces_need_a_column_that_tells_them_apart(by_hand: Any, tmp_path: Path) -> None:
    draws: Draws = {("model", "action_plan", VALUE, 2018): exps(0, 1)}
    files = [by_hand.freeze(tmp_path / f"{name}.zip", draws, province=name) for name in ("shaanxi", "hubei")]
    table = by_hand.observed(tmp_path / "came.csv", f"{VALUE},2018,1,yuan")
    with pytest.raises(InputError, match=r"2 provinces are scored.*a column province"):
        score(files, table)


def test_two_forecasts_of_one_province_are_refused(by_hand: Any, tmp_path: Path) -> None:
    draws: Draws = {("model", "action_plan", VALUE, 2018): exps(0, 1)}
    files = [by_hand.freeze(tmp_path / f"{name}.zip", draws) for name in "ab"]
    with pytest.raises(InputError, match=r"b\.zip: this is a second forecast of shaanxi, beside .*a\.zip"):
        score(files, by_hand.observed(tmp_path / "came.csv", f"{VALUE},2018,1,yuan"))


def test_a_folder_stands_for_all_that_are_in_it(by_hand: Any, tmp_path: Path) -> None:
    place = tmp_path / "frozen"
    place.mkdir()
    table = by_hand.observed(tmp_path / "came.csv", f"{VALUE},2018,2.0,yuan")
    with pytest.raises(InputError, match="holds no frozen forecast"):
        score(place, table)
    file = by_hand.freeze(place / "a.zip", {("model", "action_plan", VALUE, 2018): [1.0, 2.0]})
    pd.testing.assert_frame_equal(score(place, table).scores, score(file, table).scores)


def test_a_changed_draw_is_never_scored(by_hand: Any, tmp_path: Path) -> None:
    file = by_hand.freeze(tmp_path / "a.zip", {("model", "action_plan", VALUE, 2018): exps(0, 1)})
    contents = bytearray(file.read_bytes())
    contents[contents.index(b"PAR1") + 20] ^= 1
    file.write_bytes(contents)
    with pytest.raises(InputError, match="changed after it was frozen"):
        score(file, by_hand.observed(tmp_path / "came.csv", f"{VALUE},2018,1,yuan"))


def test_a_form_of_a_later_version_is_refused(by_hand: Any, tmp_path: Path) -> None:
    draws: Draws = {("model", "action_plan", VALUE, 2018): exps(0, 1)}
    file = by_hand.freeze(tmp_path / "a.zip", draws, layout=99)
    with pytest.raises(InputError, match="the form of this frozen forecast is number 99; allowed number 1"):
        read_frozen(file)
