"""How a target answers to levers at many levels: a grid, or a Latin hypercube."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .effects.package_runs import Announcement, PackageStudy
from .forecast import warn_of_beliefs
from .planning import door_to_model
from .planning.own_code import own_code
from .running.progress import ProgressFunction
from .sweeping.carry_out import carry_out, study_of
from .sweeping.finished_sweep import Sweep
from .sweeping.options import SweepOptions

if TYPE_CHECKING:
    from ..scenarios import Scenario

__all__ = ["prepared", "sweep"]


def sweep(
    scenario: Scenario | str | Path = "action_plan",
    *,
    lever: str | Sequence[str] | Mapping[str, float | Sequence[float]],
    points: int | None = None,
    target: str | Sequence[str] = (),
    counting: str | Mapping[str, str] | None = None,
    province: str | None = None,
    runs: int = 100,
    scale: float = 0.1,
    seed: int = 1,
    out: str | Path | None = None,
    workers: int | None = None,
    outside: str | Path | None = None,
    belief: str | None = None,
    cluster: str | None = None,
    other_versions: bool = False,
    rules: Mapping[str, Callable[..., Any] | str] | Sequence[str] | None = None,
    announce: Callable[[Announcement], None] | None = None,
    progress: ProgressFunction | None = None,
) -> Sweep:
    """Run a scenario with some levers at many levels, and hold each point against the scenario as it is.

    Parameters
    ----------
    scenario : Scenario, str or Path
        The base: a scenario, its name, or its file.
    lever : mapping, str or sequence of str
        Levels by lever, each in its own unit: ``{"voucher_budget": [0, 2e7, 4e7]}`` or
        ``"voucher_budget=0,2e7,4e7"``. A level holds from the plan's start on, like a number in a scenario.
    points : int, optional
        So many points of a Latin hypercube; each lever then has two levels, between which it lies, or none:
        between its bounds. Without it every combination of the levels is a point.
    target, counting, province, runs, scale, seed, out, workers, outside, belief, cluster, other_versions
        As in `rank.rank`.
    rules, announce, progress
        As in `rank.rank`.

    Returns
    -------
    Sweep

    Raises
    ------
    InputError
        If anything of the above is refused; no run is made then.
    RunError
        If a point can be compared in fewer than two futures.

    Examples
    --------
    >>> from shaanxi_transfer import sweep
    >>> sweep(lever={"voucher_budget": [0, 2e7, 4e7]}, runs=200).plot()  # doctest: +SKIP
    """
    given = locals()
    own = own_code(given.pop("rules"))
    options = SweepOptions(**given, own=own)
    return carry_out(prepared(options), door_to_model.model(options.own))


def prepared(options: SweepOptions) -> PackageStudy:
    """Load the scenario and settle the points, but run nothing."""
    scenario = options.loaded()
    warn_of_beliefs({scenario.name: scenario}, stacklevel=3)
    study = study_of(scenario, door_to_model.model(options.own), options)
    door_to_model.rehearse(scenario, options.own)
    return study
