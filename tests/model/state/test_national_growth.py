"""The national forecast as what draws the contracts of all others."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.model.state.national_growth import growth_of_nation, nation_known
from shaanxi_transfer.model.state.outside import OutsideWorld, outside_world
from shaanxi_transfer.scenarios import Scenario, load
from shaanxi_transfer.scenarios.choosing.pack_years import shipped_years
from shaanxi_transfer.scenarios.provinces.national_series import national_series

SEEDS = range(100)
FIRST_YEAR, LAST_OBSERVED = shipped_years().first_read, shipped_years().last


def world_of(province: str = "shaanxi", **changes: Any) -> Scenario:
    return load("no_plan").set(
        province=province, belief="prior", name="no_plan", draw_parameters=False, **changes
    )


def outside(scenario: Scenario, seed: int) -> OutsideWorld:
    return outside_world(scenario, scenario.pack(), scenario.parameter_centrals(), seed)


def rows_of(series: dict[int, float]) -> tuple[tuple[int, float], ...]:
    return tuple(sorted(series.items()))


def growth(found: OutsideWorld, name: str, year: int) -> float:
    return math.log(found.level(name, year) / found.level(name, year - 1))


def test_a_future_has_one_nation_in_every_province_and_scenario() -> None:
    for seed in (1, 2):
        here, there, planned = (
            outside(world, seed)
            for world in (
                world_of(),
                world_of("gansu"),
                load("action_plan").set(belief="prior", draw_parameters=False),
            )
        )
        for name in ("national_count", "national_value"):
            for year in (2018, 2020, 2030):
                assert growth(here, name, year) == pytest.approx(growth(there, name, year), rel=1e-9)
            assert here.paths[name].tobytes() == planned.paths[name].tobytes()
    assert growth(outside(world_of(), 1), "national_value", 2018) != growth(
        outside(world_of(), 2), "national_value", 2018
    )


def test_what_is_known_and_what_is_the_provinces_own_stays_as_it_was() -> None:
    walk = load("no_plan").set(belief="prior", draw_parameters=False, national_forecast=0.0)
    one, two = outside(world_of(), 3), outside(walk, 3)
    last = LAST_OBSERVED - FIRST_YEAR + 1
    for name, path in one.paths.items():
        assert path[:last].tobytes() == two.paths[name][:last].tobytes()
    for name in ("rd", "fiscal_science", "output", "coverage_elsewhere"):
        assert one.paths[name].tobytes() == two.paths[name].tobytes()
    assert one.level("national_count", 2018) != two.level("national_count", 2018)


def test_the_path_is_that_of_the_forecast() -> None:
    pack = load("no_plan").pack()
    number = pack.series_of("contract_count_output", "china")
    in_yuan = national_series("contract_value_output")
    nation, value = nation_known(rows_of(number), rows_of(in_yuan), LAST_OBSERVED)
    assert value == in_yuan[LAST_OBSERVED]
    drawn = nation.paths(3, 1, 7)
    found = outside(world_of(), 7)
    for name, path, known in (
        ("national_count", drawn.number, number[LAST_OBSERVED]),
        ("national_value", drawn.value, value),
    ):
        for ahead in (1, 2, 3):
            rise = found.level(name, LAST_OBSERVED + ahead) / found.level(name, LAST_OBSERVED)
            assert rise == pytest.approx(path[0, ahead - 1] / known, rel=1e-9)


def test_without_luck_it_goes_on_by_the_mean_drift_in_the_middle_of_its_futures() -> None:
    still = outside(world_of(draw_outside=False), 1)
    steady = growth(still, "national_value", 2018)
    assert growth(still, "national_value", 2030) == pytest.approx(steady, rel=1e-9)
    drawn = np.array([growth(outside(world_of(), seed), "national_value", 2018) for seed in SEEDS])
    assert drawn.mean() == pytest.approx(steady, abs=4.0 * drawn.std() / math.sqrt(len(SEEDS)))


def test_the_four_spreads_of_the_walk_are_not_read() -> None:
    wide: dict[str, Any] = {
        f"{what}_sd_national_{which}": 0.06 for what in ("drift", "shock") for which in ("count", "value")
    }
    one, two = outside(world_of(), 5), outside(world_of(**wide), 5)
    assert one.paths["national_count"].tobytes() == two.paths["national_count"].tobytes()


def test_nothing_after_the_last_known_year_is_looked_at() -> None:
    pack = load("no_plan").pack()
    number = pack.series_of("contract_count_output", "china")
    early = {year: figure for year, figure in number.items() if year <= 2013}
    value = rows_of(national_series("contract_value_output"))
    one, two = (nation_known(rows_of(some), value, 2013)[0] for some in (number, early))
    assert one.means.tobytes() == two.means.tobytes() and one.origin == 2013


def test_a_nation_whose_last_number_is_missing_is_refused() -> None:
    class Gap:
        """A pack in which the nation's number ends a year before the value."""

        years = shipped_years()

        def nation(self, indicator: str) -> dict[int, float]:
            return national_series(indicator)

        def series_of(self, indicator: str, scope: str) -> dict[int, float]:
            return {year: 1000.0 * year for year in range(2010, 2017)}

    with pytest.raises(InputError, match="number in 2017 is not known"):
        growth_of_nation(Gap(), range(2018, 2021), 1)  # type: ignore[arg-type]


def test_the_file_of_the_nation_is_part_of_what_a_scenario_is() -> None:
    assert "nation" in world_of().content()["outside"]
    assert "nation" not in load("no_plan").set(national_forecast=0.0).content()["outside"]


def test_a_longer_run_has_the_same_nation_and_more_of_it() -> None:
    short, long = (outside(world_of(end=f"{year}-Q4"), 4) for year in (2018, 2025))
    for name in ("national_count", "national_value"):
        assert growth(short, name, 2019) == growth(long, name, 2019) != growth(long, name, 2020)
        assert growth(short, name, 2020) == pytest.approx(growth(short, name, 2019), rel=1e-9)
