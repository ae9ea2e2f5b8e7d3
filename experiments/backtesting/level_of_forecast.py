"""Where the level of a forecast comes from: the model alone, the share layer alone, or the pool of both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ...engine.errors import InputError
from ...scenarios.provinces.posterior import POSTERIORS
from ..forecasting.discrepancy import SERIES
from ..forecasting.mapped_levels import LevelMap
from ..forecasting.options import COMBINED, MODEL
from .all_provinces import all_provinces
from .quantile_pool import POOL_FILE, QuantilePool
from .rivals import SHARE_LAYER

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["DRAWS", "committed_pool", "level_of", "mapped_world", "told_of_level"]

DRAWS: Final = 2_000
"""Of the share layer, as in the backtest."""

DECIDED: Final = "action_plan"
"""What happened in the province for which the plan was written."""


def mapped_world(worlds: Mapping[str, Scenario]) -> str:
    """Name the scenario whose level is mapped: the plan where it was decided, else the counterfactual.

    What is tried out beside it is told from it, and so gets no level of its own.
    """
    names, pack = list(worlds), next(iter(worlds.values())).pack()
    if pack.manifest.plan_written_for in ("", pack.name) and DECIDED in names:
        return DECIDED
    return names[-1]


def committed_pool() -> QuantilePool:
    """Read the weights that come with the package.

    Raises
    ------
    InputError
        If there are none, or they are of other members.
    """
    file = POSTERIORS / POOL_FILE
    if not file.is_file():
        raise InputError(
            "no weights of the pool are committed",
            key="forecaster",
            allowed="model or share, until `make across` and `make adopt-across` have left weights",
        )
    pool = QuantilePool.read(file)
    if set(pool.members) != {MODEL, SHARE_LAYER}:
        raise InputError(
            f"the pool is of {', '.join(pool.members)}",
            file=file,
            key="weights",
            allowed=f"{MODEL} and {SHARE_LAYER}",
        )
    return pool


def _weights(worlds: Mapping[str, Scenario], forecaster: str) -> tuple[int, dict[str, float]]:
    """Give the last observed year, and the weight of the mechanism by series."""
    untils = {int(world.outside.observed_until) for world in worlds.values()}
    if len(untils) > 1:
        raise InputError(
            f"the scenarios know figures up to {', '.join(map(str, sorted(untils)))}",
            key="forecaster",
            allowed="scenarios with the same last observed year, or model",
        )
    (until,) = untils
    if forecaster != COMBINED:
        return until, dict.fromkeys(SERIES, 0.0)
    pool = committed_pool()
    if pool.origin > until:
        raise InputError(
            f"the pool's weights know figures up to {pool.origin}, the scenarios up to {until}",
            key="forecaster",
            allowed="model or share",
        )
    return until, {name: mine[MODEL] for name, mine in pool.weights.items()}


def told_of_level(worlds: Mapping[str, Scenario], forecaster: str) -> dict[str, Any]:
    """Say what a level rests on, for the identity of a forecast; nothing if it is the model's."""
    if forecaster == MODEL:
        return {}
    until, weights = _weights(worlds, forecaster)
    base = mapped_world(worlds)
    data = all_provinces(worlds[base].pack()).made_from
    return {"name": forecaster, "base": base, "until": until, "weights": weights, "data": data}


def level_of(worlds: Mapping[str, Scenario], forecaster: str, seed: int) -> LevelMap | None:
    """Put together what levels are mapped by; None if they are the model's.

    Raises
    ------
    InputError
        If no weights are committed, they know later years, or the share layer cannot forecast a single series
        of the province. A series that it cannot forecast stays the model's.
    """
    if forecaster == MODEL:
        return None
    until, weights = _weights(worlds, forecaster)
    base = mapped_world(worlds)
    pack = worlds[base].pack()
    last = max(quarter.year for quarter in worlds[base].quarters)
    shares, refusals = all_provinces(pack).layer_at(until), []
    layer = {}
    for name in weights:
        try:
            layer[name] = shares.sample(pack.name, name, horizon=last - until, draws=DRAWS, seed=seed)
        except InputError as error:
            refusals.append(error)
    if not layer:
        raise refusals[0]
    return LevelMap(base, until, {name: weights[name] for name in layer}, layer)
