"""How much memory kept futures will take, and whether there is room for it, before any worker is started."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ...engine.errors import InputError
from ..planning.kept_past import KeptPast
from ..planning.plan_of_runs import future_seed
from .worker_process import share_of_memory

__all__ = ["KeptEstimate", "in_megabytes", "measured", "room_for_futures"]

BYTES_OF_A_WORKER: Final = 400 * 10**6
"""What a worker process takes that holds no future: libraries 200 MB, compiled rules, and a run at 1:1."""

_SHARE_OF_WHAT_IS_FREE: Final = 0.9
_FREE: Final = "MemAvailable:"


@dataclass(frozen=True, slots=True)
class KeptEstimate:
    """What keeping futures will take; handed to the caller's ``announce`` function.

    Attributes
    ----------
    futures : int
    bytes_each : int
        As the first one took.
    room : int or None
        Bytes that there are for them; None where the system does not say.
    seconds : float
        Of one core, for the past of all.
    """

    futures: int
    bytes_each: int
    room: int | None
    seconds: float

    @property
    def bytes_of_all(self) -> int:
        """Bytes that all futures take together."""
        return self.futures * self.bytes_each

    def check(self) -> None:
        """Refuse more futures than there is room for.

        Raises
        ------
        InputError
            With the number that would fit.
        """
        if self.room is None or self.bytes_of_all <= self.room:
            return
        fit = max(0, self.room // self.bytes_each)
        raise InputError(
            f"{self.futures} futures take {in_megabytes(self.bytes_of_all)},"
            f" {in_megabytes(self.bytes_each)} each, and there is room for {in_megabytes(self.room)}",
            key="runs",
            allowed=f"up to {fit} futures, or a smaller scale",
            suggestion=str(fit) if fit else None,
        )


def in_megabytes(number: float) -> str:
    """Write bytes as a person reads them.

    Examples
    --------
    >>> in_megabytes(1_718_361), in_megabytes(343_672_200)
    ('1.7 MB', '344 MB')
    """
    millions = max(0.0, number) / 1e6
    return f"{millions:.1f} MB" if millions < 10 else f"{millions:.0f} MB"


def measured(past: KeptPast, seed: int, runs: int, room: int | None) -> KeptEstimate:
    """Live one future here, before any process is started.

    Of ``runs`` futures of a batch with ``seed``; ``room`` as of `room_for_futures`.
    """
    from ...model.warm import load_rules

    load_rules()
    began = time.process_time()
    taken = past.future(future_seed(seed, 0)).nbytes
    spent = time.process_time() - began
    past.release()
    return KeptEstimate(runs, taken, room, spent * runs)


def room_for_futures(workers: int, allowed: int | None = None) -> int | None:
    """Give the bytes that futures may take: of nine tenths of what is free, what workers themselves leave.

    ``allowed`` is what the user allows them; None if neither user nor system says.
    """
    bounds = [bound for bound in (share_of_memory(1), _free()) if bound is not None]
    bounds = [bound - workers * BYTES_OF_A_WORKER for bound in bounds]
    return min([*bounds, *([] if allowed is None else [allowed])], default=None)


def _free() -> int | None:
    """Ask the system for nine tenths of what it could give without swapping."""
    with suppress(OSError, ValueError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith(_FREE):
                return int(_SHARE_OF_WHAT_IS_FREE * 1024 * int(line.split()[1]))
    return None
