"""A finished experiment with packages, as a notebook shows it: its table, and where everything lies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import pandas as pd

from ...engine.errors import InputError
from ..keeping.integrity import open_finished
from ..keeping.shown import Shown
from ..keeping.store import Store
from .package_runs import asked_in

__all__ = ["FinishedPackages"]


@dataclass(frozen=True, repr=False)
class FinishedPackages(Shown):
    """What packages of a scenario's levers came to.

    Attributes
    ----------
    folder : Path
        Holds runs, table, manifest, failures.
    table : DataFrame
        The file `TABLE`, with empty texts where there is none.
    failed : int
        Runs that failed.
    """

    folder: Path
    table: pd.DataFrame
    failed: int

    TABLE: ClassVar[str]
    CALLED: ClassVar[str]

    @classmethod
    def read(cls, folder: str | Path) -> Self:
        """Read a finished experiment from its folder.

        Raises
        ------
        InputError
            If the folder holds none of this kind.
        """
        store = open_finished(Path(folder))
        try:
            return cls(store.folder, cls._table_in(store, cls.TABLE), len(store.failures()))
        except OSError as error:
            raise InputError(
                f"{str(folder)!r} holds no finished {cls.CALLED}",
                key="folder",
                allowed=f"a folder with {cls.TABLE}",
            ) from error

    @property
    def asked(self) -> list[tuple[str, str]]:
        """What was asked, each as id and way of counting."""
        return asked_in(Store(self.folder))

    @property
    def exit_code(self) -> int:
        """0 if every run ended well, 1 if some failed."""
        return 1 if self.failed else 0

    def plot(self, target: str | None = None, lang: str | None = None) -> Any:
        """Draw a target, the first that was asked by default, in English or Chinese (``zh``)."""
        return self._drawn(target, lang)

    def __repr__(self) -> str:
        """Say where it is and of how many futures."""
        pairs = int(self.table["pairs"].max())
        return f"<{type(self).__name__} in {str(self.folder)!r}: {pairs} futures, {self.failed} runs failed>"
