"""Which statistic would improve a decision most, and what it is worth to who decides."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..engine.errors import InputError
from .discovering.boxes import check_workbench
from .discovering.finished_discovery import Worth
from .discovering.forecast_asked import check_targets_asked, finished_at, forecast_options
from .forecast import forecast_of
from .forecasting.finished_forecast import Forecast
from .forecasting.frame_of_runs import frame_of, worlds_in
from .keeping.integrity import open_finished
from .keeping.store import WORTH
from .planning import door_to_model
from .valuing.observing import known_statistics
from .valuing.worth_table import worth_table

if TYPE_CHECKING:
    from ..scenarios import Scenario

__all__ = ["worth", "worth_of"]


def worth(
    source: Scenario | str | Path = "action_plan",
    *,
    target: str | Sequence[str] = (),
    price: float | None = None,
    statistics: str | Path | None = None,
    against: Scenario | str | Path = "no_plan",
    province: str | None = None,
    runs: int | None = None,
    scale: float | None = None,
    seed: int | None = None,
    out: str | Path | None = None,
    workers: int | None = None,
    announce: Callable[..., None] | None = None,
    progress: Callable[..., None] | None = None,
) -> Worth:
    """Value the statistics that a province could collect before it decides on a scenario.

    Parameters
    ----------
    source : Scenario, str or Path
        The folder of a finished forecast, or a scenario, its name or its file, of which one is made.
    target : str or sequence of str
        Targets by which the decision is judged, each by itself; all by default.
    price : float, optional
        Yuan that a unit of the target is worth to who decides; by default the one at which the decision is
        closest, half of it and twice as much.
    statistics : str or Path, optional
        A file in the form of ``scenarios/statistics.yaml``, which is used by default.
    against, province, runs, scale, seed, out, workers, announce, progress
        As in `discover.discover`.

    Returns
    -------
    Worth
        Its table is ``worth.csv`` in the folder of the forecast.

    Raises
    ------
    InputError
        If anything of the above is refused; no run is made then. If no price makes any decision a close one.
    RunError
        If not one run ended well.
    """
    check_workbench()
    wanted = check_targets_asked(target, source)
    file = None if statistics is None else Path(statistics)
    known_statistics(file, door_to_model.model().definitions)
    check_price(price)
    asked = {"runs": runs, "scale": scale, "seed": seed, "out": out, "province": province}
    done = finished_at(source, asked)
    if done is None:
        how = {"against": against, "workers": workers, "announce": announce, "progress": progress}
        done = forecast_of(forecast_options(source, asked, **how))
    return worth_of(done, wanted, price, file)


def check_price(price: Any) -> None:
    """Refuse a price that nothing can have."""
    if price is not None and not (isinstance(price, (int, float)) and 0.0 < price < math.inf):
        raise InputError(f"{price!r} is no price of a unit", key="price", allowed="yuan, above 0")


def worth_of(
    done: Forecast, target: Sequence[str] = (), price: float | None = None, file: Path | None = None
) -> Worth:
    """Make ``worth.csv`` of a finished forecast."""
    store = open_finished(done.folder)
    worlds = worlds_in(store)
    if len(worlds) < 2:
        raise InputError(
            f"{str(store.folder)!r} holds one scenario, and a decision needs two",
            key="folder",
            allowed="a forecast with `--against`",
        )
    definitions = door_to_model.definitions_in(store.folder, store.manifest()["identity"])
    statistics = known_statistics(file, definitions)
    frame = frame_of(store, definitions, [(one.indicator, one.year) for one in statistics])
    table = worth_table(frame, statistics, definitions, worlds, target, price)
    if table.empty:
        raise InputError(
            f"no price makes this decision a close one: on the mean no scenario has more of"
            f" {', '.join(target) or 'any target'} and costs more",
            key="target",
            allowed="another target, or a price of your own",
        )
    store.write_csv(WORTH, table)
    store.list_files()
    return Worth.read(store.folder)
