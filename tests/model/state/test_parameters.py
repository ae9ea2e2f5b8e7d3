"""Parameters that are parts of one whole never exceed it."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.model import run
from shaanxi_transfer.model.state.parameters import DATED, MOST_BY_PERFORMERS, PERFORMERS, Values
from shaanxi_transfer.scenarios import load
from shaanxi_transfer.scenarios.provinces.parameter_draws import shared_parameters


def test_parts_of_the_research_are_shrunk_together_and_only_where_they_must() -> None:
    few = dict(zip(PERFORMERS, (0.2, 0.4, 0.1), strict=True))
    assert dict(Values(few, Path())) == few
    many = Values({"a": 3.0, **dict(zip(PERFORMERS, (0.5, 0.6, 0.1), strict=True))}, Path())
    assert many["a"] == 3.0 and sum(many[name] for name in PERFORMERS) == pytest.approx(MOST_BY_PERFORMERS)
    assert many["rd_share_institute"] == pytest.approx(1.2 * many["rd_share_university"])
    with pytest.raises(InputError, match="the parameter is missing"):
        Values({}, Path())["rd_share_university"]


def dates(until: int, ahead: float) -> dict[str, float]:
    begin = {name: shared_parameters()[name].value for name in DATED}
    values = Values({"regimes_known_ahead": ahead, **begin}, Path())
    values.forget_what_comes(until)
    return {name: values[name] for name in DATED}


def test_what_begins_after_the_last_known_year_is_put_off_where_it_is_not_to_be_known() -> None:
    then = {"registration_small_from": 2016.5, "certification_revision": 2016.0}
    assert all(dates(until, 1.0) == then for until in range(2012, 2018))
    assert dates(2017, 0.0) == dates(2016, 0.0) == then
    # The revision came out in the first weeks of 2016, while the figures of 2015 were being counted.
    assert dates(2015, 0.0) == {**then, "registration_small_from": math.inf}
    assert set(dates(2014, 0.0).values()) == set(dates(2013, 0.0).values()) == {math.inf}


def test_every_date_that_a_rule_reads_and_that_may_lie_after_an_origin_is_among_them() -> None:
    begin = {name for name, one in shared_parameters().items() if one.unit == "date" and one.value >= 2013.25}
    # The last one says how the past was counted, and acts on nothing where purchases follow the nation.
    assert begin == {*DATED, "buyers_recorded_from"}


def test_a_forecast_from_2017_knows_all_of_it_anyway() -> None:
    world = load("no_plan").set(start="2016-Q1", end="2018-Q1", draw_parameters=False)
    one, two = (run(world.set(regimes_known_ahead=ahead), seed=1, scale=0.01) for ahead in (0.0, 1.0))
    assert one.values.tobytes() == two.values.tobytes()


def test_beijing_runs_with_more_than_all_of_its_research_handed_out() -> None:
    beijing = load("no_plan").set(
        province="beijing",
        belief="prior",
        end="2010-Q4",
        parameters={"rd_share_university": 0.6, "rd_share_institute": 0.25, "rd_share_military": 0.35},
    )
    record = run(beijing, seed=1, scale=0.01)
    assert (record.values[:, record.indicators.index("contract_value_output")] > 0.0).all()
