"""What a worker of a cluster does: make a few runs, report what it has installed, and notice a hang.

A worker is found, started and watched by dask.distributed; nothing here imports it. A run
that raises becomes a `Failed` as on one machine. A run that hangs cannot be ended from
inside, so it is left behind in its thread, and the caller has the worker started afresh.
"""

from __future__ import annotations

import hashlib
import pickle
import platform
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, groupby

from ...engine.errors import TransferError
from ..keeping.installation import installation
from ..keeping.manifest import hash_of_code, hash_of_data
from ..places import PACKAGE
from ..planning import door_to_model
from ..planning.code_of_numbers import MADE_OF
from ..planning.plan_of_runs import PlannedRun
from ..planning.runs import Failed, Job, Outcome
from .worker import run_in_this_process


class OtherInstallation(TransferError):
    """A worker runs other code, or other libraries, than the batch was started with."""


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a chunk.

    ``hung`` are runs of one future that did not end within their time, still busy in the worker; ``left`` are
    those after them, which were not begun.
    """

    outcomes: list[Outcome]
    hung: tuple[PlannedRun, ...] = ()
    left: tuple[PlannedRun, ...] = ()


@cache
def code_and_installation() -> Mapping[str, str]:
    """Give all by which this process could make another number than the next one, or not understand it."""
    return {
        **installation(),
        "python": ".".join(platform.python_version_tuple()[:2]),
        "code": _hash_of_all_code(),
        "packs": hash_of_data(PACKAGE / "scenarios" / "packs"),
    }


def _hash_of_all_code() -> str:
    """Hash what any experiment reaches: a worker does not know yet which one it will serve."""
    indicators = door_to_model.hashes_of_indicators(door_to_model.model().definitions)
    hashes = [*map(hash_of_code, MADE_OF), *indicators.values()]
    return hashlib.sha256("|".join(hashes).encode()).hexdigest()


def difference(wanted: Mapping[str, str], found: Mapping[str, str]) -> str | None:
    """Name the first thing in which two installations differ, or None.

    Examples
    --------
    >>> difference({"numpy": "2.4.6"}, {"numpy": "2.3.0"})
    'numpy 2.3.0 where 2.4.6 is wanted'
    >>> difference({"numpy": "2.4.6"}, {"numpy": "2.4.6"}) is None
    True
    """
    for name in sorted({*wanted, *found}):
        here, there = wanted.get(name, "absent"), found.get(name, "absent")
        if here != there:
            short = 12 if name in ("code", "packs") else None
            return f"{name} {there[:short]} where {here[:short]} is wanted"
    return None


@lru_cache(maxsize=1)
def _unpacked(job: bytes) -> Job:
    """Unpack a job once, not for each chunk of it."""
    unpacked = pickle.loads(job)
    assert isinstance(unpacked, Job)
    return unpacked


def make_chunk(job: bytes, runs: Sequence[PlannedRun], wanted: Mapping[str, str], time_limit: float) -> Made:
    """Make a few runs, one future after the other.

    The job is pickled by us, because functions of a script would else travel by value. A worker that joined
    later and runs anything else than ``wanted`` raises `OtherInstallation`. A run that takes longer than
    ``time_limit`` seconds is taken to hang.
    """
    if found := difference(wanted, code_and_installation()):
        raise OtherInstallation(found)
    made: list[Outcome] = []
    futures = [tuple(group) for _, group in groupby(runs, key=lambda run: run.future)]
    for number, future in enumerate(futures):
        outcomes = _within(time_limit * len(future), _unpacked(job), future)
        if outcomes is None:
            return Made(made, hung=future, left=tuple(chain.from_iterable(futures[number + 1 :])))
        made += outcomes
    return Made(made)


def _within(seconds: float, job: Job, future: Sequence[PlannedRun]) -> list[Outcome] | None:
    """Make the runs of a future in a thread; None if they have not ended after so many seconds."""
    ended: list[list[Outcome]] = []
    failed: list[BaseException] = []

    def do() -> None:
        try:
            ended.append(list(run_in_this_process(job, future)))
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=do, daemon=True)
    thread.start()
    thread.join(seconds)
    if failed:
        raise failed[0]
    return ended[0] if ended else None


def hung(run: PlannedRun, time_limit: float) -> Failed:
    """Give the failure of a run that did not end within its time, in the words of one machine."""
    return Failed(run, "time limit", f"the run did not end within {time_limit:g} seconds")
