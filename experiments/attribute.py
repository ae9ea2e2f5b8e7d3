"""Which projects and tasks of a plan bring how much of its effect, whoever comes first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .attributing.carry_out import carry_out, study_of
from .attributing.finished_attribution import Attribution
from .attributing.options import AttributeOptions
from .effects.package_runs import Announcement, PackageStudy
from .forecast import warn_of_beliefs
from .planning import door_to_model
from .planning.own_code import own_code
from .running.progress import ProgressFunction

if TYPE_CHECKING:
    from ..scenarios import Scenario

__all__ = ["attribute", "prepared"]


def attribute(
    scenario: Scenario | str | Path = "action_plan",
    *,
    target: str | Sequence[str] = (),
    counting: str | Mapping[str, str] | None = None,
    orders: int = 1,
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
) -> Attribution:
    """Share out the effect of a scenario's levers among its projects and tasks.

    The players are the projects of the plan, and its measures of organisation together; each future is run in
    every coalition of them, from one past. Their parts are exact Shapley values and sum to the whole effect.
    Tasks have Owen values from sampled orders, scaled to their project.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario, its name, or its file. It is held against itself without any lever.
    target : str or sequence of str
        Targets, indicators or ``public_cost`` that are asked for; every target by default. The table has all
        targets and costs anyway.
    counting : str or mapping, optional
        By target the way of counting that is meant, as in `forecast.forecast`.
    orders : int
        Orders of tasks that are drawn in each future, each with its reverse.
    province : str, optional
        Runs the scenario there instead of in its own province.
    runs : int
        Number of futures, two or more.
    scale : float
        Share of the many small actors that is simulated, from 0.01 to 1.
    seed : int
        The same seed gives the same table.
    out : str or Path, optional
        Folder; an interrupted attribution there is completed, anything else is refused.
    workers : int, optional
        Worker processes; one for each usable core by default, 0 for this process.
    outside, belief, cluster, other_versions, rules, progress
        As in `forecast.forecast`.
    announce : callable, optional
        Called before the start with an `Announcement` of runs and time. If it raises, nothing is made.

    Returns
    -------
    Attribution

    Raises
    ------
    InputError
        If anything of the above is refused; no run is made then.
    RunError
        If every package ended well in fewer than two futures.
    """
    given = locals()
    own = own_code(given.pop("rules"))
    options = AttributeOptions(**given, own=own)
    return carry_out(prepared(options), door_to_model.model(options.own))


def prepared(options: AttributeOptions) -> PackageStudy:
    """Load the scenario and settle the coalitions, but run nothing."""
    scenario = options.loaded()
    warn_of_beliefs({scenario.name: scenario}, stacklevel=3)
    study = study_of(scenario, door_to_model.model(options.own), options)
    door_to_model.rehearse(scenario, options.own)
    return study
