from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.experiments.forecasting.target_and_indicator_tables import yearly_of_parts
from shaanxi_transfer.experiments.forecasting.write_tables import write_tables
from shaanxi_transfer.experiments.forecasting.yearly_values import YearsOfRuns
from shaanxi_transfer.experiments.keeping import parquet_parts
from shaanxi_transfer.experiments.keeping import store as store_module
from shaanxi_transfer.experiments.keeping.manifest import identity_of
from shaanxi_transfer.experiments.keeping.store import Store, open_store
from shaanxi_transfer.experiments.planning.plan_of_runs import plan_runs
from shaanxi_transfer.experiments.planning.runs import Finished


def filled(fake: Any, pack_folder: str, folder: Path) -> Store:
    """Two scenarios, five futures, a run missing, eleven quarters, three parts in no order."""
    worlds = {name: fake.World(name, pack_folder=pack_folder) for name in ("plan", "none")}
    store = open_store(
        folder, identity_of(worlds, {}, kind="forecast", runs=5, scale=0.1, seed=1, indicators={})
    )
    quarters = tuple(Quarter(2018, 1).later(step) for step in range(11))
    luck = np.random.default_rng(3)
    names = tuple(fake.INDICATORS)
    made = [
        Finished(run, names, quarters, luck.lognormal(3.0, 2.0, (11, len(names))))
        for run in plan_runs(list(worlds), 5, 1)
        if run.run_id != "none-000003"
    ][::-1]
    for part in (made[:2], made[2:7], made[7:]):
        store.add(part, "predictive")
    return store


def test_years_of_each_indicator_are_those_of_all_parts_together(
    fake: Any, pack_folder: str, tmp_path: Path
) -> None:
    store = filled(fake, pack_folder, tmp_path / "out")
    together = yearly_of_parts(store.frames(), fake.DEFINITIONS)
    with YearsOfRuns(store, fake.DEFINITIONS) as years:
        apart = pd.concat([years.of(name) for name in years.indicators])
    key = ["scenario", "future", "indicator", "year"]
    pd.testing.assert_frame_equal(
        apart.sort_values(key, ignore_index=True), together, check_exact=True, check_dtype=False
    )
    assert set(apart["year"]) == {2018, 2019}, "a year of three quarters is none"
    assert len(apart) == 9 * 2 * 4


def test_each_part_is_read_once_for_all_tables(
    fake: Any, pack_folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = filled(fake, pack_folder, tmp_path / "out")
    for part in store.parts("predictive"):
        part.rename(store.folder / "runs" / part.name)
    read: list[Path] = []
    plainly = parquet_parts.read_part

    def look(part: Path) -> Any:
        read.append(part)
        return plainly(part)

    monkeypatch.setattr(store_module, "read_part", look)
    write_tables(store, fake.DEFINITIONS, {"plan": "shaanxi", "none": "shaanxi"})
    assert read == store.parts("predictive") and len(read) == 3


def test_scenarios_that_the_manifest_does_not_name_are_there_too(
    fake: Any, pack_folder: str, tmp_path: Path
) -> None:
    store = filled(fake, pack_folder, tmp_path / "out")
    manifest = store.manifest()
    manifest["identity"]["scenarios"].pop("none")
    store.write_manifest(manifest)
    with YearsOfRuns(store, fake.DEFINITIONS) as years:
        assert set(years.of("platforms")["scenario"]) == {"plan", "none"}


def test_nothing_is_left_beside_the_results(fake: Any, pack_folder: str, tmp_path: Path) -> None:
    store = filled(fake, pack_folder, tmp_path / "out")
    before = sorted(store.folder.rglob("*"))
    with YearsOfRuns(store, fake.DEFINITIONS) as years:
        years.of("platforms")
    assert sorted(store.folder.rglob("*")) == before


def test_a_store_without_runs_has_no_years(fake: Any, tmp_path: Path) -> None:
    store = open_store(tmp_path / "out", {"kind": "forecast", "scenarios": {}})
    with YearsOfRuns(store, fake.DEFINITIONS) as years:
        assert years.indicators == []
