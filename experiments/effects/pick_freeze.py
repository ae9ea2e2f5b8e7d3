"""Shares of a variance by groups of inputs: draw everything twice, exchange one group at a time.

With f(A) and f(B) from two independent draws of everything, and f(AB) from A with one group taken from
B, the total share of the group is that of Jansen (1999, doi:10.1016/S0010-4655(98)00154-4)::

    T = mean((f(A) - f(AB))^2) / (2 V)

and its first-order share one of the two that Saltelli et al. (2010, doi:10.1016/j.cpc.2009.09.018,
table 2) compare: ``mean(f(B) (f(AB) - f(A))) / V``, which is sharp for small shares, where T is below
one half, and Jansen's ``1 - mean((f(B) - f(AB))^2) / (2 V)``, sharp for large ones, elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ...engine.luck import SEED_MASK, key_of
from ...scenarios.task_verdicts import task_verdicts
from ..forecasting.uncertainty import registration_parameters

FloatArray = npt.NDArray[np.float64]

GROUPS: Final = ("plan", "parameters", "registration", "outside", "luck", "discrepancy")
"""Groups of what a future draws, each by a seed of its own; ``plan`` is `plan_parameters`."""

RESAMPLES: Final = 1000
_LARGE: Final = 0.5
_CONSTANT: Final = 1e-12


class Share(NamedTuple):
    """A share of a variance with its 95 % interval from drawing the rows again."""

    value: float
    low: float
    high: float


class Shares(NamedTuple):
    """What one group does to the variance.

    ``first`` by itself: what knowing the group would take off the variance. ``total`` with all in which it
    has a part: what would be left if only the group were unknown.
    """

    first: Share
    total: Share


def shares_of(one: FloatArray, other: FloatArray, exchanged: FloatArray, seed: int = 1) -> Shares | None:
    """Estimate the shares of a group; None if the output is constant, so that there is no variance to share.

    ``one`` and ``other`` are outputs for two independent draws of everything, A and B, ``exchanged`` those
    for A with the group from B, each of shape (rows,). Rows are drawn again by ``seed``. The estimates are
    unbiased, so that a share near 0 may come out below it, and one near 1 above.
    """
    both = np.concatenate([one, other])
    if both.std() <= _CONSTANT * max(1.0, float(np.abs(both).max())):
        return None
    rows = np.random.default_rng(seed).integers(len(one), size=(RESAMPLES, len(one)))
    large = float(_total(one, exchanged, both.var())) >= _LARGE
    every = np.arange(len(one))[None, :]
    first, total = (
        [_first_and_total(one[of], other[of], exchanged[of], large)[place] for of in (every, rows)]
        for place in (0, 1)
    )
    return Shares(_share(*first), _share(*total))


def _first_and_total(
    one: FloatArray, other: FloatArray, exchanged: FloatArray, large: bool
) -> tuple[FloatArray, FloatArray]:
    """Estimate along the last axis, for each of many samples."""
    both = np.concatenate([one, other], axis=-1)
    variance, mean = both.var(axis=-1), both.mean(axis=-1, keepdims=True)
    if large:
        first = 1.0 - ((other - exchanged) ** 2).mean(axis=-1) / (2.0 * variance)
    else:
        first = ((other - mean) * (exchanged - one)).mean(axis=-1) / variance
    return first, _total(one, exchanged, variance)


def _total(one: FloatArray, exchanged: FloatArray, variance: FloatArray | float) -> FloatArray:
    total: FloatArray = ((one - exchanged) ** 2).mean(axis=-1) / (2.0 * variance)
    return total


def _share(value: FloatArray, resampled: FloatArray) -> Share:
    low, high = np.quantile(resampled, [0.025, 0.975])
    return Share(float(value[0]), float(low), float(high))


class Seeds(NamedTuple):
    """Seeds of one future, one for each of `GROUPS`."""

    plan: int
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


def plan_parameters(world: Any) -> list[str]:
    """Name the parameters on which the size of a task's effect rests, and that are drawn by themselves.

    Those that a calibration has learnt belong to the others that it learnt with them.
    """
    sizes = {name for task in task_verdicts().values() for name in task.sizes}
    posterior = world.posterior()
    elsewhere = {*registration_parameters(world), *(() if posterior is None else posterior.names)}
    return [
        name
        for name, parameter in world.parameter_table().items()
        if name in sizes and name not in elsewhere and parameter.distribution != "fixed"
    ]


@dataclass(frozen=True)
class Futures(Mapping[str, Any]):
    """Worlds whose parameters and outside paths come from seeds in their names; built when asked for."""

    scenarios: Mapping[str, Any]

    @staticmethod
    def name(scenario: str, seeds: Seeds) -> str:
        """Name a world."""
        return f"{scenario} {seeds.plan} {seeds.parameters} {seeds.registration} {seeds.outside}"

    def __getitem__(self, name: str) -> Any:
        """Build a world."""
        scenario, plan, parameters, registration, outside = name.split()
        world = self.scenarios[scenario]
        draws = world.parameter_draws(int(parameters))
        apart = [(plan, plan_parameters(world))]
        if registration != parameters:
            apart.append((registration, registration_parameters(world)))
        for seed, names in apart:
            others = world.parameter_draws(int(seed))
            draws |= {one: others[one] for one in names}
        paths = world.outside.model_copy(update={"seed": int(outside)})
        return world.model_copy(update={"parameters": draws, "outside": paths})

    def __iter__(self) -> Iterator[str]:
        """Name the scenarios; their futures are without end."""
        return iter(self.scenarios)

    def __len__(self) -> int:
        """Count the scenarios."""
        return len(self.scenarios)
