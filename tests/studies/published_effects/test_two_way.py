"""Two-way fixed effects, and why their interval by cluster is refused with few treated clusters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t
from statsmodels.regression.linear_model import OLS

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.studies.published_effects.estimate import Estimate, effective_number
from shaanxi_transfer.studies.published_effects.two_way import FEWEST, two_way

Panel = Callable[..., pd.DataFrame]
COLUMNS = {"outcome": "value", "treatment": "dose", "unit": "city", "period": "quarter"}


@pytest.mark.parametrize(("treated", "units", "effect"), [(5, 31, 0.0), (8, 24, 0.5)])
def test_enough_treated_clusters_find_the_effect(
    treated: int, units: int, effect: float, panel: Panel, recovers: Callable[..., list[Estimate]]
) -> None:
    found = recovers(lambda luck: two_way(panel(luck, treated, units, effect), **COLUMNS), effect, 0.02)
    assert (found[0].treated, found[0].controls) == (treated, units - treated)


def test_a_treatment_by_amount_is_measured_by_its_unit() -> None:
    luck = np.random.default_rng(3)
    guaranteed = luck.gamma(2.0, 5.0, (30, 12)) * (np.arange(12) >= 4)
    loans = luck.normal(100.0, 20.0, (30, 1)) + np.arange(12.0) + luck.normal(0.0, 3.0, (30, 12))
    table = pd.DataFrame(
        {
            "bank": np.repeat(np.arange(30), 12),
            "quarter": np.tile(np.arange(12), 30),
            "guaranteed": guaranteed.ravel(),
            "loans": (loans + 0.65 * guaranteed).ravel(),
        }
    )
    some = table.drop(index=[0, 17, 200])  # banks may come and go
    for rows in (table, some):
        found = two_way(rows, outcome="loans", treatment="guaranteed", unit="bank", period="quarter")
        assert found.covers(0.65) and not found.covers(0.5) and not found.covers(0.8)
        assert (found.treated, found.controls) == (30, 0)


def by_changes(change: Any, treated: int) -> tuple[Any, Any]:
    """Give what the library gives with one date of treatment, from changes by unit along the last axis."""
    units = change.shape[-1]
    one, other = change[..., :treated], change[..., treated:]
    squares = one.var(axis=-1) / treated + other.var(axis=-1) / (units - treated)
    return one.mean(axis=-1) - other.mean(axis=-1), np.sqrt(squares * units / (units - 1))


def reach(found: Estimate) -> float:
    return (found.high - found.low) / 2.0


def test_with_one_date_it_is_a_comparison_of_changes(panel: Panel) -> None:
    table = panel(np.random.default_rng(4), 5, 11)
    found = two_way(table, **COLUMNS)
    values = table["value"].to_numpy().reshape(11, 8)
    effect, error = by_changes(values[:, 4:].mean(axis=1) - values[:, :4].mean(axis=1), 5)
    effective = effective_number(np.repeat([36.0, 25.0], [5, 6]))
    assert (found.effect, reach(found)) == pytest.approx((effect, t.ppf(0.975, effective - 1.0) * error))


def test_with_gaps_it_is_the_regression_on_all_dummies(panel: Panel) -> None:
    luck = np.random.default_rng(4)
    table = panel(luck, 12, 24, 0.5)[luck.uniform(size=192) < 0.8].copy()
    table["dose"] *= luck.uniform(size=len(table))
    found = two_way(table, **COLUMNS)
    dummies = pd.get_dummies(table[["city", "quarter"]].astype(str), dtype=float).iloc[:, :-1]
    fit = OLS(table["value"], dummies.assign(dose=table["dose"])).fit(
        cov_type="cluster", cov_kwds={"groups": table["city"].to_numpy(), "use_correction": False}
    )
    assert found.effect == pytest.approx(fit.params["dose"])
    # Stretched for 24 clusters, and by Student's t with up to 23 degrees of freedom or somewhat fewer.
    stretch = reach(found) / (fit.bse["dose"] * (24.0 / 23.0) ** 0.5)
    assert t.ppf(0.975, 23) <= stretch < t.ppf(0.975, 10)


def test_in_yuan_it_is_the_same_as_in_hundreds_of_millions(panel: Panel) -> None:
    table = panel(np.random.default_rng(4), 12, 24, 0.5)
    dear = table.assign(value=1e10 * table["value"], dose=1e8 * table["dose"])
    found, in_yuan = two_way(table, **COLUMNS), two_way(dear, **COLUMNS)
    assert (in_yuan.effect, in_yuan.low) == pytest.approx((100.0 * found.effect, 100.0 * found.low))


def coverage(treated: int, units: int, degrees: float) -> float:
    """Tell how often the interval by cluster holds the truth, in 4000 placebos."""
    effect, error = by_changes(np.random.default_rng(5).normal(size=(4000, units)), treated)
    return float((np.abs(effect) < t.ppf(0.975, degrees) * error).mean())


@pytest.mark.parametrize("units", [11, 31])
def test_the_usual_interval_fails_with_few_treated_and_ours_holds_from_the_threshold_on(units: int) -> None:
    one = coverage(1, units, units - 1)
    print(f"1 of {units} treated: usual {one:.3f}")
    assert one < 0.50
    assert coverage(2, units, units - 1) < 0.83
    assert coverage(3, units, units - 1) < 0.91
    for treated in range(2, units // 2):
        rest = units - treated
        effective = effective_number(np.repeat([rest**2, treated**2], [treated, rest]).astype(float))
        usual, ours = (coverage(treated, units, degrees) for degrees in (units - 1, effective - 1.0))
        print(f"{treated} of {units} treated: like {effective:.1f}, usual {usual:.3f}, ours {ours:.3f}")
        if effective >= FEWEST:
            assert 0.925 <= ours <= 0.96
        else:
            assert treated <= 3


@pytest.mark.parametrize(("treated", "alone"), [(1, "1.2"), (2, "3.0"), (10, "1.2")])
def test_few_treated_or_few_others_are_refused(treated: int, alone: str, panel: Panel) -> None:
    with pytest.raises(InputError) as refusal:
        two_way(panel(np.random.default_rng(1), treated, 11), **COLUMNS)
    assert str(refusal.value) == (
        f"treatment: {treated} treated of 11 clusters tell as much as {alone} of equal weight, too few for an"
        " interval by cluster; allowed an effective number of 5 or more; did you mean collapsed_t, or"
        " randomised?"
    )


def test_many_firms_in_one_treated_city_are_one_cluster(panel: Panel) -> None:
    table = panel(np.random.default_rng(1), 8, 24)
    table["place"] = np.where(table["treated"], "capital", table["city"])
    two_way(table, **COLUMNS)
    with pytest.raises(InputError, match="1 treated of 17 clusters"):
        two_way(table, **COLUMNS, cluster="place")


def test_a_unit_in_two_clusters_is_named(panel: Panel) -> None:
    table = panel(np.random.default_rng(1), 8, 24)
    table["place"] = np.where(table.index == 41, "elsewhere", table["city"])
    with pytest.raises(InputError, match="cluster: unit city 5 is in 2; allowed one a unit"):
        two_way(table, **COLUMNS, cluster="place")


@pytest.mark.parametrize(
    ("spoil", "line"),
    [
        ({"dose": 0}, "treatment: 'dose' is the same for all"),
        ({"dose": 1}, "treatment: 'dose' is the same for all"),
        ({"quarter": 2013}, "period: all rows are of one period"),
        ({"city": "city 1"}, "unit: unit city 1 has two rows in a period"),
        ({"value": 1.0}, "outcome: it is the same for all; allowed values that differ"),
        ({"value": np.nan}, "outcome: 192 of 192 values"),
    ],
)
def test_a_panel_that_cannot_tell_is_refused(spoil: dict[str, Any], line: str, panel: Panel) -> None:
    with pytest.raises(InputError, match=line):
        two_way(panel(np.random.default_rng(1), 8, 24).assign(**spoil), **COLUMNS)
