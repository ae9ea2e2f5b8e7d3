from __future__ import annotations

import dataclasses

import pytest

from shaanxi_transfer.studies.published_effects.estimate import Estimate
from shaanxi_transfer.studies.published_effects.registered import Figure, registered
from shaanxi_transfer.studies.published_effects.verdict import (
    AGREE,
    MISS,
    OVERLAP,
    SAYS_NOTHING,
    Found,
    verdict,
)

SIZE = registered()["voucher_additional"]  # 0.8, 0.71 to 0.89
BARE = registered()["guarantee_sales_france"]  # 0.068
BOUND = registered()["voucher_new_partner"]  # at least 0.84
ZERO = registered()["voucher_later"]  # 0.3 would matter, 0.9 of the futures
SIGN = registered()["guarantee_marginal_default"]


def found(q05: float, q50: float, q95: float, **more: float) -> Found:
    return Found(q05, q50, q95, **{"covers_zero": 0.0, "width": 0.1, "same_sign": 0.0} | more)


@pytest.mark.parametrize(
    ("figure", "band", "expected"),
    [
        (SIZE, (0.61, 0.72, 0.82), AGREE),
        (SIZE, (0.79, 0.9, 1.0), AGREE),
        (SIZE, (0.6, 0.7, 0.79), OVERLAP),
        (SIZE, (0.6, 0.65, 0.70), MISS),
        (SIZE, (0.9, 1.0, 1.1), MISS),
        (SIZE, (-0.01, 0.5, 1.0), SAYS_NOTHING),
        (SIZE, (0.7, 1.5, 4.8), SAYS_NOTHING),
        (SIZE, (-0.5, -0.1, 0.2), MISS),
        (BARE, (0.01, 0.05, 0.08), AGREE),
        (BARE, (0.07, 0.09, 0.10), MISS),
        (BOUND, (0.5, 0.84, 1.2), AGREE),
        (BOUND, (0.5, 0.8, 1.2), OVERLAP),
        (BOUND, (0.5, 0.7, 0.83), MISS),
        (BOUND, (-0.1, 0.9, 1.2), SAYS_NOTHING),
    ],
)
def test_a_number(figure: Figure, band: tuple[float, float, float], expected: str) -> None:
    assert verdict(figure, found(*band)) == expected


@pytest.mark.parametrize(
    ("median", "covers", "width", "expected"),
    [
        (0.05, 0.95, 0.4, AGREE),
        (0.05, 0.89, 0.4, MISS),
        (0.30, 0.95, 0.4, MISS),
        (0.05, 0.95, 0.61, SAYS_NOTHING),
    ],
)
def test_a_zero(median: float, covers: float, width: float, expected: str) -> None:
    assert verdict(ZERO, found(-1.0, median, 1.0, covers_zero=covers, width=width)) == expected


@pytest.mark.parametrize(("same", "expected"), [(0.9, AGREE), (0.89, MISS)])
def test_a_sign(same: float, expected: str) -> None:
    assert verdict(SIGN, found(-1.0, 0.0, 1.0, same_sign=same)) == expected


def test_futures_are_summed_up() -> None:
    estimates = [Estimate(effect, effect - 1.0, effect + 1.0, 10, 10) for effect in (-0.5, 0.5, 1.5, 2.5)]
    over = Found.over(estimates, SIGN)
    assert over.q50 == 1.0
    assert over.covers_zero == 0.5
    assert over.width == 2.0
    assert over.same_sign == 0.75
    down = Found.over(estimates, dataclasses.replace(SIGN, published=-1.0))
    assert down.same_sign == 0.25
