"""What the panel says is common to all provinces, and what the parameters make of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.scenarios import load
from shaanxi_transfer.scenarios.places import SOURCES_FOLDER
from shaanxi_transfer.scenarios.provinces.sources_read import PANEL_FILE
from shaanxi_transfer.studies.upkeep.common_luck import (
    SERIES,
    common_part,
    common_part_of_misses,
    growth_by_year,
    levels_by_year,
    main,
)


def made_up(part: float, years: int, seed: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    rng = np.random.default_rng(seed)
    own = rng.normal(size=(years, 31)) + rng.normal(size=31)
    return np.asarray(np.sqrt(part) * rng.normal(size=(years, 1)) + np.sqrt(1.0 - part) * own)


@pytest.mark.parametrize("part", [0.0, 0.25, 0.63])
def test_what_is_common_is_found_again_and_seven_years_know_it_badly(part: float) -> None:
    rng = np.random.default_rng(1)
    growth = np.sqrt(part) * rng.normal(size=(4000, 1)) + np.sqrt(1.0 - part) * rng.normal(size=(4000, 31))
    assert common_part(growth).part == pytest.approx(part, abs=0.03)
    found = [common_part(made_up(part, 7, seed)) for seed in range(400)]
    held = [one.low <= part <= one.high for one in found]
    # 90 % in the long run; the means of provinces are taken off, as in the panel.
    assert 0.84 < np.mean(held) < 0.95


def test_misses_count_from_zero() -> None:
    years = np.arange(2010, 2018)
    line = 0.1 * (years - 2010.0)[:, None] + np.arange(5.0)
    rng = np.random.default_rng(2)
    line[5:] -= 0.2
    levels = pd.DataFrame(line + 1e-3 * rng.normal(size=line.shape), index=years)
    parts = common_part_of_misses(levels)
    assert parts[2014, 2015] > 0.99 and len(parts) == 6


@pytest.mark.house
def test_the_parameters_are_what_the_panel_says() -> None:
    panel = pd.read_csv(SOURCES_FOLDER / PANEL_FILE)
    assert levels_by_year(panel, SERIES[0]).index.max() == 2017
    table = load("no_plan").parameter_table()
    for name, series in zip(("rd", "fiscal_science", "output"), SERIES, strict=True):
        held, found = table[f"common_luck_{name}"], common_part(growth_by_year(panel, series))
        assert held.value == round(found.part, 2)
        assert held.high == round(found.high, 2)
        # Output stands for gross product as well, which has less in common.
        assert held.low == (0.12 if name == "output" else round(found.low, 2))


def test_what_is_no_series_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["--indicator", "rd_expediture"]) == 2
    assert "did you mean rd_expenditure?" in capsys.readouterr().err
    assert main(["--panel", str(tmp_path / "none.csv")]) == 2
    assert "none.csv" in capsys.readouterr().err
