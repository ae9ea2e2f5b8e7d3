"""What an indicator is: a reported number with unit, kind, definition and the way it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ...engine.books import CAUSE

if TYPE_CHECKING:
    import numpy.typing as npt

    from ..province import Province

Kind = Literal["flow", "stock", "ratio"]


@dataclass(frozen=True)
class Indicator:
    """One reported number.

    Attributes
    ----------
    id : str
        Name in all tables.
    unit : str
        Unit of :data:`shaanxi_transfer.engine.units.UNITS`.
    kind : {"flow", "stock", "ratio"}
        A flow is summed over the steps of a quarter, a stock or ratio is its value at the end.
    title_en, title_zh, definition, definition_zh : str
    read : callable, optional
        Reads the value off the province after a step; None while the indicator is
        not modelled, and then it is absent from every record.
    read_by_city : callable, optional
        Reads the values of all cities, in the order of the pack, where they are given as well.
    """

    id: str
    unit: str
    kind: Kind
    title_en: str
    title_zh: str
    definition: str
    definition_zh: str
    read: Callable[[Province], float] | None = None
    read_by_city: Callable[[Province], npt.ArrayLike] | None = None

    @property
    def modelled(self) -> bool:
        """Whether the model gives this number."""
        return self.read is not None


def counted(record: str, name: str, place: int | None = None) -> Callable[[Province], float]:
    """Read a number off what the province counts: ``counted("tally", "value_by_type", 2)``.

    Most numbers are read so, through the same few lines: a function of its own for each would be fetched
    anew in each step, which takes longer than the reading.

    Parameters
    ----------
    record : str
        Attribute of the province.
    name : str
        Attribute of that.
    place : int, optional
        Place within it, where it is an array.
    """
    if place is None:
        return lambda province: float(getattr(getattr(province, record), name))
    return lambda province: float(getattr(getattr(province, record), name)[place])


def paid(cause: str) -> Callable[[Province], float]:
    """Read what was paid in the step for a cause."""
    code = CAUSE[cause]
    return lambda province: float(province.sums.paid[code])


def share(part: float, whole: float) -> float:
    """Part over whole, 0 when there is no whole."""
    return part / whole if whole else 0.0
