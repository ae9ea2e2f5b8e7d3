"""Whether draws look independent where the model draws them: along steps, entities, ordinals and seeds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from shaanxi_transfer.engine import luck

NUMBER = 20_000
MECHANISM = int(luck.mechanism("a mechanism of the tests"))
ENTITY = luck.key_of("an entity of the tests")

# The seeds are fixed, so these tests give the same answer every time; a p-value of a
# sound generator is below the bound in one of 10,000 tests.
REJECT = 1e-4

AXES: dict[str, Callable[[int], float]] = {
    "seed": lambda i: luck.draw_uniform(i, MECHANISM, ENTITY),
    "mechanism": lambda i: luck.draw_uniform(1, i, ENTITY),
    "entity": lambda i: luck.draw_uniform(1, MECHANISM, i),
    "step": lambda i: luck.draw_uniform(1, MECHANISM, ENTITY, i),
    "k": lambda i: luck.draw_uniform(1, MECHANISM, ENTITY, 0, i),
    "within a stream": lambda i: of_stream(ENTITY, i),
    "across streams": lambda i: of_stream(i, 3),
}


def of_stream(entity: int, k: int) -> float:
    """One number of the stream of an entity."""
    # A compiled function gives a plain int; as an argument it has to be a word again.
    begin = luck.stream(np.uint64(1), np.uint64(MECHANISM), np.uint64(entity), 0)
    return luck.pick(np.uint64(begin), k)


@pytest.fixture(scope="module", params=AXES, ids=str)
def draws(request: pytest.FixtureRequest) -> npt.NDArray[np.float64]:
    """Draws along one axis of the address, the others held."""
    with np.errstate(over="ignore"):
        return np.array([AXES[request.param](i) for i in range(NUMBER)])


def test_uniform(draws: npt.NDArray[np.float64]) -> None:
    assert stats.kstest(draws, "uniform").pvalue > REJECT


def test_equally_often_in_256_cells(draws: npt.NDArray[np.float64]) -> None:
    counts = np.bincount((draws * 256).astype(int), minlength=256)
    assert stats.chisquare(counts).pvalue > REJECT


def test_low_bits_are_as_good_as_high_bits(draws: npt.NDArray[np.float64]) -> None:
    low = (draws * 2.0**52).astype(np.int64) & 0xFF
    assert stats.chisquare(np.bincount(low, minlength=256)).pvalue > REJECT


def test_no_serial_correlation(draws: npt.NDArray[np.float64]) -> None:
    for lag in (1, 2, 3, 4, 7, 44):
        correlation = np.corrcoef(draws[:-lag], draws[lag:])[0, 1]
        assert abs(correlation) * np.sqrt(NUMBER - lag) < 4.5, lag


def test_pairs_fill_the_square(draws: npt.NDArray[np.float64]) -> None:
    cell = (draws[:-1:2] * 16).astype(int) * 16 + (draws[1::2] * 16).astype(int)
    assert stats.chisquare(np.bincount(cell, minlength=256)).pvalue > REJECT


def test_two_draws_of_one_hash_are_independent() -> None:
    pairs = np.array(
        [luck.two_uniforms(np.uint64(1), np.uint64(MECHANISM), np.uint64(i), 0, 0) for i in range(NUMBER)]
    )
    cell = (pairs[:, 0] * 16).astype(int) * 16 + (pairs[:, 1] * 16).astype(int)
    assert stats.chisquare(np.bincount(cell, minlength=256)).pvalue > REJECT
    assert stats.kstest(pairs[:, 1], "uniform").pvalue > REJECT


@pytest.mark.parametrize("word", range(4))
def test_one_bit_of_the_address_turns_half_of_the_bits_of_the_draw(word: int) -> None:
    rng = np.random.default_rng(7)
    turned = np.zeros(64)
    trials = 64 * 20
    fewest = 64
    with np.errstate(over="ignore"):
        for trial in range(trials):
            address = rng.integers(0, 1 << 64, size=4, dtype=np.uint64)
            other = address.copy()
            other[word] ^= np.uint64(1) << np.uint64(trial % 64)
            before, _ = luck.threefry(*address)
            after, _ = luck.threefry(*other)
            bits = np.unpackbits(np.array([int(before) ^ int(after)], dtype=np.uint64).view(np.uint8))
            turned += bits
            fewest = min(fewest, int(bits.sum()))
    # Each bit of the output turns in half of the trials; 5.5 standard deviations for 64 bits in 4 tests.
    assert (np.abs(turned - trials / 2) < 5.5 * np.sqrt(trials / 4)).all()
    assert fewest > 10


def test_a_thousand_futures_and_a_million_births_do_not_collide() -> None:
    futures = {luck.key_of("future", base, i) for base in (1, 2) for i in range(1_000)}
    assert len(futures) == 2_000
    masked = {future & luck.SEED_MASK for future in futures}
    assert len(masked) == 2_000
    assert max(masked) <= luck.SEED_MASK
    kind = luck.mechanism("birth")
    parents = [np.uint64(luck.key_of("parent", i)) for i in range(100)]
    born = {
        int(luck.child_key(parent, kind, step, k))
        for parent in parents
        for step in range(44)
        for k in range(10)
    }
    assert len(born) == 44_000


def test_neighbouring_futures_are_unlike_in_every_draw() -> None:
    one, two = (
        np.array([luck.draw_normal(seed, MECHANISM, i) for i in range(NUMBER // 2)]) for seed in (1, 2)
    )
    assert abs(np.corrcoef(one, two)[0, 1]) * np.sqrt(NUMBER // 2) < 4.5
