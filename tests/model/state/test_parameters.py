"""Parameters that are parts of one whole never exceed it."""

from __future__ import annotations

from pathlib import Path

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.model import run
from shaanxi_transfer.model.state.parameters import MOST_BY_PERFORMERS, PERFORMERS, Values


def test_parts_of_the_research_are_shrunk_together_and_only_where_they_must() -> None:
    few = dict(zip(PERFORMERS, (0.2, 0.4, 0.1), strict=True))
    assert dict(Values(few, Path())) == few
    many = Values({"a": 3.0, **dict(zip(PERFORMERS, (0.5, 0.6, 0.1), strict=True))}, Path())
    assert many["a"] == 3.0 and sum(many[name] for name in PERFORMERS) == pytest.approx(MOST_BY_PERFORMERS)
    assert many["rd_share_institute"] == pytest.approx(1.2 * many["rd_share_university"])
    with pytest.raises(InputError, match="the parameter is missing"):
        Values({}, Path())["rd_share_university"]


def test_beijing_runs_with_more_than_all_of_its_research_handed_out() -> None:
    beijing = door_to_model.loaded("no_plan", province="beijing").set(
        end="2010-Q4",
        parameters={"rd_share_university": 0.6, "rd_share_institute": 0.25, "rd_share_military": 0.35},
    )
    record = run(beijing, seed=1, scale=0.01)
    assert (record.values[:, record.indicators.index("contract_value_output")] > 0.0).all()
