"""Jumps: the panel's as the specification counts them, and made-up futures on both sides of the threshold."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.experiments.patterns import jumps
from shaanxi_transfer.experiments.patterns.formulas import Figures
from shaanxi_transfer.scenarios.provinces.sources_read import Sources


def test_the_panel_has_twelve_jumps_and_in_eight_the_mean_falls() -> None:
    found = jumps.jumps_of_the_panel(Sources())
    assert found[jumps.SHARE_OF_YEARS] == pytest.approx(12 / 143)
    assert found[jumps.SHARE_OF_JUMPS] == pytest.approx(8 / 12)
    assert abs(found["provinces"] - jumps.PROVINCES) <= 1


@pytest.mark.parametrize(("rise", "jumped"), [(0.33, 0.0), (0.35, 1.0)])
@pytest.mark.parametrize(("before", "counts"), [(500.0, 0.0), (501.0, 1.0)])
def test_a_jump_is_a_rise_of_more_than_a_third_of_many_contracts(
    rise: float, jumped: float, before: float, counts: float
) -> None:
    number = np.array([[before, before * math.exp(rise)]])
    asked, found, _ = jumps.jumps(number, number * 1e6)
    assert (asked[0], found[0]) == (counts, counts * jumped)


@pytest.mark.parametrize(("value", "fallen"), [(1.3, 1.0), (1.6, 0.0)])
def test_the_mean_falls_where_value_rises_less_than_the_number(value: float, fallen: float) -> None:
    _, _, found = jumps.jumps(np.array([[1000.0, 1500.0]]), np.array([[1e9, value * 1e9]]))
    assert found[0] == fallen


def test_a_year_without_a_figure_does_not_count() -> None:
    asked, _, _ = jumps.jumps(np.array([[1000.0, np.nan, 900.0]]), np.full((1, 3), 1e9))
    assert asked[0] == 0.0


def test_futures_stand_side_by_side_as_a_panel() -> None:
    """One future of sixty jumps once: half of the panels hold it, and have one jump in 150 years."""
    names = [jumps.NUMBER, jumps.VALUE]
    index = pd.MultiIndex.from_product([range(60), jumps.YEARS], names=["future", "year"])
    wide = pd.DataFrame({jumps.NUMBER: 1000.0, jumps.VALUE: 1e9}, index=index)
    later = (wide.index.get_level_values("future") == 0) & (wide.index.get_level_values("year") >= 2015)
    wide.loc[later, jumps.NUMBER] = 2000.0
    figures = Figures.simulated(wide[names])
    shares = jumps.share_of_years(figures)
    assert sorted(set(shares)) == [0.0, pytest.approx(1 / 150)]
    assert np.count_nonzero(shares) == jumps.PROVINCES
    with np.errstate(invalid="ignore"):
        assert set(jumps.share_of_jumps(figures)[shares > 0.0]) == {1.0}
