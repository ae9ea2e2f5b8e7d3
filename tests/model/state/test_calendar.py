from __future__ import annotations

import pytest

from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.model.state.calendar import Calendar
from shaanxi_transfer.scenarios import load


@pytest.mark.parametrize(("per_year", "steps"), [(4, 44), (12, 132)])
def test_the_whole_run_in_quarters_and_months(per_year: int, steps: int) -> None:
    calendar = Calendar.of(load("no_plan").set(steps_per_year=per_year))
    assert calendar.steps == steps
    assert calendar.dt * per_year == 1.0
    assert calendar.quarter_of(0) == Quarter(2010, 1)
    assert calendar.quarter_of(steps - 1) == Quarter(2020, 4)
    assert sum(calendar.quarter_ends(step) for step in range(steps)) == 44
    assert [step for step in range(steps) if calendar.year_begins(step)] == list(range(0, steps, per_year))


@pytest.mark.parametrize("per_year", [4, 12])
def test_dates_are_the_middles_of_steps_and_lie_in_their_quarter(per_year: int) -> None:
    calendar = Calendar(Quarter(2010, 1), Quarter(2020, 4), per_year)
    assert calendar.date_of(0) == 2010.0 + 0.5 / per_year
    for step in range(-3 * per_year, calendar.steps):
        date, quarter = calendar.date_of(step), calendar.quarter_of(step)
        start = quarter.year + (quarter.quarter - 1) / 4.0
        assert start < date < start + 0.25
        assert calendar.date_of(step + 1) - date == pytest.approx(calendar.dt)


def test_months_of_a_quarter() -> None:
    calendar = Calendar(Quarter(2018, 1), Quarter(2018, 4), 12)
    assert [calendar.quarter_of(step).quarter for step in range(12)] == [1] * 3 + [2] * 3 + [3] * 3 + [4] * 3
    assert [step for step in range(12) if calendar.quarter_ends(step)] == [2, 5, 8, 11]
    assert calendar.quarter_of(-1) == Quarter(2017, 4)


@pytest.mark.parametrize(("step", "after"), [(-2, 0), (0, 12), (11, 12), (12, 24)])
def test_the_next_year_begins_after_the_step(step: int, after: int) -> None:
    assert Calendar(Quarter(2010, 1), Quarter(2020, 4), 12).next_year(step) == after
