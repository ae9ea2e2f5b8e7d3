"""How much of what is seen is luck, and how many futures keep it small."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.experiments.sensitivity_analysis.carry_out import carry_out
from shaanxi_transfer.experiments.sensitivity_analysis.finished_analysis import Announcement
from shaanxi_transfer.experiments.sensitivity_analysis.luck_share import futures_needed, luck_share
from shaanxi_transfer.experiments.sensitivity_analysis.options import SensitivityOptions
from shaanxi_transfer.experiments.sensitivity_analysis.study import MOST_FUTURES, Study, make_study


def table(of_points: float, of_futures: float, of_luck: float, points: int = 400, futures: int = 5) -> Any:
    random = np.random.default_rng(1)
    return (
        10.0
        + of_points * random.standard_normal((points, 1))
        + of_futures * random.standard_normal((1, futures))
        + of_luck * random.standard_normal((points, futures))
    )


def test_the_variance_is_split() -> None:
    split = luck_share(table(2.0, 30.0, 1.0))
    assert split.of_luck == pytest.approx(1.0, rel=0.1)
    assert split.of_means == pytest.approx(4.0 + 1.0 / 5, rel=0.15)
    assert split.share == pytest.approx(0.2 / 4.2, rel=0.2)
    assert split.low < split.share < split.high


def test_what_a_future_does_to_all_points_alike_is_no_luck() -> None:
    few, many = luck_share(table(2.0, 0.0, 1.0)), luck_share(table(2.0, 1e4, 1.0))
    assert many.share == pytest.approx(few.share, rel=1e-6)


def test_futures_keep_luck_under_a_twentieth() -> None:
    split = luck_share(table(1.0, 5.0, 1.0, futures=4))
    needed = futures_needed(split)
    assert needed is not None and 14 <= needed <= 26  # 19 by the true variances
    of_luck = split.of_luck / needed
    assert of_luck / (split.of_points + of_luck) <= 0.05
    assert futures_needed(luck_share(table(1.0, 5.0, 0.0))) == 2
    # No difference between the means: however many futures, nothing but luck would be seen.
    assert futures_needed(luck_share(np.array([[1.0, -1.0], [-1.0, 1.0], [0.5, -0.5]]))) is None


def study(
    functions: Any, pack_folder: str, how: dict[str, Any], seeds: Any = "auto", **noise: float
) -> Study:
    return make_study(
        functions.World("linear", pack_folder=pack_folder, **noise),
        functions.DEFINITIONS.targets,
        SensitivityOptions(
            method="sobol",
            over="uncertainties",
            group_by="none",
            only=None,
            points=16,
            seeds=seeds,
            rest="central",
            scale=0.1,
            seed=1,
            workers=0,
            **how,
        ),
    )


@pytest.mark.parametrize(
    ("noise", "shared", "futures", "capped"),
    [
        (0.0, 0.0, (2, 2), False),
        (0.0, 50.0, (2, 2), False),
        (0.7, 0.0, (3, 12), False),
        (9.0, 0.0, (16, 16), True),
    ],
)
def test_the_pilot_chooses_the_number_of_futures(
    functions: Any, pack_folder: str, tmp_path: Path, noise: float, shared: float, futures: Any, capped: bool
) -> None:
    told: list[Announcement] = []
    how = {"out": tmp_path / "out", "announce": told.append}
    done = carry_out(study(functions, pack_folder, how, noise=noise, shared_noise=shared), functions.MODEL)
    pilot, start = told
    assert (pilot.stage, pilot.futures, pilot.runs) == ("pilot", MOST_FUTURES, 96 * MOST_FUTURES)
    assert (pilot.left, pilot.seconds) == (32 * 4, None)
    assert futures[0] <= start.futures <= futures[1]
    assert start.capped is capped
    assert start.runs == 96 * start.futures
    assert start.seconds is not None and start.luck["still"] is None
    luck = done.indices[done.indices["index"] == "share_of_variance"]
    if not capped:
        assert (luck["value"] < 0.08).all()
    else:
        assert (luck["value"] > 0.05).all()
    # Taken up again, everything is there: nothing is run, and the tables are the same.
    again: list[Announcement] = []
    how["announce"] = again.append
    carry_out(study(functions, pack_folder, how, noise=noise, shared_noise=shared), functions.MODEL)
    assert [one.left for one in again] == [0, 0]
    assert again[1].futures == start.futures


def test_futures_that_are_asked_for_are_taken(functions: Any, pack_folder: str, tmp_path: Path) -> None:
    told: list[Announcement] = []
    how = {"out": tmp_path / "out", "announce": told.append}
    done = carry_out(study(functions, pack_folder, how, seeds=3, noise=9.0), functions.MODEL)
    assert told[1].futures == 3 and told[1].capped
    assert set(done.indices["futures"]) == {3}
