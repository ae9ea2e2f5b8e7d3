"""What the figures can see, what is switched off, what is adopted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.effects.knock_outs import MECHANISMS, switched_off
from shaanxi_transfer.experiments.identification.screening import screening_table
from shaanxi_transfer.experiments.keeping.provenance import calibration_world
from shaanxi_transfer.experiments.planning.fitted_parameters import CARRIED, FITTED, FREE
from shaanxi_transfer.scenarios import load

REFERENCE = Path(__file__).resolve().parents[3] / "results" / "reference"


def test_a_screen_sees_what_moves_a_figure_and_nothing_else() -> None:
    rng = np.random.default_rng(1)
    parameters = pd.DataFrame(rng.lognormal(size=(1500, 40)), columns=[f"p{i}" for i in range(40)])
    figures = pd.DataFrame({"still": 1.0, "moved": np.log(parameters["p3"]) + 0.5 * np.log(parameters["p7"])})
    figures["moved"] += rng.normal(size=1500)
    table = screening_table(parameters, figures)
    assert table["parameter"].tolist()[:2] == ["p3", "p7"]
    assert table["most"].tolist()[:2] == pytest.approx([1 / 2.25, 0.25 / 2.25], abs=0.05)
    assert table["seen"].tolist() == ["yes"] * 2 + ["no"] * 38
    assert set(table["figure"]) == {"moved"}


def test_fitted_parameters_are_named_once_and_can_be_drawn() -> None:
    assert len(FREE) <= 20
    assert len(set(FITTED)) == len(FREE) + len(CARRIED)
    table = calibration_world("shaanxi", 2017).parameter_table()
    assert all(table[name].distribution != "fixed" for name in FITTED)


@pytest.mark.house
def test_the_committed_screen_sees_what_is_fitted() -> None:
    table = pd.read_csv(REFERENCE / "screening_shaanxi.csv").set_index("parameter")
    unseen = [name for name in FITTED if table.loc[name, "seen"] == "no"]
    # Two free ones stand at the edge: they drive the forecast, so that what they cannot learn is shown.
    assert len(unseen) <= 3, unseen
    strong = table[table["most"] > 0.03].index
    assert set(strong) <= set(FITTED)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_each_mechanism_can_be_switched_off(mechanism: str) -> None:
    world = calibration_world("shaanxi", 2017)
    off = switched_off(world, mechanism)
    assert set(off.parameters) == set(MECHANISMS[mechanism])
    assert off.parameter_draws(1) != world.parameter_draws(1)
    assert off.name == world.name


def test_a_value_that_is_neither_inside_nor_off_is_refused() -> None:
    with pytest.raises(InputError, match="registration_imitation"):
        load("no_plan").set(registration_imitation=-1.0)
    assert load("no_plan").set(registration_imitation=0.0).parameter_draws(1)["registration_imitation"] == 0.0
