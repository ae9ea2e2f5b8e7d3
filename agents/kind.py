"""Kinds of actors: what each file of agents declares of its kind, once, for all who ask.

A kind is named in the books' :data:`SECTORS`, and the file of that name declares it:
its table, the parameters that its rules read, and who lives in the province at the
start. The province's tables and first populations, the records of parameters, the
Mesa agents and the page of columns are all made from these declarations.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar, cast

import numpy as np
import numpy.typing as npt

from ..engine.books import AGGREGATES, SECTORS
from ..engine.columns import Columns
from ..engine.errors import BooksError
from ..engine.table import Table

if TYPE_CHECKING:
    from .inputs import Parameters
    from .rows import Row

WITHOUT_MONEY: Final = ("trainee",)
"""Kinds that hold no money, and therefore are no sector of the books."""

FIRST_ORDINAL: Final = 1_000_000
"""Ordinals of the bodies of the start, apart from those founded in the first step."""

RowT = TypeVar("RowT")


class Opening(NamedTuple):
    """What is known of a province when its first populations settle.

    Attributes
    ----------
    province : str
        Name of the pack, part of the keys.
    capital : int
        Code of the city where banks and funds sit.
    date : float
        Start of the run.
    seed : int
    city_firms, city_research, field_needs : ndarray of float64
        Cumulative shares of the cities in firms and in R&D, and of the fields in needs.
    """

    province: str
    capital: int
    date: float
    seed: np.uint64
    city_firms: npt.NDArray[np.float64]
    city_research: npt.NDArray[np.float64]
    field_needs: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Kind(Generic[RowT]):
    """Declaration of a kind of actor.

    Attributes
    ----------
    sector : str
        Name in the books, and of the file that declares it.
    plural : str
        What its rows are, for messages.
    columns : tuple of Column
    family : str
        Record of parameters that its rules are handed, see `Terms`; empty if they read none.
    reads : tuple of str
        Parameters that its rules read.
    settle : callable, optional
        Fills its empty table at the start, from the record of its family and the opening. Kinds whose first
        rows need the tables of the pack are settled by ``first_populations`` instead.
    """

    sector: str
    plural: str
    columns: Columns[RowT]
    family: str = ""
    reads: tuple[str, ...] = ()
    settle: Callable[[Table[RowT], Parameters, Opening], None] | None = None


_DECLARED: Final[dict[str, Kind[Row]]] = {}


def declare(kind: Kind[RowT]) -> None:
    """Enter a kind; a statement of its own, so that the hash of a run's code covers what it names."""
    _DECLARED[kind.sector] = cast("Kind[Row]", kind)


@functools.cache
def kinds() -> tuple[Kind[Row], ...]:
    """Give all kinds of actors, in the order of the books.

    Raises
    ------
    BooksError
        If no file of agents declares a kind that the books name.
    """
    return tuple(_kind(name) for name in (*SECTORS, *WITHOUT_MONEY) if name not in AGGREGATES)


def _kind(name: str) -> Kind[Row]:
    """Read the file of a kind and give what it declares."""
    module = f"{__package__}.{name}"
    try:
        import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
    if name not in _DECLARED:
        raise BooksError(f"agents/{name}.py: the books name the kind {name!r}, which no file declares")
    return _DECLARED[name]


def empty_tables() -> dict[str, Table[Row]]:
    """Make a table without rows for each kind, by sector."""
    return {kind.sector: Table(kind.plural, kind.columns) for kind in kinds()}
