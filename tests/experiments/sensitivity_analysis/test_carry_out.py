"""The whole way once with the real province: a few points, stopped, taken up again, one run made again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.planning.door_to_model import model
from shaanxi_transfer.experiments.replay import replayed
from shaanxi_transfer.experiments.resume import kind_of, resume
from shaanxi_transfer.experiments.sensitivity import sensitivity
from shaanxi_transfer.experiments.sensitivity_analysis.carry_out import analyse
from shaanxi_transfer.experiments.sensitivity_analysis.finished_analysis import Sensitivity
from shaanxi_transfer.experiments.sensitivity_analysis.guard import DesignError
from shaanxi_transfer.experiments.sensitivity_analysis.study import study_again
from shaanxi_transfer.scenarios import load


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Sensitivity:
    return sensitivity(
        "action_plan",
        "morris",
        only=["training_seats", "firm_mean_revenue"],
        points=2,
        seeds=2,
        scale=0.02,
        seed=3,
        out=tmp_path_factory.mktemp("real") / "灵敏度 a",
        workers=0,
    )


def test_seats_train_people_and_revenue_does_not(done: Sensitivity) -> None:
    rows = done.indices[(done.indices["index"] == "mu_star") & (done.indices["target"] == "trained_people")]
    by_factor = rows.set_index("factor")["value"]
    assert by_factor["training_seats"] > 100.0
    assert by_factor["firm_mean_revenue"] < 0.1 * by_factor["training_seats"]
    assert set(done.indices["points"]) == {6}
    assert len(done.indices["target"].unique()) == 5


def test_a_stored_run_is_made_again_to_the_bit(done: Sensitivity) -> None:
    again = replayed(done.folder, "point-000003-000001")
    assert again.scenario.name == "point-000003"
    frame = again.frame()
    stored = Store(done.folder).read()
    mine = stored[stored["run_id"] == "point-000003-000001"]
    keys = ["indicator", "year", "quarter"]
    both = mine.merge(frame, on=keys, suffixes=("", "_again"))
    assert len(both) == len(mine) == 5 * 4
    assert np.array_equal(both["value"], both["value_again"])
    with pytest.raises(
        InputError, match=r"no run 'point-000006-000000'; allowed point-000000-000000 to point-0"
    ):
        replayed(done.folder, "point-000006-000000")


def test_a_part_that_is_gone_is_refused_and_made_again(done: Sensitivity) -> None:
    identity = Store(done.folder).manifest()["identity"]
    study = study_again(identity, model().definitions.targets)
    for part in Store(done.folder).parts():
        part.unlink()
    with pytest.raises(DesignError, match="12 of 12 runs are missing"):
        analyse(done.folder, study, model())
    assert (kind_of(done.folder), resume(done.folder, workers=0)) == ("sensitivity", 0)
    pd.testing.assert_frame_equal(Sensitivity.read(done.folder).indices, done.indices)


def test_another_question_in_the_same_folder_is_refused(done: Sensitivity) -> None:
    with pytest.raises(InputError, match=r"holds another experiment; different: design.checksum, seed"):
        sensitivity(
            "action_plan",
            "morris",
            only=["training_seats", "firm_mean_revenue"],
            points=2,
            seeds=2,
            scale=0.02,
            seed=4,
            out=done.folder,
            workers=0,
        )


def test_a_scenario_that_ends_too_early_is_refused() -> None:
    with pytest.raises(InputError, match=r"ends in 2019-Q4, before the target"):
        sensitivity(load("action_plan").set(end="2019-Q4", name="short"), "morris")
