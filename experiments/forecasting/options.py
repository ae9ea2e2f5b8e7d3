"""What a person may ask of a forecast: one frozen record, from the command line down to the runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, model_validator

from ...engine.errors import InputError, check_choice
from ..planning.checks import check_folder, check_new_file
from ..planning.countings import check_countings
from ..planning.options import FuturesOptions, WorldOptions
from ..planning.plan_of_runs import Shard
from .uncertainty import check_without

__all__ = ["ForecastOptions"]

MODEL: Final = "model"
COMBINED: Final = "combined"
SHARE: Final = "share"
FORECASTERS: Final = (COMBINED, MODEL, SHARE)
"""Whose level a forecast has: the mechanism's own, the share layer's, or the pool's of both."""

SMALLEST_PRECISION: Final = 0.001
LARGEST_PRECISION: Final = 0.5


def _precision(precision: float) -> float:
    """Refuse a precision that no forecast can have, or that everyone has."""
    if not SMALLEST_PRECISION <= precision <= LARGEST_PRECISION:
        percent = LARGEST_PRECISION < precision <= 100 * LARGEST_PRECISION
        raise InputError(
            f"{precision!r} is no precision of a probability",
            key="precision",
            allowed=f"half of the 95 % interval as a fraction, from {SMALLEST_PRECISION:g} to"
            f" {LARGEST_PRECISION:g}",
            suggestion=f"{precision / 100:g}" if percent else None,
        )
    return precision


def _several(given: Any) -> Any:
    """Take one scenario, several, or none."""
    if given is None:
        return ()
    return tuple(given) if isinstance(given, (list, tuple)) else (given,)


def _shard(given: Any) -> Any:
    return Shard.parse(given) if isinstance(given, str) else given


def _forecaster(given: str) -> str:
    return check_choice(given, "forecaster", FORECASTERS)


def _new_file(file: Path) -> Path:
    check_new_file(file)
    check_folder(file.parent, "freeze")
    return file


class ForecastOptions(WorldOptions, FuturesOptions):
    """What makes a forecast, and how.

    Attributes
    ----------
    against : Scenario, str, Path or None
        The counterfactual; None for no comparison.
    also : tuple of Scenario, str or Path
        Scenarios that are run and shown beside the two.
    outside : Path, optional
        CSV in the panel's form, whose later rows replace the drawn outside paths.
    belief : str, optional
        ``posterior``, ``prior``, or the folder of a calibration; each scenario's own by default.
    precision : float, optional
        Stop as soon as half of the 95 % interval of every target's probability is no wider.
    without : tuple of str
        Parts of the uncertainty that are left out, in the order of `uncertainty.PARTS`.
    counting : dict of str to str
        Way of counting that stands first, by target; see `countings.counted_as`.
    forecaster : str
        Whose level the four series of contracts have, of `FORECASTERS`; differences between scenarios are the
        mechanism's in any case.
    shard : Shard, optional
        The share that is made.
    freeze : Path, optional
        A new file that is to hold the forecast.
    announce : callable, optional
        Called before the start with an `estimate.Estimate`. If it raises, nothing is made.
    """

    against: Any = "no_plan"
    also: Annotated[tuple[Any, ...], PlainValidator(_several)] = ()
    outside: Path | None = None
    belief: Annotated[str, BeforeValidator(str)] | None = None
    precision: Annotated[float, AfterValidator(_precision)] | None = None
    without: Annotated[tuple[str, ...], PlainValidator(check_without)] = ()
    counting: Annotated[dict[str, str], PlainValidator(check_countings)] = Field(default_factory=dict)
    forecaster: Annotated[str, AfterValidator(_forecaster)] = MODEL
    shard: Annotated[Shard, BeforeValidator(_shard)] | None = None
    freeze: Annotated[Path, AfterValidator(_new_file)] | None = None
    announce: Callable[..., None] | None = Field(default=None, repr=False)

    @model_validator(mode="after")
    def _go_together(self) -> Self:
        """Refuse what cannot be asked at once."""
        if self.shard is not None:
            self.shard.check(self.runs)
        if self.shard is not None and self.precision is not None:
            raise InputError(
                "a share cannot tell how precise the whole is",
                key="precision",
                allowed="either a share or a precision; `--cluster` goes with both",
            )
        if self.shard is not None and self.freeze is not None:
            raise InputError(
                "a share of a forecast cannot be frozen",
                key="freeze",
                allowed="without a share, once all shares are made: the same command into the same folder",
            )
        if self.forecaster != MODEL:
            self._can_be_mapped()
        if self.own and self.freeze is not None:
            raise InputError(
                "what is frozen is the model's own forecast, without rules or indicators from outside",
                key="freeze",
                allowed="a forecast without `rules` and `indicators`",
            )
        return self

    def _can_be_mapped(self) -> None:
        """Refuse what has no level but the model's: another was tried with the model as it is, whole."""
        asked = {
            "precision": self.precision is not None,
            "without": bool(self.without),
            "outside": self.outside is not None,
            "rules and indicators": bool(self.own),
        }
        if given := [name for name, is_asked in asked.items() if is_asked]:
            raise InputError(
                f"{self.forecaster!r} and `{given[0]}` do not go together",
                key="forecaster",
                allowed=f"{MODEL}, or a forecast without `{given[0]}`",
            )
