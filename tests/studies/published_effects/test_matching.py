"""Matched difference in differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.studies.published_effects.estimate import Estimate
from shaanxi_transfer.studies.published_effects.matching import matched_difference, matched_sets

COLUMNS: dict[str, Any] = {"before": "before", "after": "after", "treated": "lent"}


def borrowers(luck: np.random.Generator, effect: float) -> pd.DataFrame:
    """Make firms of which the large borrow sooner and grow faster, each field at its own pace."""
    size, age = luck.normal(size=400), luck.exponential(5.0, 400)
    field = luck.integers(0, 4, 400)
    lent = luck.uniform(size=400) < 1.0 / (1.0 + np.exp(1.5 - 0.8 * size))
    before = 8.0 + size + luck.normal(0.0, 0.3, 400)
    growth = 0.05 * size + 0.1 * field + effect * lent + luck.normal(0.0, 0.15, 400)
    return pd.DataFrame(
        {"size": size, "age": age, "field": field, "lent": lent, "before": before, "after": before + growth}
    )


@pytest.mark.parametrize(("effect", "neighbours"), [(0.0, 1), (0.07, 5)])
def test_firms_like_the_treated_show_the_effect(
    effect: float, neighbours: int, recovers: Callable[..., list[Estimate]]
) -> None:
    recovers(
        lambda luck: matched_difference(
            borrowers(luck, effect), **COLUMNS, near=["size", "age"], exact=["field"], neighbours=neighbours
        ),
        effect,
        0.005,
    )


def test_without_the_covariate_that_matters_it_is_wrong() -> None:
    found = [
        matched_difference(borrowers(np.random.default_rng(seed), 0.0), **COLUMNS, near=["age"])
        for seed in range(50)
    ]
    assert np.mean([one.covers(0.0) for one in found]) < 0.85
    assert np.mean([one.effect for one in found]) > 0.02


def test_effect_and_error_are_computed_by_hand() -> None:
    table = pd.DataFrame(
        {
            "size": [1.0, 2.0, 1.0, 2.0, 3.0],
            "lent": [1, 1, 0, 0, 0],
            "before": 0.0,
            "after": [3.0, 6.0, 1.0, 2.0, 9.0],
        }
    )
    found = matched_difference(table, **COLUMNS, near=["size"])
    # Partners stand on the spot: 3 - 1 and 6 - 2. Each is used once, so that gaps alone make the error.
    assert found.effect == pytest.approx(3.0)
    assert (found.treated, found.controls) == (2, 2)
    assert found.high - found.effect == pytest.approx(12.7062 * 2.0**0.5 / 2.0, rel=1e-5)


def test_sets_hold_each_treated_with_its_nearest_of_the_same_kind() -> None:
    table = borrowers(np.random.default_rng(9), 0.0)
    table.index = table.index + 1000  # no estimator minds how rows are named
    sets = matched_sets(table, treated="lent", near=["size"], exact=["field"], neighbours=2)
    assert (sets.groupby("set").size() == 3).all() and sets["set"].nunique() == table["lent"].sum()
    for _, one in sets.groupby("set"):
        ours, others = one[one["lent"]].iloc[0], one[~one["lent"]]
        alike = table[~table["lent"] & (table["field"] == ours["field"])]
        far = (alike["size"] - ours["size"]).abs().nsmallest(2)
        assert set(others.index) == set(far.index)


def test_treated_without_partners_are_left_out_and_counted() -> None:
    table = borrowers(np.random.default_rng(9), 0.0)
    lonely = table["field"] == 3
    table = table[~lonely | table["lent"]]
    found = matched_difference(table, **COLUMNS, near=["size"], exact=["field"])
    assert found.left_out == (table["field"] == 3).sum() > 0
    assert found.treated == table["lent"].sum() - found.left_out


@pytest.mark.parametrize(
    ("spoil", "changed", "line"),
    [
        ({"lent": 0}, {}, "treated: nobody treated, 400 untreated"),
        ({"size": 1.0}, {}, "near: 'size' is the same for all; allowed values that differ"),
        ({}, {"near": []}, "near: no column is named"),
        ({}, {"near": ["sizes"]}, r"near\.sizes: no column 'sizes'; .* did you mean size"),
        ({}, {"neighbours": 0}, "neighbours: it is 0; allowed 1 or more"),
        ({}, {"neighbours": 400}, "neighbours: .* treated units have no 401 untreated of the same kind"),
        ({"field": [str(row) for row in range(400)]}, {"exact": ["field"]}, "exact: .* of the same field"),
        ({"before": 0.0, "after": 1.0}, {}, "after: it is the same for all"),
        ({"after": np.nan}, {}, "after: 400 of 400 values"),
    ],
)
def test_firms_that_cannot_be_matched_are_refused(
    spoil: dict[str, Any], changed: dict[str, Any], line: str
) -> None:
    table = borrowers(np.random.default_rng(1), 0.0).assign(**spoil)
    with pytest.raises(InputError, match=line):
        matched_difference(table, **{**COLUMNS, "near": ["size"], **changed})
