"""What an enterprise counts as: the thresholds of age, growth and revenue."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import census, standing
from shaanxi_transfer.engine.columns import row_at


@pytest.mark.parametrize(
    ("columns", "certified", "investors"),
    [
        ({"born": 2014.0}, True, True), ({"born": 2014.01}, False, True), ({"born": 2010.01}, True, True),
        ({"born": 2010.0}, True, False), ({"born": 2014.0, "large": True}, True, False),
        ({"born": 2014.0, "research_user": False}, False, False),
    ],
)  # fmt: skip
def test_who_may_be_certified_and_whom_investors_look_for(
    small: Any, columns: dict[str, Any], certified: bool, investors: bool
) -> None:
    parameters = small.set("finance", fund_venture_age=5.0)
    firm = small.firm(**{"research_user": True, **columns})
    assert standing.may_be_certified(firm, small.now) == certified
    assert standing.is_young_researcher(firm, parameters, small.now) == investors


# A gazelle of four years, a third larger each year in nominal terms, from a revenue of 100 * exp(-0.4) * 2.
GAZELLE = {"born": 2011.0, "first_size": 0.0, "ln_size": 0.5, "growth": 0.3, "members": 3}


@pytest.mark.parametrize(
    ("columns", "growth", "base", "found"),
    [
        ({}, 0.2999, 134.0, True), ({}, 0.3001, 134.0, False), ({}, 0.2999, 134.1, False),
        ({"born": 2012.0}, 0.1, 1.0, True), ({"born": 2012.01}, 0.1, 1.0, False),
        ({"born": 2010.0}, 0.1, 1.0, True), ({"born": 2009.99}, 0.1, 1.0, False),
        ({"first_size": 0.1}, 0.27, 134.0, True), ({"first_size": 0.1}, 0.28, 1.0, False),
    ],
)  # fmt: skip
def test_a_gazelle_is_young_grew_fast_and_was_not_too_small(
    small: Any, columns: dict[str, Any], growth: float, base: float, found: bool
) -> None:
    parameters = small.set(
        "finance", gazelle_least_years=3.0, gazelle_oldest=5.0, gazelle_growth=math.expm1(growth),
        gazelle_base_revenue=base, firm_mean_revenue=100.0,
    )  # fmt: skip
    small.now.output_growth, small.now.output_index = 0.1, 2.0
    firm = small.firm(**{**GAZELLE, **columns})
    assert standing.grows_fast(firm, parameters, small.now) == found
    counted: Any = row_at(np.zeros(1, dtype=census.CENSUS), 0)
    census.count_firms(small.enterprises.rows, parameters, small.now, counted)
    assert counted.gazelles == 3 * found
