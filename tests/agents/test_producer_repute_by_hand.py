"""What buyers think of producers: two with equal research and other success diverge, and none is added."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import producer_repute


def learn(
    small: Any, worked: list[int], tried: list[int], usual: float, heed: float = 0.5, memory: float = 10.0
) -> list[float]:
    rows = small.producers["university"].rows
    parameters = small.set("producers", reputation_heed=heed, outcome_memory=memory)
    producer_repute.learn_from_outcomes(rows, np.array(worked), np.array(tried), usual, parameters)
    return [float(reputation) for reputation in rows["reputation"]]


def add(small: Any, *shares: float) -> None:
    for share in shares:
        small.add(small.producers["university"], rd_share=share, reputation=1.0)


def test_two_of_equal_research_and_other_success_diverge(small: Any) -> None:
    add(small, 0.4, 0.4, 0.2)
    weight = 1.0 - math.exp(-0.4)
    # Half is usual: all of the first's four came into use, none of the second's, the third sold none.
    assert learn(small, [4, 0, 0], [4, 4, 0], 0.5) == pytest.approx(
        [1.0 + 0.5 * weight, 1.0 - 0.5 * weight, 1.0]
    )


def test_commissions_move_and_none_is_added(small: Any) -> None:
    add(small, 0.7, 0.3)
    first, second = learn(small, [4, 0], [4, 0], 0.5)
    assert first > 1.0 > second and 0.7 * first + 0.3 * second == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("worked", "heed"), [([2, 1], 0.5), ([4, 0], 0.0)], ids=["as usual", "nobody heeds it"]
)
def test_what_is_usual_or_not_heeded_moves_no_name(small: Any, worked: list[int], heed: float) -> None:
    add(small, 0.7, 0.3)
    assert learn(small, worked, [4, 2], 0.5, heed) == [1.0, 1.0]
