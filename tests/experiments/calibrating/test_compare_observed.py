from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.experiments.calibrating.compare_observed import (
    BANDS,
    COLUMNS,
    comparison,
    simulated_values,
    with_ratios,
)


def observed(rows: list[tuple[str, int, float]]) -> pd.DataFrame:
    return pd.DataFrame(
        [(name, year, value, "yuan", "fit", 0.1, "-") for name, year, value in rows],
        columns=["indicator", "year", "value", "unit", "use", "ln_error", "note"],
    )


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


def test_distance_by_hand() -> None:
    table = comparison(
        observed([("contract_value_output", 2016, 80.0), ("contract_value_output", 2017, 100.0)]),
        years(
            {("contract_value_output", 2016): [98, 100, 102], ("contract_value_output", 2017): [60, 70, 80]}
        ),
        scale=0.1,
        seed=4,
    )
    assert tuple(table.columns) == COLUMNS
    first, second = table.to_dict("records")
    assert (first["median"], first["ratio"], first["band"]) == (100, 1.25, 0.25)
    assert first["q05"] == pytest.approx(98.2)
    assert first["ln_distance"] == pytest.approx(math.log(1.25), abs=1e-4)
    assert first["band_met"] == "yes"  # a distance of exactly the band is within it
    assert first["observed_inside_q05_q95"] == "no"
    assert (second["ratio"], second["band_met"], second["futures"]) == (0.7, "no", 3)
    assert (second["scale"], second["seed"]) == (0.1, 4)


def test_what_is_not_simulated_keeps_its_row_without_numbers() -> None:
    table = comparison(
        observed([("mystery", 2016, 5.0), ("contract_value_output", 2016, 5.0)]),
        years({("contract_value_output", 2017): [1.0]}),
        scale=0.1,
        seed=1,
    )
    assert list(table["note"]) == ["not simulated"] * 2
    assert table[["q05", "median", "q95", "ratio", "ln_distance"]].isna().all(axis=None)
    assert list(table["band_met"]) == ["", ""]


def test_nothing_later_than_2017_is_compared() -> None:
    table = comparison(observed([("x", 2018, 5.0)]), years({("x", 2018): [1.0]}), scale=0.1, seed=1)
    assert table.empty


def test_mean_contract_and_inflow_over_output_follow_from_the_observed() -> None:
    given = observed(
        [
            ("contract_value_output", 2016, 80.0),
            ("contract_count_output", 2016, 20.0),
            ("contract_value_inflow", 2016, 40.0),
            ("contract_value_output", 2017, 90.0),
        ]
    )
    added = with_ratios(given).iloc[len(given) :]
    assert {(row.indicator, row.year): row.value for row in added.itertuples()} == {
        ("contract_mean_value_output", 2016): 4.0,
        ("inflow_over_output", 2016): 0.5,
    }
    assert set(added["use"]) == {"check"}


def test_derived_figures_are_computed_future_by_future() -> None:
    wide = simulated_values(
        years(
            {
                ("contract_value_inflow", 2016): [10.0, 30.0],
                ("contract_value_output", 2016): [40.0, 60.0],
                ("loans_new", 2010): [9.0, 9.0],
                ("loans_new", 2011): [1.0, 2.0],
                ("loans_new", 2012): [3.0, 4.0],
            }
        ),
        ["inflow_over_output", "loans_new_cumulative_since_2011", "guidance_fund_leverage"],
    )
    assert list(wide["inflow_over_output"].xs(2016, level="year")) == [0.25, 0.5]
    assert list(wide["loans_new_cumulative_since_2011"].xs(2012, level="year")) == [4.0, 6.0]
    assert "guidance_fund_leverage" not in wide.columns


def test_a_ratio_over_nothing_is_no_value() -> None:
    table = comparison(
        observed([("guidance_fund_leverage", 2016, 9.26)]),
        years(
            {("guidance_fund_committed", 2016): [0.0, 9.0], ("guidance_fund_government", 2016): [0.0, 1.0]}
        ),
        scale=0.1,
        seed=1,
    )
    (row,) = table.to_dict("records")
    assert (row["median"], row["futures"]) == (9.0, 1)


def test_simulated_figures_have_six_digits() -> None:
    table = comparison(observed([("x", 2016, 1.0)]), years({("x", 2016): [np.pi * 1e10]}), scale=0.1, seed=1)
    assert table["median"].tolist() == [31415900000.0]


def test_the_bands_are_those_of_the_first_fit() -> None:
    assert len(BANDS) == 6 + 6 + 5 + 6 + 1 + 2
    assert ("contract_value_inflow", 2013) not in BANDS
    assert BANDS["guidance_fund_committed", 2016] == 0.40
