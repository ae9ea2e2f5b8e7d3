"""The forecasts of 2018 to 2020 that were frozen in advance are there, whole, and what their lists say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer import __version__
from shaanxi_transfer.experiments.forecasting.discrepancy import SERIES
from shaanxi_transfer.experiments.freeze_provinces import CHECKSUMS
from shaanxi_transfer.experiments.freezing.read_frozen import Frozen, read_frozen
from shaanxi_transfer.experiments.planning import door_to_model

pytestmark = pytest.mark.house

ALL = Path(__file__).resolve().parents[2] / "results" / "frozen"
VERSIONS = sorted(folder.name for folder in ALL.iterdir())
YEARS = [2018, 2019, 2020]


@pytest.fixture(scope="module", params=VERSIONS)
def folder(request: pytest.FixtureRequest) -> Path:
    """Forecasts that are frozen stay: those of each version."""
    return ALL / str(request.param)


@pytest.fixture(scope="module")
def frozen(folder: Path) -> dict[str, Frozen]:
    """Each is refused as it is read if a byte of it differs from what its checksum was made of."""
    return {name: read_frozen(folder / f"{name}.zip") for name in door_to_model.provinces()}


def test_those_of_the_first_version_and_of_this_one_are_there() -> None:
    assert ["0.1.0", __version__] == VERSIONS


def test_every_province_is_frozen_as_the_list_says(frozen: dict[str, Frozen], folder: Path) -> None:
    listed = pd.read_csv(folder / CHECKSUMS)
    assert sorted(file.name for file in folder.iterdir()) == sorted([*listed["file"], CHECKSUMS])
    assert {one.manifest["made_with"]["package"] for one in frozen.values()} == {folder.name}
    assert len(listed) == 31
    assert dict(zip(listed["province"], listed["sha256"], strict=True)) == {
        name: one.checksum for name, one in frozen.items()
    }
    assert listed["commit"].nunique() == 1 and not listed["commit"].isna().any()


def test_nothing_later_than_2017_was_known(frozen: dict[str, Frozen]) -> None:
    for one in frozen.values():
        assert one.origin == 2017
        assert one.years == YEARS


def test_the_plan_is_judged_where_it_was_written_for(frozen: dict[str, Frozen]) -> None:
    judged = {name: one.judged for name, one in frozen.items()}
    assert judged == dict.fromkeys(judged, "no_plan") | {"shaanxi": "action_plan"}


def test_series_have_draws_of_model_and_rivals(frozen: dict[str, Frozen]) -> None:
    for name, one in frozen.items():
        draws = one.draws[one.draws["indicator"].isin(SERIES)]
        assert np.isfinite(draws["value"]).all() and (draws["value"] >= 0).all(), name
        of_model = draws[draws["forecaster"] == "model"]
        counted = of_model.groupby(["scenario", "indicator", "year"])["draw"].nunique()
        assert len(counted) == 2 * len(SERIES) * len(YEARS), name
        assert (counted == 200).all(), name
        own = {"model", "combined"}
        rivals = draws[~draws["forecaster"].isin(own)].groupby(["forecaster", "indicator", "year"])
        told = len(one.manifest["left_out"]["rivals"])  # which cannot be fitted to too few figures
        names = one.manifest["rivals"]["names"]  # those of then: later forecasts are beside further ones
        assert len(names) >= 5
        assert rivals.ngroups == (len(names) * len(SERIES) - told) * len(YEARS), name
        assert told == 0 or name == "xizang"


def test_shaanxi_forecasts_all_targets(frozen: dict[str, Frozen]) -> None:
    chances = frozen["shaanxi"].chances
    assert len(chances[chances["forecaster"] == "model"].groupby("target")) == 5
