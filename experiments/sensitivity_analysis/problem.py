"""What SALib is given: factors, groups, ranges. It accepts almost anything, so they are checked here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from ...engine.errors import InputError
from ..planning.factors import LUCK, Factor, Grouping

_TAIL: Final = 0.05
"""Morris moves a parameter over its middle nine tenths: else its outer levels were the ends of tails."""


@dataclass(frozen=True)
class Problem:
    """A problem definition that is known to be sound.

    ``bounds`` are the range of u of each factor, within 0 and 1; ``groups`` name that of each factor, None if
    each is for itself.
    """

    names: tuple[str, ...]
    bounds: tuple[tuple[float, float], ...]
    groups: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        """Refuse what SALib would take without a word."""
        self._check_names()
        if len(self.bounds) != len(self.names):
            raise InputError(
                f"{len(self.bounds)} ranges are given for {len(self.names)} factors", key="bounds"
            )
        for name, bounds in zip(self.names, self.bounds, strict=True):
            low, high = bounds
            if not (math.isfinite(low) and math.isfinite(high) and 0.0 <= low < high <= 1.0):
                raise InputError(
                    f"{name} ranges from {low:g} to {high:g}",
                    key="bounds",
                    allowed="two finite numbers from 0 to 1, the lower one first",
                )
        if self.groups is not None:
            self._check_groups(self.groups)

    def _check_names(self) -> None:
        if not self.names:
            raise InputError("there is no factor", key="names")
        for place, name in enumerate(self.names):
            if not name or name == LUCK:
                raise InputError(f"{name!r} cannot be a factor's name", key="names")
            if name in self.names[:place]:
                raise InputError(f"{name!r} stands there twice", key="names", allowed="each factor once")

    def _check_groups(self, groups: Sequence[str]) -> None:
        if len(groups) != len(self.names):
            raise InputError(f"{len(groups)} groups are given for {len(self.names)} factors", key="group_by")
        if len(set(groups)) == 1:
            raise InputError(
                f"all factors are in one group, {groups[0]!r}, so that there is nothing to compare",
                key="group_by",
                allowed="none, or factors of several groups",
            )

    @property
    def units(self) -> tuple[str, ...]:
        """What gets an index each: the groups, or the factors if there are none."""
        return tuple(dict.fromkeys(self.groups or self.names))

    def for_salib(self) -> dict[str, Any]:
        """Give a fresh definition; SALib writes into what it is given."""
        problem: dict[str, Any] = {
            "num_vars": len(self.names),
            "names": list(self.names),
            "bounds": [list(bounds) for bounds in self.bounds],
        }
        if self.groups is not None:
            problem["groups"] = list(self.groups)
        return problem


def problem_of(factors: Sequence[Factor], by: Grouping, *, levels: bool) -> Problem:
    """Make the problem definition of factors, those of a group varying together.

    ``levels``: whether the method moves factors over few levels, ends included (Morris).
    """
    bounds = tuple(
        (_TAIL, 1.0 - _TAIL) if levels and factor.kind == "uncertainty" else (0.0, 1.0) for factor in factors
    )
    groups = None if by == "none" else tuple(factor.group(by) for factor in factors)
    return Problem(tuple(factor.name for factor in factors), bounds, groups)
