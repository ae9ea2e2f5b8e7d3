"""The emulator on planted functions: what it recovers, what it says of its own error, what it refuses."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.emulating.emulator import COVERED, Emulator, fewest_points, fitted

Columns = NDArray[np.float64]
LEVERS = 4


def columns(points: int, seed: int) -> Columns:
    rng = np.random.default_rng(seed)
    return np.hstack([rng.uniform(-1, 1, (points, LEVERS)), rng.choice([-1.0, 1.0], (points, 1))])


def smooth(x: Columns) -> Columns:
    rise = 9.0 + x[:, 0] + 0.5 * x[:, 1] ** 3 - 0.7 * x[:, 0] * x[:, 2] + x[:, 4] * (1 + x[:, 3])
    return np.column_stack([rise, 1e9 * rise])


def rough(x: Columns) -> Columns:
    return np.column_stack([np.sin(9.0 * x[:, 0]) * np.sign(x[:, 1]), np.floor(3.0 * x[:, 2])])


def emulator_of(planted: Callable[[Columns], Columns], points: int = 120) -> Emulator:
    seen, unseen = columns(points, 1), columns(100, 2)
    return fitted(LEVERS, 2, seen, planted(seen), unseen, planted(unseen))


def test_a_smooth_function_is_recovered_in_every_unit() -> None:
    emulator, new = emulator_of(smooth), columns(300, 3)
    missed = np.abs(emulator.predict(new) - smooth(new)) / smooth(new).std(axis=0)
    assert missed.max() < 1e-2
    assert (emulator.errors < 1e-2 * smooth(new).std(axis=0)).all()


def test_the_stated_error_of_a_rough_function_covers_points_that_were_never_seen() -> None:
    emulator, new = emulator_of(rough), columns(1000, 4)
    covered = (np.abs(emulator.predict(new) - rough(new)) <= emulator.stated(new)).mean(axis=0)
    assert (covered > COVERED - 0.06).all() and (covered < 1.0).all()
    assert (emulator.errors > 0.2 * rough(new).std(axis=0)).all(), "it does not claim to know it"


def test_the_stated_error_grows_away_from_the_design() -> None:
    emulator = emulator_of(smooth)
    middle, corner = np.zeros((1, LEVERS + 1)), np.ones((1, LEVERS + 1))
    middle[0, LEVERS] = 1.0
    assert emulator.leverage(corner)[0] > 1.2 * emulator.leverage(middle)[0] >= 1.2


def test_too_few_points_are_refused_with_how_many_it_takes() -> None:
    assert fewest_points(LEVERS, 2) == 20
    with pytest.raises(InputError, match=r"points: 19 points are too few for 4 levers.*20 or more"):
        emulator_of(smooth, points=19)
