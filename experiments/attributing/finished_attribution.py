"""A finished attribution, as a notebook shows it: its table, and where everything lies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

import pandas as pd

from ...engine.errors import InputError
from ..effects.package_runs import asked_in
from ..keeping.integrity import open_finished
from ..keeping.store import Store

__all__ = ["ATTRIBUTION", "Attribution"]

ATTRIBUTION: Final = "attribution.csv"


@dataclass(frozen=True, repr=False)
class Attribution:
    """What each project and task adds to the effect of a scenario.

    Attributes
    ----------
    folder : Path
        Holds runs, table, manifest, failures.
    table : DataFrame
        ``attribution.csv``; columns `attribution_table.COLUMNS`.
    failed : int
        Runs that failed; a future with one is left out.
    plotter : callable or None
        Draws one quantity: ``plotter(folder, target, lang)``. Set by the room of reports when it is loaded,
        because an experiment must not know reports.
    tabulator : callable or None
        Writes the rows of what was asked in HTML: ``tabulator(folder, lang)``. Set likewise.
    """

    folder: Path
    table: pd.DataFrame
    failed: int

    plotter: ClassVar[Callable[[Path, str | None, str], Any] | None] = None
    tabulator: ClassVar[Callable[[Path, str], str] | None] = None

    @classmethod
    def read(cls, folder: str | Path) -> Attribution:
        """Read a finished attribution from its folder.

        Raises
        ------
        InputError
            If the folder holds none.
        """
        store = open_finished(Path(folder))
        try:
            words = {name: "" for name in ("counting", "item", "other")}
            return cls(store.folder, store.read_csv(ATTRIBUTION).fillna(words), len(store.failures()))
        except OSError as error:
            raise InputError(
                f"{str(folder)!r} holds no finished attribution",
                key="folder",
                allowed=f"a folder with {ATTRIBUTION}",
            ) from error

    @property
    def asked(self) -> list[tuple[str, str]]:
        """What was asked, each as id and way of counting."""
        return asked_in(Store(self.folder))

    @property
    def exit_code(self) -> int:
        """0 if every run ended well, 1 if some failed."""
        return 1 if self.failed else 0

    def plot(self, target: str | None = None, lang: str = "en") -> Any:
        """Draw the parts of a target, the first that was asked by default, in English or Chinese (``zh``)."""
        if Attribution.plotter is None:
            raise InputError(
                "nothing is loaded that draws figures",
                key="plot",
                allowed="with `from shaanxi_transfer import attribute`, which loads the reports",
            )
        return Attribution.plotter(self.folder, target, lang)

    def __repr__(self) -> str:
        """Say where it is and of how many futures."""
        pairs = int(self.table["pairs"].iloc[0])
        return f"<Attribution in {str(self.folder)!r}: {pairs} futures, {self.failed} runs failed>"

    def _repr_html_(self) -> str:
        """Show the rows of what was asked in a notebook."""
        return repr(self) if Attribution.tabulator is None else Attribution.tabulator(self.folder, "en")
