"""Sums of rules are those of ``math.fsum``, to the bit."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shaanxi_transfer.engine.exact_sums import exact_sum


@settings(max_examples=300, deadline=None)
@given(st.lists(st.floats(-1e300, 1e300), max_size=40))
def test_a_sum_is_that_of_fsum_whatever_the_numbers(numbers: list[float]) -> None:
    assert exact_sum(np.array(numbers, dtype=np.float64)) == math.fsum(numbers)


@pytest.mark.parametrize(
    "numbers",
    [
        [], [0.1] * 10, [1e16, 1.0, 1e-16], [1e16, -1e16, 1.0], [1.0, 2.0**-53, 2.0**-106],
        [1.0, 2.0**-53, -(2.0**-106)], [1.0 + 2.0**-52, 2.0**-53, 2.0**-1074],
        [2.0**1000, 1.0, 2.0**-1000, -1.0],
        [-1.0, -(2.0**-53), -(2.0**-110)], [2.0**-1074] * 3,
    ],
)  # fmt: skip
def test_a_half_of_the_last_bit_is_decided_by_what_is_below_it(numbers: list[float]) -> None:
    assert exact_sum(np.array(numbers, dtype=np.float64)) == math.fsum(numbers)


def test_shares_of_many_sizes_are_summed_like_fsum() -> None:
    random = np.random.default_rng(1)
    for spread in (0.1, 3.0, 40.0):
        for size in (1, 11, 239):
            numbers = np.exp(spread * random.standard_normal(size))
            assert exact_sum(numbers) == math.fsum(numbers.tolist())
