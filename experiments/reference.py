"""Make the reference table of simulated against observed years.

``python -m shaanxi_transfer.experiments.reference --province shaanxi`` runs ``no_plan``
to the end of 2017, when all scenarios are still one and the same, and writes
``results/reference/simulated_against_observed_shaanxi.csv``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from ..engine.errors import InputError, RunError, TransferError
from . import doors
from .checks import check_numbers, check_province
from .compare_observed import comparison
from .futures import plan_runs
from .parts import table_of
from .runner import run_batch
from .store import Store
from .tables import yearly_of_parts
from .worker import Failed, Finished, Job

if TYPE_CHECKING:
    from ..scenarios import Scenario

LAST_YEAR: Final = 2017
"""The plan was written in early 2018; nothing later is known to the model."""

DEFAULT_FOLDER: Final = Path("results") / "reference"


def reference_table(
    world: Scenario, model: doors.Model, *, runs: int, scale: float, seed: int, workers: int | None = None
) -> tuple[pd.DataFrame, list[Failed]]:
    """Run one scenario in many futures and hold its years against the observed ones.

    Parameters
    ----------
    world : Scenario
        Runs to the end of the observed years.
    model : doors.Model
        The door to the model.
    runs, scale, seed, workers
        As in `forecast.forecast`.

    Returns
    -------
    table : DataFrame
        Columns of `compare_observed.COLUMNS`.
    failures : list of Failed
        Runs that are missing from the table.

    Raises
    ------
    RunError
        If not one run ended well.
    """
    check_numbers(runs=runs, scale=scale, seed=seed, workers=workers)
    model.warm()
    plan = list(plan_runs([world.name], runs, seed))
    outcomes = list(run_batch(plan, Job({world.name: world}, float(scale), model.run_one), workers=workers))
    finished = [outcome for outcome in outcomes if isinstance(outcome, Finished)]
    failures = [outcome for outcome in outcomes if isinstance(outcome, Failed)]
    if not finished:
        raise RunError(f"not one of {runs} runs ended well; {failures[0].kind}: {failures[0].message}")
    frames = (table_of([one]).to_pandas() for one in finished)
    years = yearly_of_parts(frames, model.definitions)
    table = comparison(world.pack().observed, years, scale=scale, seed=seed, last_year=LAST_YEAR)
    return table, failures


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table; 0 done, 1 done with failed runs, 2 refused input."""
    parser = argparse.ArgumentParser(
        prog="python -m shaanxi_transfer.experiments.reference", description=__doc__
    )
    parser.add_argument("--province", default="shaanxi")
    parser.add_argument("--runs", type=int, default=100, help="number of futures")
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=None)
    parser.add_argument("--out", type=Path, default=DEFAULT_FOLDER, help="folder of the table")
    given = parser.parse_args(arguments)
    try:
        check_numbers(runs=given.runs, scale=given.scale, seed=given.seed, workers=given.workers)
        check_province(given.province, doors.provinces())
        make_folder(given.out)
        world = doors.loaded("no_plan", province=given.province).set(end=f"{LAST_YEAR}-Q4", name="no_plan")
        table, failures = reference_table(
            world,
            doors.model(),
            runs=given.runs,
            scale=given.scale,
            seed=given.seed,
            workers=given.workers,
        )
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    except TransferError as error:
        print(error, file=sys.stderr)
        return 1
    file = given.out / f"simulated_against_observed_{given.province}.csv"
    Store(given.out).write_csv(file.name, table)
    counts = table["band_met"].value_counts()
    bands = f"{counts.get('yes', 0)} bands met, {counts.get('no', 0)} missed"
    print(f"{file}: {len(table)} figures; {bands}")
    for failed in failures:
        print(f"{failed.run.run_id}: {failed.kind}: {failed.message}", file=sys.stderr)
    return 1 if failures else 0


def make_folder(folder: Path) -> None:
    """Make the folder of a table, or refuse one that cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"{str(folder)!r} cannot be written: {error.strerror}",
            key="--out",
            allowed="a folder that can be written",
        ) from error


if __name__ == "__main__":
    raise SystemExit(main())
