"""Make one run of an experiment again, alone and in the open.

It is made in this process, so that an error shows its whole traceback and a debugger can
stop in it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from ..engine.errors import InputError, nearest
from .forecasting.uncertainty import LuckHeld, run_luck_held
from .keeping.installation import accepted
from .keeping.manifest import hash_of_code
from .keeping.parquet_parts import table_of
from .keeping.store import Store
from .planning import door_to_model
from .planning.own_code import NOTHING, OwnCode
from .planning.plan_of_runs import PlannedRun
from .planning.runs import Finished, RecordLike, RunOne
from .resume import taken_up


class Replayed(NamedTuple):
    """A run of an experiment, ready to be made again.

    Attributes
    ----------
    run : PlannedRun
        Which run; it has the seed.
    scenario : Scenario
        The world in which it is made.
    scale : float
        Share of the many small actors that is simulated.
    code_changed : bool
        Whether the rules have changed since the experiment was begun: numbers may differ.
    own : OwnCode
        Rules and indicators from outside.
    """

    run: PlannedRun
    scenario: Any
    scale: float
    code_changed: bool
    own: OwnCode = NOTHING

    def make(self, run_one: RunOne | None = None) -> RecordLike:
        """Make the run, by the real door to the model unless another is given.

        Returns
        -------
        Record
            Equal to the stored one to the bit if code and data are unchanged.
        """
        door = door_to_model.model(self.own).run_one if run_one is None else run_one
        if isinstance(self.scenario, LuckHeld):
            return run_luck_held(replace(self.scenario, run_one=door), seed=self.run.seed, scale=self.scale)
        return door(self.scenario, seed=self.run.seed, scale=self.scale)

    def frame(self, run_one: RunOne | None = None) -> pd.DataFrame:
        """Make the run and give its record: columns year, quarter, indicator, value."""
        record = self.make(run_one)
        done = Finished(self.run, tuple(record.indicators), tuple(record.quarters), record.values)
        rows: pd.DataFrame = table_of([done]).to_pandas()
        return rows[["year", "quarter", "indicator", "value"]].astype({"indicator": "str"})

    def parameters(self) -> dict[str, float]:
        """Give every uncertain parameter as it was drawn for this run, by name, in its own unit."""
        return {name: float(value) for name, value in self.scenario.parameter_draws(self.run.seed).items()}


def replayed(folder: str | Path, run_id: str, *, other_versions: bool = False) -> Replayed:
    """Find a run in the plan of an experiment.

    Parameters
    ----------
    folder : str or Path
        The experiment's folder; only its manifest is read.
    run_id : str
        For example ``action_plan-000012``.
    other_versions : bool
        Make it also with other libraries than the experiment was begun with, which may give other numbers.

    Raises
    ------
    InputError
        If the folder holds no experiment, or the experiment no such run, or if it was made with other
        libraries.
    """
    manifest = Store(Path(folder)).manifest()
    identity = manifest["identity"]
    accepted(manifest, folder, other_versions)
    found, own = taken_up(Path(folder)), OwnCode.from_folder(Path(folder), identity)
    first = last = ""
    names = []
    for run in found.plan:
        if run.run_id == run_id:
            changed = identity["code"] != hash_of_code(identity["kind"])
            return Replayed(run, found.scenarios[run.scenario], float(identity["scale"]), changed, own)
        first, last = first or run.run_id, run.run_id
        names.append(run.run_id)
    raise InputError(
        f"the experiment has no run {run_id!r}",
        key="RUN",
        allowed=f"{first} to {last}",
        suggestion=nearest(run_id, names),
    )
