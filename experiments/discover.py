"""In which futures does the plan fail? How robust each conclusion of a forecast is, and what flips it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..engine.errors import InputError
from .discovering.box_table import box_table
from .discovering.boxes import check_workbench
from .discovering.conclusions import conclusions_of
from .discovering.finished_discovery import Discovery
from .discovering.forecast_asked import check_targets_asked, finished_at, forecast_options
from .forecast import forecast_of
from .forecasting.finished_forecast import Forecast
from .forecasting.frame_of_runs import frame_of, worlds_in
from .keeping.integrity import open_finished
from .keeping.store import BOXES
from .planning import door_to_model

if TYPE_CHECKING:
    from ..scenarios import Scenario

__all__ = ["discover", "discovery_of"]


def discover(
    source: Scenario | str | Path = "action_plan",
    *,
    target: str | Sequence[str] = (),
    against: Scenario | str | Path | None = "no_plan",
    province: str | None = None,
    runs: int | None = None,
    scale: float | None = None,
    seed: int | None = None,
    out: str | Path | None = None,
    workers: int | None = None,
    announce: Callable[..., None] | None = None,
    progress: Callable[..., None] | None = None,
) -> Discovery:
    """Say of each conclusion of a forecast how robust it is, and in which futures it does not hold.

    Parameters
    ----------
    source : Scenario, str or Path
        The folder of a finished forecast, or a scenario, its name or its file, of which one is made.
    target : str or sequence of str
        Targets whose conclusions are looked at; all by default.
    against, province, runs, scale, seed, out, workers, announce, progress
        As in `forecast.forecast`, for a scenario; 200 futures by default. Of a finished forecast
        ``province``, ``runs``, ``scale`` and ``seed`` may only be what it has.

    Returns
    -------
    Discovery
        Its table is ``boxes.csv`` in the folder of the forecast.

    Raises
    ------
    InputError
        If anything of the above is refused, or the EMA workbench is not installed; no run is made then.
    RunError
        If not one run ended well.
    """
    check_workbench()
    wanted = check_targets_asked(target, source)
    asked = {"runs": runs, "scale": scale, "seed": seed, "out": out, "province": province}
    done = finished_at(source, asked)
    if done is None:
        how = {"against": against, "workers": workers, "announce": announce, "progress": progress}
        done = forecast_of(forecast_options(source, asked, **how))
    return discovery_of(done, wanted)


def discovery_of(done: Forecast, target: Sequence[str] = ()) -> Discovery:
    """Make ``boxes.csv`` of a finished forecast: a function of its runs, its seed and the targets asked."""
    check_workbench()
    store = open_finished(done.folder)
    worlds, identity = worlds_in(store), store.manifest()["identity"]
    definitions = door_to_model.definitions_in(store.folder, identity)
    frame = frame_of(store, definitions)
    conclusions = list(conclusions_of(frame, definitions, worlds, target))
    if not conclusions:
        raise InputError(
            f"{str(store.folder)!r} says nothing of {', '.join(target) or 'any target'}: no run has its year",
            key="target",
            allowed="targets that are judged before the scenarios end",
        )
    store.write_csv(BOXES, box_table(frame, conclusions, worlds, int(identity["seed"])))
    store.list_files()
    return Discovery.read(store.folder)
