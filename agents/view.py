"""Mesa agents as views: one named object for a row, made only when somebody looks.

Rules never go through views; they are for notebooks, inspection and data
collectors. A view knows its row by key, so it survives births, deaths and sorting.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Protocol, cast

import mesa
import numpy as np

from ..engine.columns import Column
from ..engine.table import Table
from .kind import Kind, RowT

if TYPE_CHECKING:
    from .rows import Row


class _Ecosystem(Protocol):
    """What a view needs to know of its model."""

    names: dict[str, Sequence[str]]


class RowView(mesa.Agent):  # type: ignore[misc]
    """One actor as a Mesa agent.

    Attributes are the declared columns of its kind; reading gives the row's value
    of now, writing writes through. Codes with names read as words through
    ``agent.name_of("field")``. ``RowView.OF`` gives the class of each kind by its sector.
    """

    KIND: ClassVar[Kind[Row]]
    OF: ClassVar[dict[str, type[RowView]]] = {}

    def __init__(self, model: _Ecosystem, table: Table[Row], row: int) -> None:
        # Not Agent.__init__, which registers with the model: a view is known by its row's key, it comes and
        # goes with looking, and the counter of some versions of Mesa would keep the model alive for ever.
        self.model = model
        self.pos = None
        self._table = table
        self._row = int(row)
        self.key = int(table.rows["key"][row])
        self.unique_id = self.key

    def __init_subclass__(cls, kind: Kind[RowT], **options: object) -> None:
        """Give each declared column a property, and be found under the name of the kind."""
        super().__init_subclass__(**options)
        cls.KIND = cast("Kind[Row]", kind)
        cls.OF[kind.sector] = cls
        for column in cls.KIND.columns:
            if column.name != "key":
                setattr(cls, column.name, _column_property(column))

    @property
    def row(self) -> Row:
        """The row itself, found by key.

        Raises
        ------
        LookupError
            If the actor has left the province.
        """
        rows = self._table.rows
        if self._row < len(rows) and int(rows["key"][self._row]) == self.key:
            return rows[self._row]
        found = np.flatnonzero(rows["key"] == np.uint64(self.key))
        if not len(found):
            raise LookupError(f"{type(self).__name__} {self.key} has left the province")
        self._row = int(found[0])
        return rows[self._row]

    def name_of(self, column: str) -> str:
        """Read a code as the word it stands for, for example ``firm.name_of("city")``."""
        code = int(self.row[column])
        for declared in self.KIND.columns:
            if declared.name == column and declared.names:
                return declared.names[code]
        names: dict[str, Sequence[str]] = self.model.names
        return names[column][code]

    def __repr__(self) -> str:
        """Name the kind and the key."""
        return f"<{type(self).__name__} {self.key:016x}>"


def _column_property(column: Column) -> property:
    def read(self: RowView) -> float:
        value: float = self.row[column.name].item()
        return value

    def write(self: RowView, value: float) -> None:
        self.row[column.name] = value

    return property(read, write, doc=f"{column.meaning} ({column.unit})")
