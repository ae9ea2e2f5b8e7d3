"""What Shaanxi's plan, and four of its tasks alone, would move in each province.

`make province-plans` runs ``no_plan``, the whole plan and the tasks of
`TASKS_ALONE` in the same futures of every province, and writes ``results/reference/provinces_plan.csv``.
The plan was written for one province: elsewhere this is a thought experiment, with the budgets in yuan
that were meant for Shaanxi. A province is run under what is believed of it: a posterior where one comes
with the package, priors elsewhere.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ...engine.errors import RunError
from ...experiments.effects.lever_effects import BASE, WHOLE
from ...experiments.effects.paired_effects import COST, effect_of, of_the_year, plan_year
from ...experiments.keeping.store import Store
from ...experiments.planning import door_to_model
from ...experiments.planning.options import FuturesOptions
from ...experiments.planning.plan_of_runs import plan_runs
from ...experiments.planning.runs import Failed, Finished, Job
from ...experiments.running.runner import run_batch
from ...experiments.running.table_command import report_failures, run_table

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["COLUMNS", "FILE", "TASKS_ALONE", "plans_elsewhere", "worlds_of"]

FILE: Final = "provinces_plan.csv"

TASKS_ALONE: Final = ("task_06", "task_14", "task_21", "task_22")
"""Laboratories opened and platforms for firms, which alone move Shaanxi's turnover visibly
(``lever_effects.csv``); the fund with its leverage; vouchers and risk compensation."""

BOUGHT: Final = "contract_value_inflow"

COLUMNS: Final = (
    "province", "belief", "scenario", "indicator", "unit", "year", "level_q50",
    "q05", "q50", "q95", "mean", "share_moved", "visible", "relative_q50", "futures",
    "net_cost_q05", "net_cost_q50", "net_cost_q95",
)  # fmt: skip
"""Effects are paired differences of the plan's last year against ``no_plan``; ``relative_q50`` is the median
of effect over level; net public cost, yuan, is of the plan's start to the end of that year."""


def worlds_of(province: str) -> dict[str, Scenario]:
    """Give the scenarios that are run in a province: ``no_plan``, ``action_plan``, ``only_<task>``."""
    base = door_to_model.loaded(BASE, province=province)
    found = {BASE: base, WHOLE: door_to_model.loaded(WHOLE, province=province)}
    for task in TASKS_ALONE:
        found[f"only_{task}"] = base.set(**{task: "plan"}, name=f"only_{task}")
    return found


def plans_elsewhere(
    provinces: Sequence[str],
    model: door_to_model.Model,
    *,
    runs: int,
    scale: float,
    seed: int,
    workers: int | None = None,
) -> tuple[pd.DataFrame, list[Failed]]:
    """Run the plan in each province as `forecast.forecast` does; tell what it moved and its public cost.

    Returns
    -------
    table : DataFrame
        `COLUMNS`; for each province and scenario but ``no_plan`` the five targets and what is bought.
    failures : list of Failed
        Runs that are missing; a future is left out of a comparison if either of its worlds is.

    Raises
    ------
    RunError
        If not one pair ended well.
    """
    FuturesOptions(runs=runs, scale=scale, seed=seed, workers=workers)
    worlds = {f"{name}:{world}": one for name in provinces for world, one in worlds_of(name).items()}
    indicators = [target.indicator for target in model.definitions.targets.values()] + [BOUGHT]
    model.warm()
    job = Job(worlds, float(scale), model.run_one, model.run_together, indicators=(*indicators, COST))
    values: dict[tuple[str, int], dict[str, float]] = {}
    failures: list[Failed] = []
    for outcome in run_batch(list(plan_runs(list(worlds), runs, seed)), job, workers=workers):
        if isinstance(outcome, Finished):
            key = (outcome.run.scenario, outcome.run.future)
            values[key] = of_the_year(outcome, outcome.indicators, model.definitions)
        else:
            failures.append(outcome)
    compared = {key: world for key, world in worlds.items() if not key.endswith(f":{BASE}")}
    beliefs = {key: "prior" if world.posterior() is None else "posterior" for key, world in compared.items()}
    rows = [row for key, belief in beliefs.items() for row in _rows(key, belief, indicators, values, model)]
    if not rows:
        raise RunError(f"not one pair of {runs} futures ended well; {failures[0].message}")
    return pd.DataFrame(rows, columns=list(COLUMNS)), failures


def _rows(
    key: str,
    belief: str,
    indicators: Sequence[str],
    values: Mapping[tuple[str, int], Mapping[str, float]],
    model: door_to_model.Model,
) -> Iterator[dict[str, Any]]:
    """Give the rows of one scenario in one province."""
    province, scenario = key.split(":")
    base = f"{province}:{BASE}"
    futures = [future for world, future in values if world == key and (base, future) in values]
    if not futures:
        return
    pairs = [(values[key, future], values[base, future]) for future in futures]
    cost = np.quantile([one[f"all_{COST}"] - two[f"all_{COST}"] for one, two in pairs], [0.05, 0.5, 0.95])
    for indicator in indicators:
        level = np.array([two[indicator] for _, two in pairs])
        moved = np.array([one[indicator] for one, _ in pairs]) - level
        relative = moved[level > 0.0] / level[level > 0.0]
        yield {
            "province": province,
            "belief": belief,
            "scenario": scenario,
            "indicator": indicator,
            "unit": model.definitions.of(indicator).unit,
            "year": plan_year(),
            "level_q50": float(np.median(level)),
            **effect_of(moved),
            "relative_q50": float(np.median(relative)) if len(relative) else np.nan,
            "futures": len(futures),
            **dict(zip(("net_cost_q05", "net_cost_q50", "net_cost_q95"), cost, strict=True)),
        }


def write_plans(given: Namespace) -> int:
    """Make and write the table; tell of runs that failed."""
    table, failures = plans_elsewhere(
        given.provinces,
        door_to_model.model(),
        runs=given.runs,
        scale=given.scale,
        seed=given.seed,
        workers=given.workers,
    )
    Store(given.out).write_csv(FILE, table)
    print(f"{given.out / FILE}: {table['province'].nunique()} provinces")
    return report_failures(failures)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table; 0 done, 1 done with failed runs, 2 refused input."""
    return run_table(
        write_plans,
        "studies.provinces_side_by_side.plans",
        __doc__,
        runs=40,
        several=True,
        arguments=arguments,
    )


if __name__ == "__main__":
    raise SystemExit(main())
