"""Refit with one mechanism switched off, in turn: what fits as well without it may not be claimed.

``python -m shaanxi_transfer.experiments.effects.knock_outs`` writes the table.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...engine.errors import InputError
from ..calibrating.ensemble_fit import Calibration, Settings, calibrate
from ..calibrating.fit_tables import misfit
from ..calibrating.observed_figures import fitted, observed_table
from ..keeping.provenance import calibration_world
from ..planning import door_to_model
from ..planning.definitions import LAST_YEAR
from ..running.table_command import keep_table, run_table

if TYPE_CHECKING:
    from ...scenarios import Scenario

Numbers = npt.NDArray[np.float64]

MECHANISMS: Final[Mapping[str, tuple[str, ...]]] = {
    "registration spreads": (
        "registered_share_2010",
        "registration_hazard",
        "registration_hazard_before_market_factor",
        "commission_registered_start",
    ),
    "registration is slower before the market opens": ("registration_hazard_before_market_factor",),
    "large sellers register first": ("registration_size_power",),
    "peers are imitated": ("registration_imitation",),
    "small sellers register from 2016": ("registration_small_extra",),
    "small contracts are left out": ("entry_threshold",),
    "what is left out varies from year to year": ("entry_threshold_year_sd",),
    "contracts elsewhere move the number": ("outside_count_elasticity",),
    "contracts elsewhere move the mean value": ("outside_mean_elasticity",),
    "the mean grows beyond the nation's": ("mean_growth_beyond_national",),
    "capacity of sellers moves the number": ("supply_exponent",),
    "certification quickens in 2016": ("certification_factor_after_2016",),
    "firms grow by results in use": ("success_growth",),
}
"""Parameters that switch a mechanism off, each at its value ``off``, or at 0, or at 1 for a multiple."""

SETTINGS: Final = Settings(ensembles=2, members=150, assimilations=2)
"""Of each refit, the whole model's among them, so that they are alike."""

AS_WELL: Final = 2.0
"""Log density that a mechanism has to add to be claimed. Twice this is 4, in the middle of what Kass and
Raftery (1995, JASA 90, 773-795, section 3.2) call positive evidence; and two fits of the whole model with
different luck, of which the table shows both, differ by about half of it."""

WHOLE: Final = ("the whole model", "the whole model, other luck")

GROUPS: Final = (
    "contract_value_output",
    "contract_count_output",
    "contract_value_inflow",
    "contract_count_inflow",
    "high_tech_enterprises",
)


def switched_off(world: Scenario, mechanism: str) -> Scenario:
    """Give the world with a mechanism switched off; refuse a parameter with no value at which it is off."""
    table = world.parameter_table()
    values = {}
    for name in MECHANISMS[mechanism]:
        parameter = table[name]
        value = parameter.off
        if value is None:
            value = 1.0 if parameter.unit == "multiple" else 0.0
        values[name] = value
    try:
        return world.set(parameters=values, name=world.name)
    except InputError as error:
        raise InputError(f"{mechanism!r} cannot be switched off: {error.problem}", key=error.key) from error


def log_density(found: Calibration) -> Numbers:
    """Log density of each observed figure under the fitted runs and its own error, shape (summaries,).

    Of a normal with the runs' mean and the root of their variance and the error's squared; bounds count as
    figures at distance 0.
    """
    distances = found.distances.reshape(-1, len(found.observations))
    distances = distances[np.isfinite(distances).all(axis=1)]
    errors = np.array([seen.ln_error for seen in found.observations])
    variance = distances.var(axis=0, ddof=1) + errors**2
    density: Numbers = -0.5 * (distances.mean(axis=0) ** 2 / variance + np.log(2.0 * np.pi * variance))
    return density


def knock_out_table(
    province: str, model: door_to_model.Model, settings: Settings = SETTINGS, *, workers: int | None = None
) -> pd.DataFrame:
    """Fit the whole model, twice, and each of its knock-outs.

    ``off`` names parameters and values, ``adds`` is the log density lost without the mechanism,
    ``adds_<group>`` the same by series, ``claim`` yes if it adds more than `AS_WELL`.
    """
    world = calibration_world(province, LAST_YEAR)
    observations = fitted(observed_table(world.pack(), model.definitions), LAST_YEAR)
    indicators = np.array([seen.indicator for seen in observations])
    rows, whole = [], np.zeros(len(observations))
    for mechanism in (*WHOLE, *MECHANISMS):
        off = world if mechanism in WHOLE else switched_off(world, mechanism)
        chosen = replace(settings, seed=settings.seed + 1) if mechanism == WHOLE[1] else settings
        found = calibrate(off, observations, model, chosen, workers=workers)
        density = log_density(found)
        if mechanism == WHOLE[0]:
            whole = density
        lost = whole - density
        groups = {f"adds_{name}": round(float(lost[indicators == name].sum()), 2) for name in GROUPS}
        groups["adds_others"] = round(float(lost[~np.isin(indicators, GROUPS)].sum()), 2)
        rows.append(
            {
                "mechanism": mechanism,
                "off": "; ".join(f"{name} {value:g}" for name, value in off.parameters.items()),
                "misfit": round(misfit(found), 3),
                "log_density": round(float(density.sum()), 2),
                "adds": round(float(lost.sum()), 2),
                **groups,
                "claim": "" if off is world else "yes" if lost.sum() > AS_WELL else "no",
                "runs": found.runs,
                "failures": len(found.failures),
            }
        )
        print(f"{mechanism}: misfit {rows[-1]['misfit']}, adds {rows[-1]['adds']}", flush=True)
    return pd.DataFrame(rows)


def write_table(given: Namespace) -> int:
    """Knock the mechanisms of a province out and write the table."""
    settings = Settings(SETTINGS.ensembles, given.runs, SETTINGS.assimilations, given.scale, given.seed)
    table = knock_out_table(given.province, door_to_model.model(), settings, workers=given.workers)
    file = keep_table(given, f"knock_outs_{given.province}", table)
    print(f"{file}: {(table['claim'] == 'yes').sum()} of {len(MECHANISMS)} mechanisms may be claimed")
    return 1 if table["failures"].any() else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table; `--runs` is the number of members of each ensemble."""
    return run_table(
        write_table, "experiments.effects.knock_outs", __doc__, runs=SETTINGS.members, arguments=arguments
    )


if __name__ == "__main__":
    raise SystemExit(main())
