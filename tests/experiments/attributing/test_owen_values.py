"""Owen values from sampled orders, on games whose answers are known."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import numpy as np
import numpy.typing as npt
import pytest

from shaanxi_transfer.experiments.attributing.owen_values import orders, scaled_to

GROUPS = ((0, 1), (2, 3, 4))
FloatArray = npt.NDArray[np.float64]
Worth = Callable[[frozenset[int]], float]


def _gloves(members: frozenset[int]) -> float:
    """Worth a pair of gloves: left ones are with 0 and 2, right ones with 1 and 3; 4 has none."""
    return float(min(len(members & {0, 2}), len(members & {1, 3})))


def _added(order: tuple[int, ...], before: frozenset[int], worth: Worth) -> dict[int, float]:
    found = {}
    for member in order:
        found[member] = worth(before | {member}) - worth(before)
        before |= {member}
    return found


def _exactly(worth: Worth) -> tuple[list[FloatArray], FloatArray]:
    """Give the Owen values by group, and what each group adds, over every order that tears none apart."""
    sums = [np.zeros(len(group)) for group in GROUPS]
    count = 0
    for line in permutations(range(len(GROUPS))):
        for first in permutations(GROUPS[0]):
            for second in permutations(GROUPS[1]):
                before: frozenset[int] = frozenset()
                for group in line:
                    found = _added((first, second)[group], before, worth)
                    sums[group] += [found[member] for member in GROUPS[group]]
                    before |= set(GROUPS[group])
                count += 1
    values = [one / count for one in sums]
    return values, np.array([one.sum() for one in values])


def _sampled(worth: Worth, group: int, futures: int, pairs: int = 1) -> FloatArray:
    rows = []
    for future in range(futures):
        drawn = orders([len(one) for one in GROUPS], pairs, np.random.default_rng([7, future]))[group]
        added = []
        for order in drawn:
            before = frozenset(member for one in order.before for member in GROUPS[one])
            found = _added(tuple(GROUPS[group][place] for place in order.members), before, worth)
            added.append([found[member] for member in GROUPS[group]])
        rows.append(np.mean(added, axis=0))
    return np.array(rows)


@pytest.mark.parametrize("group", [0, 1])
def test_sampled_orders_come_to_the_owen_values_within_their_errors(group: int) -> None:
    values, wholes = _exactly(_gloves)
    scaled = scaled_to(np.full(400, wholes[group]), _sampled(_gloves, group, 400))
    errors = scaled.std(axis=0, ddof=1) / 20.0
    assert (np.abs(scaled.mean(axis=0) - values[group]) <= 4.0 * errors + 1e-12).all()
    assert errors.max() < 0.05
    assert np.abs(scaled.sum(axis=1) - wholes[group]).max() < 1e-9, "the group's, in each future"


def test_who_adds_nothing_gets_nothing_also_when_the_rest_is_scaled() -> None:
    _, wholes = _exactly(_gloves)
    scaled = scaled_to(np.full(20, wholes[1] + 0.3), _sampled(_gloves, 1, 20))
    assert np.abs(scaled[:, GROUPS[1].index(4)]).max() == 0.0


def test_an_additive_game_is_exact_from_one_order() -> None:
    worths = np.array([4.0, 1.0, -2.0, 0.0, 9.0])
    added = _sampled(lambda members: float(worths[list(members)].sum()), 1, 3)
    assert scaled_to(np.full(3, 7.0), added) == pytest.approx(np.tile([-2.0, 0.0, 9.0], (3, 1)))


def test_where_nothing_varies_what_lacks_follows_what_was_added() -> None:
    assert scaled_to([6.0], [[1.0, 2.0, 0.0]]) == pytest.approx(np.array([[2.0, 4.0, 0.0]]))
    assert scaled_to([6.0], [[0.0, 0.0]]).tolist() == [[3.0, 3.0]]


def test_each_order_comes_with_its_reverse() -> None:
    drawn = orders([2, 3], 3, np.random.default_rng(5))
    assert [len(group) for group in drawn] == [6, 6]
    for group, other in ((0, 1), (1, 0)):
        for one, reverse in zip(drawn[group][::2], drawn[group][1::2], strict=True):
            assert one.members == reverse.members[::-1]
            assert one.before | reverse.before == {other} and not one.before & reverse.before
