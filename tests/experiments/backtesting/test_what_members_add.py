"""What members of a pool add, where the answer is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.backtesting.stored_forecasts import LEVELS
from shaanxi_transfer.experiments.backtesting.what_members_add import (
    ADDED_COLUMNS,
    MOST_MEMBERS,
    thirds,
    what_members_add,
)
from shaanxi_transfer.experiments.forecasting.discrepancy import SERIES

PROVINCES = tuple(f"p{place:02d}" for place in range(12))
SIZE = thirds({who: float(place) for place, who in enumerate(PROVINCES)})


def points(misses: dict[str, Any]) -> pd.DataFrame:
    """Forecasts without any spread, so that the CRPS is the distance: missed by so much, in logs."""
    rows = []
    for who in PROVINCES:
        for series in SERIES:
            for origin in (2013, 2014, 2015, 2016):
                for year in range(origin + 1, 2018):
                    head = {"province": who, "origin": origin, "indicator": series, "year": year}
                    for name, miss in misses.items():
                        missed = miss(who, year - origin) if callable(miss) else miss
                        told = np.full(len(LEVELS), 20.0 + missed)
                        rows.append(
                            {**head, "forecaster": name, "observed": float(np.exp(20.0)), "quantiles": told}
                        )
    return pd.DataFrame(rows)


def added(misses: dict[str, Any], members: tuple[str, ...] = ("model", "layer")) -> Any:
    return what_members_add(points(misses), members, "ruler", size=SIZE, equal_if_too_few=True)


def test_two_that_miss_on_opposite_sides_add_the_same() -> None:
    # Equal weights are right, and then the pool misses nothing; either alone misses by 0.1, the ruler by 0.3.
    table = added({"model": 0.1, "layer": -0.1, "ruler": 0.3}).set_index(["by", "part", "member"])
    assert list(table.reset_index().columns) == list(ADDED_COLUMNS)
    for member in ("model", "layer"):
        row = table.loc[("all", "all", member)]
        assert row["crps_pool"] == pytest.approx(0.0, abs=1e-3)
        assert row["crps_reference"] == pytest.approx(0.3)
        for end in ("", "_low", "_high"):
            assert row[f"skill{end}"] == pytest.approx(0.3, abs=1e-3)
            assert row[f"left_out{end}"] == pytest.approx(0.1, abs=1e-3)
            assert row[f"shapley{end}"] == pytest.approx(0.15, abs=1e-3)
        assert row["share"] == pytest.approx(0.5, abs=1e-3)


def test_the_parts_of_the_skill_sum_to_it_in_every_part() -> None:
    wild = {
        "model": lambda who, ahead: 0.05 * ahead - 0.02 * (who < "p05"),
        "layer": lambda who, ahead: -0.04 * ahead,
        "other": lambda who, ahead: 0.03 * (who > "p08"),
        "ruler": 0.2,
    }
    table = added(wild, ("model", "layer", "other"))
    sums = table.groupby(["by", "part"])["shapley"].sum()
    skills = table.groupby(["by", "part"])["skill"].first()
    np.testing.assert_allclose(sums, skills, atol=1e-12)
    np.testing.assert_allclose(
        skills,
        table.groupby(["by", "part"])["crps_reference"].first()
        - table.groupby(["by", "part"])["crps_pool"].first(),
        atol=1e-12,
    )
    assert set(table["by"]) == {"all", "indicator", "horizon", "size"}
    assert table[table["by"] == "horizon"]["part"].unique().tolist() == ["1", "2", "3", "4"]
    assert table[table["by"] == "size"].groupby("part")["provinces"].first().to_dict() == {
        "small": 4, "middle": 4, "large": 4,
    }  # fmt: skip


def test_a_member_that_is_of_use_in_some_provinces_only_has_an_interval() -> None:
    large = {"model": lambda who, ahead: -0.1 if SIZE[who] == "large" else 0.1, "layer": 0.1, "ruler": 0.1}
    table = added(large).set_index(["by", "part", "member"])
    row = table.loc[("all", "all", "model")]
    assert row["left_out_low"] < row["left_out"] < row["left_out_high"]
    assert table.loc[("size", "large", "model"), "left_out"] > 0.05
    assert table.loc[("size", "small", "model"), "left_out"] == pytest.approx(0.0, abs=1e-9)


def test_without_skill_there_is_nothing_to_share_out() -> None:
    table = added({"model": 0.1, "layer": 0.1, "ruler": 0.1})
    assert table["share"].isna().all()
    np.testing.assert_allclose(table[["skill", "left_out", "shapley"]], 0.0, atol=1e-12)


def test_what_cannot_be_told_is_named() -> None:
    misses = {"model": 0.1, "layer": 0.1, "ruler": 0.1}
    with pytest.raises(InputError, match=f"1 to {MOST_MEMBERS}"):
        added(misses, ("model", "model"))
    with pytest.raises(InputError, match="no size of p00"):
        what_members_add(points(misses), ("model",), "ruler", size={}, equal_if_too_few=True)
    with pytest.raises(InputError, match="lie wholly in the past of 2013"):
        what_members_add(points(misses), ("model", "layer"), "ruler", size=SIZE)
    table = points(misses)
    with pytest.raises(InputError, match="no point in common"):
        what_members_add(table[table["forecaster"] != "ruler"], ("model",), "ruler", size=SIZE)
