"""Make one run of an experiment again, alone and in the open.

``python -m shaanxi_transfer.experiments.replay FOLDER RUN_ID`` makes the run in this
process, so that an error shows its whole traceback and a debugger can stop in it.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any, Final

from ..engine.errors import InputError
from . import doors
from .futures import PlannedRun, future_seed, run_name
from .manifest import hash_of_code
from .store import Store
from .worker import RecordLike, RunOne

_RUN_ID: Final = re.compile(r"(?P<scenario>.+)-(?P<future>\d{6})$")


def planned_run(folder: str | Path, run_id: str) -> PlannedRun:
    """Find a run in the plan of an experiment.

    Parameters
    ----------
    folder : str or Path
        The experiment's folder.
    run_id : str
        For example ``action_plan-000012``.

    Raises
    ------
    InputError
        If the folder holds no experiment, or the experiment no such run.
    """
    identity = _identity(folder)
    match = _RUN_ID.match(run_id)
    runs = int(identity["runs"])
    if match is None or match["scenario"] not in identity["scenarios"] or int(match["future"]) >= runs:
        first = next(iter(identity["scenarios"]))
        raise InputError(
            f"the experiment has no run {run_id!r}",
            key="RUN",
            allowed=f"{run_name(first, 0)} to {run_name(first, runs - 1)}, "
            f"scenarios {', '.join(identity['scenarios'])}",
        )
    future = int(match["future"])
    return PlannedRun(run_id, match["scenario"], future, future_seed(int(identity["seed"]), future))


def replay(folder: str | Path, run_id: str, run_one: RunOne | None = None) -> RecordLike:
    """Make one run of an experiment again and give its record.

    Parameters
    ----------
    folder : str or Path
        The experiment's folder; only its manifest is read.
    run_id : str
        For example ``action_plan-000012``.
    run_one : callable, optional
        The door to the model, the real one by default.

    Returns
    -------
    Record
        Equal to the stored one to the bit if code and data are unchanged.

    Raises
    ------
    InputError
        If there is no such run.
    """
    from ..scenarios import Scenario

    run = planned_run(folder, run_id)
    identity = _identity(folder)
    scenario = Scenario.model_validate(identity["scenarios"][run.scenario]["contents"])
    door = doors.model().run_one if run_one is None else run_one
    return door(scenario, seed=run.seed, scale=float(identity["scale"]))


def main(arguments: list[str] | None = None) -> int:
    """Replay a run from the command line: 0 if it ends well; an error shows its traceback."""
    given = sys.argv[1:] if arguments is None else arguments
    if len(given) != 2:
        print("usage: python -m shaanxi_transfer.experiments.replay FOLDER RUN_ID", file=sys.stderr)
        return 2
    folder, run_id = given
    try:
        run = planned_run(folder, run_id)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    if _identity(folder)["code"] != hash_of_code():
        print("the code has changed since this experiment was made: numbers may differ", file=sys.stderr)
    record = replay(folder, run_id)
    size = f"{len(record.quarters)} quarters, {len(record.indicators)} indicators"
    print(f"{run.run_id} (seed {run.seed}): {size}")
    return 0


def _identity(folder: str | Path) -> dict[str, Any]:
    try:
        identity = Store(Path(folder)).manifest()["identity"]
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"{str(folder)!r} holds no experiment", key="FOLDER", allowed="a folder with manifest.json"
        ) from error
    assert isinstance(identity, dict)
    return identity


if __name__ == "__main__":
    raise SystemExit(main())
