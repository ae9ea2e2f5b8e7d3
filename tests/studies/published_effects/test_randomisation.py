"""Randomisation inference."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.studies.published_effects.collapsed import changes
from shaanxi_transfer.studies.published_effects.estimate import Estimate
from shaanxi_transfer.studies.published_effects.randomisation import DRAWS, randomised

Panel = Callable[..., pd.DataFrame]


@pytest.mark.parametrize(("treated", "units", "effect"), [(1, 31, 0.0), (8, 24, 0.5)])
def test_choosing_anew_finds_the_effect(
    treated: int,
    units: int,
    effect: float,
    panel: Panel,
    columns: dict[str, Any],
    recovers: Callable[..., list[Estimate]],
) -> None:
    found = recovers(lambda luck: randomised(panel(luck, treated, units, effect), **columns), effect, 0.02)
    assert (found[0].treated, found[0].controls) == (treated, units - treated)


@pytest.mark.parametrize("treated", [3, 5])
def test_the_interval_holds_what_a_test_does_not_refute(
    treated: int, panel: Panel, columns: dict[str, Any]
) -> None:
    table = panel(np.random.default_rng(6), treated, 10, 1.0)
    found = randomised(table, **columns)
    units = changes(table, **columns)
    ours = units["treated"].to_numpy() == 1.0
    for effect, kept in (
        *((found.low - 0.01, False), (found.low + 0.01, True), (found.effect, True)),
        *((found.high - 0.01, True), (found.high + 0.01, False)),
    ):
        left = units["change"].to_numpy() - effect * ours
        far = [
            abs(left[list(chosen)].mean() - np.delete(left, chosen).mean())
            for chosen in combinations(range(10), treated)
        ]
        observed = abs(left[ours].mean() - left[~ours].mean())
        assert (np.mean(np.array(far) >= observed - 1e-12) > 0.05) == kept


def test_draws_stand_for_all_ways_and_their_seed_can_be_repeated(
    panel: Panel, columns: dict[str, Any]
) -> None:
    table = panel(np.random.default_rng(7), 8, 24, 1.0)  # 735 471 ways
    one, again, other = (randomised(table, **columns, seed=seed) for seed in (1, 1, 2))
    assert one == again != other
    assert (one.low, one.high) == pytest.approx((other.low, other.high), abs=0.1 * (one.high - one.low))
    assert DRAWS > 1000


@pytest.mark.parametrize(("treated", "units", "ways"), [(1, 11, 11), (3, 6, 20)])
def test_too_few_ways_are_refused(
    treated: int, units: int, ways: int, panel: Panel, columns: dict[str, Any]
) -> None:
    with pytest.raises(InputError) as refusal:
        randomised(panel(np.random.default_rng(1), treated, units), **columns)
    assert str(refusal.value) == (
        f"treated: {treated} of {units} units can be chosen in {ways} ways, none of them rare enough;"
        " allowed 20 ways or more, twice as many for one half of all; did you mean collapsed_t?"
    )
