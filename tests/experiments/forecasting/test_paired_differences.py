"""The one rule of "visible", and what a table says of paired differences."""

from __future__ import annotations

import numpy as np
import pytest

from shaanxi_transfer.experiments.effects.paired_effects import effect_of, is_visible
from shaanxi_transfer.experiments.forecasting.paired_differences import (
    DIFFERENCE_COLUMNS,
    IDENTICAL,
    LESS,
    MORE,
    NOT_VISIBLE,
    differences_of,
    smallest_visible,
    verdict_of,
)


@pytest.mark.parametrize(
    ("moved", "verdict"),
    [
        ([1.0] * 10, MORE),
        ([-2.0] * 9 + [1.0], LESS),
        ([3.0] * 27 + [-1.0] * 3, MORE),
        ([3.0] * 26 + [-1.0] * 4, NOT_VISIBLE),
        ([1.0] * 9, NOT_VISIBLE),
        ([1.0] * 8 + [0.0] * 2, NOT_VISIBLE),
        ([1.0] * 9 + [0.0], MORE),
        ([0.0] * 10, IDENTICAL),
        ([0.0], IDENTICAL),
        ([], NOT_VISIBLE),
    ],
)
def test_nine_of_ten_pairs_of_one_sign_are_visible_and_zeros_are_of_neither(
    moved: list[float], verdict: str
) -> None:
    assert verdict_of(moved) == verdict
    assert is_visible(moved) is (verdict in (MORE, LESS))


def test_a_table_of_quantities_says_of_each_what_it_says_alone() -> None:
    moved = np.random.default_rng(1).normal(0.5, 1.0, (12, 5)) * np.array([0.0, 0.1, 1.0, 10.0, -1.0])
    together = differences_of(moved)
    assert tuple(together) == DIFFERENCE_COLUMNS
    for column in range(moved.shape[1]):
        alone = differences_of(moved[:, column])
        assert {name: values[column] for name, values in together.items()} == alone
        assert alone["pairs"] == 12 and alone["mean"] == pytest.approx(moved[:, column].mean())
    assert together["verdict"][0] == IDENTICAL and together["share_zero"][0] == 1.0


def test_shares_are_of_all_pairs() -> None:
    said = differences_of([1.0, 2.0, 0.0, -1.0])
    assert (said["share_positive"], said["share_zero"], said["pairs"]) == (0.5, 0.25, 4)


def test_no_pairs_say_nothing() -> None:
    said = differences_of(np.zeros((0, 2)))
    assert np.isnan(said["q50"]).all() and (said["pairs"] == 0).all()
    assert list(said["verdict"]) == [NOT_VISIBLE] * 2


@pytest.mark.parametrize("pairs", [10, 15, 40, 200])
def test_the_smallest_visible_difference_is_seen_four_times_of_five(pairs: int) -> None:
    luck = np.random.default_rng(pairs)
    known = luck.normal(0.0, 2.0, 100_000)
    share = _chance_of_one(pairs)
    needed = np.quantile(known, share)
    seen = np.mean([is_visible(luck.normal(needed, 2.0, pairs)) for _ in range(2000)])
    assert seen == pytest.approx(0.8, abs=0.03)
    estimates = [smallest_visible(luck.normal(7.0, 2.0, pairs)) for _ in range(300)]
    assert np.mean(estimates) == pytest.approx(needed, rel=0.35), "wherever the median lies"


def _chance_of_one(pairs: int) -> float:
    """Search the chance of one sign for which nine of ten pairs are of it four times of five."""
    from scipy.stats import binom

    needed = -(-9 * pairs // 10)
    grid = np.linspace(0.8, 0.999, 20_000)
    return float(grid[np.argmin(np.abs(binom.sf(needed - 1, pairs, grid) - 0.8))])


def test_too_few_pairs_could_have_seen_nothing() -> None:
    assert np.isnan(smallest_visible([5.0] * 9))
    assert smallest_visible([5.0] * 10) == 0.0


def test_columns_of_earlier_tables_keep_their_meaning() -> None:
    said = effect_of([1.0] * 7 + [0.0] * 3)
    assert said["share_moved"] == 0.7 and said["visible"] is False
