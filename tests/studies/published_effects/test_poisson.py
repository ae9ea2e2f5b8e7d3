"""Differences in differences of counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.studies.published_effects.estimate import Estimate
from shaanxi_transfer.studies.published_effects.poisson import poisson_difference


def spin_offs(luck: np.random.Generator, treated: int, units: int, effect: float) -> pd.DataFrame:
    """Make counts of owners large and small, with shocks that last, so that they are not Poisson."""
    is_treated, is_after = np.arange(units) < treated, np.arange(8) >= 4
    rate = luck.gamma(2.0, 0.75, (units, 1)) * np.exp(luck.normal(0.0, 0.2, 8))
    rate = rate * np.where(is_after, luck.gamma(4.0, 0.25, (units, 1)), 1.0)
    rate = rate * (1.0 + effect * np.outer(is_treated, is_after))
    return pd.DataFrame(
        {
            "city": np.repeat(np.arange(units), 8),
            "quarter": np.tile(2013 + np.arange(8) / 4, units),
            "value": luck.poisson(rate).ravel(),
            "treated": np.repeat(is_treated, 8),
        }
    )


@pytest.mark.parametrize(("treated", "units", "effect"), [(20, 60, 0.0), (40, 80, -0.5)])
def test_counts_show_the_share_by_which_they_change(
    treated: int,
    units: int,
    effect: float,
    columns: dict[str, Any],
    recovers: Callable[..., list[Estimate]],
) -> None:
    found = recovers(
        lambda luck: poisson_difference(spin_offs(luck, treated, units, effect), **columns), effect, 0.05
    )
    for one in found[:5]:
        assert one.treated + one.controls + one.left_out == units


def test_it_is_the_poisson_regression_with_all_its_dummies(columns: dict[str, Any]) -> None:
    table = spin_offs(np.random.default_rng(8), 15, 40, 0.3)
    found = poisson_difference(table, **columns)
    table = table[table.groupby("city")["value"].transform("sum") > 0]
    dummies = pd.get_dummies(table[["city", "quarter"]].astype(str), dtype=float)
    design = dummies.drop(columns="quarter_2013.0")
    design["dose"] = 1.0 * (table["treated"] & (table["quarter"] >= 2014.0))
    long = GLM(table["value"], design, family=Poisson()).fit(
        cov_type="cluster", cov_kwds={"groups": table["city"].to_numpy(), "use_correction": False}
    )
    assert np.log1p(found.effect) == pytest.approx(long.params["dose"], abs=1e-8)
    # Same sandwich; ours stretched for the number of units, and by Student's t.
    reach = (np.log1p(found.high) - np.log1p(found.low)) / 2.0
    assert 1.96 * long.bse["dose"] < reach < 1.25 * 1.96 * long.bse["dose"]


@pytest.mark.parametrize(
    ("spoil", "line"),
    [
        ({"value": -1}, "outcome: it is -1 in a row; allowed 0 or more"),
        ({"value": 0}, "outcome: the treated have none before 2014; allowed one at least"),
    ],
)
def test_counts_that_cannot_tell_are_refused(
    spoil: dict[str, float], line: str, columns: dict[str, Any]
) -> None:
    table = spin_offs(np.random.default_rng(1), 20, 60, 0.0)
    with pytest.raises(InputError, match=line):
        poisson_difference(table.assign(**spoil), **columns)


def test_a_unit_that_lacks_a_period_is_named(columns: dict[str, Any]) -> None:
    table = spin_offs(np.random.default_rng(1), 20, 60, 0.0)
    with pytest.raises(InputError, match="unit: unit 3 lacks a period; allowed a row in each"):
        poisson_difference(table.drop(index=25), **columns)


def test_few_clusters_are_refused(columns: dict[str, Any]) -> None:
    table = spin_offs(np.random.default_rng(1), 20, 60, 0.0)
    table["place"] = np.where(table["treated"], -1, table["city"])
    with pytest.raises(InputError, match=r"treated: 1 treated of \d+ clusters tell as much as 2\.\d"):
        poisson_difference(table, **columns, cluster="place")
