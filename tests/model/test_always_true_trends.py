"""With a world outside that stands still, nothing in the province runs away by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.model import run
from shaanxi_transfer.model.province import Province
from shaanxi_transfer.model.record import Record
from shaanxi_transfer.scenarios import Scenario, load

OfYear = Callable[[Record, str, int], float]

STEADY = (
    "contract_value_signed",
    "contract_value_local",
    "contract_value_output",
    "contract_count_output",
    "contract_value_inflow",
    "contract_count_inflow",
    "technology_enterprises",
    "high_tech_enterprises",
    "rd_expenditure",
    "results_created",
    "results_contracted",
    "registration_coverage",
    "brokers",
    "broker_staff",
    "broker_deals",
)
YEARS = range(2010, 2016)

STILL = {
    # Registration is saturated, so that its spread makes no trend; and no date changes anything.
    "registered_share_2010": 1.0,
    "registration_hazard": 50.0,
    "registration_hazard_before_market_factor": 1.0,
    "commission_registered_start": 1.0,
    "entry_threshold_year_sd": 0.0,
    "import_registration_decline": 0.0,
    "mean_growth_beyond_national": 0.0,
}


@pytest.fixture(scope="module")
def records() -> Iterator[list[Record]]:
    """Futures of a province without instruments in a world that stands still."""
    drawn = Scenario.parameter_draws

    def draws(self: Any, seed: int) -> dict[str, float]:
        return {**drawn(self, seed), **STILL}

    scenario = load("nothing").set(outside={"constant": True}, end="2015-Q4")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Scenario, "parameter_draws", draws)
        yield [run(scenario, seed=seed, scale=0.1) for seed in range(200, 220)]


@pytest.mark.slow
@pytest.mark.parametrize("name", STEADY)
def test_no_trend_in_a_world_that_stands_still(name: str, records: list[Record], of_year: OfYear) -> None:
    if name not in records[0].indicators:
        pytest.skip(f"not modelled yet: {name}")
    means = [float(np.mean([of_year(record, name, year) for record in records])) for year in YEARS]
    assert min(means) > 0.0
    trend = float(np.polyfit(list(YEARS), np.log(means), 1)[0])
    assert abs(trend) < 0.02, f"{trend:+.3f} a year: {[f'{mean:.4g}' for mean in means]}"


def test_constant_outside_paths_are_constant_and_drawn_ones_are_not() -> None:
    still = Province(load("no_plan").set(outside={"constant": True}), seed=1, scale=0.01)
    for name, path in still.outside.paths.items():
        assert (path == path[0]).all(), name
    one, two = (Province(load("no_plan"), seed=seed, scale=0.01).outside.paths for seed in (1, 2))
    for name in ("rd", "national_count", "national_mean", "output"):
        assert (one[name][:18] == two[name][:18]).all(), f"{name}: observed up to 2017"
        assert (one[name][18:21] != two[name][18:21]).all(), f"{name}: drawn from 2018"
