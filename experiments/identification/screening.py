"""Screen which uncertain parameters the observed figures can see.

Every uncertain parameter is drawn from its prior. What share of the variance of each simulated figure a
parameter moves is read from one regression on ranks, see `rank_shares`.
``python -m shaanxi_transfer.experiments.identification.screening`` writes the table.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ...engine.errors import RunError
from ..calibrating.distances_from_observed import Summaries
from ..calibrating.observed_figures import fitted, observed_table
from ..effects.rank_shares import rank_shares
from ..keeping.provenance import calibration_world
from ..planning import door_to_model
from ..planning.definitions import LAST_YEAR
from ..planning.fitted_parameters import CARRIED, FREE
from ..planning.plan_of_runs import plan_runs
from ..planning.runs import Finished, Job
from ..running.runner import run_batch
from ..running.table_command import keep_table, numbers_of, run_table

if TYPE_CHECKING:
    from ...scenarios import Scenario

VISIBLE: Final = 0.01
"""Share of some figure's variance from which a parameter counts as seen; with 1,500 runs chance alone gives
less than this in all figures together."""


def screen(
    world: Scenario, model: door_to_model.Model, *, runs: int, scale: float, seed: int, workers: int | None
) -> pd.DataFrame:
    """Run prior futures and say what each parameter moves; see `screening_table`.

    A `RunError` says that fewer runs ended well than there are uncertain parameters, twice over.
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
    """Say how much of the figures' variance each parameter moves, the most visible first.

    Both tables have a row a run; constant columns are left out. ``most`` is the largest share of the variance
    of a ``figure``, ``sum`` that over figures, ``seen`` yes from `VISIBLE` on.
    """
    shares = rank_shares(parameters, figures).shares
    most = shares.max(axis=1)
    table = pd.DataFrame(
        {
            "parameter": shares.index,
            "role": ["free" if n in FREE else "carried" if n in CARRIED else "" for n in shares.index],
            "most": most.round(4),
            "figure": shares.idxmax(axis=1),
            "sum": shares.sum(axis=1).round(4),
            "seen": np.where(most >= VISIBLE, "yes", "no"),
            "runs": len(parameters),
        }
    )
    return table.sort_values(["most", "parameter"], ascending=[False, True], ignore_index=True)


def write_table(given: Namespace) -> int:
    """Screen a province and write the table."""
    world = calibration_world(given.province, LAST_YEAR)
    table = screen(
        world,
        door_to_model.model(),
        **numbers_of(given),
    )
    file = keep_table(given, f"screening_{given.province}", table)
    print(f"{file}: {(table['seen'] == 'yes').sum()} of {len(table)} uncertain parameters are seen")
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table; 0 done, 1 too many failed, 2 refused input."""
    return run_table(
        write_table, "experiments.identification.screening", __doc__, runs=1500, arguments=arguments
    )


if __name__ == "__main__":
    raise SystemExit(main())
