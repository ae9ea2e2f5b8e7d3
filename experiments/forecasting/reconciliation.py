"""What makes the forecasts of all provinces add up to the nation's: one shift for each series and year.

``reconciliation.yaml`` beside the posteriors holds it, learnt from the forecasts of all provinces together
(`backtesting.reconcile`); without that file nothing is shifted. The logarithm of a forecast has the shift of
its year in every draw, province and scenario alike: what a province's draws are among each other, and the
ratio of two scenarios, stay the mechanism's. Decision 0050.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, Field, ValidationError, model_validator

from ...engine.errors import nearest
from ...scenarios.choosing.schema import FROZEN
from ...scenarios.provinces.posterior import POSTERIORS
from ...scenarios.reading.refusals import FieldProblem, FieldProblems, raise_all, refuse
from ...scenarios.reading.yaml_with_places import read_yaml
from ..keeping.yaml_files import write_yaml
from .discrepancy import SERIES

__all__ = ["RECONCILIATION_FILE", "Reconciliation", "SeriesShift", "stored_reconciliation"]

RECONCILIATION_FILE: Final = "reconciliation.yaml"
"""Beside the posteriors: the shift of the provinces' forecasts after the last observed year."""

_HEAD: Final = (
    "# Shift of the logarithm of every province's forecast by series and year after `origin`, with which\n"
    "# all provinces follow the national forecast, and what gap remains in 90 % of the common draws.\n"
    "# Made by `make reconcile`; do not edit.\n"
)


class SeriesShift(BaseModel):
    """Shift of one series by year after the origin, and the ends of the gap that remains, all in logarithms.

    The gap is that of the provinces' sum over the national path of the same draw, 5 % and 95 % of draws.
    """

    model_config = FROZEN

    shift: list[float] = Field(min_length=1)
    gap_low: list[float]
    gap_high: list[float]

    @model_validator(mode="after")
    def _each_year(self) -> Self:
        for name in ("gap_low", "gap_high"):
            found = len(getattr(self, name))
            if found != len(self.shift):
                years = f"{len(self.shift)} years, as the shift has"
                raise FieldProblems([FieldProblem((name,), f"{found} years", years)])
        return self


class Reconciliation(BaseModel):
    """The shift of all provinces' forecasts.

    ``origin`` is the last observed year of the forecasts from which it was learnt, ``provinces`` and
    ``futures`` their number, ``by_place`` whether each had noise of its own, ``rules``
    `provenance.hash_of_mechanisms` of then.
    """

    model_config = FROZEN

    source: str = Field(min_length=8)
    origin: int
    rules: str = Field(min_length=16, max_length=16)
    provinces: int = Field(ge=2)
    futures: int = Field(ge=2)
    by_place: bool
    series: dict[str, SeriesShift] = Field(min_length=1)

    @model_validator(mode="after")
    def _known(self) -> Self:
        problems = [
            FieldProblem(
                ("series", name), f"unknown series {name!r}", ", ".join(SERIES), nearest(name, SERIES)
            )
            for name in self.series
            if name not in SERIES
        ]
        if problems:
            raise FieldProblems(problems)
        return self

    def shift(self, series: str, years: int) -> npt.NDArray[np.float64]:
        """Give the shift of the years after the origin, shape (years,); it stays as in the last one."""
        if series not in self.series:
            return np.zeros(years)
        known = self.series[series].shift
        return np.array([known[min(year, len(known) - 1)] for year in range(years)])

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file of `write`. An error names file, line and column."""
        document = read_yaml(path)
        try:
            return cls.model_validate(document.data)
        except ValidationError as error:
            raise_all(refuse(error, cls, document.places))
            raise

    def write(self, path: Path) -> None:
        """Write it as YAML; whole or not at all."""
        write_yaml(path, _HEAD, self.model_dump(mode="json"))


def stored_reconciliation(until: int, *, by_place: bool) -> Reconciliation | None:
    """Read the shift of forecasts from a year; None if none is stored, or one of other forecasts.

    With ``by_place`` each province has noise of its own: the sum of many then lies higher than with noise
    that is that of all, and needs another shift.
    """
    path = POSTERIORS / RECONCILIATION_FILE
    found = Reconciliation.read(path) if path.is_file() else None
    return found if found is not None and (found.origin, found.by_place) == (until, by_place) else None
