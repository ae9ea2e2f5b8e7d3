"""What a worker process does: make runs, and turn whatever goes wrong into a named failure.

A failed run is an outcome like another, never an exception that ends the batch.
Only what kills the process itself (memory, a crash in compiled code, a hang) is
seen from outside, by the runner.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import groupby
from typing import Final

import numpy as np

from ..planning.plan_of_runs import PlannedRun
from ..planning.runs import Failed, Finished, Job, Outcome, RecordLike, RunFailure

Watch = Callable[[], AbstractContextManager[object]]
"""Gives a context in which one call of the model is watched; see `worker_process.run_chunk`."""

_MESSAGE_LENGTH: Final = 500
_PLACES: Final = 3


def run_in_this_process(
    job: Job, runs: Sequence[PlannedRun], watch: Watch = nullcontext
) -> Iterator[Outcome]:
    """Make runs one after the other; those of one future together, where the model can.

    ``watch`` gives a context for each call of the model. There is one outcome for each run, in order.
    """
    for _, future in groupby(runs, key=lambda run: run.future):
        yield from _run_future(job, list(future), watch)


def _run_future(job: Job, runs: Sequence[PlannedRun], watch: Watch) -> list[Outcome]:
    """Make the runs of one future; if together they fail, each alone: one at fault costs only itself."""
    if job.run_together is not None and len(runs) > 1:
        try:
            worlds = [job.scenarios[run.scenario] for run in runs]
            with watch():
                records = job.run_together(worlds, seed=runs[0].seed, scale=job.scale)
            return [_kept(job, _checked(run, record)) for run, record in zip(runs, records, strict=True)]
        except Exception:
            return [_run_alone(job, run, watch) for run in runs]
    return [_run_alone(job, run, watch) for run in runs]


def _run_alone(job: Job, run: PlannedRun, watch: Watch) -> Outcome:
    """Make one run; whatever it raises becomes a `Failed`."""
    try:
        with watch():
            record = job.run_one(job.scenarios[run.scenario], seed=run.seed, scale=job.scale)
        return _kept(job, _checked(run, record))
    except RunFailure as failure:
        return Failed(run, failure.kind, one_line(str(failure)))
    except MemoryError as error:
        return Failed(run, "memory", one_line(f"more memory than the run may use{_places(error)}"))
    except Exception as error:
        return Failed(run, "exception", one_line(f"{type(error).__name__}: {error}", _places(error)))


def _checked(run: PlannedRun, record: RecordLike) -> Finished:
    indicators, quarters = tuple(record.indicators), tuple(record.quarters)
    values = np.asarray(record.values, dtype=np.float64)
    if values.shape != (len(quarters), len(indicators)):
        raise RunFailure(
            "malformed",
            f"the record is {values.shape}, for {len(quarters)} quarters and {len(indicators)} indicators",
        )
    wrong = np.argwhere(~np.isfinite(values))
    if len(wrong):
        row, column = (int(index) for index in wrong[0])
        raise RunFailure(
            "not finite",
            f"{indicators[column]} is {values[row, column]} in {quarters[row]} ({len(wrong)} such values)",
        )
    return Finished(run, indicators, quarters, values)


def _kept(job: Job, done: Finished) -> Finished:
    """Leave out what the batch does not want, before anything is sent back."""
    if job.indicators is None and job.years is None:
        return done
    wanted = done.indicators if job.indicators is None else job.indicators
    place = {name: column for column, name in enumerate(done.indicators)}
    if missing := [name for name in wanted if name not in place]:
        raise RunFailure("malformed", f"the record has no indicator {missing[0]!r}")
    rows = [
        row for row, quarter in enumerate(done.quarters) if job.years is None or quarter.year in job.years
    ]
    values = done.values[np.ix_(rows, [place[name] for name in wanted])]
    return Finished(done.run, tuple(wanted), tuple(done.quarters[row] for row in rows), values)


def _places(error: BaseException) -> str:
    """Say where an error was raised: the last places of its traceback, without the machine's folders."""
    frames = traceback.extract_tb(error.__traceback__)[-_PLACES:]
    return places((frame.name, frame.filename, frame.lineno or 0) for frame in reversed(frames))


def places(frames: Iterable[tuple[str, str, int]]) -> str:
    """Put functions, files and lines into words, the innermost first.

    Examples
    --------
    >>> places([("settle", "model/markets/market.py", 88), ("step", "model/ecosystem.py", 120)])
    ' (in settle, market.py:88; from step, ecosystem.py:120)'
    """
    said = [f"{name}, {file.replace(chr(92), '/').rsplit('/', 1)[-1]}:{line}" for name, file, line in frames]
    return f" (in {'; from '.join(said)})" if said else ""


def one_line(text: str, ending: str = "") -> str:
    """Put a message on one line of bounded length, so that a table can hold it; ``ending`` is kept whole."""
    line, ending = " ".join(text.split()), " ".join(("." + ending).split())[1:]
    room = _MESSAGE_LENGTH - len(ending)
    return (line if len(line) <= room else line[: room - 3] + "...") + ending
