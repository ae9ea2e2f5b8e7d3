"""Own paths share a part of their luck with other provinces; the nation's are one for all."""

from __future__ import annotations

import functools
import math
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.model.state.luck_of_paths import OWN_PATHS, part_in_common, path_luck
from shaanxi_transfer.model.state.outside import OutsideWorld, outside_world
from shaanxi_transfer.scenarios import Scenario, load
from shaanxi_transfer.scenarios.choosing.pack_years import shipped_years

FIRST_YEAR, LAST_OBSERVED = shipped_years().first_read, shipped_years().last
Numbers = npt.NDArray[np.float64]

NATIONAL = ("national_count", "national_value", "national_mean")
NEXT = LAST_OBSERVED + 1 - FIRST_YEAR
DRAWS = 2000
DRIFT, SHOCK = (luck.mechanism(f"{what} an outside path") for what in ("drift of", "shock to"))


def drawn(place: str, name: str, common: float, mechanism: np.uint64 = SHOCK, year: int = 2018) -> Numbers:
    return np.array([path_luck(seed, name, place, common, mechanism, year) for seed in range(DRAWS)])


@functools.cache
def of_place(province: str) -> Scenario:
    return load("no_plan").set(province=province, belief="prior", draw_parameters=False)


def world(province: str, seed: int, **held: float) -> OutsideWorld:
    scenario = of_place(province)
    return outside_world(scenario, scenario.pack(), {**scenario.parameter_centrals(), **held}, seed)


def held_at(common: float) -> dict[str, float]:
    return {f"common_luck_{name}": common for name in OWN_PATHS}


def steps(province: str, name: str, seeds: int, **held: float) -> Numbers:
    """What a path draws beyond its centre, shape (seeds, years): growth of ln."""
    still = of_place(province).set(draw_outside=False)
    centre = outside_world(still, still.pack(), still.parameter_centrals(), 1).paths[name]
    found = np.array([np.log(world(province, seed, **held).paths[name] / centre) for seed in range(seeds)])
    return np.diff(found[:, NEXT - 1 :], axis=1)


# ---- the luck --------------------------------------------------------------------


@pytest.mark.parametrize("mechanism", [DRIFT, SHOCK], ids=["drift", "shock"])
@pytest.mark.parametrize("common", [0.0, 0.11, 0.25, 0.63, 0.95])
def test_two_places_have_as_much_in_common_as_is_said(common: float, mechanism: np.uint64) -> None:
    places = np.array([drawn(place, "rd", common, mechanism) for place in ("shaanxi", "gansu", "hubei")])
    error = 4.0 * (1.0 - common**2) / math.sqrt(DRAWS)
    assert np.corrcoef(places)[np.triu_indices(3, 1)] == pytest.approx(common, abs=error)
    # How far a single province may go does not depend on it.
    assert places.std(axis=1) == pytest.approx(1.0, rel=4.0 / math.sqrt(2 * DRAWS))
    assert places.mean(axis=1) == pytest.approx(0.0, abs=4.0 / math.sqrt(DRAWS))


def test_years_paths_and_mechanisms_of_a_place_are_drawn_apart() -> None:
    found = np.array([
        drawn("gansu", name, 0.25, mechanism, year)
        for name in ("rd", "output") for mechanism in (DRIFT, SHOCK) for year in (2018, 2019)
    ])  # fmt: skip
    apart = np.corrcoef(found)[np.triu_indices(len(found), 1)]
    assert np.abs(apart).max() < 4.5 / math.sqrt(DRAWS)


@pytest.mark.parametrize("name", [*OWN_PATHS, *NATIONAL[:2]])
def test_all_of_it_in_common_is_drawn_by_the_name_of_the_path_alone(name: str) -> None:
    for seed in (1, 7):
        alone = luck.draw_normal(seed, int(SHOCK), luck.key_of("outside path", name), 2018)
        for place in ("shaanxi", "gansu"):
            assert path_luck(seed, name, place, 1.0, SHOCK, 2018) == alone
            assert path_luck(seed, name, place, 0.99, SHOCK, 2018) != alone


def test_only_own_paths_differ_by_place() -> None:
    values = {**held_at(0.3), "common_luck_national_count": 0.5}
    assert [part_in_common(name, values) for name in (*OWN_PATHS, *NATIONAL)] == [0.3] * 3 + [1.0] * 3


@pytest.mark.parametrize(("value", "mend"), [(-0.1, "0"), (1.5, "1"), (math.nan, None)])
def test_what_is_no_part_is_named(value: float, mend: str | None) -> None:
    with pytest.raises(InputError, match="no part of a variance") as refused:
        world("shaanxi", 1, common_luck_output=value)
    assert (refused.value.key, refused.value.allowed) == ("common_luck_output", "0 to 1")
    assert refused.value.suggestion == mend


def test_a_scenario_may_hold_what_is_in_common_and_a_wrong_part_is_named(tmp_path: Path) -> None:
    assert load("no_plan").set(parameters=held_at(1.0)).parameter_draws(3)["common_luck_rd"] == 1.0
    for wrong in (1.2, -0.2):
        with pytest.raises(InputError, match="common_luck_rd"):
            load("no_plan").set(parameters={"common_luck_rd": wrong})
    file = tmp_path / "typo.yaml"
    file.write_text("base: no_plan\nname: typo\nparameters: {common_luck_r: 0.5}\n", encoding="utf-8")
    with pytest.raises(InputError, match="did you mean common_luck_rd"):
        load(str(file))


# ---- the paths that are made of it -----------------------------------------------


def test_paths_of_two_provinces_move_together_in_part() -> None:
    seeds = 300
    common = of_place("gansu").parameter_centrals()["common_luck_rd"]
    one, other = (steps(place, "rd", seeds)[:, 0] for place in ("shaanxi", "gansu"))
    error = 4.0 * (1.0 - common**2) / math.sqrt(seeds)
    assert np.corrcoef(one, other)[0, 1] == pytest.approx(common, abs=error)


def test_all_of_it_in_common_makes_provinces_grow_in_step() -> None:
    # Shaanxi's output is gross product, that of Gansu public spending: one luck still.
    for name in OWN_PATHS:
        one, other = (steps(place, name, 10, **held_at(1.0)) for place in ("shaanxi", "gansu"))
        np.testing.assert_allclose(one, other, atol=1e-12)


@pytest.mark.parametrize("seed", [1, 7])
def test_the_walk_is_that_of_one_luck_where_all_is_in_common(seed: int) -> None:
    """Walked by hand with the nation's luck alone, as all paths were before places had their own."""
    values, own = of_place("shaanxi").parameter_centrals(), dict.fromkeys(OWN_PATHS, "rd")
    for name, sd in {**own, "national_count": "national_count", "national_value": "national_value"}.items():
        path = world("shaanxi", seed, national_forecast=0.0, **held_at(1.0)).paths[name]
        logs, entity = np.log(path), luck.key_of("outside path", name)
        drift = (logs[NEXT - 1] - logs[NEXT - 5]) / 4
        drift += values[f"drift_sd_{sd}"] * luck.draw_normal(seed, int(DRIFT), entity)
        level, walked = logs[NEXT - 1], []
        for year in range(2018, 2023):
            level += drift + values[f"shock_sd_{sd}"] * luck.draw_normal(seed, int(SHOCK), entity, year)
            walked.append(math.exp(level))
        assert path[NEXT : NEXT + 5] == pytest.approx(walked, rel=1e-12), name


def test_the_nation_moves_alike_for_all_places_whatever_own_paths_share() -> None:
    for name in NATIONAL:
        one, *others = (steps(place, name, 5) for place in ("shaanxi", "gansu", "xizang"))
        for other in others:
            np.testing.assert_allclose(one, other, atol=1e-12)
    for place in ("shaanxi", "gansu"):
        free, apart = world(place, 5), world(place, 5, **held_at(0.0))
        for name in (*NATIONAL, "coverage_elsewhere"):
            assert free.paths[name].tobytes() == apart.paths[name].tobytes()
        assert all(free.level(name, 2019) != apart.level(name, 2019) for name in OWN_PATHS)


def test_one_place_has_one_path_in_every_scenario() -> None:
    plans = [load(name).set(province="gansu", belief="prior") for name in ("no_plan", "action_plan")]
    one, two = (outside_world(each, each.pack(), each.parameter_draws(9), 9) for each in plans)
    for name, path in one.paths.items():
        assert path.tobytes() == two.paths[name].tobytes()


def test_what_is_in_common_is_one_draw_for_all_provinces() -> None:
    draws = [
        load("no_plan").set(province=place, belief="prior").parameter_draws(4)
        for place in ("shaanxi", "gansu")
    ]
    assert all(draws[0][name] == draws[1][name] for name in held_at(0.0))


def test_what_is_in_common_leaves_the_past_alone() -> None:
    for place in ("shaanxi", "gansu"):
        worlds = [world(place, seed, **held_at(common)) for seed in (1, 2) for common in (0.0, 0.4, 1.0)]
        for name in (*OWN_PATHS, *NATIONAL):
            assert len({each.paths[name][:NEXT].tobytes() for each in worlds}) == 1
            assert len({each.between(name, 2017.99) for each in worlds}) == 1


def test_a_seed_of_the_outside_draws_the_places_part_as_well() -> None:
    scenario = of_place("gansu")
    held = scenario.set(outside={"seed": 11})
    values = scenario.parameter_centrals()
    other = outside_world(held, held.pack(), values, 3).paths
    for name, path in outside_world(scenario, scenario.pack(), values, 11).paths.items():
        assert path.tobytes() == other[name].tobytes()
