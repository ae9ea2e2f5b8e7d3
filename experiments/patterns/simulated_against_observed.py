"""Make the reference table of simulated against observed years.

`make reference` runs ``no_plan`` to the end of 2017, when all scenarios are still one and the same, and
writes ``results/reference/simulated_against_observed_shaanxi.csv``.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from ...engine.errors import RunError
from ..calibrating.compare_observed import comparison
from ..forecasting.target_and_indicator_tables import yearly_of_parts
from ..keeping.parquet_parts import table_of
from ..planning import door_to_model
from ..planning.options import FuturesOptions
from ..planning.plan_of_runs import plan_runs
from ..planning.runs import Failed, Finished, Job
from ..running.runner import run_batch
from ..running.table_command import keep_table, numbers_of, report_failures, run_table

if TYPE_CHECKING:
    from ...scenarios import Scenario


def simulated_years(
    world: Scenario,
    model: door_to_model.Model,
    *,
    runs: int,
    scale: float,
    seed: int,
    workers: int | None = None,
) -> tuple[pd.DataFrame, list[Failed]]:
    """Run one scenario in many futures: its `target_and_indicator_tables.yearly`, and the runs that failed.

    A `RunError` says that not one run ended well.
    """
    FuturesOptions(runs=runs, scale=scale, seed=seed, workers=workers)
    model.warm()
    plan = list(plan_runs([world.name], runs, seed))
    outcomes = list(run_batch(plan, Job({world.name: world}, float(scale), model.run_one), workers=workers))
    finished = [outcome for outcome in outcomes if isinstance(outcome, Finished)]
    failures = [outcome for outcome in outcomes if isinstance(outcome, Failed)]
    if not finished:
        raise RunError(f"not one of {runs} runs ended well; {failures[0].kind}: {failures[0].message}")
    frames = (table_of([one]).to_pandas() for one in finished)
    return yearly_of_parts(frames, model.definitions), failures


def years_of(given: Namespace) -> tuple[Scenario, pd.DataFrame, list[Failed]]:
    """Run the province of a command up to the last observed year; give its world, and `simulated_years`."""
    world = door_to_model.loaded("no_plan", province=given.province)
    world = world.set(end=f"{world.pack().years.last}-Q4", name="no_plan")
    years, failures = simulated_years(
        world,
        door_to_model.model(),
        **numbers_of(given),
    )
    return world, years, failures


def write_table(given: Namespace) -> int:
    """Make and write the table of a province; tells of runs that failed."""
    world, years, failures = years_of(given)
    pack, size = world.pack(), {"scale": given.scale, "seed": given.seed}
    table = comparison(pack.observed, years, **size, last_year=pack.years.last)
    file = keep_table(given, f"simulated_against_observed_{given.province}", table)
    counts = table["band_met"].value_counts()
    bands = f"{counts.get('yes', 0)} bands met, {counts.get('no', 0)} missed"
    print(f"{file}: {len(table)} figures; {bands}")
    return report_failures(failures)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table; 0 done, 1 done with failed runs, 2 refused input."""
    return run_table(
        write_table, "experiments.patterns.simulated_against_observed", __doc__, runs=100, arguments=arguments
    )


if __name__ == "__main__":
    raise SystemExit(main())
