"""What a person may ask of a backtest: one frozen record."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import PlainValidator

from ..calibrating.options import FitOptions
from ..places import RESULTS
from ..planning.options import FuturesOptions, Runs
from .rivals_half import ORIGINS, check_origins

__all__ = ["BacktestOptions"]


def _origins(given: str | Sequence[int]) -> tuple[int, ...]:
    return check_origins(given if isinstance(given, str) else ",".join(map(str, given)))


class BacktestOptions(FitOptions, FuturesOptions):
    """What makes a backtest, and how; the fit at each origin takes fewer steps than that of a forecast.

    Attributes
    ----------
    origins : tuple of int
        Last years that are known, each in its turn; also years with commas between.
    runs : int
        Futures of each forecast.
    """

    origins: Annotated[tuple[int, ...], PlainValidator(_origins)] = ORIGINS
    runs: Runs = 300
    members: int = 350
    assimilations: int = 2

    @property
    def folder(self) -> Path:
        """Where posteriors of the origins, points, scores and the discrepancy go."""
        return self.out or RESULTS / f"backtest_{self.province}"
