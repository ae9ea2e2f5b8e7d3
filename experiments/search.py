"""The cheapest package of levers that reaches goals with a wished chance, or that none does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .effects.package_runs import Announcement
from .forecast import warn_of_beliefs
from .planning import door_to_model
from .planning.own_code import own_code
from .running.progress import ProgressFunction
from .searching.carry_out import carry_out
from .searching.finished_search import Search
from .searching.options import SearchOptions
from .searching.search_study import SearchStudy

if TYPE_CHECKING:
    from ..scenarios import Scenario

__all__ = ["prepared", "search"]


def search(
    goals: str | Sequence[str] | Mapping[str, float | None],
    *,
    scenario: Scenario | str | Path = "action_plan",
    chance: float = 0.9,
    budget: float | None = None,
    levers: str | Sequence[str] = "all",
    packages: int = 800,
    counting: str | Mapping[str, str] | None = None,
    province: str | None = None,
    runs: int = 100,
    scale: float = 0.1,
    seed: int = 1,
    out: str | Path | None = None,
    workers: int | None = None,
    outside: str | Path | None = None,
    belief: str | None = None,
    other_versions: bool = False,
    rules: Mapping[str, Callable[..., Any] | str] | Sequence[str] | None = None,
    announce: Callable[[Announcement], None] | None = None,
    progress: ProgressFunction | None = None,
) -> Search:
    """Search the cheapest package of levers that reaches all goals with a wished chance.

    Cost is mean net public cost to the scenario's end against no plan, in undiscounted yuan. Each lever is
    searched between its declared bounds as one value, with its own start and ramp (`search_space.Axis`).
    Packages are tried in few futures, the promising ones in all, and what is said of them is what they came
    to in as many fresh futures.

    Parameters
    ----------
    goals : str, sequence of str or mapping
        ``TARGET=GOAL`` with commas between, or the goals by target or indicator, in its unit; a target
        without one has the plan's.
    scenario : Scenario, str or Path
        Says all but the levers: province, dates, delays, parameters. It is confirmed beside the packages.
    chance : float
        With which all goals are to be reached together, between 0 and 1.
    budget : float, optional
        Most yuan of mean net public cost.
    levers : str or sequence of str
        What may be moved: ``all``, projects, tasks or levers.
    packages : int
        About how many are tried in few futures each.
    counting : str or mapping, optional
        By target the way of counting that is meant, as in `forecast.forecast`.
    province : str, optional
        Runs the scenario there instead of in its own province.
    runs : int
        Futures of the search; in as many fresh ones, of the next seed, packages are confirmed.
    scale : float
        Share of the many small actors that is simulated, from 0.01 to 1.
    seed : int
        The same seed gives the same table.
    out : str or Path, optional
        Folder; an interrupted search there is completed, anything else is refused.
    workers : int, optional
        Worker processes; one for each usable core by default, 0 for this process.
    outside, belief, other_versions, rules, progress
        As in `forecast.forecast`.
    announce : callable, optional
        Called before the start with an `Announcement` of runs and time. If it raises, nothing is made.

    Returns
    -------
    Search

    Raises
    ------
    InputError
        If anything of the above is refused; no run is made then.
    RunError
        If not one run of no plan ended well, or a package ended well in fewer than two fresh futures.
    """
    given = locals()
    own = own_code(given.pop("rules"))
    options = SearchOptions(**given, own=own)
    return carry_out(prepared(options), door_to_model.model(options.own))


def prepared(options: SearchOptions) -> SearchStudy:
    """Load the scenario and settle goals and levers, but run nothing."""
    scenario = options.loaded()
    warn_of_beliefs({scenario.name: scenario}, stacklevel=3)
    study = SearchStudy.settled(scenario, door_to_model.model(options.own), options)
    door_to_model.rehearse(scenario, options.own)
    return study
