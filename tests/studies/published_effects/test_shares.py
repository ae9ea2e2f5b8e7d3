from __future__ import annotations

import numpy as np
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.studies.published_effects.shares import ratio_of_shares, share

SEEDS = 300


def test_intervals_hold_what_is_true_as_often_as_they_say() -> None:
    covered = {"share": 0, "ratio": 0}
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        winners, losers = rng.random(100) < 0.36, rng.random(900) < 0.2
        covered["share"] += share(losers).covers(0.2)
        covered["ratio"] += ratio_of_shares(winners, losers).covers(0.8)
    assert 0.92 < covered["share"] / SEEDS < 0.98
    assert 0.92 < covered["ratio"] / SEEDS < 0.98


def test_nobody_asked_and_nobody_who_says_yes_are_refused() -> None:
    with pytest.raises(InputError, match="nobody was asked"):
        share(np.zeros(0, dtype=bool))
    with pytest.raises(InputError, match="0 of 3 treated, 1 of 2 others"):
        ratio_of_shares(np.zeros(3, dtype=bool), np.array([True, False]))
