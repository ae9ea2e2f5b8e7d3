"""A night's batch of the fake province in a process of its own, for tests that kill it.

``python -m night OUT PACK FUTURES WORKERS SECONDS [LOG]`` makes a forecast and prints the number
of finished runs as they come in. ``python -m night --command ...`` lends the fake to the command line.
"""

from __future__ import annotations

import importlib
import os
import sys
import time
from pathlib import Path
from typing import Any

from shaanxi_transfer.experiments.forecast import Forecast, identity_of_forecast, make_forecast
from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.experiments.keeping.store import open_store
from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.experiments.running import outcome_writer
from shaanxi_transfer.experiments.running.progress import Progress
from shaanxi_transfer.reports import command_line

fake: Any = importlib.import_module("fake_province")

RUNS_PER_PART = 8
"""Small, so that a batch of some dozens of runs has parts to lose."""


def worlds(pack: str, seconds: float = 0.0, log: str = "", faults: Any = ()) -> dict[str, Any]:
    return {
        "plan": fake.World("plan", 0.2, faults, pack_folder=pack, seconds=seconds, log=log),
        "none": fake.World("none", pack_folder=pack, seconds=seconds, log=log),
    }


def small_parts() -> None:
    setattr(outcome_writer, "RUNS_PER_PART", RUNS_PER_PART)  # noqa: B010  (it is Final for everyone else)


def forecast(out: Path, pack: str, futures: int, workers: int, **world: Any) -> Forecast:
    return make_forecast(
        worlds(pack, **world),
        fake.MODEL,
        ForecastOptions(runs=futures, scale=0.1, seed=1, out=out, workers=workers),
    )


def begin(out: Path, pack: str, futures: int, **world: Any) -> None:
    """Make the folder of a forecast, and no run."""
    open_store(
        out,
        identity_of_forecast(
            worlds(pack, **world), fake.MODEL.definitions, ForecastOptions(runs=futures, scale=0.1, seed=1)
        ),
    )


def say(progress: Progress) -> None:
    print(progress.stage, progress.done, progress.note, flush=True)


def wait_for_the_others() -> None:
    """Say that all is imported, and begin when the file is there that ``NIGHT_GO`` names, if it names one."""
    if go := os.environ.get("NIGHT_GO"):
        print("ready", flush=True)
        while not Path(go).exists():
            time.sleep(0.005)


def main(arguments: list[str]) -> int:
    small_parts()
    if arguments[0] == "--command":
        door_to_model.model = lambda own=None: fake.MODEL
        door_to_model.scenario_of = fake.world_of
        return command_line.main(arguments[1:])
    out, pack, futures, workers, seconds, *log = arguments
    wait_for_the_others()
    some = worlds(pack, float(seconds), *log)
    made = make_forecast(
        some,
        fake.MODEL,
        ForecastOptions(
            runs=int(futures), scale=0.1, seed=1, out=Path(out), workers=int(workers), progress=say
        ),
    )
    return int(made.exit_code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
