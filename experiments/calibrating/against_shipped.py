"""What a fit changes against the belief that comes with the package, group by group of parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from ...scenarios.provinces.posterior import posterior_folder, read_posterior
from .ensemble_fit import Calibration
from .ensemble_runs import values_at

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["MOVED_BY", "GroupChange", "changes_by_group"]

MOVED_BY: Final = 0.5
"""Standard deviations of the shipped belief by which a median has to move to be told of."""


class GroupChange(NamedTuple):
    """What became of a group of parameters, all of one ``mechanism``.

    ``moved`` of ``parameters`` have a median that moved by more than `MOVED_BY`; ``most`` is the parameter
    that moved farthest, ``before`` and ``after`` its medians in its unit. ``narrower`` is the mean ratio of
    standard deviations, the new one over the shipped one.
    """

    mechanism: str
    parameters: int
    moved: int
    most: str
    before: float
    after: float
    narrower: float


def changes_by_group(found: Calibration, world: Scenario) -> tuple[bool, Iterator[GroupChange]]:
    """Hold a fit against the shipped posterior of its province, or against priors where there is none.

    Returns
    -------
    tuple of bool and iterator of GroupChange
        Whether there is a shipped posterior; groups in the order of the parameters.
    """
    table = world.parameter_table()
    after = values_at(world, found.names, found.positions).reshape(-1, len(found.names))
    before = values_at(world, found.names, found.prior).reshape(-1, len(found.names)).copy()
    folder = posterior_folder("posterior", world.pack().name)
    columns: dict[str, np.ndarray] = dict(zip(found.names, before.T, strict=True))
    if folder is not None:
        shipped = read_posterior(folder, world.parameters_before_overrides())
        columns |= dict(zip(shipped.names, shipped.values.T, strict=True))
    now = dict(zip(found.names, after.T, strict=True))
    groups: dict[str, list[str]] = {}
    for name in found.names:
        groups.setdefault(table[name].mechanism, []).append(name)

    def each() -> Iterator[GroupChange]:
        for mechanism, names in groups.items():
            old, new = ([float(np.median(one[name])) for name in names] for one in (columns, now))
            spread = np.array([max(float(columns[name].std()), 1e-300) for name in names])
            steps = np.abs(np.array(new) - np.array(old)) / spread
            ratios = np.array([float(now[name].std()) for name in names]) / spread
            far = int(steps.argmax())
            yield GroupChange(
                mechanism, len(names), int((steps > MOVED_BY).sum()), names[far], old[far], new[far],
                float(ratios.mean()),
            )  # fmt: skip

    return folder is not None, each()
