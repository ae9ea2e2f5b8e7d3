"""Reconcile the forecasts of all provinces from the last known year with the one national forecast.

``python -m shaanxi_transfer.studies.backtest_of_all_provinces.reconciliation`` runs what is forecast of
every province (the plan where it was decided, elsewhere the counterfactual: 6,200 runs), takes the draws that
a forecast would write, and puts the shift of each series and year, with the gap that remains, into
``reconciliation.yaml`` beside the posteriors. From then on every forecast from that year has it, be it of one
province or of all. It is given after `make across` and `make adopt-across`: a shift in a form that no
backtest has tried is refused. Decision 0050.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ...engine.errors import InputError, RunError
from ...experiments.backtesting.pooled_discrepancy import DRAWS, seeds_of
from ...experiments.backtesting.reconcile import growth_of_futures, reconcile
from ...experiments.backtesting.rivals_half import COLUMNS
from ...experiments.calibrating.distances_from_observed import yearly_values
from ...experiments.forecasting.discrepancy import SERIES
from ...experiments.forecasting.options import MODEL as BY_DEFAULT
from ...experiments.forecasting.predictive import BY_PLACE, predictive_of
from ...experiments.forecasting.reconciliation import RECONCILIATION_FILE, Reconciliation, SeriesShift
from ...experiments.freeze_provinces import AGAINST, RUNS, SCENARIO
from ...experiments.freezing.freeze import forecast_years
from ...experiments.freezing.manifest_of_frozen import judged_scenario
from ...experiments.freezing.tried_kinds import check_tried
from ...experiments.keeping.provenance import hash_of_mechanisms
from ...experiments.planning import door_to_model
from ...experiments.planning.options import FuturesOptions
from ...experiments.planning.plan_of_runs import plan_runs
from ...experiments.planning.runs import Finished, Job
from ...experiments.running.runner import RunBatch, run_batch
from ...experiments.running.table_command import DEFAULT_FOLDER, errors_in_one_line
from ..read_tables import read_table
from .tables import RECONCILED, SCORES

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["Drawn", "drawn_of", "main", "reconciliation_of"]

FloatArray = npt.NDArray[np.float64]

DIGITS: Final = 5
"""Of a shift: the file holds no more."""


class Drawn(NamedTuple):
    """Logarithms that are forecast of a province, by series (draws, years), and those at the origin."""

    logs: dict[str, FloatArray]
    ln_at_origin: dict[str, float]


def judged_world(province: str) -> Scenario:
    """Give the world that is forecast of a province; refuse one of a kind that no backtest has tried."""
    worlds = {name: door_to_model.loaded(name, province=province) for name in (SCENARIO, AGAINST)}
    name, _ = judged_scenario(worlds)
    check_tried({name: worlds[name]}, BY_DEFAULT)
    return worlds[name]


def drawn_of(
    world: Scenario,
    model: door_to_model.Model,
    *,
    runs: int,
    scale: float,
    seed: int,
    executor: RunBatch = run_batch,
    workers: int | None = None,
) -> Drawn:
    """Run a province and draw what a forecast of it writes; draw i is of run i modulo ``runs``.

    Raises
    ------
    RunError
        If a run fails.
    """
    job = Job({world.name: world}, scale, model.run_one, indicators=SERIES)
    outcomes = list(executor(list(plan_runs([world.name], runs, seed)), job, workers=workers))
    finished = [one for one in outcomes if isinstance(one, Finished)]
    if len(finished) < runs:
        raise RunError(f"{world.pack().name}: {runs - len(finished)} of {runs} runs failed")
    years = yearly_values(sorted(finished, key=lambda done: done.run.future), model.definitions)
    prediction = predictive_of({world.name: world}).of_scenario(world.name)
    if prediction is None:
        raise InputError("there is no discrepancy", key="province", allowed=world.pack().name)
    prediction = replace(prediction, reconciliation=None)
    ahead = forecast_years({world.name: world})
    seeds = seeds_of(seed, max(1, DRAWS // runs) * runs)
    logs: dict[str, FloatArray] = {}
    for name in prediction.ln_observed:
        simulated = years[name].unstack("year").sort_index()
        start = np.resize(simulated[prediction.observed_until].to_numpy(np.float64), len(seeds))
        later = np.log(simulated[ahead].to_numpy(np.float64))
        factors = prediction.ln_factors_of_futures(name, seeds, start.tolist(), len(ahead))
        logs[name] = np.tile(later, (len(seeds) // runs, 1)) + factors
    return Drawn(logs, dict(prediction.ln_observed))


def reconciliation_of(
    drawn: Sequence[Drawn], number: dict[int, float], origin: int, *, runs: int, seed: int, source: str
) -> Reconciliation:
    """Find the shift of the forecasts of all provinces.

    Parameters
    ----------
    drawn : sequence of Drawn
        One a province.
    number : dict of int to float
        The nation's contracts by year.
    origin : int
    runs, seed : int
        Of the forecasts.
    source : str
        Written into the file.
    """
    series = {}
    for name in SERIES:
        mine = [one for one in drawn if name in one.logs]
        if len(mine) < 2:
            continue
        joint = np.stack([one.logs[name] for one in mine], axis=2)
        draws, years = joint.shape[:2]
        grown = growth_of_futures(number, origin, years, seeds_of(seed, runs))[name]
        at_origin = np.array([one.ln_at_origin[name] for one in mine])
        found = [
            reconcile(joint[:, year], at_origin, np.tile(grown[:, year], draws // runs))
            for year in range(years)
        ]
        series[name] = SeriesShift(
            shift=[round(one.shift, DIGITS) for one in found],
            gap_low=[round(one.ends[0], DIGITS) for one in found],
            gap_high=[round(one.ends[1], DIGITS) for one in found],
        )
    return Reconciliation(
        source=source,
        origin=origin,
        rules=hash_of_mechanisms(),
        provinces=len(drawn),
        futures=runs,
        by_place=BY_PLACE,
        series=series,
    )


@errors_in_one_line
def main(
    arguments: Sequence[str] | None = None,
    model: door_to_model.Model | None = None,
    report: Callable[[str], None] = print,
) -> int:
    """Run all provinces and write the shift; 0 done, 2 refused."""
    from ...scenarios.provinces.posterior import POSTERIORS

    parser = ArgumentParser(
        prog="python -m shaanxi_transfer.studies.backtest_of_all_provinces.reconciliation",
        description=__doc__,
    )
    parser.add_argument("--runs", type=int, default=RUNS, help="futures of each province")
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=None)
    parser.add_argument("--scores", type=Path, default=DEFAULT_FOLDER / SCORES, help="of the backtest")
    parser.add_argument("--out", type=Path, default=POSTERIORS, help=f"folder of {RECONCILIATION_FILE}")
    given = parser.parse_args(arguments)
    asked = FuturesOptions(runs=given.runs, scale=given.scale, seed=given.seed, workers=given.workers)
    if RECONCILED not in set(read_table(given.scores, "across", COLUMNS)["forecaster"]):
        raise InputError(
            f"no backtest has tried {RECONCILED}",
            file=given.scores,
            key="forecaster",
            allowed="a table of `make across` with this version",
        )
    worlds = {name: judged_world(name) for name in door_to_model.provinces()}
    model = door_to_model.model() if model is None else model
    model.warm()
    drawn = []
    for name, world in worlds.items():
        drawn.append(
            drawn_of(world, model, runs=asked.runs, scale=asked.scale, seed=asked.seed, workers=given.workers)
        )
        report(f"{name}: {asked.runs} futures of {world.name}")
    first = next(iter(worlds.values()))
    number, origin = first.pack().series_of("contract_count_output", "china"), first.outside.observed_until
    source = f"forecasts of {len(drawn)} provinces from {origin}, seed {asked.seed}"
    found = reconciliation_of(drawn, number, origin, runs=asked.runs, seed=asked.seed, source=source)
    found.write(given.out / RECONCILIATION_FILE)
    for name, one in found.series.items():
        for ahead, (shift, low, high) in enumerate(zip(one.shift, one.gap_low, one.gap_high, strict=True), 1):
            report(
                f"{name} {origin + ahead}: shift {shift:+.3f}; in 90 % of the draws the sum is "
                f"{low:+.3f} to {high:+.3f} off the nation's path"
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
