"""The whole way of a calibration with the province itself, as small as it goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.experiments.calibrating.ensemble_fit import Settings, calibrate
from shaanxi_transfer.experiments.calibrating.fit_tables import fit_table, identifiability_table, learnt
from shaanxi_transfer.experiments.calibrating.observed_figures import fitted, observed_table
from shaanxi_transfer.experiments.keeping.provenance import calibration_world
from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.experiments.planning.runs import Failed, Outcome
from shaanxi_transfer.experiments.running.progress import Progress

NAMES = ("enterprise_contracts_2017", "mean_contract_value_2017")


@pytest.mark.slow
def test_a_tiny_province_answers_to_every_figure_and_moves_towards_them() -> None:
    world, model = calibration_world("shaanxi", 2017), door_to_model.model()
    observations = fitted(observed_table(world.pack(), model.definitions), 2017)
    settings = Settings(ensembles=2, members=8, assimilations=1, scale=0.01)
    found = calibrate(world, observations, model, settings, names=NAMES, workers=0)
    assert found.runs == settings.runs == 32
    assert not found.failures
    assert found.distances.shape == (2, 8, len(observations))
    assert np.isfinite(found.distances).all()
    level = [place for place, seen in enumerate(observations) if seen.indicator == "contract_value_output"]
    before, after = (abs(d[..., level].mean()) for d in (found.prior_distances, found.distances))
    spread = found.prior_distances[..., level].std()
    assert after < before + 0.5 * spread, "it does not run away from the figures"
    assert found.positions.std() < found.prior.std()
    assert (fit_table(found)["observed"] > 0).all()
    assert identifiability_table(found, world)["role"].tolist() == ["free", "free"]
    assert 0.0 < learnt(found).signal <= 2.0


def test_a_fit_that_is_stopped_between_two_runs_ends_what_makes_them() -> None:
    """Else worker processes and their locks are left to be found by Python as it ends."""
    world, model = calibration_world("shaanxi", 2017), door_to_model.model()
    observations = fitted(observed_table(world.pack(), model.definitions), 2017)
    ended: list[bool] = []

    def executor(plan: Any, job: Any, **how: Any) -> Iterator[Outcome]:
        try:
            yield from (Failed(run, "killed", "made up") for run in plan)
        finally:
            ended.append(True)

    def stop(progress: Progress) -> None:
        raise KeyboardInterrupt

    kept = []  # a traceback holds what was under way, as it does until the program has ended
    try:
        settings = Settings(2, 14, 1)
        calibrate(world, observations, model, settings, names=NAMES, executor=executor, progress=stop)
    except KeyboardInterrupt as error:
        kept.append(error)
        assert ended == [True]
    assert kept


def test_expected_draws_are_those_of_the_fits_from_which_they_were_read() -> None:
    """Worth, by size: measured on Shaanxi (14 and 208), and on the linear province."""
    for size, worth in {(2, 108, 1): 14.0, (4, 108, 4): 48.0, (4, 400, 4): 208.0, (8, 108, 2): 86.0}.items():
        assert worth / 1.5 < Settings(*size).expected_draws(52) < 1.5 * worth
    small = Settings(2, 108, 1)
    enough = small.enough_members(52, small.expected_draws(52))
    assert 100.0 < Settings(2, enough, 1).expected_draws(52) < 150.0
