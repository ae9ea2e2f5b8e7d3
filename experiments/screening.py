"""Tell which uncertain parameters the observed figures can see.

Every uncertain parameter is drawn from its prior. What share of the variance of each simulated figure a
parameter moves is the square of its standardised coefficient in one linear regression on the ranks of
all parameters (Saltelli et al. 2008, Global Sensitivity Analysis, section 1.2.5), less what chance
alone would give. ``python -m shaanxi_transfer.experiments.screening`` writes the table.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import rankdata

from ..engine.errors import RunError
from . import doors
from .free_parameters import CARRIED, FREE
from .futures import plan_runs
from .observations import fitted, observed_table
from .provenance import calibration_world
from .runner import run_batch
from .store import Store
from .summaries import Summaries
from .table_command import run_table
from .worker import Finished, Job

if TYPE_CHECKING:
    from ..scenarios import Scenario

__all__ = ["VISIBLE", "screen", "screening_table"]

Numbers = npt.NDArray[np.float64]

LAST_YEAR: Final = 2017

VISIBLE: Final = 0.01
"""Share of some figure's variance from which a parameter counts as seen; with 1,500 runs chance alone gives
less than this in all figures together."""


def screen(
    world: Scenario, model: doors.Model, *, runs: int, scale: float, seed: int, workers: int | None
) -> pd.DataFrame:
    """Run prior futures and tell what each parameter moves; see `screening_table`.

    Raises
    ------
    RunError
        If fewer runs end well than there are uncertain parameters.
    """
    observations = fitted(observed_table(world.pack(), model.definitions), LAST_YEAR)
    summaries = Summaries(observations, model.definitions)
    plan = list(plan_runs([world.name], runs, seed))
    model.warm()
    outcomes = run_batch(plan, Job({world.name: world}, scale, model.run_one), workers=workers)
    found = dict(summaries.of(done for done in outcomes if isinstance(done, Finished)))
    seeds = {run.future: run.seed for run in plan}
    futures = sorted(future for future, distances in found.items() if np.isfinite(distances).all())
    uncertain = [
        name for name, parameter in world.parameter_table().items() if parameter.distribution != "fixed"
    ]
    if len(futures) < 2 * len(uncertain):
        raise RunError(f"{len(futures)} runs ended well; {2 * len(uncertain)} are needed")
    draws = [world.parameter_draws(seeds[future]) for future in futures]
    parameters = pd.DataFrame(draws)[uncertain]
    return screening_table(parameters, pd.DataFrame([found[f] for f in futures], columns=summaries.labels))


def screening_table(parameters: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """Say how much of the figures' variance each parameter moves.

    Parameters
    ----------
    parameters, figures : DataFrame
        A row a run, a column a parameter or a figure; columns that are constant are left out.

    Returns
    -------
    DataFrame
        ``parameter``, ``role`` (free, carried, or empty), ``most`` (largest share of a figure's
        variance), ``figure`` (which), ``sum`` (over figures), ``seen`` (yes from `VISIBLE` on),
        ``runs``; the most visible first.
    """
    parameters = parameters.loc[:, parameters.nunique() > 1]
    figures = figures.loc[:, figures.nunique() > 1]
    ranks, seen = _standardised(parameters), _standardised(figures)
    coefficients = np.linalg.lstsq(ranks, seen, rcond=None)[0]
    left = seen - ranks @ coefficients
    freedom = len(ranks) - ranks.shape[1]
    inverse = np.diag(np.linalg.inv(ranks.T @ ranks))
    chance = inverse[:, None] * ((left**2).sum(axis=0) / freedom)[None, :]
    shares = np.maximum(coefficients**2 - chance, 0.0)
    most = shares.argmax(axis=1)
    table = pd.DataFrame(
        {
            "parameter": parameters.columns,
            "role": ["free" if n in FREE else "carried" if n in CARRIED else "" for n in parameters.columns],
            "most": shares.max(axis=1).round(4),
            "figure": figures.columns[most],
            "sum": shares.sum(axis=1).round(4),
            "seen": np.where(shares.max(axis=1) >= VISIBLE, "yes", "no"),
            "runs": len(parameters),
        }
    )
    return table.sort_values(["most", "parameter"], ascending=[False, True], ignore_index=True)


def _standardised(table: pd.DataFrame) -> Numbers:
    ranks = rankdata(table.to_numpy(np.float64), axis=0)
    standard: Numbers = (ranks - ranks.mean(axis=0)) / ranks.std(axis=0)
    return standard


def write_table(given: Namespace) -> int:
    """Screen a province and write the table."""
    world = calibration_world(given.province, LAST_YEAR)
    table = screen(
        world, doors.model(), runs=given.runs, scale=given.scale, seed=given.seed, workers=given.workers
    )
    file = given.out / f"screening_{given.province}.csv"
    Store(given.out).write_csv(file.name, table)
    print(f"{file}: {(table['seen'] == 'yes').sum()} of {len(table)} uncertain parameters are seen")
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table; 0 done, 1 too many failed, 2 refused input."""
    return run_table(write_table, "screening", __doc__, runs=1500, arguments=arguments)


if __name__ == "__main__":
    raise SystemExit(main())
