"""The worth of a statistic against the closed form of a normal case, and against a nested design."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import ndtri

from shaanxi_transfer.experiments.valuing.sample_information import (
    normal_value,
    perfect_value,
    value_by_luck,
    value_of,
)

FUTURES = 2000


@pytest.mark.parametrize(("mean", "error"), [(0.0, 0.5), (0.7, 0.5), (0.0, 2.0)])
def test_of_a_normal_benefit_and_a_normal_error_it_is_the_closed_form(mean: float, error: float) -> None:
    luck = np.random.default_rng(5)
    evenly = ndtri((np.arange(FUTURES) + 0.5) / FUTURES)
    benefit = mean + luck.permutation(evenly)
    found = value_of(benefit + error * luck.permutation(evenly), benefit)
    wanted = normal_value(mean, 1.0 / np.sqrt(1.0 + error**2))
    assert found.mean == pytest.approx(wanted, abs=0.01)
    assert 0.0 < found.error < 0.1 * found.mean and found.mean < perfect_value(benefit)


def test_a_statistic_about_nothing_is_worth_nothing_to_speak_of() -> None:
    benefit = 0.3 + np.random.default_rng(1).standard_normal(400)
    assert 0.0 <= value_by_luck(benefit) < 0.1 * perfect_value(benefit)
    assert value_of(np.full(400, 0.5), benefit) == (0.0, 0.0)
    assert value_of(np.arange(400.0), np.full(400, 2.0)) == (0.0, 0.0)


@pytest.mark.soak
def test_it_is_what_a_nested_design_gets() -> None:
    """Draw a statistic, then a thousand futures that it leaves possible; again and again.

    The benefit is a curve of what is observed and luck besides, so that no closed form is at hand: of the
    share s, uniform, a sample of 50 finds k, and what is left is beta (k + 1, 51 - k).
    """
    luck = np.random.default_rng(7)

    def benefit_of(share: Any) -> Any:
        return 4.0 * (share - 0.4) ** 2 - 0.25 + 0.3 * luck.standard_normal(np.shape(share))

    shares = luck.random(20_000)
    found = luck.binomial(50, luck.random(2000))
    inner = benefit_of(luck.beta(found[:, None] + 1.0, 51.0 - found[:, None], (2000, 1000))).mean(axis=1)
    nested = np.maximum(inner, 0.0).mean() - max(0.0, inner.mean())
    drawn = shares[:FUTURES]
    by_regression = value_of(luck.binomial(50, drawn) / 50.0, benefit_of(drawn))
    assert by_regression.mean == pytest.approx(nested, rel=0.1)
