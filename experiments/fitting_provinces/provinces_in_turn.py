"""The runs of a backtest across provinces: fits, and forecasts of the past from each of them.

Fits are those of `fits_in_turn`, which `calibrate --all` makes as well. Forecasts are kept by origin.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...engine.errors import InputError, RunError
from ..backtesting.model_half import points_from, world_of_origin
from ..calibrating.smoother import FARTHEST
from ..forecasting.discrepancy import SERIES
from ..keeping.atomic_files import make_folder
from ..planning.runs import Failed
from .drawn_runs import Drawn, run_drawn, seed_of_table
from .fits_in_turn import FitsInTurn
from .kept_files import fingerprint, keep_points, kept_points
from .linear_update import Normal
from .province_fit import Place

if TYPE_CHECKING:
    from ...scenarios import Scenario

Numbers = npt.NDArray[np.float64]

ONE_NATION: Final = "one nation"
"""Luck of forecasts: future i has the same nation in all provinces, as in frozen forecasts of one seed, so
that they can be scored together. Parameters are drawn with each province's own luck."""


class Believed(NamedTuple):
    """Values of a forecast's parameters, a future for each row, and by what name they were learnt from."""

    values: Mapping[str, Numbers]
    known_from: str


FEWEST_FUTURES: Final = 0.9
"""Share of the futures of an origin without which its forecast is none."""


def seed_of_futures(seed: int, origin: int) -> int:
    """Give the seed of the futures that were run on from an origin: `future_seed` of it is a future's."""
    return seed_of_table(seed, _luck_from(origin))


def _luck_from(origin: int) -> str:
    return f"{ONE_NATION} from {origin}"


@dataclass
class BacktestAcrossProvinces(FitsInTurn):
    """All runs of a backtest across provinces; ``points`` have the columns of `points.POINT_COLUMNS`."""

    points: dict[str, pd.DataFrame] = field(default_factory=dict)

    def run(self) -> None:
        """Make what is missing: banks, fits, forecasts; refuse if no province is left."""
        self.fit()
        self.each_forecast(self.fitted)

    def each_forecast(self, believed: Callable[[str, int], Believed]) -> None:
        """Forecast the past of all provinces that are left, with what is believed of one at an origin."""
        self._each("forecasts", partial(self._forecast, believed))

    def world_of(self, place: Place) -> Scenario:
        """Give the world that is run on from a place, up to the last known year."""
        world = world_of_origin(place.world.province, place.origin, "prior")
        return world.set(name=f"{place.province}_{place.origin}")

    def values_of(self, place: Place, known: Normal) -> dict[str, Numbers]:
        """Draw values for the futures of a forecast, from what is known of the positions of `MOVED`."""
        seed = self.luck(place.province, "forecast")
        return place.beliefs.values(known.draws(self.settings.runs, FARTHEST, seed), seed)

    def points_of(self, place: Place, believed: Believed, what: str) -> pd.DataFrame:
        """Forecast the past from a place, a future for each row of values, or find what was forecast.

        Columns are those of `points.POINT_COLUMNS`; ``what`` says of what in an error. A `RunError` says that
        too many runs failed.
        """
        from ...scenarios import load_pack

        province, origin, settings = place.province, place.origin, self.settings
        runs = len(next(iter(believed.values.values())))
        world = self.world_of(place)
        facts = self._keys[province, origin], world.hash, believed.known_from, runs
        key = fingerprint(*facts, settings.seed, place.scale, ONE_NATION)
        file, found = kept_points(self.folder / province, origin, key)
        if found is not None:
            self.count(runs)
            return found
        failures: list[Failed] = []
        series = load_pack(province).series_of  # of today: it holds what came
        observed = {name: series(name) for name in SERIES}
        parts = run_drawn(
            [Drawn(world, believed.values, _luck_from(origin))],
            self.model,
            indicators=SERIES,
            scale=place.scale,
            seed=settings.seed,
            executor=self.executor,
            workers=self.workers,
            failures=failures,
        )
        rows = []
        for _, finished in parts:
            rows.append(points_from(finished, self.model.definitions, observed, origin))
            self.count(len(finished))
        self.cost(province, runs, failures)
        if len(failures) > (1.0 - FEWEST_FUTURES) * runs:
            first = failures[0]
            raise RunError(f"{what}: {len(failures)} runs failed; {first.kind}: {first.message}")
        points = pd.concat(rows, ignore_index=True)
        points = points.sort_values(["origin", "indicator", "year", "draw"], ignore_index=True)
        make_folder(file.parent)
        keep_points(file, points)
        return points

    def fitted(self, province: str, origin: int) -> Believed:
        """Draw from a province's own fit to an origin."""
        fit = self.fits[origin][province]
        return Believed(self.values_of(fit.place, fit.posterior), self.fitted_from[origin])

    def _forecast(self, believed: Callable[[str, int], Believed], province: str) -> None:
        tables = []
        for origin in self.settings.origins:
            place = self.places[province][origin]
            tables.append(self.points_of(place, believed(province, origin), f"forecast from {origin}"))
        points = pd.concat(tables, ignore_index=True)
        if points.empty:
            raise InputError("no figure after an origin", key="origins", allowed="one or more")
        self.points[province] = points
