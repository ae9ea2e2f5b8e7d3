"""From what the model simulates to what the statistics will say: residual carried on, discrepancy, error.

Each year after the last observed one, the four series of `discrepancy.SERIES` are multiplied by::

    exp(carry^h (ln observed - ln simulated in the last observed year) + noise_h),  h = years from it

in every quarter alike, and so is what belongs to a series by `series_behind`: parts of a total have
the factor of the total, so that parts still add up; contracts signed have that of the contracts
registered, so that the coverage between them stays what it was simulated to be. **Nothing else is
changed**: ratios, people, platforms, funds, loans, results, firms and public cost have no series
against which a backtest could hold them, and their bands are therefore those of the model alone.
Years up to the last observed one stay as simulated: they show what fits and what does not.

The sum is reconciled with the forecasts of the other provinces by one more term, the same in all draws, where
a shift is stored (`reconciliation`).

Noise is a function of the future's seed, the series and the year, and of the province with `BY_PLACE`, never
of scenario or order: both worlds of a future miss alike, and their difference shows the plan alone. It is
Student's t as a normal walk with a common luck of its spread:
``sqrt(v / W) (scale B_h + observation_error e_h)``, W of chi-square with v degrees of freedom, e_h standard
normal each year, and B a fractional Brownian motion (Mandelbrot and Van Ness 1968, doi:10.1137/1010093), the
one process with steady increments whose spread grows as h^k: at k = 0.5 a random walk, at k = 1 one direction
for all years. Each year by itself is then exactly of the t that the backtest was judged by; which years miss
together is an assumption, that a handful of past forecasts cannot show. Series miss independently of each
other.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.special import chdtri

from ...engine import luck
from ..keeping.parquet_parts import SCHEMA
from ..planning.definitions import LAST_YEAR
from .discrepancy import SERIES, Discrepancy, SeriesDiscrepancy, discrepancy_of_world, of_own_pack
from .reconciliation import Reconciliation, stored_reconciliation

FloatArray = npt.NDArray[np.float64]

QUARTERS_A_YEAR: Final = 4

BY_PLACE: Final = True
"""Whether each province has noise of its own, or one noise is that of all. This line is the choice, of what
is frozen and of what is tried; a backtest tells the energy score of both, and by it the choice was made
(decision 0050)."""

_BELONGS: Final[Mapping[str, str]] = {
    "contract_value_major": "contract_value_output",
    "contract_value_relabelled": "contract_value_output",
    "contract_count_major": "contract_count_output",
    "contract_value_signed": "contract_value_output",
    "contract_value_local": "contract_value_output",
    "contract_value_within_city": "contract_value_output",
    "high_tech_contract_value_output": "contract_value_output",
    "high_tech_contract_value_signed": "contract_value_output",
}
_PARTS: Final[Mapping[str, str]] = {
    "contract_value_output_": "contract_value_output",
    "contract_value_signed_": "contract_value_output",
}
_SPREAD = luck.mechanism("spread of a series' discrepancy")
_WALK = luck.mechanism("discrepancy of a series")
_ERROR = luck.mechanism("observation error of a series")


def series_behind(indicator: str) -> str | None:
    """Give the series whose factor an indicator has, None if it stays as simulated.

    Examples
    --------
    >>> series_behind("contract_value_output_university.xian"), series_behind("registration_coverage")
    ('contract_value_output', None)
    """
    whole = indicator.partition(".")[0]
    if whole in SERIES:
        return whole
    of_part = (series for start, series in _PARTS.items() if whole.startswith(start))
    return _BELONGS.get(whole) or next(of_part, None)


@functools.lru_cache(maxsize=64)
def _walk(power: float, years: int) -> FloatArray:
    """Give the lower triangle that makes a fractional Brownian motion of independent normal numbers."""
    h = np.arange(1.0, years + 1.0)
    apart = np.abs(h[:, None] - h)
    twice = 2.0 * power
    apart = np.where(apart > 0.0, apart, 1.0) ** twice * (apart > 0.0)
    covariance = 0.5 * (h[:, None] ** twice + h**twice - apart)
    # One direction for all years (power 1) has no triangle of full rank: a millionth keeps it solvable.
    triangle: FloatArray = np.linalg.cholesky(covariance + 1e-12 * np.eye(years)).astype(np.float64)
    return triangle


def noise(
    discrepancy: Discrepancy, series: str, seed: int, after: int, years: int, place: str = ""
) -> FloatArray:
    """Draw the noise on the logarithm of a series in the years after the last observed one, shape (years,).

    ``seed`` is that of the future, ``after`` the last observed year, ``place`` the province that has noise of
    its own; without a name it is that of all. More years leave the first ones as they are.
    """
    power, freedom = discrepancy.growth_power, discrepancy.degrees_of_freedom
    numbers = standard_noise(series, (seed,), after, years, place)
    drawn: FloatArray = noise_of_futures(discrepancy.series[series], power, freedom, *numbers)[0]
    return drawn


def noise_of_futures(
    one: SeriesDiscrepancy,
    power: float,
    freedom: float,
    steps: FloatArray,
    errors: FloatArray,
    chances: FloatArray,
) -> FloatArray:
    """Make the noise of a series in many futures of `standard_noise`, shape (futures, years)."""
    spread = np.sqrt(freedom / chdtri(freedom, chances))
    walk = (_walk(power, steps.shape[1]) * steps[:, np.newaxis, :]).sum(axis=2)
    drawn: FloatArray = spread[:, np.newaxis] * (one.scale * walk + one.observation_error * errors)
    return drawn


@functools.lru_cache(maxsize=64)
def standard_noise(
    series: str, seeds: tuple[int, ...], after: int, years: int, place: str = ""
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Draw what the noise of many futures is made of: steps and errors, (futures, years), chances."""
    entity = luck.key_of("series", series, *([place] if place else []))
    calendar = range(after + 1, after + years + 1)

    def normal(what: int) -> FloatArray:
        return np.array([[luck.draw_normal(seed, what, entity, year) for year in calendar] for seed in seeds])

    chances = np.array([luck.draw_uniform(seed, int(_SPREAD), entity) for seed in seeds])
    return normal(int(_WALK)), normal(int(_ERROR)), chances


@dataclass(frozen=True)
class Prediction:
    """What turns the simulated years of one scenario into predicted ones.

    ``ln_observed`` holds, by series, the logarithm of the last observed year; where there is none, nothing is
    carried on. ``place`` is the province whose noise is its own, or empty; without a ``reconciliation``
    nothing is shifted. ``keyed_by`` keys the luck of the last observed year; by itself it does so itself.
    """

    discrepancy: Discrepancy
    observed_until: int
    ln_observed: Mapping[str, float]
    place: str = ""
    reconciliation: Reconciliation | None = None
    keyed_by: int | None = None

    @property
    def luck_after(self) -> int:
        """The number of the last observed year that keys the luck of those after it."""
        return self.observed_until if self.keyed_by is None else self.keyed_by

    def ln_factors(self, series: str, seed: int, simulated: float, years: int) -> FloatArray:
        """Give the logarithm of the factor of each year after the last observed one, shape (years,).

        ``simulated`` is the last observed year in this run; without it (0) nothing is carried on.
        """
        factors: FloatArray = self.ln_factors_of_futures(series, (seed,), [simulated], years)[0]
        return factors

    def ln_factors_of_futures(
        self, series: str, seeds: tuple[int, ...], simulated: Sequence[float], years: int
    ) -> FloatArray:
        """Give `ln_factors` of many futures, each with its last observed year, shape (futures, years)."""
        numbers = standard_noise(series, seeds, self.luck_after, years, self.place)
        mine, shape = self.discrepancy.series[series], self.discrepancy
        drawn = noise_of_futures(mine, shape.growth_power, shape.degrees_of_freedom, *numbers)
        if self.reconciliation is not None:
            drawn = drawn + self.reconciliation.shift(series, years)
        if series not in self.ln_observed:
            return drawn
        known = self.ln_observed[series]
        residuals = np.array([known - math.log(one) if one > 0.0 else 0.0 for one in simulated])
        carried: FloatArray = drawn + residuals[:, np.newaxis] * mine.carry ** np.arange(1, years + 1)
        return carried

    def as_dict(self) -> dict[str, Any]:
        """Give what it rests on, for the manifest; what is not there or not chosen is left out."""
        told = self.discrepancy.model_dump(mode="json")
        if self.place:
            told["noise_of"] = self.place
        if self.reconciliation is not None:
            told["shift"] = self.reconciliation.model_dump(mode="json")
        return told


class Predictive:
    """Turns parts of runs into predicted ones; without any discrepancy they stay as they are.

    A scenario without a `Prediction` is predicted as it is simulated.
    """

    def __init__(self, predictions: Mapping[str, Prediction]) -> None:
        self._predictions = dict(predictions)

    @property
    def changes_nothing(self) -> bool:
        """Whether predictions are the runs themselves."""
        return not self._predictions

    def of_scenario(self, name: str) -> Prediction | None:
        """Give what predicts one scenario, None if it is predicted as it is simulated."""
        return self._predictions.get(name)

    def as_dict(self) -> dict[str, Any]:
        """Give the discrepancy by scenario, and the shift if there is one; empty if nothing is changed."""
        return {name: one.as_dict() for name, one in self._predictions.items()}

    def of(self, runs: pa.Table) -> pa.Table:
        """Give the predicted rows of a part with whole runs: in the same order, with other values."""
        if self.changes_nothing:
            return runs
        frame = runs.to_pandas()
        names = [str(name) for name in frame["indicator"].cat.categories]
        codes = frame["indicator"].cat.codes.to_numpy()
        behind = np.array([_place(series_behind(name)) for name in names], np.int64)[codes]
        total = behind >= 0
        total &= np.array([name in SERIES for name in names], bool)[codes]
        values = frame["value"].to_numpy(np.float64, copy=True)
        years = frame["year"].to_numpy(np.int64)
        scenarios, seeds = frame["scenario"].astype("str").to_numpy(), frame["seed"].to_numpy(np.int64)
        for rows in frame.groupby("run_id", observed=True, sort=False).indices.values():
            prediction = self._predictions.get(str(scenarios[rows[0]]))
            if prediction is not None:
                run = _Run(int(seeds[rows[0]]), values[rows], years[rows], behind[rows], total[rows])
                values[rows] = run.predicted(prediction)
        return runs.set_column(SCHEMA.get_field_index("value"), SCHEMA.field("value"), pa.array(values))


def _place(series: str | None) -> int:
    return -1 if series is None else SERIES.index(series)


class _Run(NamedTuple):
    """Rows of one run: values, years, place among the series of what is behind, whether it is the total."""

    seed: int
    values: FloatArray
    years: npt.NDArray[np.int64]
    behind: npt.NDArray[np.int64]
    total: npt.NDArray[np.bool_]

    def predicted(self, prediction: Prediction) -> FloatArray:
        """Give the predicted values."""
        horizon = self.years - prediction.observed_until
        years = max(0, int(horizon.max()))
        factors = np.ones((len(SERIES) + 1, years + 1))  # the last row: nothing behind; column 0: the past
        for series in prediction.discrepancy.series if years else ():
            place = SERIES.index(series)
            base = self.values[self.total & (self.behind == place) & (horizon == 0)]
            simulated = float(base.sum()) if len(base) == QUARTERS_A_YEAR else 0.0
            factors[place, 1:] = np.exp(prediction.ln_factors(series, self.seed, simulated, years))
        predicted: FloatArray = self.values * factors[self.behind, np.maximum(horizon, 0)]
        return predicted


def predictive_of(worlds: Mapping[str, Any], without: Collection[str] = ()) -> Predictive:
    """Put together what predicts the scenarios of a forecast, by name.

    Of ``without`` (`uncertainty.PARTS`) ``discrepancy``, ``observation`` and ``carry`` concern predictions.
    """
    found = {}
    for name, world in worlds.items():
        discrepancy = discrepancy_of_world(world)
        if discrepancy is None or {"discrepancy", "observation", "carry"} <= set(without):
            continue
        until = int(getattr(getattr(world, "outside", None), "observed_until", LAST_YEAR))
        place = world.pack().name if BY_PLACE else ""
        # the stored shift is that of the packs of the package, all of them together
        shift = None if of_own_pack(world) else stored_reconciliation(until, by_place=BY_PLACE)
        years = getattr(world.pack(), "years", None)
        keyed_by = None if years is None else years.luck_of(until)
        known = _ln_observed(world, until)
        found[name] = Prediction(discrepancy.less(without), until, known, place, shift, keyed_by)
    return Predictive(found)


def _ln_observed(world: Any, year: int) -> dict[str, float]:
    observed = world.pack().observed
    rows = observed[(observed["year"] == year) & observed["indicator"].isin(SERIES) & (observed["value"] > 0)]
    return {str(name): math.log(value) for name, value in zip(rows["indicator"], rows["value"], strict=True)}
