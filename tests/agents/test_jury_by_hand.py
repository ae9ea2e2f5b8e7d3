"""Juries: who has the best score, and how an evaluation is misled by it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import enterprise, grants, jury
from shaanxi_transfer.engine import luck

NEXT_YEAR = 24


def score(small: Any, waiting: list[int]) -> tuple[list[int], list[float]]:
    rows, scores = np.empty(sum(waiting), dtype=np.int64), np.empty(sum(waiting))
    firms, parameters = small.enterprises.rows, small.terms.finance
    jury.score_candidates(
        firms, np.array(waiting), grants.PRIZE, NEXT_YEAR, parameters, small.now, small.seed, rows, scores
    )
    return rows.tolist(), scores.tolist()


def choose(small: Any, waiting: list[int], number: int) -> list[int]:
    won = np.full(len(waiting), 9)
    firms, parameters = small.enterprises.rows, small.terms.finance
    jury.choose(
        firms, np.array(waiting), number, grants.PRIZE, NEXT_YEAR, parameters, small.now, small.seed, won
    )
    return [int(each) for each in won]


def test_a_score_joins_what_comes_and_noise(small: Any) -> None:
    small.set("finance", jury_foresight=0.6)
    keys = [small.firm(members=2).key for _ in range(3)]
    rows, scores = score(small, [2, 0, 1])
    assert rows == [0, 0, 2]
    for place, (row, k) in enumerate(((0, 0), (0, 1), (2, 0))):
        ahead = luck.normal_quantile(small.draw(enterprise.SIZE, keys[row], step=NEXT_YEAR))
        own = luck.normal_quantile(small.draw(grants.PRIZE, keys[row], k))
        assert scores[place] == pytest.approx(0.6 * ahead + 0.8 * own)


def test_the_best_win_until_all_is_given(small: Any) -> None:
    small.set("finance", jury_foresight=0.6)
    for _ in range(3):
        small.firm(members=2)
    rows, scores = score(small, [2, 0, 2])
    order = np.argsort(scores)[::-1]
    for number in range(6):
        expected = np.bincount([rows[k] for k in order[:number]], minlength=3).tolist()
        assert choose(small, [2, 0, 2], number) == expected
    assert choose(small, [0, 0, 0], 3) == [0, 0, 0]


@pytest.mark.parametrize(("foresight", "low", "high"), [(0.0, -0.15, 0.15), (0.5, 0.5, 1.2)])
def test_winners_look_better_than_losers_and_the_threshold_shows_no_effect(
    small: Any, foresight: float, low: float, high: float
) -> None:
    """The twins of Innofund: the grant does nothing; who compares is misled, at the threshold nobody is."""
    small.set("finance", jury_foresight=foresight)
    small.set("firms", firm_size_ln_sd=1.6, size_persistence=0.5)
    firms = small.enterprises.extend(2000)
    firms["members"], firms["key"] = 1, np.arange(1, 2001)
    won = np.array(choose(small, [1] * 2000, 500))
    _, scores = score(small, [1] * 2000)
    small.now.step = NEXT_YEAR
    enterprise.drift_in_size(firms, small.terms.firms, small.now, small.seed)
    grown = firms["ln_size"] / math.sqrt(0.75 * 1.6**2)
    naive = grown[won == 1].mean() - grown[won == 0].mean()
    assert low < naive < high
    # Within a fifth of a standard deviation of the score on each side of the threshold.
    distance = np.array(scores) - min(np.array(scores)[won == 1])
    above, below = (distance >= 0) & (distance < 0.2), (distance < 0) & (distance > -0.2)
    error = math.sqrt(1.0 / above.sum() + 1.0 / below.sum())
    slope = foresight * 0.2
    assert abs(grown[above].mean() - grown[below].mean() - slope) < 2.5 * error
