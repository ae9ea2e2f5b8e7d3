"""The collapsed t: right where intervals by cluster are not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.studies.published_effects.collapsed import collapsed_t
from shaanxi_transfer.studies.published_effects.estimate import Estimate
from shaanxi_transfer.studies.published_effects.randomisation import randomised


@pytest.mark.parametrize(("treated", "units", "effect"), [(1, 11, 0.0), (3, 11, 2.0), (8, 24, 0.5)])
def test_one_treated_city_is_enough(
    treated: int,
    units: int,
    effect: float,
    panel: Callable[..., pd.DataFrame],
    columns: dict[str, Any],
    recovers: Callable[..., list[Estimate]],
) -> None:
    found = recovers(lambda luck: collapsed_t(panel(luck, treated, units, effect), **columns), effect, 0.02)
    assert (found[0].treated, found[0].controls) == (treated, units - treated)


def test_the_interval_of_one_treated_is_computed_by_hand(columns: dict[str, Any]) -> None:
    changes = {"one": 7.0, "two": 1.0, "three": 2.0, "four": 3.0}
    table = pd.DataFrame(
        {"city": city, "quarter": quarter, "value": change * (quarter == 2014), "treated": int(city == "one")}
        for city, change in changes.items()
        for quarter in (2013, 2014)
    )
    found = collapsed_t(table, **columns)
    reach = 4.30265273 * (1.0 + 1.0 / 3.0) ** 0.5  # spread 1, Student's t with 2 degrees of freedom
    assert (found.effect, found.low, found.high) == pytest.approx((5.0, 5.0 - reach, 5.0 + reach))


def test_an_atypical_treated_unit_is_beyond_any_estimator(
    panel: Callable[..., pd.DataFrame], columns: dict[str, Any]
) -> None:
    covered = 0
    for seed in range(100):
        table = panel(np.random.default_rng(seed), 1, 11)
        table.loc[table["treated"], "value"] *= 5.0  # a capital, five times as large
        covered += collapsed_t(table, **columns).covers(0.0)
    print(f"{covered} of 100 covered")
    assert covered < 60


@pytest.mark.parametrize("estimator", [collapsed_t, randomised])
def test_controls_without_spread_and_too_few_are_refused(
    estimator: Callable[..., Estimate], columns: dict[str, Any]
) -> None:
    table = pd.DataFrame(
        {"city": city, "quarter": quarter, "value": 1.0 * city, "treated": int(city == 0)}
        for city in range(4)
        for quarter in (2013, 2014)
    )
    with pytest.raises(InputError, match="outcome: all untreated units change alike"):
        estimator(table, **columns)
    with pytest.raises(InputError, match="treated: 2 untreated units; allowed three or more"):
        estimator(table[table["city"] < 3], **columns)
