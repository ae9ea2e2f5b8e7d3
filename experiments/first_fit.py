"""A first fit of central parameter values by least squares, within their bounds.

This is a starting point and no calibration: it moves a few centres so that the
medians of the simulated years come near the observed ones, with a penalty for
leaving the prior. The distribution of parameters stays the prior.

``python -m shaanxi_transfer.experiments.first_fit --province shaanxi`` prints old and
new centres and the remaining distances; nothing is written.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import least_squares

if TYPE_CHECKING:
    from ..scenarios import Scenario

FREE: Final = (
    "enterprise_contracts_2017",
    "mean_contract_value_2017",
    "outside_count_elasticity",
    "supply_exponent",
    "local_share",
    "import_share",
    "import_mean_value_ratio",
    "import_registration_decline",
    "registered_share_2010",
    "registration_hazard",
    "registration_hazard_before_market_factor",
    "registration_size_power",
    "registration_small_extra",
    "entry_threshold",
    "mean_growth_beyond_national",
    "certification_hazard",
    "certification_factor_after_2016",
    "certified_2010",
)
"""Parameters whose centre is moved: those that the series of 2010 to 2017 can see."""

_PRIOR_WEIGHT: Final = 1.0
_SHIFT: Final = 3.0
_SMALLEST: Final = 1e-9

Numbers = npt.NDArray[np.float64]


class Observation(NamedTuple):
    """One observed figure: indicator, calendar year, value, standard error of its logarithm."""

    indicator: str
    year: int
    value: float
    ln_error: float


class FirstFit:
    """Distance between simulated and observed years as a function of the free centres.

    Parameters
    ----------
    province : str
        Name of the pack.
    seeds : sequence of int
        Common seeds over which a simulated year is averaged (in logs).
    scale : float
        Scale of the runs.
    """

    def __init__(self, province: str, seeds: Sequence[int], scale: float) -> None:
        from ..scenarios import load

        self.base: Scenario = load("no_plan").set(
            province=province, end="2017-Q4", draw_parameters=False, draw_outside=False
        )
        # The year effect of the registry is luck: at its smallest, few seeds are enough.
        self.base = self.base.set(
            entry_threshold_year_sd=self.base.parameter_table()["entry_threshold_year_sd"].low
        )
        self.seeds, self.scale = tuple(seeds), scale
        table = self.base.parameter_table()
        self.low = np.array([table[name].low for name in FREE])
        self.high = np.array([table[name].high for name in FREE])
        self.centre = np.array([table[name].value for name in FREE])
        observed = self.base.pack().observed
        fit = observed[(observed["use"] == "fit") & (observed["value"] > 0)]
        known = {name for _, name in self.simulated(np.zeros(len(FREE)))}
        self.observed = [
            Observation(str(name), int(year), float(value), float(error))
            for name, year, value, error in zip(
                fit["indicator"], fit["year"], fit["value"], fit["ln_error"], strict=True
            )
            if name in known
        ]

    def values(self, position: Numbers) -> dict[str, float]:
        """Turn positions between the bounds (0 the prior's centre, -1 and 1 the bounds) into values."""
        down = self.centre - self.low
        up = self.high - self.centre
        moved = self.centre + np.where(position < 0, position * down, position * up)
        return dict(zip(FREE, np.clip(moved, self.low, self.high).tolist(), strict=True))

    def simulated(self, position: Numbers) -> dict[tuple[int, str], float]:
        """Run the common seeds and give yearly values, geometric means over seeds, by year and indicator."""
        from ..model import INDICATORS, run

        scenario = self.base.set(**self.values(position))
        logs: dict[tuple[int, str], float] = {}
        for seed in self.seeds:
            record = run(scenario, seed=seed, scale=self.scale)
            years = sorted({quarter.year for quarter in record.quarters})
            for column, name in enumerate(record.indicators):
                by_year = record.values[:, column].reshape(len(years), 4)
                flow = INDICATORS[name.split(".")[0]].kind == "flow"
                values = by_year.sum(axis=1) if flow else by_year[:, 3]
                for year, value in zip(years, values.tolist(), strict=True):
                    share = math.log(max(value, _SMALLEST)) / len(self.seeds)
                    logs[year, name] = logs.get((year, name), 0.0) + share
        return {place: math.exp(value) for place, value in logs.items()}

    def residuals(self, position: Numbers) -> Numbers:
        """Log distances over their errors, and the distance from the prior."""
        years = self.simulated(position)
        distances = [
            math.log(years[seen.year, seen.indicator] / seen.value) / seen.ln_error for seen in self.observed
        ]
        return np.concatenate([distances, _PRIOR_WEIGHT * position])

    def solve(self, evaluations: int) -> Numbers:
        """Move the centres; gives their positions between the bounds."""

        def shifted(place: Numbers) -> Numbers:
            # The solver's difference step is relative, so it works on positions shifted away from zero.
            return self.residuals(place - _SHIFT)

        answer = least_squares(
            shifted,
            np.full(len(FREE), _SHIFT),
            bounds=(_SHIFT - 1.0, _SHIFT + 1.0),
            diff_step=np.full(len(FREE), 0.05),
            max_nfev=evaluations,
        )
        return np.asarray(answer.x, dtype=np.float64) - _SHIFT

    def report(self, position: Numbers) -> list[str]:
        """Observed against simulated, with the ratio, one line each."""
        years = self.simulated(position)
        lines = [f"{'indicator':28s}{'year':>6s}{'observed':>14s}{'simulated':>14s}{'ratio':>8s}"]
        for seen in self.observed:
            value = years[seen.year, seen.indicator]
            lines.append(
                f"{seen.indicator:28s}{seen.year:6d}{seen.value:14.5g}{value:14.5g}{value / seen.value:8.3f}"
            )
        return lines


def main(arguments: list[str] | None = None) -> int:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--province", default="shaanxi")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--evaluations", type=int, default=8, help="steps of the solver")
    chosen = parser.parse_args(arguments)
    with np.errstate(over="ignore"):
        fit = FirstFit(chosen.province, range(1, chosen.seeds + 1), chosen.scale)
        position = fit.solve(chosen.evaluations)
        before = fit.values(np.zeros(len(FREE)))
        for name, value in fit.values(position).items():
            print(f"{name:45s} {before[name]:14.6g} -> {value:14.6g}")
        print("\n".join(fit.report(position)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
