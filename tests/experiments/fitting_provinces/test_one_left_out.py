"""What is shared, learnt from the others: the product written out, a planted value, nothing looked at."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.calibrating.observed_figures import Observation
from shaanxi_transfer.experiments.fitting_provinces.linear_update import Bank, Normal, lines_through
from shaanxi_transfer.experiments.fitting_provinces.one_left_out import (
    learnt_from_others,
    positions_left_out,
    shared_names,
)
from shaanxi_transfer.experiments.fitting_provinces.province_beliefs import MOVED, REOPENED, Beliefs
from shaanxi_transfer.experiments.fitting_provinces.province_fit import Place, common_of_places, place_of
from shaanxi_transfer.scenarios import load_pack

SIZE = len(MOVED)
SHARED = ("entry_threshold", "value_size_power")
COLUMNS = [MOVED.index(name) for name in SHARED]
OWN = MOVED.index("import_share")
NO_WORLD: Any = None
TRUE = np.array([0.8, -0.5])
FIGURES = ("contract_count_output", "contract_value_output", "contract_count_inflow")
ERROR = 0.05
SLOPES = np.zeros((3, SIZE))
SLOPES[:, COLUMNS] = [[0.5, 0.1], [0.2, -0.4], [0.0, 0.3]]
SLOPES[:, OWN] = [0.3, 0.1, 0.6]


def made_up(number: int, prior: Normal | None = None, runs: int = 400) -> tuple[dict[str, Place], Any]:
    """Provinces in a world of lines, all with `TRUE`, each with its own value of what is its own."""
    random = np.random.default_rng(5)
    prior = Normal(np.zeros(SIZE), np.eye(SIZE)) if prior is None else prior
    seen = tuple(Observation(name, 2016, 1.0, ERROR, "equal") for name in FIGURES)
    places, banks = {}, {}
    for one in range(number):
        positions = random.standard_normal((runs, SIZE))
        at = np.zeros(SIZE)
        at[COLUMNS], at[OWN] = TRUE, random.standard_normal()
        luck = 0.1 * random.standard_normal((runs + 1, 3))
        distances = (positions - at) @ SLOPES.T + luck[:-1] - luck[-1]
        name = f"province_{one}"
        places[name] = Place(name, 2016, NO_WORLD, seen, Beliefs({}, prior, (), np.empty((0, 0))))
        banks[name] = [Bank(positions, distances)]
    return places, banks


def test_it_is_the_product_of_the_others_likelihoods_over_the_prior() -> None:
    prior = Normal(np.full(SIZE, 0.3), 0.5 * np.eye(SIZE))
    places, banks = made_up(4, prior, runs=60)
    found = learnt_from_others(list(places.values()), banks, "province_2", SHARED)
    others = [place for name, place in places.items() if name != "province_2"]
    own = [column for column in range(SIZE) if column not in COLUMNS]
    precision, weighted = np.eye(2), np.zeros(2)
    for place, common in zip(others, common_of_places(others, banks), strict=True):
        level, slopes, noise = lines_through(banks[place.province], common)
        around = noise + ERROR**2 * np.eye(3) + 0.5 * slopes[:, own] @ slopes[:, own].T
        weight = slopes[:, COLUMNS].T @ np.linalg.inv(around)
        precision += weight @ slopes[:, COLUMNS]
        weighted -= weight @ (level + slopes[:, own] @ np.full(len(own), 0.3))
    np.testing.assert_allclose(found.covariance, np.linalg.inv(precision), atol=1e-12)
    np.testing.assert_allclose(found.mean, np.linalg.solve(precision, weighted), atol=1e-12)


def test_a_planted_shared_value_is_recovered_the_closer_the_more_provinces_there_are() -> None:
    few, many = (
        learnt_from_others(list(places.values()), banks, "province_0", SHARED)
        for places, banks in (made_up(4), made_up(31))
    )
    spread = np.sqrt(np.diag(many.covariance))
    assert (spread < 0.15).all() and (spread < 0.6 * np.sqrt(np.diag(few.covariance))).all()
    assert (np.abs(many.mean - TRUE) < 3.0 * spread).all()
    assert (np.abs(many.mean) > 3.0 * spread).all(), "the prior's middle is not it"


def test_what_the_left_out_one_shows_moves_no_byte_and_another_does() -> None:
    places, banks = made_up(4)

    def learnt(altered: str) -> bytes:
        seen = {name: [Bank(bank.positions, bank.distances.copy())] for name, (bank,) in banks.items()}
        seen[altered][0].distances[:] += np.array([3.0, -1.0, 0.5])
        found = learnt_from_others(list(places.values()), seen, "province_0", SHARED)
        return found.mean.tobytes() + found.covariance.tobytes()

    before = learnt_from_others(list(places.values()), banks, "province_0", SHARED)
    assert learnt("province_0") == before.mean.tobytes() + before.covariance.tobytes()
    assert learnt("province_1") != learnt("province_0")
    without = {name: place for name, place in places.items() if name != "province_0"}
    again = learnt_from_others(list(without.values()), banks, "province_0", SHARED)
    assert again.mean.tobytes() == before.mean.tobytes(), "nor whether it is there at all"


def test_its_own_parameters_stay_at_their_prior() -> None:
    places, _ = made_up(1, Normal(np.full(SIZE, 0.3), 0.5 * np.eye(SIZE) + 0.1))
    learnt = Normal(TRUE, np.array([[0.02, 0.01], [0.01, 0.03]]))
    found = positions_left_out(places["province_0"], SHARED, learnt)
    np.testing.assert_array_equal(found.mean[COLUMNS], TRUE)
    np.testing.assert_array_equal(found.covariance[np.ix_(COLUMNS, COLUMNS)], learnt.covariance)
    assert found.mean[OWN] == 0.3 and found.covariance[OWN, OWN] == 0.6
    assert not found.covariance[OWN, COLUMNS].any()


def test_nobody_to_learn_from_is_refused() -> None:
    places, banks = made_up(1)
    with pytest.raises(InputError, match="nobody but province_0"):
        learnt_from_others(list(places.values()), banks, "province_0", SHARED)


def test_what_is_shared_is_of_no_pack_and_not_open_again(channel: Any, tmp_path: Any) -> None:
    shared = shared_names(place_of("hubei", 2017, None, channel.model(), tmp_path))
    assert set(SHARED) <= set(shared)
    assert not set(shared) & {*load_pack("hubei").parameters, *REOPENED}
