"""A province with half of its series is run and forecast: others stand in, and the bands are no narrower."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.experiments.forecast import forecast_of
from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.model.running import run
from shaanxi_transfer.scenarios import load, load_pack
from shaanxi_transfer.scenarios.places import SOURCES_FOLDER
from shaanxi_transfer.scenarios.provinces.packs_from_panel import packs_from_panel
from shaanxi_transfer.scenarios.provinces.sources_read import PANEL_FILE
from shaanxi_transfer.scenarios.provinces.stand_in_series import BEGINS

SOLD = "contract_value_output"


def both_packs(folder: Path) -> tuple[Path, Path]:
    """Make the pack of Hubei up to 2014 from the panel, and from one without every second series of its."""
    head, *lines = (SOURCES_FOLDER / PANEL_FILE).read_text(encoding="utf-8").splitlines(keepends=True)
    names = sorted({line.split(",")[3] for line in lines if line.startswith("hubei,")})
    gone = {f",{name}," for name in names[::2]} - {f",{SOLD},"}
    kept = [one for one in lines if not (one.startswith("hubei,") and any(name in one for name in gone))]
    (folder / "half.csv").write_text("".join([head, *kept]), encoding="utf-8")
    for panel, name in ((SOURCES_FOLDER / PANEL_FILE, "whole"), (folder / "half.csv", "half")):
        packs_from_panel([panel], 2014, folder / name, ["hubei"])
    return folder / "whole" / "hubei", folder / "half" / "hubei"


def test_a_province_with_half_of_its_series_is_run(tmp_path: Path) -> None:
    whole, half = both_packs(tmp_path)
    pack, more = load_pack(half), load_pack(whole)
    series = pack.series[pack.series["scope"] == "province"]
    others = set(more.series.loc[more.series["scope"] == "province", "indicator"])
    stand_in = series[series["source"].str.startswith(BEGINS)]
    assert set(stand_in["indicator"]) == {"fiscal_science_technology"}
    assert len(set(series["indicator"]) - set(stand_in["indicator"])) <= len(others) // 2 + 1
    level = pack.series_of("fiscal_science_technology")[2014]
    assert 0.3 < level / more.series_of("fiscal_science_technology")[2014] < 3.0
    world = load("no_plan").set(province=str(half), belief="prior", name="half")
    sold = run(world, seed=1, scale=0.02).series(SOLD)
    assert np.isfinite(sold).all() and sold.sum() > 0.0


@pytest.mark.soak
def test_its_forecast_is_no_surer_than_with_all_of_them(tmp_path: Path) -> None:
    widths = []
    for number, pack in enumerate(both_packs(tmp_path)):
        asked: dict[str, Any] = {
            "province": str(pack),
            "belief": "prior",
            "runs": 100,
            "out": tmp_path / str(number),
        }
        table = pd.read_csv(forecast_of(ForecastOptions(**asked)).folder / "indicators.csv")
        rows = table[(table["indicator"] == SOLD) & (table["scenario"] == "no_plan") & (table["year"] > 2014)]
        widths.append(float(np.log(rows["q90"] / rows["q10"]).mean()))
    assert widths[1] > widths[0]
