from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from shaanxi_transfer.engine import luck

WORD = (1 << 64) - 1

# Random123, kat_vectors, "threefry2x64 13": counter, key, output.
KNOWN_ANSWERS = [
    ((0, 0), (0, 0), (0xF167B032C3B480BD, 0xE91F9FEE4B7A6FB5)),
    ((WORD, WORD), (WORD, WORD), (0xCCDEC5C917A874B1, 0x4DF53ABCA26CEB01)),
    (
        (0x243F6A8885A308D3, 0x13198A2E03707344),
        (0xA4093822299F31D0, 0x082EFA98EC4E6C89),
        (0xC3AAC71561042993, 0x3FE7AE8801AFF316),
    ),
]

keys = st.integers(0, WORD)
fractions = st.floats(2.0**-54, 1.0 - 2.0**-53)  # what a draw can be


def words(*numbers: int) -> list[np.uint64]:
    return [np.uint64(number) for number in numbers]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_known_answers_of_the_published_generator(
    counter: tuple[int, int], key: tuple[int, int], answer: tuple[int, int]
) -> None:
    with np.errstate(over="ignore"):
        drawn = luck.threefry(*words(*key, *counter))
    assert tuple(int(word) for word in drawn) == answer


# Prints what the rules of luck give, as exact text, so that two processes can be compared.
_PROBE = """
import json
import numpy as np
from shaanxi_transfer.engine import luck

np.seterr(over="ignore")
w = [np.uint64(x) for x in (0, 1, 2**63 - 1, 2**63, 2**64 - 1, 0x243F6A8885A308D3)]
us = [2.0**-54, 1e-12, 0.001, 0.0749, 0.075, 0.0751, 0.3, 0.5, 0.7]
us += [0.924, 0.925, 0.926, 0.999, 1.0 - 2.0**-53]
chances = (0.0, 1e-3, 0.4, 0.995, 1.0)
out = []
for seed in w:
    for entity in w:
        for step, k in ((-40, 0), (-1, 3), (0, 0), (7, 1), (131, 4_000_000_000)):
            out.append(float(luck.uniform(seed, w[5], entity, step, k)).hex())
            out += [float(x).hex() for x in luck.two_uniforms(seed, w[5], entity, step, k)]
            out.append(int(luck.child_key(seed, entity, step, k)))
        out.append(int(luck.slot_of(entity, 64)))
for u in us:
    out.append(float(luck.normal_quantile(u)).hex())
    out += [int(luck.poisson_quantile(u, mean)) for mean in (0.0, 0.3, 4.0, 59.9, 60.1, 1e5)]
    out += [int(luck.binomial_quantile(u, n, p)) for n in (0, 1, 10, 200, 201, 9_000) for p in chances]
    out += [int(luck.rounded(u, x)) for x in (0.0, 0.2, 7.9, 1e9 + 0.5)]
print(json.dumps(out))
"""


def probe(**variables: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", _PROBE],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_compiled_and_plain_luck_agree_to_the_bit() -> None:
    assert probe(NUMBA_DISABLE_JIT="1") == probe(NUMBA_DISABLE_JIT="0")


@given(seed=keys, mechanism=keys, entity=keys, step=st.integers(-200, 2_000), k=st.integers(0, 1 << 31))
def test_a_draw_lies_strictly_between_0_and_1_and_is_a_function(
    seed: int, mechanism: int, entity: int, step: int, k: int
) -> None:
    drawn = luck.draw_uniform(seed, mechanism, entity, step, k)
    assert 0.0 < drawn < 1.0
    assert drawn == luck.draw_uniform(seed, mechanism, entity, step, k)
    first, second = luck.two_uniforms(np.uint64(seed), np.uint64(mechanism), np.uint64(entity), step, k)
    assert first == drawn
    assert second != drawn
    assert luck.draw_normal(seed, mechanism, entity, step, k) == luck.normal_quantile(drawn)


@given(base=st.tuples(keys, keys, keys), step=st.integers(-100, 500), k=st.integers(0, 10_000))
def test_every_part_of_the_address_counts(base: tuple[int, int, int], step: int, k: int) -> None:
    drawn = luck.draw_uniform(*base, step, k)
    others = [
        luck.draw_uniform(base[0] ^ 1, base[1], base[2], step, k),
        luck.draw_uniform(base[0], base[1] ^ 1, base[2], step, k),
        luck.draw_uniform(base[0], base[1], base[2] ^ 1, step, k),
        luck.draw_uniform(*base, step + 1, k),
        luck.draw_uniform(*base, step, k + 1),
    ]
    assert len({drawn, *others}) == 6


def test_keys_are_the_same_everywhere_and_tell_their_parts_apart() -> None:
    # Written down: a change would silently renumber everybody in every stored result.
    assert luck.key_of("province", "shaanxi") == 0x9546A9976329035B
    assert luck.key_of("university", "shaanxi", 12) == 0x41F6CDFDED7D8358
    unlike = [("ab", "c"), ("a", "bc"), ("abc",), ("a", "b", "c"), ("1",), (1,), (12,), (1, 2), ("c", "ab")]
    assert len({luck.key_of(*parts) for parts in unlike}) == len(unlike)
    assert int(luck.mechanism("need")) == luck.key_of("mechanism", "need")


@given(u=fractions)
def test_normal_quantile_is_that_of_the_tables(u: float) -> None:
    expected = float(stats.norm.ppf(u))
    assert luck.normal_quantile(u) == pytest.approx(expected, rel=2e-13, abs=2e-15)


@pytest.mark.parametrize("u", [2.0**-54, 1e-300, 0.07499999, 0.0750000001, 0.5, 0.9250001, 1.0 - 2.0**-53])
def test_normal_quantile_at_the_seams_and_far_out(u: float) -> None:
    assert luck.normal_quantile(u) == pytest.approx(float(stats.norm.ppf(u)), rel=2e-13, abs=2e-15)


def on_a_step(u: float, distribution: Any) -> bool:
    """Whether u lies within rounding of a step of the distribution, where either side is right."""
    around = distribution.cdf(distribution.ppf(u) + np.array([-1.0, 0.0, 1.0]))
    return bool((np.abs(around - u) < 1e-12).any())


@given(u=st.floats(2.0**-54, 1.0, exclude_max=True))
def test_the_quick_normal_quantile_is_as_near_as_it_says(u: float) -> None:
    assert luck.quick_normal_quantile(u) == pytest.approx(luck.normal_quantile(u), abs=1.2e-5)


@pytest.mark.parametrize("cell", [1, 63, 64, 65, 2047, 2048, 4031, 4032, 4095])
def test_the_quick_normal_quantile_rises_over_the_seams_of_its_table(cell: int) -> None:
    around = [luck.quick_normal_quantile((cell + shift) / 4096) for shift in (-0.01, -1e-9, 0.0, 1e-9, 0.01)]
    assert around == sorted(around)


@given(u=fractions, mean=st.floats(1e-6, 59.999))
def test_poisson_quantile_is_exact_for_small_means(u: float, mean: float) -> None:
    exact = stats.poisson(mean)
    if not on_a_step(u, exact):
        assert luck.poisson_quantile(u, mean) == int(exact.ppf(u))


@given(u=st.floats(1e-6, 1.0 - 1e-6), mean=st.floats(60.0, 1e7))
def test_poisson_quantile_is_one_event_off_at_most_for_large_means(u: float, mean: float) -> None:
    assert abs(luck.poisson_quantile(u, mean) - float(stats.poisson.ppf(u, mean))) <= 1.0


@pytest.mark.parametrize("mean", [0.01, 0.3, 4.0, 17.0, 59.0])
def test_the_luckiest_draw_of_all_gives_no_absurd_count(mean: float) -> None:
    luckiest = 1.0 - 2.0**-53
    assert luck.poisson_quantile(luckiest, mean) <= stats.poisson.ppf(luckiest, mean) + 2
    assert luck.binomial_quantile(luckiest, 200, mean / 200) <= stats.binom.ppf(luckiest, 200, mean / 200) + 2
    assert luck.binomial_quantile(2.0**-54, 200, 1.0 - mean / 200) >= 198 - stats.poisson.ppf(luckiest, mean)


@given(u=fractions, trials=st.integers(1, 200), probability=st.floats(1e-6, 1.0 - 1e-6))
def test_binomial_quantile_is_exact_for_few_trials(u: float, trials: int, probability: float) -> None:
    exact = stats.binom(trials, probability)
    if not on_a_step(u, exact):
        assert luck.binomial_quantile(u, trials, probability) == int(exact.ppf(u))


@given(
    u=st.floats(1e-6, 1.0 - 1e-6), trials=st.integers(201, 20_000), probability=st.floats(1e-5, 1.0 - 1e-5)
)
def test_binomial_quantile_is_one_success_off_at_most_for_many_trials(
    u: float, trials: int, probability: float
) -> None:
    drawn = luck.binomial_quantile(u, trials, probability)
    assert abs(drawn - float(stats.binom.ppf(u, trials, probability))) <= 1.0


def test_almost_sure_successes_do_not_underflow() -> None:
    # 0.005 ** 200 is below the smallest double: counting up from there would always give 200.
    assert luck.binomial_quantile(0.5, 200, 0.995) == 199
    assert luck.binomial_quantile(0.01, 200, 0.995) == int(stats.binom.ppf(0.01, 200, 0.995)) < 199


def test_rare_successes_among_many_keep_their_mean() -> None:
    grid = (np.arange(4_000) + 0.5) / 4_000
    drawn = [luck.binomial_quantile(float(u), 1_000, 0.001) for u in grid]
    assert np.mean(drawn) == pytest.approx(1.0, rel=2e-3)


@given(
    low=fractions,
    high=fractions,
    mean=st.floats(0.0, 300.0),
    trials=st.integers(0, 500),
    p=st.floats(0.0, 1.0),
)
def test_better_luck_never_gives_less(low: float, high: float, mean: float, trials: int, p: float) -> None:
    low, high = min(low, high), max(low, high)
    assert luck.normal_quantile(low) <= luck.normal_quantile(high)
    assert luck.poisson_quantile(low, mean) <= luck.poisson_quantile(high, mean)
    assert luck.binomial_quantile(low, trials, p) <= luck.binomial_quantile(high, trials, p)
    assert luck.rounded(high, mean) <= luck.rounded(low, mean)


@given(
    u=fractions, trials=st.integers(0, 30_000), probability=st.floats(-0.5, 1.5), mean=st.floats(-5.0, 1e6)
)
def test_counts_stay_in_their_range(u: float, trials: int, probability: float, mean: float) -> None:
    assert 0 <= luck.binomial_quantile(u, trials, probability) <= trials
    assert luck.poisson_quantile(u, mean) >= 0
    if mean <= 0.0:
        assert luck.poisson_quantile(u, mean) == 0


@given(x=st.floats(0.0, 1e6))
def test_rounding_keeps_the_mean(x: float) -> None:
    grid = (np.arange(1_000) + 0.5) / 1_000
    rounded = [luck.rounded(float(u), x) for u in grid]
    assert np.mean(rounded) == pytest.approx(x, abs=1e-3)
    assert set(rounded) <= {math.floor(x), math.floor(x) + 1}
    if x == math.floor(x):
        assert set(rounded) == {int(x)}


# First outputs of java.util.SplittableRandom's generator (SplitMix64) from the state 1234567.
_SPLITMIX = (
    6457827717110365317,
    3203168211198807973,
    9817491932198370423,
    4593380528125082431,
    16408922859458223821,
)


def test_the_words_of_a_stream_are_those_of_splitmix64() -> None:
    with np.errstate(over="ignore"):
        assert tuple(int(luck.word(np.uint64(1234567), k)) for k in range(5)) == _SPLITMIX


def test_a_stream_is_read_in_any_order() -> None:
    with np.errstate(over="ignore"):
        begin = np.uint64(luck.stream(np.uint64(1), np.uint64(2), np.uint64(3), 4))
        forward = [luck.pick(begin, k) for k in range(10)]
        assert [luck.pick(begin, k) for k in reversed(range(10))] == forward[::-1]
        assert all(0.0 < number < 1.0 for number in forward) and len(set(forward)) == 10
        for seed, mechanism, entity, step in ((5, 2, 3, 4), (1, 5, 3, 4), (1, 2, 5, 4), (1, 2, 3, 5)):
            assert luck.stream(np.uint64(seed), np.uint64(mechanism), np.uint64(entity), step) != begin
