"""Make the table of what the variance of each target's value comes from.

``python -m shaanxi_transfer.experiments.effects.variance_shares --province shaanxi --runs 256`` draws
everything twice, exchanges one group at a time (`pick_freeze`), and writes
``results/reference/variance_shares_shaanxi.csv``. The groups are the parameters on which the plan's effects
rest, all other parameters (those of registration apart), registration, outside paths, luck, and the
discrepancy of the model with the error of the statistics. How uncertain the drift of the outside paths
is belongs to the parameters.

Draws of a posterior belong together: parameters of registration from one draw with all others
from another were never learnt. Where a posterior is drawn from, they are therefore one group.
"""

from __future__ import annotations

import math
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...engine.errors import InputError, RunError
from ..forecasting.predictive import Prediction, predictive_of
from ..planning import door_to_model
from ..planning.definitions import LAST_YEAR
from ..planning.plan_of_runs import PlannedRun
from ..planning.runs import Failed, Finished, Job
from ..running.runner import run_batch
from ..running.table_command import keep_table, report_failures, run_table
from .pick_freeze import GROUPS, Futures, Seeds, Share, shares_of
from .predicted_targets import predicted_target

SCENARIOS: Final = ("action_plan", "no_plan")
LOGARITHM: Final = "contract_value_output"
"""Target whose logarithm is reported too: its tail is long, and a few futures carry its variance."""

COLUMNS: Final = (
    "scenario", "target", "output", "group", "first", "first_low", "first_high",
    "total", "total_low", "total_high", "mean", "sd", "unit", "belief", "rows", "scale", "seed", "note",
)  # fmt: skip
"""Columns of the table. ``output`` is ``value`` or ``ln``; shares are fractions of the variance with 95 %
intervals; mean and sd are those of the output, in its unit; ``rows`` are the pairs of draws."""

FEWEST_ROWS: Final = 2


def groups_of(world: Any, prediction: Prediction | None) -> tuple[str, ...]:
    """Name the groups that a scenario draws apart from each other."""
    left_out = set() if prediction is not None else {"discrepancy"}
    if world.posterior() is not None:
        left_out.add("registration")
    return tuple(group for group in GROUPS if group not in left_out)


def variance_shares(
    worlds: Mapping[str, Any],
    model: door_to_model.Model,
    *,
    rows: int,
    scale: float,
    seed: int,
    workers: int | None = None,
) -> tuple[pd.DataFrame, list[Failed]]:
    """Share out the variance of each target's value in the target's year, in the columns of `COLUMNS`.

    The groups of all worlds have to be the same. Each pair of draws (``rows``, two or more) takes two runs,
    and one more for each group that the model draws. A constant output has one row that says so; rows with a
    failed run are left out, and a `RunError` says that fewer than two are left.
    """
    if rows < FEWEST_ROWS:
        raise InputError(
            f"{rows!r} pairs of draws have no variance", key="runs", allowed=f"{FEWEST_ROWS} or more"
        )
    predictions = {name: predictive_of({name: world}).of_scenario(name) for name, world in worlds.items()}
    first = next(iter(worlds))
    groups = groups_of(worlds[first], predictions[first])
    apart = "registration" in groups
    futures = []
    for row in range(rows):
        one, other = (Seeds.of(seed, row, half, apart=apart) for half in "AB")
        futures += [one, other, *(one.with_group(group, other, apart=apart) for group in groups)]
    outputs, failures = _outputs(worlds, model, predictions, futures, scale, workers)
    table = []
    for (scenario, target, output), values in outputs.items():
        by_row = values.reshape(rows, 2 + len(groups))
        whole = by_row[np.isfinite(by_row).all(axis=1)]
        if len(whole) < FEWEST_ROWS:
            raise RunError(
                f"{len(whole)} of {rows} rows ended well; {failures[0].kind}: {failures[0].message}"
            )
        goal = model.definitions.targets[target]
        belief = "prior" if worlds[scenario].posterior() is None else "posterior"
        end = ("ln" if output == "ln" else goal.unit, belief, len(whole), scale, seed)
        table += [(scenario, target, output, *row) for row in _rows(whole, groups, end)]
    return pd.DataFrame(table, columns=list(COLUMNS)), failures


def _rows(
    values: npt.NDArray[np.float64], groups: Sequence[str], end: tuple[Any, ...]
) -> Iterator[tuple[Any, ...]]:
    both = values[:, :2]
    moments = (float(both.mean()), float(both.std()))
    for place, group in enumerate(groups):
        shares = shares_of(values[:, 0], values[:, 1], values[:, 2 + place])
        if shares is None:
            yield ("constant", *[math.nan] * 6, *moments, *end, "the same in every future: nothing to share")
            return
        yield (group, *_three(shares.first), *_three(shares.total), *moments, *end, "")
    if "discrepancy" not in groups:
        yield ("discrepancy", *[math.nan] * 6, *moments, *end, "no discrepancy of the model is estimated yet")


def _three(share: Share) -> tuple[float, ...]:
    return tuple(round(number, 4) for number in share)


def _outputs(
    worlds: Mapping[str, Any],
    model: door_to_model.Model,
    predictions: Mapping[str, Prediction | None],
    futures: Sequence[Seeds],
    scale: float,
    workers: int | None,
) -> tuple[dict[tuple[str, str, str], npt.NDArray[np.float64]], list[Failed]]:
    """Give each output of each future, not a number where its run failed."""
    runs: dict[Seeds, int] = {}  # futures that differ by discrepancy alone are one run
    for seeds in futures:
        runs.setdefault(seeds._replace(discrepancy=0), len(runs))
    plan = [
        PlannedRun(f"{name}-{number:06d}", Futures.name(name, seeds), number, seeds.luck)
        for seeds, number in runs.items()
        for name in worlds
    ]
    targets = {
        name: target
        for name, target in model.definitions.targets.items()
        if target.indicator in model.definitions.indicators
    }
    years = {LAST_YEAR, *(target.year for target in targets.values())}
    years |= {one.observed_until for one in predictions.values() if one is not None}
    wanted = tuple(dict.fromkeys(target.indicator for target in targets.values()))
    job = Job(Futures(dict(worlds)), float(scale), model.run_one, model.run_together, wanted, tuple(years))
    model.warm()
    done: dict[tuple[str, int], Finished] = {}
    failures = []
    for outcome in run_batch(plan, job, workers=workers):
        if isinstance(outcome, Finished):
            done[outcome.run.scenario.split()[0], outcome.run.future] = outcome
        else:
            failures.append(outcome)
    outputs = {}
    for scenario in worlds:
        for name, target in targets.items():
            values = np.array(
                [
                    predicted_target(
                        done.get((scenario, runs[seeds._replace(discrepancy=0)])),
                        target,
                        model.definitions,
                        predictions[scenario],
                        seeds.discrepancy,
                    )
                    for seeds in futures
                ]
            )
            outputs[scenario, name, "value"] = values
            if name == LOGARITHM:
                outputs[scenario, name, "ln"] = np.log(values)
    return outputs, failures


def write_table(given: Namespace) -> int:
    """Make and write the table of a province; report runs that failed."""
    worlds = {name: door_to_model.loaded(name, province=given.province) for name in SCENARIOS}
    table, failures = variance_shares(
        worlds,
        door_to_model.model(),
        rows=given.runs,
        scale=given.scale,
        seed=given.seed,
        workers=given.workers,
    )
    file = keep_table(given, f"variance_shares_{given.province}", table)
    shown = table[(table["scenario"] == SCENARIOS[0]) & table["first"].notna()]
    print(shown.pivot_table("first", ["target", "output"], "group").round(2).to_string())
    print(f"{file}: {len(table)} rows from {given.runs} pairs of draws")
    return report_failures(failures)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table; 0 done, 1 done with failed runs, 2 refused input."""
    return run_table(
        write_table, "experiments.effects.variance_shares", __doc__, runs=256, arguments=arguments
    )


if __name__ == "__main__":
    raise SystemExit(main())
