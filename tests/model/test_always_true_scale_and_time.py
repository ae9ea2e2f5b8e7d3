"""The province thinned, and in months: the same answers within the error of the sample."""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from shaanxi_transfer.model import run
from shaanxi_transfer.model.record import Record
from shaanxi_transfer.scenarios import Scenario, load

OfYear = Callable[[Record, str, int], float]
Floats = npt.NDArray[np.float64]

# Many futures, for `make soak`.
soak = pytest.mark.skipif(os.environ.get("HYPOTHESIS_PROFILE") != "soak", reason="only in `make soak`")

# Standard errors that a difference may have. The seeds are fixed; about 40 comparisons are
# made, of which a sound model fails one in a hundred such test files.
ERRORS = 4.0


def sample(
    scenario: Scenario,
    seeds: range,
    scale: float,
    names: tuple[str, ...],
    years: tuple[int, ...],
    of_year: OfYear,
) -> list[Floats]:
    """Headline indicators of some years, each of shape (seeds, indicators)."""
    records = [run(scenario, seed=seed, scale=scale) for seed in seeds]
    return [
        np.array([[of_year(record, name, year) for name in names] for record in records]) for year in years
    ]


def error_of(statistic: Callable[[Floats], Floats], one: Floats, two: Floats) -> Floats:
    """Standard error of the difference of a statistic, by drawing the futures again in pairs."""
    rng = np.random.default_rng(0)
    rows = rng.integers(0, len(one), size=(400, len(one)))
    return np.asarray(np.std([statistic(one[r]) - statistic(two[r]) for r in rows], axis=0))


STATISTICS: dict[str, Callable[[Floats], Floats]] = {
    "mean": lambda x: np.asarray(x.mean(axis=0)),
    "5 % quantile": lambda x: np.asarray(np.quantile(x, 0.05, axis=0)),
    "median": lambda x: np.asarray(np.median(x, axis=0)),
    "95 % quantile": lambda x: np.asarray(np.quantile(x, 0.95, axis=0)),
}


def compare(
    one: Floats, two: Floats, names: tuple[str, ...], allowed: float, statistics: tuple[str, ...]
) -> None:
    """Fail where logs differ by more than what is allowed and the error of the sample."""
    found = {}
    logs_one, logs_two = np.log(np.maximum(one, 1.0)), np.log(np.maximum(two, 1.0))
    for label in statistics:
        statistic = STATISTICS[label]
        difference = statistic(logs_two) - statistic(logs_one)
        error = error_of(statistic, logs_one, logs_two)
        for name, gap, unsure in zip(names, difference, error, strict=True):
            if abs(gap) > allowed + ERRORS * unsure:
                found[f"{label} of {name}"] = f"{gap:+.3f}, standard error {unsure:.3f}"
    assert not found, found


def agree_on_scale(
    seeds: range, low: float, high: float, names: tuple[str, ...], of_year: OfYear, last: int
) -> None:
    years = (2012, last)
    scenario = load("action_plan").set(end=f"{last}-Q4")
    thin, full = (sample(scenario, seeds, scale, names, years, of_year) for scale in (low, high))
    for one, two in zip(thin, full, strict=True):
        compare(one, two, names, 0.02, ("mean", "5 % quantile", "95 % quantile"))


@pytest.mark.slow
def test_a_thinned_province_gives_the_same_mean_and_quantiles(
    headline: tuple[str, ...], of_year: OfYear
) -> None:
    agree_on_scale(range(500, 524), 0.05, 0.3, headline, of_year, 2016)


@soak
def test_a_tenth_of_the_firms_gives_the_same_mean_and_quantiles(
    headline: tuple[str, ...], of_year: OfYear
) -> None:
    agree_on_scale(range(1_000, 1_400), 0.1, 1.0, headline, of_year, 2020)


def agree_on_steps(seeds: range, scale: float, names: tuple[str, ...], of_year: OfYear) -> None:
    quarters = load("no_plan").set(end="2017-Q4")
    months = quarters.set(steps_per_year=12)
    (one,), (two,) = (sample(steps, seeds, scale, names, (2017,), of_year) for steps in (quarters, months))
    compare(one, two, names, 0.05, ("median", "mean"))


@pytest.mark.slow
def test_quarters_and_months_agree(headline: tuple[str, ...], of_year: OfYear) -> None:
    agree_on_steps(range(500, 520), 0.05, headline, of_year)


@soak
def test_quarters_and_months_agree_in_many_futures(headline: tuple[str, ...], of_year: OfYear) -> None:
    agree_on_steps(range(1_000, 1_400), 0.1, headline, of_year)
