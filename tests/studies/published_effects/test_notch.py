"""Bunching: firms that move up to a share that is asked, by as much as was put in."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.studies.published_effects.estimate import Estimate
from shaanxi_transfer.studies.published_effects.notch import notch

LOW = 0.4


def firms(luck: np.random.Generator, eager: float, number: int = 6000) -> tuple[pd.DataFrame, float]:
    """Give ratios of two kinds of firms, lognormal each, and by how much those moved who did.

    Nobody below `LOW` moves; the nearer to 1, the likelier.
    """
    kinds = luck.random(number) < 0.3
    own = np.where(kinds, luck.normal(0.3, 0.6, number), luck.normal(-0.2, 0.8, number))
    reach = 1.0 - own / np.log(LOW)
    moves = (own < 0.0) & (luck.random(number) < eager * reach)
    reported = np.where(moves, 0.0, own)
    return pd.DataFrame({"ratio": np.exp(reported)}), float(-own[moves].mean()) if moves.any() else 0.0


@pytest.mark.soak
@pytest.mark.slow
def test_who_moves_is_found_to_have_moved_as_far_as_he_did(
    recovers: Callable[..., list[Estimate]],
) -> None:
    truth = float(np.mean([firms(np.random.default_rng(seed), 0.5)[1] for seed in range(50)]))
    found = recovers(lambda luck: notch(firms(luck, 0.5)[0], ratio="ratio", low=LOW), truth, 0.02)
    moved = np.mean(
        [(firms(np.random.default_rng(seed), 0.5)[0]["ratio"] == 1.0).sum() for seed in range(50)]
    )
    assert np.mean([one.treated for one in found]) == pytest.approx(moved, rel=0.05)


@pytest.mark.slow
@pytest.mark.soak
def test_where_nobody_moves_nothing_is_found(recovers: Callable[..., list[Estimate]]) -> None:
    recovers(lambda luck: notch(firms(luck, 0.0)[0], ratio="ratio", low=LOW, of_all=True), 0.0, 0.001)


def test_of_all_is_less_than_of_those_who_moved() -> None:
    table, _ = firms(np.random.default_rng(1), 0.5)
    moved, everybody = (notch(table, ratio="ratio", low=LOW, of_all=of_all) for of_all in (False, True))
    assert 0.0 < everybody.effect < 0.3 * moved.effect
    assert moved.treated == everybody.treated > 0


@pytest.mark.parametrize(
    ("spoil", "low", "line"),
    [
        (lambda ratio: ratio, LOW, "units more than expected stand at the notch, and luck may do that"),
        (lambda ratio: ratio - 1.0, LOW, "ratio: it is .* in a row; allowed above 0"),
        (lambda ratio: ratio, 1.2, "low: 1.2 to 1.05 does not hold the notch"),
        (lambda ratio: ratio + 1.0, LOW, "ratio: 1 does not part the data in two"),
        (lambda ratio: 0.5 + 0.6 * (ratio > 1.0), LOW, "ratio: 0 units below the window; allowed 200"),
    ],
)
def test_a_notch_that_tells_nothing_is_refused(
    spoil: Callable[[pd.Series], pd.Series], low: float, line: str
) -> None:
    table, _ = firms(np.random.default_rng(2), 0.0)
    with pytest.raises(InputError, match=line):
        notch(table.assign(ratio=spoil(table["ratio"])), ratio="ratio", low=low)
