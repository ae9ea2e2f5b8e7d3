"""A finished discovery: the table of conclusions and boxes, and the forecast that it is about."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import pandas as pd

from ...engine.errors import InputError
from ..keeping.integrity import open_finished
from ..keeping.shown import Shown
from ..keeping.store import BOXES, WORTH

__all__ = ["Discovery", "TableOfForecast", "Worth"]


@dataclass(frozen=True, repr=False)
class TableOfForecast(Shown):
    """A table that was made of a finished forecast, in its folder.

    Attributes
    ----------
    folder : Path
        Of the forecast.
    table : DataFrame
        The file `TABLE`, with empty texts where there is none.
    failed : int
        Runs of the forecast that failed.
    """

    folder: Path
    table: pd.DataFrame
    failed: int

    TABLE: ClassVar[str]

    @classmethod
    def read(cls, folder: str | Path) -> Self:
        """Read the table from the folder of a forecast; an `InputError` if it is not there."""
        store = open_finished(Path(folder))
        if not (store.folder / cls.TABLE).is_file():
            raise InputError(
                f"{str(folder)!r} holds no {cls.TABLE}",
                key="folder",
                allowed=f"`shaanxi-transfer {cls.__name__.lower()} {folder}`, which writes it",
            )
        return cls(store.folder, cls._table_in(store, cls.TABLE), len(store.failures()))

    @property
    def exit_code(self) -> int:
        """0 if every run ended well, 1 if some failed."""
        return 1 if self.failed else 0

    def plot(self, lang: str | None = None) -> Any:
        """Draw it, in English or Chinese (``zh``)."""
        return self._drawn(lang)

    def __repr__(self) -> str:
        """Say where it is."""
        return f"<{type(self).__name__} in {str(self.folder)!r}: {len(self.table)} rows>"


class Discovery(TableOfForecast):
    """In which futures conclusions do not hold; ``table`` has the columns of `box_table.COLUMNS`."""

    TABLE: ClassVar[str] = BOXES


class Worth(TableOfForecast):
    """What statistics are worth; ``table`` has the columns of `worth_table.COLUMNS`."""

    TABLE: ClassVar[str] = WORTH
