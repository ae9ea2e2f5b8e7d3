"""What a person may ask of every batch of runs: one frozen record, which refuses in one line what cannot be.

What one kind of experiment asks besides stands in a record of its own, which is made from this one. The
command line and the verbs of Python make the record; whatever is below takes it whole.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final, Self

import numpy as np
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
)

from ...engine.errors import InputError, nearest
from ...engine.seed_and_scale import check_scale, check_seed, is_whole
from .checks import check_folder, check_province
from .own_code import NOTHING, OwnCode

__all__ = ["BatchOptions", "FuturesOptions", "InProvince", "OfPack", "Runs", "WorldOptions"]

LARGEST_RUNS: Final = 1_000_000
"""A run's name holds six digits."""


def _whole(value: Any, least: int, most: float, key: str, problem: str, allowed: str) -> int:
    """Give a whole number between two others, or refuse it; a switch is none, and neither is a text."""
    if not is_whole(value) or not least <= value <= most:
        raise InputError(problem.format(value), key=key, allowed=allowed)
    return int(value)


def _scale(value: Any) -> float:
    check_scale(value)
    return float(value)


def _seed(value: Any) -> int:
    check_seed(value)
    return int(value)


def _workers(value: Any) -> int | None:
    words = "{!r} worker processes cannot be started", "a whole number of 0 or more"
    return None if value is None else _whole(value, 0, np.inf, "workers", *words)


def _pack(province: str) -> str:
    from ...scenarios import list_provinces

    return check_province(province, list_provinces())


_runs = partial(
    _whole,
    least=1,
    most=LARGEST_RUNS,
    key="runs",
    problem="{!r} futures cannot be run",
    allowed=f"a whole number from 1 to {LARGEST_RUNS}",
)
Runs = Annotated[int, PlainValidator(_runs)]

OfPack = Annotated[str, AfterValidator(_pack)]
"""A province that comes with the package, under any of its names."""

InProvince = Annotated[str, AfterValidator(lambda one: one if Path(one).is_dir() else _pack(one))]
"""The same, or the folder of a pack of one's own."""


class BatchOptions(BaseModel):
    """What every batch has.

    Attributes
    ----------
    scale : float
        Share of the many small actors that is simulated, from 0.01 to 1.
    seed : int
        From 0 to 2**63 - 1; the same seed gives the same tables.
    workers : int, optional
        Worker processes; one for each usable core by default, 0 for this process.
    out : Path, optional
        The experiment's folder.
    cluster : str, optional
        Address of a dask scheduler whose workers make the runs.
    again : bool
        Try every run again that failed before; see `batch.complete`.
    other_versions : bool
        Add runs to a folder that was begun with other libraries; see `installation.accepted`.
    progress : callable, optional
        Called with a `progress.Progress` as the runs come in.

    Raises
    ------
    InputError
        With the option's name, what was given and what is allowed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    scale: Annotated[float, PlainValidator(_scale)] = 0.1
    seed: Annotated[int, PlainValidator(_seed)] = 1
    workers: Annotated[int | None, PlainValidator(_workers)] = None
    out: Annotated[Path, AfterValidator(check_folder)] | None = None
    cluster: str | None = None
    again: bool = False
    other_versions: bool = False
    progress: Callable[..., None] | None = Field(default=None, repr=False)

    def __init__(self, **given: Any) -> None:
        try:
            super().__init__(**given)
        except ValidationError as error:
            raise self._refused(error) from error

    @classmethod
    def from_words(cls, given: dict[str, Any]) -> Self:
        """Take from the names of a command what this record has, and leave it the rest."""
        return cls(**{name: value for name, value in given.items() if name in cls.model_fields})

    def but(self, **changes: Any) -> Self:
        """Give the same options with changes, checked together."""
        return type(self)(**{**{name: getattr(self, name) for name in type(self).model_fields}, **changes})

    @classmethod
    def _refused(cls, error: ValidationError) -> InputError:
        """Say in one line what pydantic found first."""
        first = error.errors()[0]
        key = str(first["loc"][0])
        if first["type"] == "extra_forbidden":
            names = list(cls.model_fields)
            return InputError(
                "unknown option", key=key, allowed=", ".join(names), suggestion=nearest(key, names)
            )
        return InputError(f"{first['input']!r} cannot be taken: {first['msg']}", key=key)


class FuturesOptions(BatchOptions):
    """A batch of so many futures.

    Attributes
    ----------
    runs : int
        From 1 to `LARGEST_RUNS`; each is run in every scenario.
    """

    runs: Runs = 100


class WorldOptions(BatchOptions):
    """A batch of a scenario, in its own province or another.

    Attributes
    ----------
    scenario : Scenario, str or Path
        A scenario, its name, or its file.
    changes : tuple of str
        What is changed in it, ``NAME=VALUE`` or ``LEVER@YYYY-Qn=VALUE``; see `scenarios.changed_in_words`.
    province : str, optional
        Runs it in this province (or the folder of a pack).
    own : OwnCode
        Rules and indicators from outside.
    """

    scenario: Any = "action_plan"
    changes: Annotated[tuple[str, ...], BeforeValidator(lambda given: tuple(given or ()))] = ()
    province: InProvince | None = None
    own: OwnCode = NOTHING
