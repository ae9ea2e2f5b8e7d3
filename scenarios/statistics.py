"""The statistics that a province could collect before it decides: what each observes, and with what error."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ..engine.errors import InputError
from .places import STATISTICS_FILE
from .provinces.columns import YEARS
from .reading.refusals import raise_all, refuse
from .reading.yaml_with_places import read_yaml

__all__ = ["Statistic", "read_statistics"]

FloatArray = npt.NDArray[np.float64]


class Statistic(BaseModel):
    """One statistic.

    Attributes
    ----------
    id, title_en, title_zh : str
    indicator : str
        What is observed.
    year : int
        Calendar year of it.
    measure : {'share', 'total'}
    sample : int
        Units that are asked.
    design_effect : float, optional
        Of a share: its variance over that of a simple draw of so many units.
    cv : float, optional
        Of a total: standard deviation between units over their mean.
    ln_error : float, optional
        Of a total: what is left of the error of its logarithm, however many are asked.
    cost : float, optional
        Yuan, if a source says so.
    source : str
        Of the cost.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    id: str
    title_en: str
    title_zh: str
    indicator: str
    year: Annotated[int, Field(ge=YEARS[0], le=YEARS[1])]
    measure: Literal["share", "total"]
    sample: Annotated[int, Field(ge=1)]
    design_effect: Annotated[float, Field(gt=0.0)] | None = None
    cv: Annotated[float, Field(ge=0.0)] | None = None
    ln_error: Annotated[float, Field(ge=0.0)] | None = None
    cost: Annotated[float, Field(ge=0.0)] | None = None
    source: str = ""

    @model_validator(mode="after")
    def _says_its_error(self) -> Self:
        of_share, of_total = [self.design_effect], [self.cv, self.ln_error]
        mine, others = (of_share, of_total) if self.measure == "share" else (of_total, of_share)
        if None in mine or any(one is not None for one in others):
            raise ValueError("a share has a design_effect, a total has cv and ln_error")
        if (self.cost is not None) != bool(self.source):
            raise ValueError("a cost has a source, and a source a cost")
        return self

    def error(self, values: FloatArray) -> FloatArray:
        """Give the standard error where the truth is so much: of a share, or of the logarithm of a total.

        Parameters
        ----------
        values : ndarray of shape (futures,)
        """
        if self.measure == "share":
            share = np.clip(values, 0.0, 1.0)
            return np.asarray(np.sqrt(float(self.design_effect or 1.0) * share * (1.0 - share) / self.sample))
        together = np.hypot(float(self.cv or 0.0) / np.sqrt(self.sample), float(self.ln_error or 0.0))
        return np.full(len(values), together)


def read_statistics(file: Path | None = None) -> list[Statistic]:
    """Read the statistics of a file, of ``scenarios/statistics.yaml`` by default.

    Raises
    ------
    InputError
        With file, line and column of every problem; if there is no statistic in it.
    """
    document = read_yaml(STATISTICS_FILE if file is None else file)
    errors: list[InputError] = []
    found = []
    for name, fields in document.data.items():
        if not isinstance(fields, dict):
            errors.append(
                document.places.error((name,), "is not a set of fields", allowed="entries `key: value`")
            )
            continue
        try:
            found.append(Statistic.model_validate({**fields, "id": name}))
        except ValidationError as error:
            errors += refuse(error, Statistic, document.places, (name,))
    raise_all(errors)
    if not found:
        raise InputError("there is no statistic in it", file=file, allowed="one or more")
    return found
