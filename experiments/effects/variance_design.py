"""Futures whose parts come from seeds of their own, so that one part can be exchanged for another's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from ...engine.luck import SEED_MASK, key_of
from ..forecasting.uncertainty import registration_parameters

GROUPS: Final = ("parameters", "registration", "outside", "luck", "discrepancy")
"""Groups of what a future draws, each by a seed of its own."""


class Seeds(NamedTuple):
    """Seeds of one future, one for each of `GROUPS`."""

    parameters: int
    registration: int
    outside: int
    luck: int
    discrepancy: int

    @classmethod
    def of(cls, base_seed: int, row: int, half: str, *, apart: bool) -> Seeds:
        """Give the seeds of a row in one of the two draws, ``A`` or ``B``.

        ``apart``: whether registration has a seed of its own, or that of all parameters.
        """
        seeds = {group: key_of("variance", base_seed, row, half, group) & SEED_MASK for group in GROUPS}
        if not apart:
            seeds["registration"] = seeds["parameters"]
        return cls(**seeds)

    def with_group(self, group: str, other: Seeds, *, apart: bool) -> Seeds:
        """Take one group from another draw."""
        groups = (group,) if apart or group != "parameters" else ("parameters", "registration")
        return self._replace(**{name: getattr(other, name) for name in groups})


@dataclass(frozen=True)
class Futures(Mapping[str, Any]):
    """Worlds whose parameters and outside paths come from seeds in their names; built when asked for."""

    scenarios: Mapping[str, Any]

    @staticmethod
    def name(scenario: str, seeds: Seeds) -> str:
        """Name a world."""
        return f"{scenario} {seeds.parameters} {seeds.registration} {seeds.outside}"

    def __getitem__(self, name: str) -> Any:
        """Build a world."""
        scenario, parameters, registration, outside = name.split()
        world = self.scenarios[scenario]
        draws = world.parameter_draws(int(parameters))
        if registration != parameters:
            others = world.parameter_draws(int(registration))
            draws |= {one: others[one] for one in registration_parameters(world)}
        paths = world.outside.model_copy(update={"seed": int(outside)})
        return world.model_copy(update={"parameters": draws, "outside": paths})

    def __iter__(self) -> Iterator[str]:
        """Name the scenarios; their futures are without end."""
        return iter(self.scenarios)

    def __len__(self) -> int:
        """Count the scenarios."""
        return len(self.scenarios)
