"""Which tasks, projects or levers of a plan do most for a target, what they cost, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .effects.package_runs import Announcement, PackageStudy
from .forecast import warn_of_beliefs
from .planning import door_to_model
from .planning.own_code import own_code
from .ranking.carry_out import carry_out, study_of
from .ranking.finished_ranking import Ranking
from .ranking.options import RankOptions
from .running.progress import ProgressFunction

if TYPE_CHECKING:
    from ..scenarios import Scenario

__all__ = ["prepared", "rank"]


def rank(
    scenario: Scenario | str | Path = "action_plan",
    *,
    target: str | Sequence[str] = (),
    by: str | Sequence[str] = "task",
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
) -> Ranking:
    """Rank the parts of a scenario by what they add, alone to no plan and to the rest of the plan.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario, its name, or its file.
    target : str or sequence of str
        Targets, indicators or ``public_cost`` that are asked for; every target by default. The table has all
        targets and costs anyway.
    by : str or sequence of str
        What is ranked: ``task``, ``project`` or ``lever``; several make a ranking each.
    counting : str or mapping, optional
        By target the way of counting that is meant, as in `forecast.forecast`.
    province : str, optional
        Runs the scenario there instead of in its own province.
    runs : int
        Number of futures, two or more.
    scale : float
        Share of the many small actors that is simulated, from 0.01 to 1.
    seed : int
        The same seed gives the same table.
    out : str or Path, optional
        Folder; an interrupted ranking there is completed, anything else is refused.
    workers : int, optional
        Worker processes; one for each usable core by default, 0 for this process.
    outside, belief, cluster, other_versions, rules, progress
        As in `forecast.forecast`.
    announce : callable, optional
        Called before the start with an `Announcement` of runs and time. If it raises, nothing is made.

    Returns
    -------
    Ranking

    Raises
    ------
    InputError
        If anything of the above is refused; no run is made then.
    RunError
        If an item can be compared in fewer than two futures.
    """
    given = locals()
    own = own_code(given.pop("rules"))
    options = RankOptions(**given, own=own)
    return carry_out(prepared(options), door_to_model.model(options.own))


def prepared(options: RankOptions) -> PackageStudy:
    """Load the scenario and settle the packages, but run nothing."""
    scenario = options.loaded()
    warn_of_beliefs({scenario.name: scenario}, stacklevel=3)
    study = study_of(scenario, door_to_model.model(options.own), options)
    door_to_model.rehearse(scenario, options.own)
    return study
