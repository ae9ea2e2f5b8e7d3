"""The runs of a backtest across provinces: fits, and forecasts of the past from each of them.

Fits are those of `fits_in_turn`, which `calibrate --all` makes as well. Forecasts are kept by origin.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

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
from .kept_files import fingerprint, fingerprint_of_values, keep_points, kept_points
from .linear_update import Normal
from .province_fit import Place

Numbers = npt.NDArray[np.float64]

ONE_NATION: Final = "one nation"
"""Luck of forecasts: future i has the same nation in all provinces, as in frozen forecasts of one seed, so
that they can be scored together. Parameters are drawn with each province's own luck."""

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
        self.each_forecast(self._fitted_values)

    def each_forecast(self, values: Callable[[str, int], Mapping[str, Numbers]]) -> None:
        """Forecast the past of all provinces that are left, with the values of a province at an origin."""
        self._each("forecasts", partial(self._forecast, values))

    def values_of(self, place: Place, known: Normal) -> dict[str, Numbers]:
        """Draw values for the futures of a forecast, from what is known of the positions of `MOVED`."""
        seed = self.luck(place.province, "forecast")
        return place.beliefs.values(known.draws(self.settings.runs, FARTHEST, seed), seed)

    def points_of(self, place: Place, values: Mapping[str, Numbers], what: str) -> pd.DataFrame:
        """Forecast the past from a place, a future for each row of values, or find what was forecast.

        Columns are those of `points.POINT_COLUMNS`; ``what`` says of what in an error. A `RunError` says that
        too many runs failed.
        """
        from ...scenarios import load_pack

        province, origin, settings = place.province, place.origin, self.settings
        key = fingerprint(self._keys[province, origin], fingerprint_of_values(values), settings.seed)
        key = fingerprint(key, place.scale, ONE_NATION)
        file, found = kept_points(self.folder / province, origin, key)
        runs = len(next(iter(values.values())))
        if found is not None:
            self.count(runs)
            return found
        failures: list[Failed] = []
        world = world_of_origin(place.world.province, origin, "prior").set(name=f"{province}_{origin}")
        series = load_pack(province).series_of  # of today: it holds what came
        observed = {name: series(name) for name in SERIES}
        parts = run_drawn(
            [Drawn(world, values, _luck_from(origin))],
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

    def _fitted_values(self, province: str, origin: int) -> dict[str, Numbers]:
        fit = self.fits[origin][province]
        return self.values_of(fit.place, fit.posterior)

    def _forecast(self, values: Callable[[str, int], Mapping[str, Numbers]], province: str) -> None:
        tables = []
        for origin in self.settings.origins:
            place = self.places[province][origin]
            tables.append(self.points_of(place, values(province, origin), f"forecast from {origin}"))
        points = pd.concat(tables, ignore_index=True)
        if points.empty:
            raise InputError("no figure after an origin", key="origins", allowed="one or more")
        self.points[province] = points
