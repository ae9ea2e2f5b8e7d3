"""The plan elsewhere: which worlds are run, paired future by future, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.studies.provinces_side_by_side.plans import (
    COLUMNS,
    FILE,
    TASKS_ALONE,
    main,
    plans_elsewhere,
    worlds_of,
)


def test_a_task_alone_moves_the_levers_of_that_task() -> None:
    found = worlds_of("gansu")
    assert list(found) == ["no_plan", "action_plan", *(f"only_{task}" for task in TASKS_ALONE)]
    alone = found["only_task_22"].diff(found["no_plan"])
    names = set(alone.loc[alone["what"] == "lever", "name"])
    assert {"voucher_budget", "compensation_pool"} <= names and "fund_size" not in names


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    found, failures = plans_elsewhere(
        ("hainan",), door_to_model.model(), runs=2, scale=0.01, seed=1, workers=0
    )
    assert not failures
    return found


def test_effects_are_of_the_same_futures(table: pd.DataFrame) -> None:
    assert tuple(table.columns) == COLUMNS and (table["futures"] == 2).all()
    assert len(table) == (1 + len(TASKS_ALONE)) * 6
    by: Any = table.set_index(["province", "scenario", "indicator"])
    fund = by.loc[("hainan", "only_task_21", "guidance_fund_committed")]
    # What partners sign may be all they have, whatever the aim; it is never less.
    assert fund["share_moved"] > 0.0 and fund["q05"] >= 0 and fund["net_cost_q50"] > 0
    # Laboratories train nobody and found no platform: paired futures show exactly nothing.
    for indicator in ("trained_people", "incubation_platforms"):
        assert by.loc[("hainan", "only_task_06", indicator), "share_moved"] == 0.0
    levels = table.groupby(["province", "indicator"])["level_q50"].nunique()
    assert (levels == 1).all()


def test_bad_input_is_refused_before_any_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--provinces", "shanxii", "--out", str(tmp_path)]) == 2
    assert main(["--runs", "0", "--out", str(tmp_path)]) == 2
    assert not (tmp_path / FILE).exists()
    assert "shanxi" in capsys.readouterr().err
