"""What a statistic would show in each future, with its error."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ...engine import luck
from ...engine.errors import InputError, nearest
from ..planning.definitions import Definitions

if TYPE_CHECKING:
    from ...scenarios import Statistic

__all__ = ["known_statistics", "observed"]

FloatArray = npt.NDArray[np.float64]

_ERROR: Final = luck.mechanism("error of a statistic")


def known_statistics(file: Path | None, definitions: Definitions) -> list[Statistic]:
    """Read the statistics of a file, of those of the package by default; refuse one of no indicator.

    Raises
    ------
    InputError
        As of `scenarios.read_statistics`.
    """
    from ...scenarios import read_statistics

    statistics = read_statistics(file)
    for one in statistics:
        if one.indicator.partition(".")[0] not in definitions.indicators:
            raise InputError(
                f"{one.id} observes {one.indicator!r}, and there is no such indicator",
                file=file,
                key="indicator",
                allowed="those of `list indicators`",
                suggestion=nearest(one.indicator, definitions.indicators),
            )
    return statistics


def observed(one: Statistic, values: FloatArray, seeds: npt.NDArray[np.int64]) -> FloatArray:
    """Observe a statistic once in each future; shares stay within 0 and 1.

    Parameters
    ----------
    one : Statistic
    values : ndarray of shape (futures,)
        What is true in each future, in the indicator's unit.
    seeds : ndarray of int64 of shape (futures,)
        Of the futures: the error is luck of each.
    """
    key = luck.key_of("statistic", one.id)
    drawn = np.array([luck.draw_normal(int(seed), int(_ERROR), key, one.year) for seed in seeds])
    if one.measure == "share":
        return np.asarray(np.clip(values + one.error(values) * drawn, 0.0, 1.0))
    return np.asarray(values * np.exp(one.error(values) * drawn))
