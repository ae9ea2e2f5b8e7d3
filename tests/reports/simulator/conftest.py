"""An emulator of figures that were planted, in a study that is settled and never run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.experiments.effects.kept_figures import Figures
from shaanxi_transfer.experiments.emulating.carry_out import Emulation, columns_of, emulation_of
from shaanxi_transfer.experiments.emulating.options import EmulationOptions
from shaanxi_transfer.experiments.emulating.points import Point
from shaanxi_transfer.experiments.emulating.study import EmulationStudy, prepared
from shaanxi_transfer.scenarios import Scenario, load

LEVERS = ("voucher_budget", "voucher_face_value", "training_seats")
FUTURES = 12
ROUGH = "trained_people"
"""Target that is planted so roughly that no emulator of few points knows it."""


def _planted(scenario: Scenario | None = None, points: int = 60, **options: Any) -> Emulation:
    """Fit an emulator to smooth figures of three levers, but for `ROUGH`."""
    study = prepared(
        EmulationOptions(
            scenario=load("action_plan") if scenario is None else scenario,
            lever=LEVERS,
            runs=FUTURES,
            points=points,
            tests=30,
            **options,
        )
    )
    return emulation_of(study, figures_of(study), Path("nowhere"))


@pytest.fixture(scope="session")
def planted() -> Callable[..., Emulation]:
    """What fits an emulator to planted figures."""
    return _planted


def figures_of(study: EmulationStudy) -> Figures:
    """Plant a number for each quantity, world and future."""
    worlds: Any = study.worlds
    goals = {one.indicator: study.definitions.targets[one.id].goal for one in study.asked}
    rough = {one.indicator for one in study.asked if one.id == ROUGH}
    found = {}
    for name in worlds:
        if name in worlds.plan_names:
            plan = worlds.plan_names.index(name)
            paths = worlds.plans[plan].quarterly_lever_paths()
            point = Point(plan, tuple(float(paths[one][-1]) for one in LEVERS))
        else:
            point = worlds.point(name)
        (where,) = columns_of(worlds.axes, len(worlds.plans), [point])
        lift = 1.0 + 0.2 * where[0] + 0.1 * where[1] * where[2] - 0.1 * where[3]
        jump = 1.0 + 0.5 * np.sign(np.sin(11.0 * where[0]) * np.sin(7.0 * where[2]))
        for future in range(FUTURES):
            luck = 0.6 + 0.8 * future / FUTURES
            found[name, future] = np.array(
                [
                    goals.get(one.indicator, 1e9) * (jump if one.indicator in rough else lift) * luck
                    for one in study.quantities
                ]
            )
    return Figures(study.quantities, found)
