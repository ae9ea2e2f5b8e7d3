from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.forecast import Forecast, make_forecast
from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.experiments.forecasting.uncertainty import (
    PARTS,
    LuckHeld,
    check_without,
    registration_parameters,
    worlds_without,
)
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.experiments.planning.plan_of_runs import future_seed
from shaanxi_transfer.experiments.replay import replayed
from shaanxi_transfer.model.state.outside import outside_world
from shaanxi_transfer.scenarios import load


def test_names_are_put_in_order_and_told_once() -> None:
    assert check_without(None) == check_without("") == check_without(()) == ()
    assert check_without("carry,luck, carry") == check_without(["luck", "carry"]) == ("luck", "carry")
    assert check_without(",".join(PARTS)) == tuple(PARTS)


@pytest.mark.parametrize(("wrong", "hint"), [("lucky", "luck"), ("discrepency", "discrepancy"), ("x", None)])
def test_what_is_no_part_is_refused(wrong: str, hint: str | None) -> None:
    with pytest.raises(InputError, match=r"^without: .*allowed parameters, registration, ") as refused:
        check_without(wrong)
    assert refused.value.suggestion == hint


def test_the_command_names_every_part() -> None:
    import inspect

    from shaanxi_transfer.reports.commands import forecast

    told = inspect.signature(forecast.forecast_command, eval_str=True).parameters["without"]
    (option,) = told.annotation.__metadata__
    assert all(part in option.help for part in PARTS)


def test_parameters_stay_at_their_centres() -> None:
    world = load("no_plan")
    (held,) = worlds_without({"no_plan": world}, ("parameters",)).values()
    assert held.name == "no_plan"
    assert held.parameter_draws(3) == held.parameter_draws(4) == world.parameter_centrals()


def test_registration_alone_stays_at_its_centre() -> None:
    world = load("no_plan")
    (held,) = worlds_without({"no_plan": world}, ("registration",)).values()
    names = registration_parameters(world)
    assert {"registered_share_2010", "registration_hazard"} <= set(names)
    one, other, free = held.parameter_draws(3), held.parameter_draws(4), world.parameter_draws(3)
    centrals = world.parameter_centrals()
    for name, value in one.items():
        if name in names:
            assert value == other[name] == centrals[name]
        else:
            assert value == free[name]
    again = worlds_without({"no_plan": held}, ("registration",))["no_plan"]
    assert again.hash == held.hash  # taken up again from its folder it is the same forecast


def test_outside_paths_have_no_shocks() -> None:
    world = worlds_without({"no_plan": load("no_plan")}, ("outside",))["no_plan"]
    centrals = world.parameter_centrals()
    paths = [outside_world(world, world.pack(), centrals, seed).paths for seed in (3, 4)]
    assert all(np.array_equal(paths[0][name], paths[1][name]) for name in paths[0])


def test_with_luck_held_parameters_and_outside_are_those_of_the_future() -> None:
    world = load("no_plan")
    model = door_to_model.model()
    held = LuckHeld(world, 99, model.run_one, model.run_together)
    for seed in (3, 4):
        mine = held.of(seed)
        assert mine.parameter_draws(99) == world.parameter_draws(seed) == held.parameter_draws(seed)
        draws = mine.parameter_draws(99)
        one, other = (outside_world(w, world.pack(), draws, s).paths for w, s in ((mine, 99), (world, seed)))
        assert all(np.array_equal(one[name], other[name]) for name in one)


@pytest.fixture
def drawing(fake: Any) -> Any:
    """Worlds of the fake province whose growth is a parameter that each future draws."""

    class Outside:
        seed = None

        def model_copy(self, update: dict[str, Any]) -> Any:
            return self

    class World(fake.World):  # type: ignore[misc]
        outside = Outside()

        def parameter_draws(self, seed: int) -> dict[str, float]:
            return {"growth": (seed % 1000) / 1000}

        def model_copy(self, update: dict[str, Any]) -> Any:
            return fake.World(self.name, growth=update["parameters"]["growth"], pack_folder=self.pack_folder)

    return World


def make(world: Any, fake: Any, out: Path, without: tuple[str, ...]) -> Forecast:
    worlds = {world.name: world}
    return make_forecast(
        worlds, fake.MODEL, ForecastOptions(runs=6, scale=0.1, seed=1, out=out, workers=0, without=without)
    )


def test_futures_without_luck_differ_by_parameters_alone(
    fake: Any, drawing: Any, pack_folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door_to_model, "scenario_of", lambda contents: drawing(**{**contents, "faults": ()}))
    made = make(drawing("plan", pack_folder=pack_folder), fake, tmp_path / "out", ("luck",))
    rows = Store(made.folder).read("runs")
    turnover = rows[rows["indicator"] == "turnover"]
    first = fake.run(fake.World("plan"), seed=future_seed(1, 0))
    luck = first.values[:, first.indicators.index("turnover")]
    for future, of_future in turnover.groupby("future"):
        seed = of_future["seed"].iloc[0]
        assert seed == future_seed(1, int(str(future)))  # predictions draw by the future's own seed
        assert of_future["value"].to_numpy() == pytest.approx(luck * (1 + (seed % 1000) / 1000))
    again = replayed(made.folder, "plan-000004").frame(fake.run)
    stored = rows[rows["run_id"] == "plan-000004"][list(again.columns)]
    assert (
        again.sort_values(["indicator", "year", "quarter"]).to_numpy().tolist() == stored.to_numpy().tolist()
    )
