"""What a person may ask of a backtest: one frozen record."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import model_validator

from ...scenarios import load_pack
from ..calibrating.options import HOME, FitOptions
from ..places import RESULTS
from ..planning.options import FuturesOptions, Runs
from .rivals_half import USUAL, check_origins, origins_of

__all__ = ["BacktestOptions"]


def _words(given: str | Sequence[int]) -> str:
    return given if isinstance(given, str) else ",".join(map(str, given))


class BacktestOptions(FitOptions, FuturesOptions):
    """What makes a backtest, and how; the fit at each origin takes fewer steps than that of a forecast.

    Attributes
    ----------
    origins : tuple of int
        Last years that are known, each in its turn; also years with commas between. The last four of the pack
        by default.
    runs : int
        Futures of each forecast.
    """

    origins: tuple[int, ...] = ()
    runs: Runs = 300
    members: int = 350
    assimilations: int = 2

    @model_validator(mode="before")
    @classmethod
    def _origins_of_the_pack(cls, given: dict[str, Any]) -> dict[str, Any]:
        possible = origins_of(load_pack(given.get("province", HOME)).years)
        words = _words(given.get("origins") or ())
        return {**given, "origins": check_origins(words, possible) if words else possible[-USUAL:]}

    @property
    def folder(self) -> Path:
        """Where posteriors of the origins, points, scores and the discrepancy go."""
        return self.out or RESULTS / f"backtest_{Path(self.province).name}"
