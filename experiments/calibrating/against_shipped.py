"""What fits change against the belief that comes with the package, group by group of parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ...scenarios.provinces.parameter_draws import quantile
from ...scenarios.provinces.posterior import posterior_folder, read_posterior
from .ensemble_fit import Calibration
from .ensemble_runs import values_at

if TYPE_CHECKING:
    from ...scenarios import Parameter, Scenario

__all__ = ["MOVED_BY", "GroupChange", "changes_by_group", "changes_of_fits"]

Draws = Mapping[str, npt.NDArray[np.float64]]

MOVED_BY: Final = 0.5
"""Standard deviations of the shipped belief by which a median has to move to be told of."""

_OF_A_PRIOR: Final = 400
"""Quantiles by which a prior is told where there are no draws of it."""


class GroupChange(NamedTuple):
    """What became of a group of parameters, all of one ``mechanism``.

    ``moved`` of ``parameters`` have a median that moved by more than `MOVED_BY`, a parameter counted in each
    province that has it; ``most`` is the parameter that moved farthest, in ``province``, ``before`` and
    ``after`` its medians in its unit. ``narrower`` is the mean ratio of standard deviations, the new one over
    the shipped one.
    """

    mechanism: str
    parameters: int
    moved: int
    province: str
    most: str
    before: float
    after: float
    narrower: float


class _Fit(NamedTuple):
    """Draws of one province by parameter, as the package has them and as they are now."""

    province: str
    table: Mapping[str, Parameter]
    before: Draws
    now: Draws


def changes_by_group(found: Calibration, world: Scenario) -> tuple[bool, Iterator[GroupChange]]:
    """Hold a fit against the shipped posterior of its province, or against priors where there is none.

    Returns
    -------
    tuple of bool and iterator of GroupChange
        Whether there is a shipped posterior; groups in the order of the parameters.
    """
    after = values_at(world, found.names, found.positions).reshape(-1, len(found.names))
    before = values_at(world, found.names, found.prior).reshape(-1, len(found.names)).copy()
    prior = dict(zip(found.names, before.T, strict=True))
    shipped = _shipped(world)
    now = dict(zip(found.names, after.T, strict=True))
    fit = _Fit(world.pack().name, world.parameter_table(), {**prior, **(shipped or {})}, now)
    return shipped is not None, _by_group([fit])


def changes_of_fits(fits: Mapping[Path, Scenario]) -> tuple[list[str], list[GroupChange]]:
    """Hold the posteriors in folders against the shipped ones, all provinces together.

    Parameters
    ----------
    fits : mapping of Path to Scenario
        By the folder of a posterior: the world that was fitted.

    Returns
    -------
    tuple of list of str and list of GroupChange
        Provinces without a shipped posterior, which are held against priors; groups in the order of the
        parameters.
    """
    told, without = [], []
    for folder, world in fits.items():
        table, shipped = world.parameter_table(), _shipped(world)
        posterior = read_posterior(folder, world.parameters_before_overrides())
        if shipped is None:
            without.append(world.pack().name)
        before = {
            name: shipped[name] if shipped and name in shipped else _prior(table[name])
            for name in posterior.names
        }
        now = dict(zip(posterior.names, posterior.values.T, strict=True))
        told.append(_Fit(world.pack().name, table, before, now))
    return without, list(_by_group(told))


def _shipped(world: Scenario) -> Draws | None:
    """Read the draws that come with the package, whatever pack the world is of: its bounds may be others."""
    from ...scenarios import load_pack, shared_parameters

    name = world.pack().name
    folder = posterior_folder("posterior", name)
    if folder is None:
        return None
    found = read_posterior(folder, {**shared_parameters(), **load_pack(name).parameters})
    return dict(zip(found.names, found.values.T, strict=True))


def _prior(parameter: Parameter) -> npt.NDArray[np.float64]:
    shares = (np.arange(_OF_A_PRIOR) + 0.5) / _OF_A_PRIOR
    return np.array([quantile(parameter, float(share)) for share in shares])


class _Step(NamedTuple):
    """How far the median of one parameter of one province moved, in standard deviations, and its spread."""

    far: float
    province: str
    name: str
    before: float
    after: float
    ratio: float


def _by_group(fits: Iterable[_Fit]) -> Iterator[GroupChange]:
    groups: dict[str, list[_Step]] = {}
    for fit in fits:
        for name, draws in fit.now.items():
            groups.setdefault(fit.table[name].mechanism, []).append(_step(fit, name, draws))
    for mechanism, steps in groups.items():
        yield _change(mechanism, steps)


def _step(fit: _Fit, name: str, draws: npt.NDArray[np.float64]) -> _Step:
    old, new = float(np.median(fit.before[name])), float(np.median(draws))
    spread = max(float(fit.before[name].std()), 1e-300)
    return _Step(abs(new - old) / spread, fit.province, name, old, new, float(draws.std()) / spread)


def _change(mechanism: str, steps: Sequence[_Step]) -> GroupChange:
    most = max(steps, key=lambda step: step.far)
    return GroupChange(
        mechanism=mechanism,
        parameters=len(steps),
        moved=sum(step.far > MOVED_BY for step in steps),
        province=most.province,
        most=most.name,
        before=most.before,
        after=most.after,
        narrower=float(np.mean([step.ratio for step in steps])),
    )
