"""Regression discontinuity, and the twins: matching finds an effect where none is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.studies.published_effects.discontinuity import discontinuity
from shaanxi_transfer.studies.published_effects.estimate import Estimate
from shaanxi_transfer.studies.published_effects.matching import matched_difference

COLUMNS: dict[str, Any] = {"outcome": "loan", "score": "score", "threshold": 0.6}


def applicants(luck: np.random.Generator, effect: float, number: int = 400) -> pd.DataFrame:
    """Make applicants whose outcome bends with the score; some above are refused, some below get in."""
    score = luck.uniform(0.0, 1.2, number)
    passed = score >= 0.6
    got_in = luck.uniform(size=number) < np.where(passed, 0.9, 0.1)
    error = luck.normal(0.0, 0.4, number)
    curve = np.sin(3.0 * score)
    return pd.DataFrame(
        {
            "score": score,
            "loan": curve + effect * passed + error,
            "loan_if_in": curve + effect * got_in + error,
            "got_in": got_in,
        }
    )


@pytest.mark.slow
@pytest.mark.parametrize(("effect", "bandwidth"), [(0.0, None), (0.5, 0.3)])
def test_a_sharp_threshold_shows_its_jump(
    effect: float, bandwidth: float | None, recovers: Callable[..., list[Estimate]]
) -> None:
    recovers(
        lambda luck: discontinuity(applicants(luck, effect), bandwidth=bandwidth, **COLUMNS), effect, 0.05
    )


@pytest.mark.slow
def test_a_fuzzy_threshold_shows_the_effect_on_those_it_moves(
    recovers: Callable[..., list[Estimate]],
) -> None:
    columns = {**COLUMNS, "outcome": "loan_if_in"}
    found = recovers(
        lambda luck: discontinuity(applicants(luck, 0.5), treated="got_in", bandwidth=0.5, **columns),
        0.5,
        0.05,
    )
    plain = discontinuity(applicants(np.random.default_rng(0), 0.5), bandwidth=0.5, **columns)
    assert plain.effect < found[0].effect  # what the threshold moves, not what the loan does


def test_those_within_the_bandwidth_are_counted() -> None:
    table = applicants(np.random.default_rng(1), 0.0)
    found = discontinuity(table, bandwidth=0.2, **COLUMNS)
    assert found.treated == ((table["score"] >= 0.6) & (table["score"] < 0.8)).sum()
    assert found.treated + found.controls + found.left_out == len(table)


def by_merit(luck: np.random.Generator) -> pd.DataFrame:
    """Make applicants whose hidden quality moves score and growth; the grant moves nothing."""
    size, quality = luck.normal(size=(2, 500))
    score = size + 1.5 * quality + luck.normal(size=500)
    before = 8.0 + size + luck.normal(0.0, 0.2, 500)
    after = before + 0.05 + 0.02 * size + 0.10 * quality + luck.normal(0.0, 0.1, 500)
    return pd.DataFrame(
        {"size": size, "score": score, "won": score >= 0.8, "before": before, "after": after}
    ).assign(growth=after - before)


def test_twins_matching_finds_an_effect_where_none_is_and_the_threshold_does_not(
    recovers: Callable[..., list[Estimate]],
) -> None:
    naive = [
        matched_difference(
            by_merit(np.random.default_rng(seed)),
            **{"before": "before", "after": "after", "treated": "won"},
            near=["size", "before"],
            neighbours=5,
        )
        for seed in range(100)
    ]
    assert min(one.low for one in naive) > 0.0
    recovers(
        lambda luck: discontinuity(by_merit(luck), outcome="growth", score="score", threshold=0.8), 0.0, 0.01
    )


@pytest.mark.parametrize(
    ("spoil", "changed", "line"),
    [
        ({}, {"threshold": 2.0}, "threshold: 2 does not part the data in two; allowed above 0"),
        ({}, {"bandwidth": 0.0}, "bandwidth: it is 0; allowed above 0"),
        ({}, {"bandwidth": 1e-3}, "bandwidth: .* different scores at or above 0.6; allowed 10 or more"),
        ({"score": 1.0}, {}, "threshold: 0.6 does not part the data"),
        ({"loan": 1.0}, {}, "outcome: it is the same for all"),
        ({"got_in": 0}, {"treated": "got_in"}, "treated: none near the threshold are treated; allowed some"),
        ({"got_in": 1}, {"treated": "got_in"}, "treated: all near the threshold are treated; allowed some"),
        ({}, {"outcome": "loans"}, "outcome: no column 'loans'; .* did you mean loan"),
    ],
)
def test_a_threshold_that_cannot_tell_is_refused(
    spoil: dict[str, float], changed: dict[str, Any], line: str
) -> None:
    with pytest.raises(InputError, match=line):
        discontinuity(applicants(np.random.default_rng(1), 0.0).assign(**spoil), **{**COLUMNS, **changed})


def test_where_no_bandwidth_can_be_found_the_line_says_so(capfd: pytest.CaptureFixture[str]) -> None:
    table = applicants(np.random.default_rng(1), 0.0).round(2)
    table["loan"] = 1.0 * (table["score"] > 1.15)
    with pytest.raises(InputError, match="bandwidth: none can be found"):
        discontinuity(table, **COLUMNS)
    assert capfd.readouterr().out == ""


def test_a_threshold_that_moves_nobody_is_refused() -> None:
    luck = np.random.default_rng(1)
    table = applicants(luck, 0.0).assign(got_in=luck.integers(0, 2, 400))
    with pytest.raises(InputError, match=r"treated: the share of treated jumps by .* luck may do that"):
        discontinuity(table, treated="got_in", **COLUMNS)
