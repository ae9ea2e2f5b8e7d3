"""The door to the model with a clock: each call writes down the processor seconds that it took.

A module, so that worker processes find its functions by name.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.model import running

FOLDER: Final = "SHAANXI_TRANSFER_BENCH"
"""Environment variable with the folder for the notes, a file for each process."""


def _note(runs: int, start: float) -> None:
    with (Path(os.environ[FOLDER]) / str(os.getpid())).open("a", encoding="ascii") as file:
        print(runs, time.process_time() - start, file=file)


def run(scenario: Any, *, seed: int, scale: float = 0.1) -> Any:
    """Make a run as `model.run` does."""
    start = time.process_time()
    record = running.run(scenario, seed=seed, scale=scale)
    _note(1, start)
    return record


def run_together(scenarios: Sequence[Any], *, seed: int, scale: float = 0.1) -> list[Any]:
    """Make runs of one future as `model.running.run_together` does."""
    start = time.process_time()
    records = running.run_together(scenarios, seed=seed, scale=scale)
    _note(len(scenarios), start)
    return records


def seconds_of_runs(folder: Path) -> tuple[int, float]:
    """Count the runs that were noted, and add up what they took.

    The first call of a process loads the rules: it counts as the mean of the later ones does.
    """
    runs, seconds = 0, 0.0
    for file in folder.iterdir():
        calls = [(int(number), float(took)) for number, took in map(str.split, file.read_text().splitlines())]
        later = calls[1:] or calls
        here = sum(number for number, _ in calls)
        runs += here
        seconds += here * sum(took for _, took in later) / sum(number for number, _ in later)
    return runs, seconds


if __name__ == "__main__":
    import timed_runs as here  # by the name under which workers find it

    from shaanxi_transfer.reports.command_line import main

    plainly = door_to_model.model
    door_to_model.model = lambda *own: replace(
        plainly(*own), run_one=here.run, run_together=here.run_together
    )
    sys.exit(main(sys.argv[1:]))
