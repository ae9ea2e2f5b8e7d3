"""A panel whose years are all three later gives the same packs and the same forecast three years later."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from shaanxi_transfer.experiments.forecast import forecast_of
from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.scenarios import load_pack
from shaanxi_transfer.scenarios.places import SOURCES_FOLDER
from shaanxi_transfer.scenarios.provinces.packs_from_panel import packs_from_panel
from shaanxi_transfer.scenarios.provinces.sources_read import LAST_YEAR, PANEL_FILES

from .shifted_pack import later, lay_later_dates_over, shifted_sources

YEARS = 3


def both_packs(province: str, folder: Path) -> tuple[Path, Path]:
    """Make the packs of a province from the panel, and from the panel and its facts three years later."""
    facts = shifted_sources(YEARS, folder / "facts")
    for place, source, last in ((folder / "here", SOURCES_FOLDER, LAST_YEAR), (folder / "there", facts, 0)):
        last_year = last or LAST_YEAR + YEARS
        packs_from_panel([source / name for name in PANEL_FILES], last_year, place, [province], facts=source)
    lay_later_dates_over(folder / "there" / province, LAST_YEAR, YEARS)
    return folder / "here" / province, folder / "there" / province


def years_earlier(table: pd.DataFrame) -> pd.DataFrame:
    """Take the years of a table back, as texts; nothing else in it is touched."""
    back = table.copy()
    for column in {"year", "first_year_median"} & set(back.columns):
        back[column] = [str(int(year) - YEARS) if year else "" for year in back[column]]
    return back


def read(file: Path) -> pd.DataFrame:
    return pd.read_csv(file, dtype=str, keep_default_na=False)


def check_forecasts(province: str, folder: Path, runs: int, scale: float) -> None:
    here, there = both_packs(province, folder)
    made = [
        forecast_of(
            ForecastOptions(
                province=str(pack), belief="prior", runs=runs, scale=scale, workers=0, out=folder / name
            )
        ).folder
        for name, pack in (("one", here), ("other", there))
    ]
    tables = sorted(file.name for file in made[0].glob("*.csv"))
    assert {"targets.csv", "indicators.csv", "differences.csv"} <= set(tables)
    assert tables == sorted(file.name for file in made[1].glob("*.csv"))
    for name in tables:
        one, other = (folder_of / name for folder_of in made)
        pd.testing.assert_frame_equal(read(one), years_earlier(read(other)), obj=name)


def test_a_later_panel_gives_the_same_packs_later(tmp_path: Path) -> None:
    for province in ("hubei", "shaanxi"):
        here, there = (load_pack(pack) for pack in both_packs(province, tmp_path / province))
        assert there.years.last == here.years.last + YEARS and there.years.first == here.years.first + YEARS
        assert str(there.years.plan_start) == later(str(here.years.plan_start), YEARS)
        for table in ("series", "observed"):
            mine, other = getattr(here, table), getattr(there, table)
            pd.testing.assert_frame_equal(mine, other.assign(year=other["year"] - YEARS))
        for name, parameter in here.parameters.items():
            moved = there.parameters[name]
            assert (moved.value, moved.low, moved.high) == (parameter.value, parameter.low, parameter.high)


def test_a_later_panel_gives_the_same_forecast_later(tmp_path: Path) -> None:
    check_forecasts("hubei", tmp_path, runs=2, scale=0.02)


@pytest.mark.soak
@pytest.mark.parametrize("province", ["shaanxi", "xizang", "hubei"])
def test_the_same_in_larger_forecasts(province: str, tmp_path: Path) -> None:
    check_forecasts(province, tmp_path, runs=20, scale=0.1)
