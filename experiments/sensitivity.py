"""What moves the targets: run a design of many points, guard it, and compute sensitivity indices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from .planning import door_to_model
from .planning.own_code import own_code
from .running.progress import ProgressFunction
from .sensitivity_analysis.carry_out import carry_out
from .sensitivity_analysis.finished_analysis import Announce, Sensitivity
from .sensitivity_analysis.options import SensitivityOptions
from .sensitivity_analysis.study import Study, make_study

if TYPE_CHECKING:
    from ..scenarios import Scenario

__all__ = ["prepared", "sensitivity"]


def sensitivity(
    scenario: Scenario | str | Path = "action_plan",
    method: str = "morris",
    *,
    over: str = "both",
    group_by: str = "none",
    only: Sequence[str] | None = None,
    points: int | None = None,
    seeds: int | Literal["auto"] = "auto",
    rest: str = "central",
    province: str | None = None,
    scale: float = 0.1,
    seed: int = 1,
    out: str | Path | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    other_versions: bool = False,
    rules: Mapping[str, Callable[..., Any] | str] | Sequence[str] | None = None,
    progress: ProgressFunction | None = None,
    announce: Announce | None = None,
) -> Sensitivity:
    """Tell which levers and uncertainties move the targets, and how much is luck.

    Parameters
    ----------
    scenario : Scenario, str or Path
        Its levers are varied from ``no_plan`` to what it chooses, its parameters over their
        declared distributions.
    method : {'morris', 'sobol', 'pawn'}
        Screening of many factors, shares of the variance, or effects on the whole distribution.
    over : {'levers', 'uncertainties', 'both'}
        What is varied.
    group_by : {'none', 'task', 'mechanism'}
        What is varied together and gets one index.
    only : sequence of str, optional
        Ids of the levers and parameters that are varied; all by default.
    points : int, optional
        Size of the design: trajectories for morris, base points (a power of two) for sobol,
        points for pawn. With k factors or groups that is (k + 1), (k + 2) or 1 points each.
    seeds : int or 'auto'
        Futures at every point, the same at all points; 'auto' takes as many as keep luck
        under 5 % of the variance of the means, by a pilot, and 16 at most.
    rest : {'central', 'drawn'}
        Parameters that are not varied stand at their central values, or are drawn with the
        future and then count as luck.
    province : str, optional
        Runs the scenario there instead of in its own province.
    scale : float
        Share of the many small actors that is simulated, from 0.01 to 1.
    seed : int
        The same seed gives the same tables.
    out : str or Path, optional
        Folder; an interrupted analysis there is completed, anything else is refused.
    workers : int, optional
        Worker processes; one for each usable core by default, 0 for this process.
    cluster : str, optional
        Address of a dask scheduler whose workers make the runs.
    other_versions : bool
        Add runs to a folder that was begun with other libraries.
    rules : mapping, optional
        Rules from outside, as in `forecast.forecast`. An analysis is of the targets, so that an indicator
        from outside would stand nowhere.
    progress : callable, optional
        Called with a `progress.Progress` as the runs come in.
    announce : callable, optional
        Called with an `Announcement` before the pilot and before the rest.

    Returns
    -------
    Sensitivity

    Raises
    ------
    InputError
        If anything of the above is refused; no run is made then.
    DesignError
        If runs are missing from the design or do not belong to it: nothing is analysed then.
    RunError
        If not one run ended well.
    """
    given = locals()
    own = own_code(given.pop("rules"))
    options = SensitivityOptions(**given, own=own)
    return carry_out(prepared(options), door_to_model.model(options.own))


def prepared(options: SensitivityOptions) -> Study:
    """Load the scenario and sample the design, but run nothing; parameters as in `sensitivity`."""
    base = door_to_model.loaded(options.scenario, province=options.province)
    study = make_study(base, door_to_model.model().definitions.targets, options)
    if options.own:
        door_to_model.rehearse(base, options.own)
    return study
