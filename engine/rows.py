"""Arrays of rows as the type checker sees them, so that it knows what ``firms[i].cash`` is.

NumPy cannot tell a checker which fields a structured array has. The fields of each
kind of row stand in ``agents/rows.pyi``; the two types here say "an array of such
rows". Compiled rules take no notice of either.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, overload

import numpy as np
import numpy.typing as npt

RowT_co = TypeVar("RowT_co", covariant=True)
"""The kind of row, for example ``EnterpriseRow``."""


class Rows(Protocol[RowT_co]):
    """What most rules are handed: rows that are looked at, and written to, one by one."""

    @property
    def dtype(self) -> np.dtype[np.void]:
        """Fields of a row; keeps plain arrays of numbers out."""

    def __len__(self) -> int:
        """Count the rows."""

    def __getitem__(self, i: int, /) -> RowT_co:
        """Give row ``i``, written through."""

    def __iter__(self) -> Iterator[RowT_co]:
        """Give the rows in their order."""


if TYPE_CHECKING:

    class RowArray(np.ndarray[tuple[int], np.dtype[np.void]], Generic[RowT_co]):
        """The structured array itself, of which also a part or a whole column can be taken."""

        @overload  # type: ignore[override]
        def __getitem__(self, i: int | np.integer, /) -> RowT_co: ...
        @overload
        def __getitem__(
            self, part: slice | npt.NDArray[np.bool_] | npt.NDArray[np.integer], /
        ) -> RowArray[RowT_co]: ...
        @overload
        def __getitem__(self, column: str, /) -> npt.NDArray[Any]: ...
        def __getitem__(self, key: Any, /) -> Any: ...
        def __iter__(self) -> Iterator[RowT_co]: ...  # type: ignore[override]

else:
    RowArray = np.ndarray

__all__ = ["RowArray", "RowT_co", "Rows"]
