"""Why is this number what it is? Its parts, and what it would be without each mechanism."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .effects.package_runs import Announcement
from .explaining.carry_out import WhyStudy, carry_out, resolved, said_years, study_of
from .explaining.finished_why import Why
from .explaining.options import WhyOptions
from .explaining.parts import taken_down_for
from .forecast import warn_of_beliefs
from .planning import door_to_model
from .planning.own_code import own_code
from .running.progress import ProgressFunction

if TYPE_CHECKING:
    from ..scenarios import Scenario

__all__ = ["explained_as", "prepared", "why"]


def why(
    indicator: str,
    scenario: Scenario | str | Path = "action_plan",
    *,
    year: int | str | None = None,
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
) -> Why:
    """Explain a number of a scenario: its parts, and what each mechanism and condition does to it.

    Parts (kind of seller, type, city, channel) sum to the number to the yuan in each future. Each mechanism
    of `knock_outs.MECHANISMS` is switched off, and each condition of `mechanisms.CONDITIONS` eased, in the
    same futures with the same luck; nothing is fitted anew.

    Parameters
    ----------
    indicator : str
        An indicator, or a target.
    scenario : Scenario, str or Path
        A scenario, its name, or its file.
    year : int, or str ``"2010-2020"``, optional
        The target's year, or the last whole year of the scenario by default. Several years are explained
        each by itself, from the same runs.
    province, runs, scale, seed, out, workers, outside, belief, cluster, other_versions
        As in `rank.rank`.
    rules, announce, progress
        As in `rank.rank`.

    Returns
    -------
    Why

    Raises
    ------
    InputError
        If anything of the above is refused; no run is made then.
    RunError
        If fewer than two futures ended well, or parts do not sum to the number.
    """
    given = locals()
    own = own_code(given.pop("rules"))
    options = explained_as(WhyOptions(**given, own=own))
    return carry_out(prepared(options), door_to_model.model(options.own))


def explained_as(options: WhyOptions) -> WhyOptions:
    """Let runs take down beside their record what the parts of the indicator need."""
    scenario = options.loaded()
    definitions = door_to_model.judged(door_to_model.model(options.own).definitions, scenario)
    indicator, years = resolved(options, scenario, definitions)
    own = replace(options.own, taken_down=taken_down_for(indicator))
    return options.but(indicator=indicator, year=said_years(years), own=own)


def prepared(options: WhyOptions) -> WhyStudy:
    """Load the scenario and settle the worlds, but run nothing."""
    scenario = options.loaded()
    warn_of_beliefs({scenario.name: scenario}, stacklevel=3)
    study = study_of(scenario, door_to_model.model(options.own), options)
    door_to_model.rehearse(scenario, options.own)
    return study
