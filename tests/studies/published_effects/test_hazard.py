"""Hazard ratios of closure, and those of matched tenants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.studies.published_effects.estimate import Estimate
from shaanxi_transfer.studies.published_effects.hazard import hazard_ratio
from shaanxi_transfer.studies.published_effects.matching import matched_sets

COLUMNS = {"time": "quarters", "closed": "closed", "treated": "tenant"}


def firms(luck: np.random.Generator, ratio: float, *, chosen: bool = False) -> pd.DataFrame:
    """Make firms of which the small close sooner; if ``chosen``, tenants are rather large."""
    size = luck.normal(size=200)
    tenant = luck.uniform(size=200) < (1.0 / (1.0 + np.exp(1.0 - size)) if chosen else 0.4)
    alive = np.ceil(luck.exponential(12.0 * np.exp(0.5 * chosen * size) / np.where(tenant, ratio, 1.0)))
    return pd.DataFrame(
        {
            "firm": np.arange(200),
            "size": size,
            "tenant": tenant,
            "quarters": np.minimum(alive, 16),
            "closed": alive <= 16,
        }
    )


@pytest.mark.parametrize("ratio", [1.0, 0.6])
def test_closures_by_quarter_show_the_ratio(ratio: float, recovers: Callable[..., list[Estimate]]) -> None:
    recovers(lambda luck: hazard_ratio(firms(luck, ratio), **COLUMNS), ratio, 0.03)


@pytest.mark.slow
def test_tenants_who_were_chosen_are_matched_before_they_are_compared(
    recovers: Callable[..., list[Estimate]],
) -> None:
    plain = [
        hazard_ratio(firms(np.random.default_rng(seed), 1.0, chosen=True), **COLUMNS) for seed in range(50)
    ]
    assert np.mean([one.covers(1.0) for one in plain]) < 0.6

    def matched(luck: np.random.Generator) -> Estimate:
        sets = matched_sets(firms(luck, 1.0, chosen=True), treated="tenant", near=["size"])
        return hazard_ratio(sets, **COLUMNS, cluster="firm")

    recovers(matched, 1.0, 0.05)


@pytest.mark.parametrize(
    ("spoil", "line"),
    [
        ({"tenant": 0}, "treated: nobody treated, 200 untreated"),
        ({"quarters": 0}, "time: it is 0 in a row; allowed above 0"),
        ({"closed": 2}, "closed: it is neither 0 nor 1 in a row"),
        ({"closed": 0}, "closed: none of the treated closed; allowed one at least"),
        ({"quarters": np.nan}, "time: 200 of 200 values"),
    ],
)
def test_closures_that_cannot_tell_are_refused(spoil: dict[str, Any], line: str) -> None:
    with pytest.raises(InputError, match=line):
        hazard_ratio(firms(np.random.default_rng(1), 1.0).assign(**spoil), **COLUMNS)
