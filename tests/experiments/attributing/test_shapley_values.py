"""Shapley values and interactions on games whose answers are known."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.attributing.shapley_values import shapley_interactions, shapley_values

FloatArray = npt.NDArray[np.float64]


def _game(players: int, worth: Any) -> FloatArray:
    return np.array([worth({i for i in range(players) if mask >> i & 1}) for mask in range(1 << players)])


def _over_all_orders(values: FloatArray, players: int) -> FloatArray:
    """Average what each player adds over every order, by the words of the definition."""
    added = np.zeros(players)
    every = list(permutations(range(players)))
    for order in every:
        before = 0
        for player in order:
            added[player] += values[before | 1 << player] - values[before]
            before |= 1 << player
    return added / len(every)


def test_an_additive_game_gives_each_what_it_is_worth_and_pairs_nothing() -> None:
    worths = np.array([3.0, -1.0, 0.0, 7.5])
    game = _game(4, lambda members: 5.0 + sum(worths[i] for i in members))
    assert shapley_values(game) == pytest.approx(worths)
    assert np.abs(shapley_interactions(game)).max() < 1e-12


def test_glove_game() -> None:
    left, right = {0, 1}, {2}
    game = _game(3, lambda members: min(len(members & left), len(members & right)))
    assert shapley_values(game) == pytest.approx([1 / 6, 1 / 6, 2 / 3])
    together = shapley_interactions(game)
    assert together[0, 2] == together[1, 2] == pytest.approx(0.5), "a left glove and the right one"
    assert together[0, 1] == pytest.approx(-0.5), "two left gloves stand in each other's way"


def test_symmetric_players_share_alike_and_a_dummy_gets_nothing() -> None:
    game = _game(5, lambda members: len(members - {4}) ** 2)
    assert shapley_values(game) == pytest.approx([4.0, 4.0, 4.0, 4.0, 0.0])
    assert shapley_interactions(game)[4] == pytest.approx(np.zeros(5))


def test_interaction_of_a_product_is_the_product() -> None:
    game = _game(3, lambda members: 6.0 * ({0, 1} <= members) + 2.0 * (2 in members))
    assert shapley_values(game) == pytest.approx([3.0, 3.0, 2.0])
    assert shapley_interactions(game)[0, 1] == pytest.approx(6.0)


def test_values_are_those_of_every_order_and_sum_to_the_whole_to_the_yuan_in_each_future() -> None:
    futures = np.random.default_rng(1).normal(1.3e11, 1e9, (1 << 5, 7))
    shares = shapley_values(futures)
    assert shares.shape == (5, 7)
    assert shares[:, 3] == pytest.approx(_over_all_orders(futures[:, 3], 5), abs=0.01)
    assert np.abs(shares.sum(axis=0) - (futures[-1] - futures[0])).max() < 0.5


def test_one_player_is_the_whole() -> None:
    assert shapley_values([2.0, 5.0]).tolist() == [3.0]
    assert shapley_interactions([2.0, 5.0]).tolist() == [[0.0]]


@pytest.mark.parametrize("rows", [0, 1, 3, 255])
def test_a_coalition_too_few_is_refused(rows: int) -> None:
    with pytest.raises(InputError, match=f"{rows} values are not those of all coalitions"):
        shapley_values(np.zeros(rows))
