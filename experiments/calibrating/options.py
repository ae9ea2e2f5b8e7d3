"""What a person may ask of a fit: one frozen record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field, PlainValidator, model_validator

from ...engine.errors import InputError
from ...scenarios import load_pack
from ...scenarios.provinces.pack_head import FEWEST_KNOWN
from ..planning.definitions import LAST_YEAR
from ..planning.options import BatchOptions, InProvince

if TYPE_CHECKING:
    from .ensemble_fit import Settings

__all__ = ["CalibrateOptions", "FitOptions"]


HOME: Final = "shaanxi"
"""The province that is fitted if none is named."""


def _of_the_model(rule: Any) -> None:
    if rule:
        raise InputError(
            "no posterior is fitted to rules from outside: later forecasts would take it for the model's",
            key="rule",
            allowed="`run`, `forecast` and `sensitivity`, which keep the rule with what they make",
        )


class FitOptions(BatchOptions):
    """What every fit has; see `ensemble_fit.Settings`.

    Attributes
    ----------
    province : str
        A pack, or the folder of one.
    ensembles, members, assimilations : int
    rule : list of str, optional
        Refused: every later forecast would take the posterior for one of the model's own rules.
    announce : callable, optional
        Called before the start with what it will take. If it raises, nothing is made.
    """

    province: InProvince = HOME
    ensembles: int = 4
    members: int = 400
    assimilations: int = 4
    rule: Annotated[None, PlainValidator(_of_the_model)] = None
    announce: Callable[..., None] | None = Field(default=None, repr=False)

    @property
    def settings(self) -> Settings:
        """The part on which the posterior depends."""
        from .ensemble_fit import Settings  # its library is an extra

        return Settings(self.ensembles, self.members, self.assimilations, self.scale, self.seed)


class CalibrateOptions(FitOptions):
    """What makes a calibration, and how.

    Attributes
    ----------
    observed : Path, optional
        An observed table of one's own, in the form of the pack's.
    until : int
        Last year that is fitted; that of the pack by default.
    """

    observed: Path | None = None
    until: int = LAST_YEAR

    @model_validator(mode="before")
    @classmethod
    def _until_the_pack_ends(cls, given: dict[str, Any]) -> dict[str, Any]:
        years = load_pack(given.get("province", HOME)).years
        until, first = given.get("until"), years.first + FEWEST_KNOWN
        if until is None:
            return {**given, "until": years.last}
        if isinstance(until, int) and not first <= until <= years.last:
            raise InputError(
                f"{until} is no year up to which this pack can be fitted",
                key="until",
                allowed=f"{first} to {years.last}",
            )
        return given
