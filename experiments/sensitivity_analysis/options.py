"""What a person may ask of a sensitivity analysis: one frozen record, from the verb down to the runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final, Literal, get_args

import numpy as np
from pydantic import BeforeValidator, Field, PlainValidator

from ...engine.errors import InputError, check_choice
from ..planning.factors import GROUPINGS, KINDS, Grouping, Over
from ..planning.options import WorldOptions

__all__ = ["SensitivityOptions"]

Rest = Literal["central", "drawn"]

_MOST_SEEDS: Final = 10_000


def _one_of(key: str, choices: tuple[str, ...]) -> PlainValidator:
    return PlainValidator(lambda given: check_choice(given, key, choices))


def _futures(seeds: Any) -> int | None:
    """Give a number of futures, None for ``auto``."""
    if seeds in ("auto", None):
        return None
    if isinstance(seeds, str):
        try:
            seeds = int(seeds)
        except ValueError as error:
            raise InputError(
                f"{seeds!r} is no number of futures", key="seeds", allowed="auto, or a whole number from 2 on"
            ) from error
    if not isinstance(seeds, (int, np.integer)) or isinstance(seeds, bool) or not 2 <= seeds <= _MOST_SEEDS:
        raise InputError(
            f"{seeds!r} futures at every point cannot be analysed",
            key="seeds",
            allowed=f"auto, or a whole number from 2 to {_MOST_SEEDS} (with one alone, luck cannot be told)",
        )
    return int(seeds)


def _names(given: Any) -> Any:
    return [name.strip() for name in given.split(",") if name.strip()] if isinstance(given, str) else given


class SensitivityOptions(WorldOptions):
    """What makes a sensitivity analysis, and how; see `sensitivity.sensitivity`.

    Attributes
    ----------
    method : str
        Of `methods.METHODS`.
    over, group_by, rest : str
        What is varied, what together, and what becomes of the other parameters.
    only : tuple of str, optional
        Ids of the factors, also with commas between.
    points : int, optional
        Size of the design, in the method's own count.
    seeds : int, optional
        Futures at every point; None (``auto``) if the pilot is to choose.
    announce : callable, optional
        Called with an `Announcement` before the pilot and before the rest.
    """

    method: str = "morris"
    over: Annotated[Over, _one_of("over", KINDS)] = "both"
    group_by: Annotated[Grouping, _one_of("group_by", GROUPINGS)] = "none"
    only: Annotated[tuple[str, ...], BeforeValidator(_names)] | None = None
    points: int | None = None
    seeds: Annotated[int | None, PlainValidator(_futures)] = None
    rest: Annotated[Rest, _one_of("rest", get_args(Rest))] = "central"
    announce: Callable[..., None] | None = Field(default=None, repr=False)
