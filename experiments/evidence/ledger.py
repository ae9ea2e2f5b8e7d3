"""Make the ledger of evidence: what every number rests on, and how much of the targets hangs on it.

`make evidence` runs ``action_plan`` with everything drawn that a forecast draws, and writes
``results/reference/evidence_shaanxi.csv``. The weakest evidence that matters most comes first.

- A **parameter** matters by its share of the variance of a target's predicted value in the target's year
  (`rank_shares`). One that is held fixed has no share: how much hangs on it is not known, so it has no
  score and stands at the end.
- A **lever** is no uncertain number, it is chosen. It matters by its effect: the mean paired difference of
  the target between the lever alone and ``no_plan`` (``lever_effects.csv``, made by `make effects`), over the
  standard deviation of the target's predicted value. The square of that stands beside a parameter's
  share: it is what the lever would add to the variance if its size were as unsure as it is large.
- The **score** is the largest of these over the targets, at most 1, times the weakness of the evidence
  (`kinds`); 0 where chance alone would give as much, or futures disagree on the sign of an effect.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ...engine.errors import InputError, RunError
from ..effects.lever_effects import BASE, is_of_today
from ..effects.lever_effects import FILE as EFFECTS
from ..effects.predicted_targets import predicted_target
from ..effects.rank_shares import rank_shares
from ..forecasting.predictive import predictive_of
from ..planning import door_to_model
from ..planning.definitions import LAST_YEAR
from ..planning.plan_of_runs import plan_runs
from ..planning.runs import Failed, Finished, Job
from ..running.runner import run_batch
from ..running.table_command import DEFAULT_FOLDER, keep_table, numbers_of, report_failures, run_table
from .entries import entries

if TYPE_CHECKING:
    from ...scenarios import Scenario

WORLD: Final = "action_plan"
PROVINCE_OF_EFFECTS: Final = "shaanxi"
"""Province of the table of effects."""

RUNS_A_PARAMETER: Final = 2
"""Fewest runs for each uncertain parameter: the regression needs more runs than parameters."""


def drawn_and_predicted(
    world: Scenario,
    model: door_to_model.Model,
    *,
    runs: int,
    scale: float,
    seed: int,
    workers: int | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame, list[Failed]]:
    """Draw futures as a forecast does, and run them.

    The world draws from its posterior where it has one, from priors for the rest. Gives, a row a future that
    ended well, its parameters in their units and the predicted value of each target in its year and unit;
    then the failures. Refuses fewer runs than can tell the parameters apart; a `RunError` says that fewer
    than that ended well.
    """
    uncertain = set(entries(world).query("drawn_from in ('prior', 'posterior')")["name"])
    fewest = RUNS_A_PARAMETER * len(uncertain)
    if runs < fewest:
        raise InputError(
            f"{runs!r} runs cannot tell {len(uncertain)} uncertain parameters apart",
            key="runs",
            allowed=f"{fewest} or more",
        )
    prediction = predictive_of({world.name: world}).of_scenario(world.name)
    targets = model.definitions.targets
    years = {LAST_YEAR, *(target.year for target in targets.values())}
    years |= set() if prediction is None else {prediction.observed_until}
    wanted = tuple(dict.fromkeys(target.indicator for target in targets.values()))
    job = Job({world.name: world}, float(scale), model.run_one, indicators=wanted, years=tuple(sorted(years)))
    model.warm()
    found: dict[int, tuple[dict[str, float], dict[str, float]]] = {}
    failures = []
    for outcome in run_batch(list(plan_runs([world.name], runs, seed)), job, workers=workers):
        if not isinstance(outcome, Finished):
            failures.append(outcome)
            continue
        values = {
            name: predicted_target(outcome, target, model.definitions, prediction, outcome.run.seed)
            for name, target in targets.items()
        }
        found[outcome.run.future] = world.parameter_draws(outcome.run.seed), values
    if len(found) < fewest:
        raise RunError(
            f"{len(found)} of {runs} runs ended well, {fewest} are needed; "
            f"{failures[0].kind}: {failures[0].message}"
        )
    rows = [found[future] for future in sorted(found)]
    return pd.DataFrame([draws for draws, _ in rows]), pd.DataFrame([values for _, values in rows]), failures


def ledger(
    rows: pd.DataFrame,
    parameters: pd.DataFrame,
    figures: pd.DataFrame,
    *,
    effects: pd.DataFrame | None = None,
    identifiability: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Put the ledger together, sorted by ``rank``.

    ``rows`` are of `entries.entries`, ``parameters`` and ``figures`` of `drawn_and_predicted`. Without
    ``effects`` (`lever_effects.COLUMNS`) levers have no effect and no score; without ``identifiability``
    (`fit_tables.identifiability_table`) nothing is said to be learnt.

    Beside `entries.ENTRY_COLUMNS`: ``learnt`` (verdict of the calibration, empty where not fitted),
    ``share_<target>`` (fraction of the variance; parameters only), ``effect_<target>`` (in standard
    deviations of the target; levers only), ``most`` (largest share or squared effect), ``target`` (where),
    ``seen`` (whether ``most`` is more than chance gives: yes, no, or empty where not known), ``score``.
    """
    drawn = rows.loc[rows["drawn_from"].isin(["prior", "posterior"]), "name"]
    of_parameters = rank_shares(parameters[list(drawn)], figures)
    targets = list(figures.columns)
    shares = of_parameters.shares.reindex(index=rows["name"], columns=targets)
    in_sd, visible = _effects(effects, figures)
    in_sd = in_sd.reindex(index=rows["name"], columns=targets)
    beyond = of_parameters.beyond_chance().reindex(index=rows["name"], columns=targets)
    beyond = beyond.eq(True) | visible.reindex(index=rows["name"], columns=targets).eq(True)
    matters = shares.where(shares.notna(), in_sd**2)
    table = rows.set_index("name", drop=False).copy()
    table["learnt"] = ""
    if identifiability is not None:
        verdicts = identifiability.set_index("parameter")["verdict"]
        table["learnt"] = verdicts.reindex(table.index).fillna("")
    for target in targets:
        table[f"share_{target}"] = shares[target].round(4)
    for target in targets:
        table[f"effect_{target}"] = in_sd[target].round(4)
    known = matters.notna().any(axis=1)
    # Of what chance does not give the largest, so that noise in one target does not hide another.
    shown = matters.where(beyond).where(beyond.any(axis=1), matters)
    table["most"] = shown.max(axis=1).round(4)
    table["target"] = ""
    table.loc[known, "target"] = shown[known].idxmax(axis=1)
    table["seen"] = np.where(known, np.where(beyond.any(axis=1), "yes", "no"), "")
    scores = matters.where(beyond, 0.0).where(matters.notna()).max(axis=1).clip(upper=1.0)
    table["score"] = (scores * table["weakness"]).round(4)
    # Among equal scores what is larger comes first, unless chance made it so.
    table["_size"] = table["most"].where(table["seen"] == "yes", 0.0)
    table = (
        table.reset_index(drop=True)
        .sort_values(
            ["score", "_size", "weakness", "name"],
            ascending=[False, False, False, True],
            na_position="last",
            ignore_index=True,
        )
        .drop(columns="_size")
    )
    table.insert(0, "rank", range(1, len(table) + 1))
    return table


def _effects(effects: pd.DataFrame | None, figures: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give each lever's mean effect in standard deviations, and whether futures agree on its sign."""
    if effects is None:
        return pd.DataFrame(columns=figures.columns, dtype=float), pd.DataFrame(columns=figures.columns)
    alone = effects[effects["lever"].notna() & (effects["against"] == BASE)]
    alone = alone[alone["indicator"].isin(figures.columns)]
    means = alone.pivot(index="lever", columns="indicator", values="mean")
    spread = figures.std().replace(0.0, np.nan)
    return means / spread, alone.pivot(index="lever", columns="indicator", values="visible")


def write_table(given: Namespace) -> int:
    """Make and write the ledger of a province; report failed runs and tables that are not there."""
    world = door_to_model.loaded(WORLD, province=given.province)
    effects_file = DEFAULT_FOLDER / EFFECTS
    learnt_file = DEFAULT_FOLDER / f"identifiability_{given.province}.csv"
    with_effects = effects_file.exists() and given.province == PROVINCE_OF_EFFECTS
    with_effects = with_effects and is_of_today(pd.read_csv(effects_file))
    if not with_effects:
        print(
            f"no effects of levers: {effects_file} is not there, of another province or of an older model",
            file=sys.stderr,
        )
    if not learnt_file.exists():
        print(f"nothing said of what is learnt: {learnt_file} is not there", file=sys.stderr)
    parameters, figures, failures = drawn_and_predicted(
        world,
        door_to_model.model(),
        **numbers_of(given),
    )
    table = ledger(
        entries(world),
        parameters,
        figures,
        effects=pd.read_csv(effects_file) if with_effects else None,
        identifiability=pd.read_csv(learnt_file) if learnt_file.exists() else None,
    ).assign(asked=given.runs, runs=len(parameters), scale=given.scale, seed=given.seed)
    file = keep_table(given, f"evidence_{given.province}", table)
    print(table.head(12)[["rank", "name", "assumed_by", "most", "target", "score"]].to_string(index=False))
    belief = "prior" if world.posterior() is None else "posterior"
    print(f"{file}: {len(table)} entries, {(table['seen'] == 'yes').sum()} seen; drawn from the {belief}")
    return report_failures(failures)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the ledger; 0 done, 1 done with failed runs, 2 refused input."""
    return run_table(write_table, "experiments.evidence.ledger", __doc__, runs=1000, arguments=arguments)


if __name__ == "__main__":
    raise SystemExit(main())
