"""Make the reference table of what each lever and each task moves, and at what public cost.

``python -m shaanxi_transfer.experiments.effects.lever_effects --runs 200`` runs ``no_plan``, each
lever alone at its plan value, each task alone, each task left out of the plan, and the
whole plan in the same futures, and writes ``results/reference/lever_effects.csv``. An
effect is a difference of two worlds of one future, so that luck falls out of it.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ...engine.errors import RunError
from ..keeping.provenance import basis_of
from ..keeping.store import Store
from ..planning import door_to_model
from ..planning.definitions import Definitions
from ..planning.options import FuturesOptions
from ..planning.plan_of_runs import plan_runs
from ..planning.runs import Finished, Job
from ..running.runner import run_batch
from ..running.table_command import numbers_of, run_table
from .packages import Packages, items_of, without_name
from .paired_effects import COST, FORGONE, GROSS, effect_of, of_the_year, plan_year

if TYPE_CHECKING:
    from ...scenarios import Lever, Scenario

FILE: Final = "lever_effects.csv"
SAID_EVERY: Final = 1000
"""Runs between two lines of progress."""
BASE: Final = "no_plan"
WHOLE: Final = "action_plan"

LIMITS: Final = (
    "needs_unmet_share", "broker_use", "practising_holders_share", "incubator_occupancy",
    "maker_space_occupancy", "zone_occupancy", "bank_use",
)  # fmt: skip
"""How far what may bind is used: beside the targets for the whole plan and for each task alone."""

COLUMNS: Final = (
    "lever", "task", "scenario", "against", "indicator", "own", "unit", "year", "level_q50",
    "q05", "q50", "q95", "mean", "share_moved", "visible", "futures",
    "gross_cost_q50", "net_cost_q05", "net_cost_q50", "net_cost_q95",
    "forgone_q05", "forgone_q50", "forgone_q95", "basis",
)  # fmt: skip


def worlds(province: str) -> dict[str, Scenario]:
    """Give the scenarios of the table by name.

    ``no_plan``, ``action_plan``, ``lever:<id>`` for each lever that the plan moves, ``only_<task>`` and
    ``without_<task>`` for each task that moves any.
    """
    plan = door_to_model.loaded(WHOLE, province=province)
    packages = Packages(plan, ())
    found: dict[str, Scenario] = {BASE: door_to_model.loaded(BASE, province=province), WHOLE: plan}
    for lever in items_of(plan, "lever"):
        found[f"lever:{lever}"] = packages[lever]
    for task in items_of(plan, "task"):
        found[f"only_{task}"] = packages[task]
        found[f"without_{task}"] = packages[without_name(task)]
    return found


def lever_effects(
    province: str, *, runs: int, scale: float, seed: int, workers: int | None = None
) -> tuple[pd.DataFrame, list[str]]:
    """Run all worlds and say what each lever and task moved, in the columns of :data:`COLUMNS`.

    Effects are paired differences of the plan's last year against ``against``; costs are sums from its start
    to its end, against ``against`` too. There is one line for each run that failed; its future is
    left out for that lever. A `RunError` says that a whole world is missing.
    """
    FuturesOptions(runs=runs, scale=scale, seed=seed, workers=workers)
    model = door_to_model.model()
    model.warm()
    scenarios = worlds(province)
    plan = list(plan_runs(list(scenarios), runs, seed))
    job = Job(dict(scenarios), float(scale), model.run_one, model.run_together)
    years: dict[tuple[str, int], dict[str, float]] = {}
    wanted = _wanted(model.definitions)
    failures = []
    print(f"{len(plan)} runs: {len(scenarios)} worlds in {runs} futures ...", file=sys.stderr, flush=True)
    for done, outcome in enumerate(run_batch(plan, job, workers=workers), start=1):
        if done % SAID_EVERY == 0:
            print(f"{done} of {len(plan)} runs", file=sys.stderr, flush=True)
        if isinstance(outcome, Finished):
            years[outcome.run.scenario, outcome.run.future] = of_the_year(outcome, wanted, model.definitions)
        else:
            failures.append(f"{outcome.run.run_id}: {outcome.kind}: {outcome.message}")
    basis = basis_of(door_to_model.loaded(WHOLE, province=province))
    rows = [row for name in scenarios for row in _rows(name, years, model, basis)]
    if not rows:
        raise RunError(f"not one pair of {runs} futures ended well; {failures[0]}")
    return pd.DataFrame(rows, columns=list(COLUMNS)), failures


def _wanted(definitions: Definitions) -> set[str]:
    """Name the indicators that the table speaks of; to keep all of them would fill the memory."""
    from ...scenarios import lever_catalogue

    own = {lever.indicator for lever in lever_catalogue().values()}
    targets = {target.indicator for target in definitions.targets.values()}
    return own | targets | {COST, GROSS, *FORGONE, *LIMITS}


def is_of_today(table: pd.DataFrame) -> bool:
    """Whether the committed table was made under today's rules, levers and priors, for Shaanxi."""
    return "basis" in table and set(table["basis"]) == {basis_of(door_to_model.loaded(WHOLE))}


def _rows(
    name: str, years: dict[tuple[str, int], dict[str, float]], model: Any, basis: str
) -> Iterator[dict[str, Any]]:
    """Give the rows of one world: its levers' own indicators, the plan's targets, and `LIMITS`."""
    from ...scenarios import lever_catalogue

    if name == BASE:
        return
    catalogue = lever_catalogue()
    against = WHOLE if name.startswith("without_") else BASE
    word = name.removeprefix("lever:").removeprefix("only_").removeprefix("without_")
    mine = [lever for lever in catalogue.values() if word in (lever.id, lever.selector)]
    futures = [future for world, future in years if world == name and (against, future) in years]
    if not futures:
        return
    pairs = [(years[name, future], years[against, future]) for future in futures]
    own = sorted({lever.indicator for lever in mine})
    others = [target.indicator for target in model.definitions.targets.values()]
    if name == WHOLE or name.startswith("only_"):
        others += LIMITS
    cost = np.array([one[f"all_{COST}"] - two[f"all_{COST}"] for one, two in pairs])
    gross = np.array([one[f"all_{GROSS}"] - two[f"all_{GROSS}"] for one, two in pairs])
    forgone = np.array([sum(one[f"all_{tax}"] - two[f"all_{tax}"] for tax in FORGONE) for one, two in pairs])
    for indicator in [*own, *(other for other in others if other not in own)]:
        moved = np.array([one[indicator] - two[indicator] for one, two in pairs])
        yield {
            "lever": mine[0].id if name.startswith("lever:") else "",
            "task": mine[0].selector if mine else "all",
            "scenario": name,
            "against": against,
            "indicator": indicator,
            "own": indicator in own,
            "unit": model.definitions.of(indicator).unit,
            "year": plan_year(),
            "level_q50": float(np.median([two[indicator] for _, two in pairs])),
            **effect_of(moved),
            "futures": len(futures),
            "gross_cost_q50": float(np.median(gross)),
            "net_cost_q05": float(np.quantile(cost, 0.05)),
            "net_cost_q50": float(np.median(cost)),
            "net_cost_q95": float(np.quantile(cost, 0.95)),
            "forgone_q05": float(np.quantile(forgone, 0.05)),
            "forgone_q50": float(np.median(forgone)),
            "forgone_q95": float(np.quantile(forgone, 0.95)),
            "basis": basis,
        }


def unmoved_levers() -> list[Lever]:
    """List the levers that the plan leaves where they are: no change asked."""
    from ...scenarios import lever_catalogue

    return [lever for lever in lever_catalogue().values() if not lever.changes]


def write_effects(given: Namespace) -> int:
    """Make and write the table; report which levers move nothing, and runs that failed."""
    table, failures = lever_effects(given.province, **numbers_of(given))
    Store(given.out).write_csv(FILE, table)
    levers = table[table["lever"] != ""]
    seen = set(levers.loc[levers["visible"], "lever"])
    print(f"{given.out / FILE}: {levers['lever'].nunique()} levers, {len(seen)} with a visible effect")
    for lever in sorted(set(levers["lever"]) - seen):
        print(f"no visible effect on its own indicator or on a target: {lever}")
    for each in unmoved_levers():
        print(f"no change asked by the plan: {each.id}")
    print(*failures, sep="\n", end="\n" if failures else "", file=sys.stderr)
    return 1 if failures else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table; 0 done, 1 done with failed runs, 2 refused input."""
    return run_table(
        write_effects, "experiments.effects.lever_effects", __doc__, runs=200, arguments=arguments
    )


if __name__ == "__main__":
    raise SystemExit(main())
