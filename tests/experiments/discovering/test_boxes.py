"""PRIM on futures that are made up: a planted box is found, nothing is where there is none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.experiments.discovering.boxes import (
    BETTER,
    FEW_IN_BOX,
    NO_BETTER,
    Limit,
    _checked,
    boxes_of,
    halves,
    in_box,
)

FUTURES = 500


def planted(seed: int, chance_inside: float, number: int = 30) -> tuple[pd.DataFrame, np.ndarray]:
    """Give inputs, and cases that are likelier where p3 is above 0.6 and p7 below 0.5."""
    luck = np.random.default_rng(seed)
    inputs = pd.DataFrame(luck.random((FUTURES, number)), columns=[f"parameter.p{n}" for n in range(number)])
    inside = (inputs["parameter.p3"] > 0.6) & (inputs["parameter.p7"] < 0.5)
    return inputs, luck.random(FUTURES) < np.where(inside, chance_inside, 0.1)


def test_a_planted_box_is_found_and_stands_the_check() -> None:
    inputs, cases = planted(seed=3, chance_inside=0.9)
    first = boxes_of(inputs, cases, halves(np.arange(FUTURES), seed=1), seed=1)[0]
    limits = {one.input: one for one in first.limits}
    assert {"parameter.p3", "parameter.p7"} <= set(limits)
    assert limits["parameter.p3"].low == pytest.approx(0.6, abs=0.1) and np.isnan(limits["parameter.p7"].low)
    assert limits["parameter.p7"].high == pytest.approx(0.5, abs=0.12)
    assert first.verdict == BETTER and first.density_low > first.base_rate and first.coverage > 0.4


@pytest.mark.soak
@pytest.mark.parametrize(("number", "share", "tries", "most"), [(30, 0.1, 40, 4), (300, 0.5, 20, 3)])
def test_of_cases_by_luck_few_boxes_stand_the_check(number: int, share: float, tries: int, most: int) -> None:
    """Rare cases among few inputs, and common ones among as many as a forecast draws.

    By luck 2.5 % of boxes stand: one of 40. Five of 40 would be seen once in three hundred times, and four
    of 20 once in six hundred.
    """
    stood = 0
    for seed in range(tries):
        inputs, _ = planted(seed, 0.1, number)
        cases = np.random.default_rng((seed, 9)).random(FUTURES) < share
        stood += any(
            one.verdict == BETTER for one in boxes_of(inputs, cases, halves(np.arange(FUTURES), seed), seed)
        )
    assert stood <= most


def test_too_few_cases_are_no_box() -> None:
    inputs, _ = planted(seed=1, chance_inside=0.9)
    assert boxes_of(inputs, np.arange(FUTURES) < 8, halves(np.arange(FUTURES), 1), 1) == []


def test_a_limit_that_is_open_limits_nothing() -> None:
    inputs = pd.DataFrame({"a": [0.0, 1.0, 2.0], "b": [5.0, 5.0, 6.0]})
    limits = (Limit("a", 1.0, np.nan, 0.01), Limit("b", np.nan, 5.0, 0.01))
    assert in_box(inputs, limits).tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("inside", "cases_inside", "verdict"), [(40, 36, BETTER), (40, 12, NO_BETTER), (4, 4, FEW_IN_BOX)]
)
def test_the_check_is_of_the_other_half_alone(inside: int, cases_inside: int, verdict: str) -> None:
    other = np.arange(400) >= 200
    box, cases = np.zeros(400, bool), np.zeros(400, bool)
    box[:50] = cases[:50] = True  # as fitted: perfect
    box[200 : 200 + inside] = cases[200 : 200 + cases_inside] = True
    cases[300:350] = True
    limits = (Limit("a", 1.0, np.nan, 0.01),)
    found = _checked(limits, box, cases, ~other, other, (cases & ~other, cases & other))
    assert found.verdict == verdict and (found.coverage_fitted, found.density_fitted) == (1.0, 1.0)
    assert (found.inside, found.density) == (inside, cases_inside / inside)
    assert found.base_rate == pytest.approx((cases_inside + 50) / 200)
    assert found.coverage == pytest.approx(cases_inside / (cases_inside + 50))
