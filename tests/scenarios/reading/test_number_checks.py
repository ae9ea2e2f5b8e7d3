from __future__ import annotations

import pytest

from shaanxi_transfer.scenarios.reading.number_checks import (
    lever_number_problem,
    number_problem,
)

GOOD = [
    (0.5, "fraction", None, None),
    (0.0, "fraction", 0.0, 0.8),
    (1.0, "switch", 0.0, 1.0),
    (0.0, "yuan", 0.0, 1e9),
    (1.1e5, "yuan", 0.0, 1e9),
    (-0.3, "ln", None, None),
    (-0.3, "elasticity", None, None),
]


@pytest.mark.parametrize(("value", "unit", "low", "high"), GOOD)
def test_good_numbers_pass(value: float, unit: str, low: float | None, high: float | None) -> None:
    assert number_problem(("x",), value, unit, low, high) is None


BAD = [
    (80.0, "fraction", None, None, "percent", "0.8"),
    (1.5, "fraction", 0.0, 1.0, "percent", "0.015"),
    (101.0, "fraction", None, None, "not a fraction", None),
    (-0.1, "fraction", None, None, "not a fraction", None),
    (2.0, "switch", 0.0, 1.0, "not a switch", None),
    (-1.0, "yuan", None, None, "negative", None),
    (-1.0, "count", 0.0, 5.0, "negative", None),
    (9.0, "count", 0.0, 5.0, "outside the bounds", None),
    (2000.0, "yuan/year", 0.0, 5e8, "very little money", "2e7 (whole yuan, not wan or yi)"),
    (1e5, "yuan", 0.0, 1e9, "very little money", "1e9 (whole yuan, not wan or yi)"),
    (-0.0, "yuan", 0.0, 1e9, "minus zero", "0"),
    (5.0, "yuan", 5e3, 5e5, "outside the bounds", "50000 (whole yuan, not wan or yi)"),
]


@pytest.mark.parametrize(("value", "unit", "low", "high", "words", "suggestion"), BAD)
def test_bad_numbers_are_told_apart(
    value: float, unit: str, low: float | None, high: float | None, words: str, suggestion: str | None
) -> None:
    problem = number_problem(("x",), value, unit, low, high)
    assert problem is not None and words in problem.problem
    assert problem.suggestion == suggestion


@pytest.mark.parametrize("share", [1.0, 0.99, 0.3, 0.01])
def test_an_amount_typed_in_wan_is_always_seen(share: float) -> None:
    assert number_problem(("x",), share * 5e10 / 1e4, "yuan", 0.0, 5e10) is not None


@pytest.mark.parametrize("unit", ["count", "count/year", "people", "people/year", "contracts"])
def test_what_is_counted_is_whole(unit: str) -> None:
    assert lever_number_problem(("x",), 100.0, unit, 0.0, 200.0) is None
    problem = lever_number_problem(("x",), 100.5, unit, 0.0, 200.0)
    assert problem is not None and "not whole" in problem.problem and problem.suggestion == "100"
    assert lever_number_problem(("x",), 100.5, "multiple", 0.0, 200.0) is None
