"""What cannot be asked of a search is refused in one line."""

from __future__ import annotations

from typing import Any

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.searching.options import SearchOptions


@pytest.mark.parametrize(
    ("given", "goals"),
    [
        (
            "trained_people=1000, high_tech_enterprises",
            {"trained_people": 1000.0, "high_tech_enterprises": None},
        ),
        (["a=2", "b=3e9,c"], {"a": 2.0, "b": 3e9, "c": None}),
        ({"a": None, "b": 5}, {"a": None, "b": 5.0}),
    ],
)
def test_goals_are_words_or_a_mapping(given: Any, goals: dict[str, float | None]) -> None:
    assert SearchOptions(goals=given).goals == goals


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"goals": ""}, "nothing is to be reached"),
        ({"goals": "a=much"}, "'much' is no goal of a"),
        ({"goals": "a=0"}, "'0' is no goal of a"),
        ({"goals": "a,a=2"}, "a is asked twice"),
        ({"chance": "90"}, "did you mean 0.9"),
        ({"chance": 1.0}, "1.0 is no chance"),
        ({"budget": -1.0}, "below the cheapest package"),
        ({"budget": "lots"}, "below the cheapest package"),
        ({"levers": ""}, "no lever may be moved"),
        ({"packages": 9}, "9 packages cannot be tried"),
        ({"runs": 1}, "1 future has no spread"),
    ],
)
def test_bad_input_is_one_line(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as refused:
        SearchOptions(**{"goals": "a", **asked})
    assert said in str(refused.value) and "\n" not in str(refused.value)
