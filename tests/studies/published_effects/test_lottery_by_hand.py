"""The lottery's figures on four firms whose contracts are written down by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.studies.published_effects.voucher_lottery import compared

WINNERS = np.array([1, 2], dtype=np.uint64)
LOSERS = np.array([3, 4, 5, 6], dtype=np.uint64)


def _firms(bought: dict[tuple[int, int], int], new: dict[tuple[int, int], int]) -> pd.DataFrame:
    """Give six firms from 2013-Q4, the quarter -1, to 2016-Q1, the quarter 8."""
    rows: list[dict[str, Any]] = [
        {
            "year": 2013 + (3 + quarter + 1) // 4,
            "quarter": 1 + (3 + quarter + 1) % 4,
            "key": np.uint64(key),
            "size": 0.1 * key + (0.5 if key <= 2 and quarter >= 2 else 0.0) + 0.01 * key * quarter,
            "bought_university": bought.get((key, quarter), 0),
            "bought_research_institute": 0,
            "bought_military_unit": 0,
            "producers_new": new.get((key, quarter), 0),
        }
        for quarter in range(-1, 9)
        for key in range(1, 7)
    ]
    return pd.DataFrame(rows)


@pytest.fixture
def found() -> Any:
    """Firm 1 buys in the quarter of the call, firm 2 in the next, as it would anyway; 3 lost and buys."""
    lottery = _firms(
        {(1, 0): 1, (2, 1): 2, (3, 2): 1, (4, 3): 5, (1, 8): 1}, {(1, 0): 1, (2, 1): 1, (3, 2): 1}
    )
    without = _firms({(2, 1): 2, (3, 2): 1, (4, 3): 5, (1, 8): 1}, {(2, 1): 1, (3, 2): 1})
    return compared(lottery, without, WINNERS, LOSERS)


def test_contracts_a_voucher_of_the_first_three_quarters(found: Any) -> None:
    measured = found["voucher_additional"]()
    # Winners have three contracts between them, losers one between four; capped at nearly three.
    assert measured.estimate.effect == pytest.approx(1.5 - 0.25, abs=0.03)
    assert measured.true == 0.5


def test_what_follows_is_counted_from_the_fourth_quarter_to_the_ninth(found: Any) -> None:
    measured = found["voucher_later"]()
    assert measured.estimate.effect == pytest.approx(0.5 - 5 / 4, abs=0.05)
    assert measured.true == 0.0
    assert found["voucher_two_years"]().estimate.effect == pytest.approx(0.5, abs=0.03)


def test_losers_who_buy_and_partners_who_are_new(found: Any) -> None:
    assert found["voucher_losers"]().estimate.effect == 0.25
    assert found["voucher_losers"]().true == 0.25
    new = found["voucher_new_partner"]()
    assert new.estimate.effect == pytest.approx(1.0 / 0.25 - 1.0)
    assert new.true == pytest.approx(1.0 / 0.5 - 1.0), "one of the two winners would have found one anyway"


def test_growth_is_from_the_quarter_before_the_call(found: Any) -> None:
    measured = found["voucher_growth_half_year"]()
    # Every firm grows by a hundredth of its number a quarter, winners by a half more.
    assert measured.estimate.effect == pytest.approx(0.5 + 0.03 * (1.5 - 4.5))
    assert measured.true == 0.0
