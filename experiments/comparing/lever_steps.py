"""The way from one scenario to another, lever by lever: in which order, and the worlds on the way.

Each future goes the way twice: in the order of the plan, and in an order of its own that is sampled. Over
futures, what a lever adds is so averaged over orders. Every second future takes the order of the one before
it backwards, so that a lever that came late there comes early here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ...engine.errors import InputError
from ...engine.luck import key_of
from ..planning.plan_of_runs import PlannedRun, future_seed, run_name

if TYPE_CHECKING:
    from ...scenarios import Lever, Scenario

START: Final = "start"
END: Final = "end"
PLAN: Final = "plan"
SAMPLED: Final = "sampled"
ORDERS: Final = (PLAN, SAMPLED)


def levers_between(base: Scenario, end: Scenario) -> tuple[str, ...]:
    """Name the levers that differ between two scenarios, in the order of the plan.

    Raises
    ------
    InputError
        If none does, or something else differs as well: no step of the way would be it.
    """
    from ...scenarios import lever_catalogue

    different = end.diff(base)
    others = different.loc[different["what"] != "lever", "name"].unique()
    if len(others):
        raise InputError(
            f"{end.name!r} differs from {base.name!r} in more than levers: {', '.join(others[:5])}",
            key="waterfall",
            allowed="two scenarios that differ in levers alone",
        )
    for one in (base, end):
        if one.levers.get("all") == "zero":
            raise InputError(
                f"{one.name!r} takes all levers away at once", key="waterfall", allowed="no `all: zero`"
            )
    moved = set(different["name"])
    if not moved:
        raise InputError(
            f"{end.name!r} differs from {base.name!r} in no lever",
            key="waterfall",
            allowed="two scenarios that differ in levers",
        )
    return tuple(name for name in lever_catalogue() if name in moved)


@dataclass(frozen=True)
class LeverSteps(Mapping[str, Any]):
    """All worlds on the way, by name, each built when it is asked for.

    Attributes
    ----------
    base, end : Scenario
        Where the way begins and where it ends.
    levers : tuple of str
        Those that differ, in the order of the plan.
    seed, runs : int
        Of the batch.
    """

    base: Scenario
    end: Scenario
    levers: tuple[str, ...]
    seed: int
    runs: int

    def order(self, order: str, future: int) -> tuple[str, ...]:
        """Give the order in which a future goes the way: that of the plan, or its own."""
        if order == PLAN:
            return self.levers
        pair, backwards = divmod(future, 2)
        drawn = sorted(self.levers, key=lambda name: key_of("order of levers", self.seed, pair, name))
        return tuple(reversed(drawn)) if backwards else tuple(drawn)

    def way(self, order: str, future: int) -> list[str]:
        """Name the worlds of one way of one future, from the base to the end."""
        stem = PLAN if order == PLAN else f"{SAMPLED}-{future:06d}"
        return [START, *(f"{stem}-{step:03d}" for step in range(1, len(self.levers))), END]

    def plan(self) -> list[PlannedRun]:
        """List the runs future by future; each world of a future once."""
        return [
            PlannedRun(run_name(name, future), name, future, future_seed(self.seed, future))
            for future in range(self.runs)
            for name in self._names(future)
        ]

    def _names(self, future: int) -> list[str]:
        return list(dict.fromkeys(name for order in ORDERS for name in self.way(order, future)))

    def check(self) -> None:
        """Build the worlds of the first two futures, so that one that contradicts itself is refused now.

        Raises
        ------
        InputError
            If levers contradict each other on the way.
        """
        for name in dict.fromkeys(name for future in range(2) for name in self._names(future)):
            self[name]

    def __getitem__(self, name: str) -> Any:
        """Build a world; its levers are those of the end as far as the way has come, else of the base."""
        if name in (START, END):
            return self.base if name == START else self.end
        order, _, rest = name.partition("-")
        future, _, step = rest.rpartition("-")
        if order not in ORDERS or not step.isdigit() or not 0 < int(step) < len(self.levers):
            raise KeyError(name)
        return self._after(self.order(order, int(future or 0))[: int(step)], name)

    def __iter__(self) -> Iterator[str]:
        """Name every world once."""
        return iter(dict.fromkeys(name for future in range(self.runs) for name in self._names(future)))

    def __len__(self) -> int:
        """Number of worlds."""
        return 2 + (1 + self.runs) * (len(self.levers) - 1)

    def _after(self, moved: tuple[str, ...], name: str) -> Scenario:
        from ...scenarios import lever_catalogue
        from ...scenarios.choosing.lever_choices import choice_of

        catalogue = lever_catalogue()
        levers = {one: choice_of(catalogue[one], self.end.levers) for one in moved}
        adjusted: dict[str, dict[str, float]] = {"delay_quarters": {}, "scaled": {}}
        for one in moved:
            for field, values in adjusted.items():
                wanted = _adjusted(catalogue[one], self.end, field)
                if wanted != _adjusted(catalogue[one], self.base, field):
                    values[one] = wanted
        return self.base.set(
            name=name, levers=levers, **{field: values for field, values in adjusted.items() if values}
        )


def _adjusted(lever: Lever, scenario: Scenario, field: str) -> float:
    """Give what a scenario adjusts of a lever; a switch has no share."""
    from ...scenarios.choosing.adjustments import ADJUSTMENTS, adjustment_of

    plain = ADJUSTMENTS[field]
    if field == "scaled" and lever.unit == "switch":
        return plain
    found: float = adjustment_of(lever, getattr(scenario, field), plain)
    return found
