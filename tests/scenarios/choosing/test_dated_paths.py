from __future__ import annotations

import numpy as np
import pytest

from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.scenarios import PLAN_START, Lever, lever_catalogue
from shaanxi_transfer.scenarios.choosing.dated_paths import (
    base_path,
    held,
    plan_path,
    quarters_between,
    to_steps,
)
from shaanxi_transfer.scenarios.choosing.lever_choices import lever_path

FIRST = Quarter(2018, 1)


def test_history_is_zero_before_its_first_date_and_held_after_its_last() -> None:
    path = base_path({"2012-Q3": 2.0, "2011-Q1": 1.0}, None, PLAN_START, Quarter(2010, 1), 44)
    assert path[:4].tolist() == [0.0] * 4
    assert path[4:10].tolist() == [1.0] * 6
    assert path[10:].tolist() == [2.0] * 34


def test_history_before_the_first_quarter_counts() -> None:
    assert base_path({"2005-Q1": 3.0}, None, PLAN_START, Quarter(2010, 1), 4).tolist() == [3.0] * 4


def test_an_earlier_plan_start_cuts_the_history() -> None:
    path = base_path({"2011-Q1": 1.0, "2015-Q1": 2.0}, None, Quarter(2014, 1), Quarter(2010, 1), 44)
    assert path.max() == 1.0


def test_dated_no_plan_path_ends_a_programme() -> None:
    path = base_path({"2011-Q1": 1.0}, {"2019-Q1": 0.0}, PLAN_START, FIRST, 8)
    assert path.tolist() == [1.0] * 4 + [0.0] * 4


@pytest.mark.parametrize(
    ("ramp", "expected"),
    [
        (0, [2.0, 2.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0]),
        (1, [2.0, 2.0, 6.0, 10.0, 10.0, 10.0, 10.0, 10.0]),
        (3, [2.0, 2.0, 4.0, 6.0, 8.0, 10.0, 10.0, 10.0]),
    ],
)
def test_ramp_begins_at_the_start_and_is_done_ramp_quarters_later(ramp: int, expected: list[float]) -> None:
    path = plan_path(np.full(8, 2.0), FIRST, 10.0, FIRST.later(2), ramp, None)
    assert path.tolist() == expected


def test_after_its_end_a_lever_is_back_on_its_base_path() -> None:
    base = np.arange(8.0)
    path = plan_path(base, FIRST, 10.0, FIRST.later(2), 0, FIRST.later(4))
    assert path.tolist() == [0.0, 1.0, 10.0, 10.0, 10.0, 5.0, 6.0, 7.0]
    assert base.tolist() == list(range(8)), "the base path is not touched"


def test_start_after_the_last_quarter_changes_nothing() -> None:
    assert plan_path(np.full(3, 2.0), FIRST, 10.0, FIRST.later(3), 0, None).tolist() == [2.0] * 3


def test_held_ignores_what_lies_after_the_end() -> None:
    assert held({"2030-Q1": 5.0}, FIRST, 3, np.zeros(3)).tolist() == [0.0] * 3


def test_quarters_and_steps() -> None:
    assert [str(quarter) for quarter in quarters_between(Quarter(2019, 4), Quarter(2020, 2))] == [
        "2019-Q4",
        "2020-Q1",
        "2020-Q2",
    ]
    assert to_steps(np.array([1.0, 2.0]), 3).tolist() == [1.0, 1.0, 1.0, 2.0, 2.0, 2.0]


def test_end_of_a_lever_moves_with_the_plan() -> None:
    fields = lever_catalogue()["training_seats"].model_dump()
    short = Lever.model_validate({**fields, "ramp": 0, "end": "2018-Q4"})
    for delay in (0, 3):
        path = lever_path(short, {"all": "plan"}, PLAN_START.later(delay), FIRST, 12)
        in_force = (path == short.plan).nonzero()[0]
        assert in_force.tolist() == [1 + delay, 2 + delay, 3 + delay]
