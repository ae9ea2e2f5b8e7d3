"""The forecast that a question is put to: a finished one by its folder, or one that is made for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from ...engine.errors import InputError, nearest
from ..forecasting.finished_forecast import Forecast
from ..forecasting.options import ForecastOptions
from ..keeping.store import MANIFEST, Store
from ..planning import door_to_model
from ..planning.definitions import Definitions

__all__ = ["check_targets_asked", "finished_at", "forecast_options"]

RUNS: Final = 200


def finished_at(source: Any, asked: dict[str, Any]) -> Forecast | None:
    """Open the finished forecast of a folder; None if a scenario is meant.

    Parameters
    ----------
    source : Scenario, str or Path
        A folder with a manifest is one; anything else is a scenario.
    asked : dict
        How a forecast would be made; None where nothing is said. For a folder only what it has, too.

    Raises
    ------
    InputError
        If the folder holds no finished forecast, or something else is asked than it has.
    """
    if not isinstance(source, (str, Path)) or not (Path(source) / MANIFEST).is_file():
        return None
    identity = Store(Path(source)).manifest()["identity"]
    for name, value in asked.items():
        there = identity.get(name)
        if value is not None and value != there:
            raise InputError(
                f"{str(source)!r} is a finished forecast with its own {name}"
                + ("" if there is None else f": {there}"),
                key=name,
                allowed="without it, or a scenario in place of the folder",
            )
    return Forecast.read(source)


def forecast_options(source: Any, asked: dict[str, Any], **how: Any) -> ForecastOptions:
    """Put together how the forecast of a scenario is made: as asked, with 200 futures by default."""
    given = {name: value for name, value in asked.items() if value is not None}
    return ForecastOptions(**{"runs": RUNS, **given}, scenario=source, **how)


def definitions_of_source(source: Any) -> Definitions:
    """Give the targets by which a finished forecast, or a scenario that is to be forecast, is judged."""
    if isinstance(source, (str, Path)) and (Path(source) / MANIFEST).is_file():
        return door_to_model.definitions_in(Path(source), Store(Path(source)).manifest()["identity"])
    return door_to_model.judged(door_to_model.model().definitions, door_to_model.loaded(source))


def check_targets_asked(target: str | Sequence[str], source: Any) -> list[str]:
    """Give the targets that are asked of a forecast or scenario, a text with commas between; or refuse."""
    words = target.split(",") if isinstance(target, str) else target
    names = list(dict.fromkeys(str(word).strip() for word in words if str(word).strip()))
    known = definitions_of_source(source).targets if names else {}
    for name in names:
        if name not in known:
            raise InputError(
                f"no target is called {name!r}",
                key="target",
                allowed=", ".join(known),
                suggestion=nearest(name, known),
            )
    return names
