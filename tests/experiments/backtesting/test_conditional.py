"""Errors split into the nation's part and the province's, on forecasts whose parts are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.backtesting.conditional import NATION, split_errors, told_the_nation, trends
from shaanxi_transfer.experiments.backtesting.points import POINT_COLUMNS
from shaanxi_transfer.model.state.outside import outside_world
from shaanxi_transfer.scenarios import load_pack
from shaanxi_transfer.scenarios.provinces.earlier_pack import write_earlier_pack

SERIES = "contract_value_inflow"
PLACES = [f"p{number}" for number in range(12)]
ORIGINS = (2013, 2014, 2015, 2016)
DRAWS = 21


def forecasts(
    nation: float, by_horizon: float, by_origin: float, noise: float = 0.02
) -> dict[str, pd.DataFrame]:
    """Forecasts that miss by a nation's part a year, by a province's with known trends, and in level."""
    found = {}
    for number, place in enumerate(PLACES):
        rng = np.random.default_rng(number)  # the same provinces whatever the nation does
        rows = []
        for origin in ORIGINS:
            level = rng.normal(0.0, 1.0)
            for year in range(origin + 1, 2018):
                ahead, came = year - origin, rng.normal(0.2, 0.1) * (year - origin)
                own = by_horizon * ahead + by_origin * (origin - 2013) + noise * rng.normal()
                for draw in range(DRAWS):
                    spread = 0.1 * (draw - DRAWS // 2)
                    simulated = 20.0 + level + came + nation * ahead + own + spread
                    row = (origin, SERIES, year, draw, simulated, 20.0 + level, 22.0 + came, 22.0)
                    rows.append(row)
        found[place] = pd.DataFrame(rows, columns=list(POINT_COLUMNS))
    return found


def test_the_parts_are_found_and_add_up_to_the_error() -> None:
    split = split_errors(forecasts(-0.07, 0.03, 0.0, noise=0.0), forecasts(0.0, 0.03, 0.0, noise=0.0))
    assert len(split) == len(PLACES) * (4 + 3 + 2 + 1)
    assert split["of_the_nation"].to_numpy() == pytest.approx(-0.07 * split["horizon"].to_numpy())
    assert split["of_the_province"].to_numpy() == pytest.approx(0.03 * split["horizon"].to_numpy())
    assert (split["of_the_nation"] + split["of_the_province"]).to_numpy() == pytest.approx(
        split["error"].to_numpy()
    )


def test_a_trend_by_horizon_is_told_from_one_by_origin() -> None:
    free = forecasts(-0.07, 0.03, 0.0)
    found = trends(split_errors(free, forecasts(0.0, 0.03, 0.0))).set_index("by")
    assert found.loc["horizon", "slope"] == pytest.approx(0.03, abs=0.005) and found.loc["horizon", "seen"]
    assert found.loc["origin", "slope"] == pytest.approx(0.0, abs=0.005)
    found = trends(split_errors(free, forecasts(0.0, 0.0, -0.05))).set_index("by")
    assert found.loc["origin", "slope"] == pytest.approx(-0.05, abs=0.005) and found.loc["origin", "seen"]
    assert (found["low"] < found["slope"]).all() and (found["slope"] < found["high"]).all()


def test_the_nations_part_can_be_looked_at_in_the_same_way() -> None:
    split = split_errors(forecasts(-0.07, 0.03, 0.0), forecasts(0.0, 0.03, 0.0))
    found = trends(split, part="of_the_nation").set_index("by")
    assert found.loc["horizon", "slope"] == pytest.approx(-0.07, abs=1e-6)


def test_what_cannot_be_compared_is_refused() -> None:
    free = forecasts(0.0, 0.0, 0.0)
    with pytest.raises(InputError, match="in one of the two backtests alone"):
        split_errors(free, {place: points.query("year < 2017") for place, points in free.items()})
    split = split_errors(free, free)
    with pytest.raises(InputError, match="1 province"):
        trends(split.query("province == 'p0'"))
    with pytest.raises(InputError, match="no spread"):
        trends(split.query("origin == 2013"))


def test_the_world_is_told_the_nation_and_nothing_of_the_province(tmp_path: Path) -> None:
    today = load_pack("gansu")
    then = str(write_earlier_pack("gansu", 2014, tmp_path / "gansu").resolve())
    world = told_the_nation(today, then, 2014, "prior", tmp_path / "nation.csv")
    values = world.parameter_draws(3)
    outside = outside_world(world, world.pack(), values, 3)
    for path, name in zip(("national_count", "national_value"), NATION, strict=True):
        nation, own = (today.series_of(name, scope) for scope in ("china", "province"))
        for year in (2015, 2016, 2017):
            rest = nation[year] * (1.0 - own[2014] / nation[2014])
            assert outside.level(path, year) == pytest.approx(rest, rel=1e-9)
    assert outside.level("rd", 2016) != pytest.approx(today.series_of("rd_expenditure")[2016], rel=1e-6)
    free = world.set(outside={"file": None})
    alone = outside_world(free, free.pack(), values, 3)
    assert alone.paths["rd"].tobytes() == outside.paths["rd"].tobytes(), "the same future but for the nation"
