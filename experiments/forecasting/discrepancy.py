"""What the model gets wrong beyond its own uncertainty, as the backtest measured it.

``discrepancy.yaml`` holds it, beside the posterior whose forecasts were held against the past, or in the
province's pack; without that file predictions are the runs. Forecasts that are drawn from priors, for want of
a posterior, have one of their own kind, with the whole last residual carried on (decision 0045): that of
fitted forecasts says nothing of them.
For a series, a forecast that starts in the year T is, h years later::

    ln y(T + h) = ln simulated(T + h) + carry^h (ln observed(T) - ln simulated(T)) + noise(h)

with noise of Student's t, of a scale ``sqrt((scale h^growth_power)^2 + observation_error^2)``.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final, Literal, Self

from pydantic import BaseModel, Field, ValidationError, field_validator

from ...engine.errors import InputError, nearest
from ...scenarios.choosing.schema import FROZEN
from ...scenarios.places import PACK_FOLDER
from ...scenarios.provinces.posterior import POSTERIORS, posterior_folder
from ...scenarios.reading.refusals import FieldProblem, FieldProblems, raise_all, refuse
from ...scenarios.reading.yaml_with_places import Document, read_yaml
from ..keeping.provenance import hash_of_mechanisms
from ..keeping.yaml_files import write_yaml

FILE: Final = "discrepancy.yaml"
"""Name in the folder of a posterior or of a province's pack."""

SERIES: Final = (
    "contract_value_output",
    "contract_count_output",
    "contract_value_inflow",
    "contract_count_inflow",
)
"""Series that the statistics give by year, so that a backtest can say how far forecasts of them miss."""

_DIGITS: Final = 4
_HEAD: Final = (
    "# How far forecasts of a series miss beyond what the model itself is unsure of: standard deviations\n"
    "# of logarithms after one year (scale), their growth with the horizon, and what of the last miss\n"
    "# is left after a year (carry). Estimated, see `source`; do not edit by hand.\n"
)


class SeriesDiscrepancy(BaseModel):
    """Scales and carry of one series, of the logarithm.

    ``scale`` is that of the discrepancy after one year, ``carry`` the share of the last residual that is left
    after a year, ``observation_error`` the scale of the error of the statistics themselves, the same every
    year.
    """

    model_config = FROZEN

    scale: float = Field(ge=0.0, le=2.0)
    carry: float = Field(ge=0.0, le=1.0)
    observation_error: float = Field(ge=0.0, le=1.0)


class Discrepancy(BaseModel):
    """The discrepancy of the model in one province.

    ``source`` says from what it was estimated, ``points`` how many forecasts were held against an observed
    year (few, and those of one origin are alike), ``rules`` is `provenance.hash_of_mechanisms` of then;
    ``drawn_from`` is what the parameters of those forecasts were drawn from.
    Student's t has more than two degrees of freedom, so that the noise has a variance; the scale grows as the
    horizon in years to ``growth_power``, of which 0.5 is a random walk. A series of `SERIES` that is left out
    has none.
    """

    model_config = FROZEN

    source: str = Field(min_length=8)
    points: int = Field(ge=1, le=100_000)
    rules: str = Field(min_length=16, max_length=16)
    drawn_from: Literal["posterior", "prior"] = "posterior"
    degrees_of_freedom: float = Field(gt=2.0, le=1000.0)
    growth_power: float = Field(ge=0.0, le=1.0)
    series: dict[str, SeriesDiscrepancy] = Field(min_length=1)

    @field_validator("series", mode="before")
    @classmethod
    def _known(cls, series: Any) -> Any:
        unknown = [name for name in series if name not in SERIES] if isinstance(series, dict) else []
        if unknown:
            raise FieldProblems(
                FieldProblem(
                    (name,), f"unknown series {name!r}", ", ".join(SERIES), nearest(name, SERIES), True
                )
                for name in unknown
            )
        return series

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file of `write`. An error names file, line and column."""
        document = read_yaml(path)
        _check_entries(document)
        try:
            return cls.model_validate(document.data)
        except ValidationError as error:
            raise_all(refuse(error, cls, document.places))
            raise

    def write(self, path: Path) -> None:
        """Write it as YAML, numbers to four digits; whole or not at all."""
        fields = self.model_dump()
        for one in fields["series"].values():
            one.update((name, _rounded(value)) for name, value in one.items())
        fields["growth_power"] = _rounded(self.growth_power)
        write_yaml(path, _HEAD, fields)

    @property
    def of_other_rules(self) -> bool:
        """Whether the rules of the model have changed since it was estimated."""
        return self.rules != hash_of_mechanisms()

    def less(self, without: Collection[str]) -> Discrepancy:
        """Leave out ``discrepancy``, ``observation`` error or ``carry``, whichever are named."""
        out = {"scale": "discrepancy", "observation_error": "observation", "carry": "carry"}
        none = {name: 0.0 for name, part in out.items() if part in without}
        series = {name: one.model_copy(update=none) for name, one in self.series.items()}
        return self.model_copy(update={"series": series})

    def variance(self, series: str, horizon: int) -> float:
        """Give the variance of the logarithm's noise, observation error included, 1 or more years ahead."""
        mine, freedom = self.series[series], self.degrees_of_freedom
        spread = math.hypot(mine.scale * horizon**self.growth_power, mine.observation_error)
        return spread**2 * freedom / (freedom - 2.0)


def _check_entries(document: Document) -> None:
    """Refuse what is wrong inside an entry of a series, where a misspelt key is known by its neighbours."""
    series = document.data.get("series")
    errors: list[InputError] = []
    for name, fields in series.items() if isinstance(series, dict) else ():
        try:
            SeriesDiscrepancy.model_validate(fields)
        except ValidationError as error:
            errors += refuse(error, SeriesDiscrepancy, document.places, ("series", name))
    raise_all(errors)


def discrepancy_of(folder: Path) -> Discrepancy | None:
    """Read the discrepancy in a folder; None if none was estimated."""
    path = folder / FILE
    return Discrepancy.read(path) if path.exists() else None


def discrepancy_of_world(world: Any) -> Discrepancy | None:
    """Read the discrepancy of a scenario's forecasts: where its posterior lies or would lie, or in its pack.

    One that was learnt from forecasts of the other kind, fitted or drawn from priors, is passed over. A pack
    of one's own without any takes that of the package.
    """
    pack, belief = world.pack(), getattr(world, "belief", "prior")
    fitted = posterior_folder(belief, pack.name)
    place = POSTERIORS / pack.name if fitted is None and belief == "posterior" else fitted
    found = None if place is None else discrepancy_of(place)
    if found is not None and (found.drawn_from == "prior") == (fitted is None):
        return found
    own = discrepancy_of(pack.folder)
    if own is not None or not of_own_pack(world):
        return own
    shipped = discrepancy_of(POSTERIORS / pack.name)
    same_kind = shipped is not None and (shipped.drawn_from == "prior") == (fitted is None)
    return shipped if same_kind else None


def of_own_pack(world: Any) -> bool:
    """Tell whether a scenario runs in a pack that does not come with the package."""
    return bool(world.pack().folder.resolve().parent != PACK_FOLDER)


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
