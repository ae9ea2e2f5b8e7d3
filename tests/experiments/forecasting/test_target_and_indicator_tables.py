from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from shaanxi_transfer.engine.errors import RunError
from shaanxi_transfer.experiments.forecasting.target_and_indicator_tables import (
    INDICATOR_COLUMNS,
    TARGET_COLUMNS,
    first_year_met,
    indicator_table,
    target_table,
    wilson_interval,
    yearly,
    yearly_of_parts,
)
from shaanxi_transfer.experiments.planning.definitions import Definitions, check_targets


def rows_of(values: dict[str, list[float]], future: int = 0, scenario: str = "plan") -> pd.DataFrame:
    """Quarters from 2019 Q1 on, in the store's columns."""
    return pd.DataFrame(
        [
            (f"{scenario}-{future:06d}", scenario, future, 1, 2019 + i // 4, i % 4 + 1, indicator, value)
            for indicator, series in values.items()
            for i, value in enumerate(series)
        ],
        columns=["run_id", "scenario", "future", "seed", "year", "quarter", "indicator", "value"],
    )


# Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3.
@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_interval_has_the_published_values(
    successes: int, trials: int, low: float, high: float
) -> None:
    assert wilson_interval(successes, trials) == pytest.approx((low, high), abs=5e-5)


def test_wilson_interval_is_scipys_to_the_bit() -> None:
    for trials in (1, 7, 20, 93, 100, 200, 1000):
        for successes in {0, 1, trials // 3, trials // 2, trials - 1, trials}:
            theirs = binomtest(successes, trials).proportion_ci(confidence_level=0.95, method="wilson")
            assert wilson_interval(successes, trials) == (theirs.low, theirs.high)


def test_a_year_sums_flows_ends_stocks_and_means_ratios(fake: Any) -> None:
    frame = rows_of(
        {
            "turnover": [1, 2, 3, 4, 10, 20, 30, 40],
            "turnover.xian": [1, 1, 1, 1, 2, 2, 2, 2],
            "platforms": [5, 6, 7, 8, 9, 9, 9, 10],
            "coverage": [0.1, 0.2, 0.3, 0.4, 0.5, 0.5, 0.5, 0.9],
        }
    )
    # rows in any order: the year's end is the fourth quarter, not the last row
    years = yearly(frame.sample(frac=1.0, random_state=3), fake.DEFINITIONS)
    found = {(row.indicator, row.year): row.value for row in years.itertuples()}
    assert found == pytest.approx(
        {
            ("turnover", 2019): 10,
            ("turnover", 2020): 100,
            ("turnover.xian", 2019): 4,
            ("turnover.xian", 2020): 8,
            ("platforms", 2019): 8,
            ("platforms", 2020): 10,
            ("coverage", 2019): 0.25,
            ("coverage", 2020): 0.6,
        }
    )


def test_an_unfinished_year_is_left_out(fake: Any) -> None:
    years = yearly(
        rows_of({"turnover": [1, 2, 3, 4, 5, 6], "platforms": [1, 2, 3, 4, 5, 6]}), fake.DEFINITIONS
    )
    assert set(years["year"]) == {2019}


def test_an_indicator_without_definition_is_an_error(fake: Any) -> None:
    with pytest.raises(RunError, match="'mystery'"):
        yearly(rows_of({"mystery": [1, 2, 3, 4]}), fake.DEFINITIONS)


def test_indicator_table_by_hand(fake: Any) -> None:
    frames = [
        rows_of({"platforms": [0, 0, 0, level]}, future) for future, level in enumerate([3, 1, 2, 5, 4])
    ]
    table = indicator_table(yearly_of_parts(frames, fake.DEFINITIONS), fake.DEFINITIONS, {"plan": "gansu"})
    assert tuple(table.columns) == INDICATOR_COLUMNS
    (row,) = table.to_dict("records")
    # five futures 1..5: the q-quantile lies at 1 + 4 q
    expected = {
        "q05": 1.2,
        "q10": 1.4,
        "q25": 2,
        "q50": 3,
        "q75": 4,
        "q90": 4.6,
        "q95": 4.8,
        "mean": 3,
        "runs": 5,
    }
    assert {name: row[name] for name in expected} == pytest.approx(expected)
    assert (row["province"], row["scenario"], row["indicator"], row["unit"], row["year"]) == (
        "gansu",
        "plan",
        "platforms",
        "count",
        2019,
    )


def test_target_table_by_hand(fake: Any) -> None:
    levels = [(90, 94), (95, 96), (94.9, 95), (96, 100)]  # platforms at the end of 2019 and 2020; goal 95
    frames = [
        rows_of({"platforms": [0, 0, 0, first, 0, 0, 0, second]}, future)
        for future, (first, second) in enumerate(levels)
    ]
    table = target_table(yearly_of_parts(frames, fake.DEFINITIONS), fake.DEFINITIONS, {"plan": "gansu"})
    assert tuple(table.columns) == TARGET_COLUMNS
    row = table.set_index("target").loc["platforms"]
    assert row["probability"] == 0.75  # 95 meets a goal of 95
    assert (row["probability_low"], row["probability_high"]) == pytest.approx((0.3006, 0.9544), abs=5e-5)
    assert row["q50"] == pytest.approx(95.5)
    assert row["first_year_median"] == 2020  # half of the futures by 2019, more than half by 2020
    assert (row["province"], row["unit"], row["goal"]) == ("gansu", "count", 95.0)


def test_a_target_that_is_not_modelled_keeps_its_row_and_has_no_number(fake: Any) -> None:
    years = yearly_of_parts([rows_of({"platforms": [1] * 8})], fake.DEFINITIONS)
    row = target_table(years, fake.DEFINITIONS, {"plan": "gansu"}).set_index("target").loc["trained_people"]
    assert row["goal"] == 1000
    assert row.drop(["province", "scenario", "counting", "unit", "goal"]).isna().all()


def test_each_way_of_counting_has_a_row_of_its_own(fake: Any) -> None:
    counted = {"in_stock": "platforms", "others": "turnover", "not_modelled": "nothing"}
    target = fake.Target("platforms", 95.0, "count", 2020, "stock_at_end", counted)
    definitions = Definitions(fake.DEFINITIONS.indicators, {"platforms": target})
    frames = [
        rows_of({"platforms": [0, 0, 0, 0, 0, 0, 0, 96], "turnover": [0, 0, 0, 0, 0, 0, 0, last]}, future)
        for future, last in enumerate((94, 95))
    ]
    table = target_table(yearly_of_parts(frames, definitions), definitions, {"plan": "gansu"})
    assert list(table["counting"]) == list(counted)
    assert list(table["probability"][:2]) == [1.0, 0.5]
    assert math.isnan(table["probability"][2])
    assert definitions.counted == set(counted.values())


def test_the_tables_do_not_depend_on_how_runs_are_spread_over_parts(fake: Any) -> None:
    luck = np.random.default_rng(5)
    runs = [
        rows_of({"turnover": list(luck.random(8)), "coverage": list(luck.random(8))}, i) for i in range(7)
    ]
    one = yearly_of_parts(runs, fake.DEFINITIONS)
    other = yearly_of_parts([pd.concat(runs[4:][::-1]), pd.concat(runs[:4])], fake.DEFINITIONS)
    pd.testing.assert_frame_equal(one, other, check_exact=True)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([[1, 2, 3], [1, 2, 3], [0, 0, 3]], 2019),  # goal 2: two of three by the second year
        ([[0, 2, 0], [0, 2, 0], [2, 0, 0]], 2019),  # met once is met, although it falls again
        ([[0, 0, 2], [0, 0, 0]], None),  # half never meet it
        ([[0, 0, 0]], None),
        ([[2, 0, 0]], 2018),
    ],
)
def test_first_year_met(values: list[list[float]], expected: int | None) -> None:
    assert first_year_met(np.array(values, float), [2018, 2019, 2020], 2.0) == expected


def test_a_target_must_fit_the_kind_of_its_indicator(fake: Any) -> None:
    check_targets(fake.DEFINITIONS)
    wrong = Definitions(
        fake.DEFINITIONS.indicators, {"turnover": fake.Target("turnover", 1.0, "yuan", 2020, "stock_at_end")}
    )
    with pytest.raises(RunError, match="judges a flow"):
        check_targets(wrong)
    other = {"in_stock": "platforms", "turned_over": "turnover"}
    wrong = Definitions(
        fake.DEFINITIONS.indicators,
        {"platforms": fake.Target("platforms", 1.0, "count", 2020, "stock_at_end", other)},
    )
    with pytest.raises(RunError, match="judges a flow"):
        check_targets(wrong)
