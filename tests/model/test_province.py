"""How many technology firms a province's output carries, worked by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from shaanxi_transfer.model.province import Province
from shaanxi_transfer.scenarios.choosing.pack_years import shipped_years

RISE = 1.1


def firms(last_year: int, share: float = 0.66) -> Any:
    """Give a province whose output grows by a tenth each year and whose pack ends with a year."""

    def relative(_: str, date: float) -> float:
        return float(RISE ** (date - last_year - 0.5))

    stub = SimpleNamespace(
        outside=SimpleNamespace(years=shipped_years()._replace(last=last_year), relative=relative),
        values={"firms_2010_share": share, "technology_firms_2017": 1000.0},
    )
    stub.first_firms_share = Province.first_firms_share.fget(stub)  # type: ignore[attr-defined]
    return stub


def test_the_share_is_that_of_seven_years() -> None:
    assert firms(2017).first_firms_share == 0.66
    assert firms(2013).first_firms_share == pytest.approx(0.66 ** (3 / 7))
    assert Province.firms_at(firms(2017), 2010.5) == pytest.approx(660.0)
    assert Province.firms_at(firms(2017), 2017.5) == Province.firms_at(firms(2013), 2013.5) == 1000.0


@pytest.mark.parametrize("last_year", [2013, 2015])
def test_firms_follow_output_alike_whatever_year_the_pack_ends_with(last_year: int) -> None:
    """An earlier pack laid the growth of seven years into those that it knows: firms grew too fast."""
    today, then = firms(2017), firms(last_year)
    growth = Province.firms_at(today, 2016.5) / Province.firms_at(today, 2013.5)
    assert Province.firms_at(then, 2020.5) / Province.firms_at(then, 2017.5) == pytest.approx(growth)


def test_where_output_does_not_grow_the_number_of_the_start_stays() -> None:
    stub = firms(2015)
    stub.outside.relative = lambda *_: 1.0
    assert Province.firms_at(stub, 2020.0) == pytest.approx(1000.0 * 0.66 ** (5 / 7))
