"""Stop a forecast when its probabilities are known well enough.

Futures are added in rounds of fixed size; the first may be shorter, see `first_look`. After each
round the widest 95 % interval (Wilson) over scenarios and targets is looked at; the decision rests
on whole rounds in the order of their futures, so that the number of workers, or a stop in between,
cannot change it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ...engine.errors import InputError
from ..keeping.parquet_parts import read_part
from ..keeping.store import Store
from ..planning.definitions import Definitions, TargetLike
from .predictive import Predictive
from .target_and_indicator_tables import Z_95, wilson_interval, yearly

FUTURES_A_ROUND: Final = 100
"""A round is a barrier that costs a new pool of workers; with 100 futures an interval is never narrower
than 3.7 percentage points across (half of it 0.0185), so that smaller rounds could seldom stop."""

FEWEST_FUTURES: Final = 20
"""With fewer the ends of a table, 5 % and 95 %, would be its extremes."""

STOPPED: Final = "stopped"
"""Key of the manifest under which a forecast with a wished precision says why it ended."""

REACHED: Final = "precision reached"
ALL_MADE: Final = "all futures made"


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a forecast with a wished precision ended; stands in the manifest under ``stopped``.

    ``half_width`` is half of the widest 95 % interval, found in ``scenario`` and ``target``.
    """

    futures: int
    reason: str
    half_width: float
    scenario: str
    target: str


def half_width(met: int, futures: int) -> float:
    """Give half of the 95 % Wilson interval of a share.

    Examples
    --------
    >>> round(half_width(50, 100), 3), round(half_width(0, 100), 4)
    (0.096, 0.0185)
    """
    low, high = wilson_interval(met, futures)
    return (high - low) / 2


def expected_half_width(futures: int) -> float:
    """Give half of the 95 % Wilson interval of a probability of one half, where it is widest.

    Examples
    --------
    >>> round(expected_half_width(100), 3) == round(half_width(50, 100), 3)
    True
    """
    return Z_95 / (2 * sqrt(futures + Z_95**2))


def first_look(precision: float) -> int:
    """Give the number of futures after which a precision is first judged.

    It is a whole round, or fewer futures if they are enough for a probability of one half: then the stop
    hangs on no probability that was found. To look before they are enough would stop the sooner the nearer
    the first few futures happen to agree, and intervals would be too narrow.

    Examples
    --------
    >>> first_look(0.05), first_look(0.1), first_look(0.3)
    (100, 93, 20)
    """
    enough = ceil(Z_95**2 * (1 / (4 * precision**2) - 1))  # `expected_half_width` solved for the futures
    return min(FUTURES_A_ROUND, max(FEWEST_FUTURES, enough))


def rounds(futures: int, precision: float) -> Iterator[int]:
    """Give how many futures there are after each round, the last of which may be short.

    Examples
    --------
    >>> list(rounds(250, 0.05)), list(rounds(250, 0.3)), list(rounds(10, 0.3))
    ([100, 200, 250], [20, 100, 200, 250], [10])
    """
    looks = {first_look(precision), *range(FUTURES_A_ROUND, futures, FUTURES_A_ROUND)}
    yield from sorted(look for look in looks if look < futures)
    yield futures


class Tally:
    """Counts, for each scenario and target, the futures that were made and those that met the goal."""

    def __init__(self, definitions: Definitions, scenarios: Sequence[str], predictive: Predictive) -> None:
        self._definitions = definitions
        self._scenarios = scenarios
        self._predictive = predictive
        self._read: set[Path] = set()
        self._made: dict[tuple[str, str], set[int]] = {}
        self._met: dict[tuple[str, str], set[int]] = {}

    def look(self, store: Store) -> None:
        """Take in the parts that are new in the store."""
        for part in store.parts():
            if part not in self._read:
                self._read.add(part)
                self._take_in(self._predictive.of(read_part(part)).to_pandas())

    def _take_in(self, frame: pd.DataFrame) -> None:
        targets: Mapping[str, TargetLike] = self._definitions.targets
        wanted = frame["indicator"].isin({target.indicator for target in targets.values()})
        years = yearly(frame[wanted], self._definitions)
        for name, target in targets.items():
            mine = years[(years["indicator"] == target.indicator) & (years["year"] == target.year)]
            for scenario, rows in mine.groupby("scenario"):
                futures = rows["future"].to_numpy(np.int64)
                met = futures[rows["value"].to_numpy(np.float64) >= target.goal]
                self._made.setdefault((str(scenario), name), set()).update(futures.tolist())
                self._met.setdefault((str(scenario), name), set()).update(met.tolist())

    def widest(self, futures: int) -> tuple[float, str, str]:
        """Find half of the widest interval among the first so many futures, its scenario and its target.

        If no target is modelled in these years, nothing could ever be precise, and an `InputError` says so.
        """
        found = []
        for (scenario, target), made in self._made.items():
            counted = [future for future in made if future < futures]
            met = self._met[scenario, target]
            if counted:
                width = half_width(sum(future in met for future in counted), len(counted))
                found.append((width, scenario, target))
        if not found:
            raise InputError(
                "no target can be judged within the years of the runs",
                key="precision",
                allowed="with scenarios that reach the year of a target",
            )
        order = {name: place for place, name in enumerate(self._scenarios)}
        return max(found, key=lambda one: (one[0], -order[one[1]], one[2]))


def decision(tally: Tally, futures: int, most: int, precision: float) -> Stop | None:
    """Say whether a forecast stops after so many futures of at most ``most``, and why."""
    width, scenario, target = tally.widest(futures)
    if width <= precision:
        return Stop(futures, REACHED, round(width, 6), scenario, target)
    if futures == most:
        return Stop(futures, ALL_MADE, round(width, 6), scenario, target)
    return None
