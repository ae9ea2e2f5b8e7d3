"""What may be frozen: forecasts of a kind that was held against the past before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from ...engine.errors import InputError
from ..forecasting.discrepancy import discrepancy_of_world
from ..forecasting.options import MODEL

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["check_tried"]


def check_tried(worlds: Mapping[str, Scenario], forecaster: str, without: Collection[str] = ()) -> None:
    """Refuse to freeze a forecast of a kind that no backtest has tried.

    A backtest tries whole forecasts, from a posterior that was fitted up to the origin or from priors, with
    carried residual and discrepancy: where one was tried, a discrepancy of its kind lies. Where weights of
    the pool are committed, share layer and pool were tried beside it.

    Raises
    ------
    InputError
        No discrepancy of the forecast's kind, a part of its uncertainty left out, or a pool without weights.
    """

    def refuse(what: str, allowed: str) -> InputError:
        return InputError(f"no backtest has tried a forecast {what}", key="freeze", allowed=allowed)

    if without:
        raise refuse(f"without {', '.join(without)}", "a forecast with all parts of its uncertainty")
    if forecaster != MODEL:
        from ..backtesting.level_of_forecast import committed_pool  # with libraries that no forecast needs

        committed_pool()
    for name, world in worlds.items():
        if discrepancy_of_world(world) is None:
            kind = "the prior" if world.posterior() is None else "a posterior"
            raise refuse(
                f"like {name!r}, of {world.pack().name} drawn from {kind}",
                "a forecast beside whose posterior, or in whose pack, a discrepancy of its kind lies",
            )
