from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.engine.quarters import Quarter

quarters = st.builds(Quarter, st.integers(1000, 9999), st.integers(1, 4))


@given(quarter=quarters)
def test_written_and_read_back(quarter: Quarter) -> None:
    assert Quarter.parse(str(quarter)) == quarter
    assert Quarter.parse(f"  {quarter} ") == quarter
    assert Quarter.parse(quarter) is quarter
    assert Quarter.from_index(quarter.index) == quarter


@given(quarter=quarters, ahead=st.integers(-2_000, 2_000))
def test_later_counts_quarters(quarter: Quarter, ahead: int) -> None:
    later = quarter.later(ahead)
    assert later.index - quarter.index == ahead
    assert 1 <= later.quarter <= 4
    assert later.later(-ahead) == quarter
    assert (later > quarter) == (ahead > 0)


def test_the_turn_of_the_year() -> None:
    assert Quarter(2018, 4).later(1) == Quarter(2019, 1)
    assert Quarter(2018, 1).later(-1) == Quarter(2017, 4)
    assert str(Quarter(2018, 2)) == "2018-Q2"


@pytest.mark.parametrize(
    "text",
    ["2018", "2018-Q0", "2018-Q5", "2018Q2", "2018-q2", "18-Q2", "2018-Q22", "", None, 2018.25, "2018-Q2x"],
)
def test_anything_else_is_refused_with_an_example(text: object) -> None:
    with pytest.raises(InputError, match=r"is not a quarter; allowed YYYY-Qn, for example 2018-Q2"):
        Quarter.parse(text)
