"""What every finished experiment has in common in a notebook: it draws itself, and shows its table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from ...engine.errors import InputError
from ...engine.words import check_language

if TYPE_CHECKING:
    import pandas as pd

    from .store import Store

__all__ = ["Shown"]


class Shown:
    """A finished experiment that a notebook shows.

    Attributes
    ----------
    plotter : callable or None
        Draws it: ``plotter(folder, ..., lang)``, with what `plot` of the experiment takes between them.
    tabulator : callable or None
        Writes its table in HTML: ``tabulator(folder, lang)``.
    """

    plotter: ClassVar[Callable[..., Any] | None] = None
    tabulator: ClassVar[Callable[[Path, str], str] | None] = None

    if TYPE_CHECKING:  # a dataclass would take what stands here for the default of its field

        @property
        def folder(self) -> Path:
            """Folder that holds everything."""

    @classmethod
    def shown_by(
        cls, plotter: Callable[..., Any], tabulator: Callable[[Path, str], str] | None = None
    ) -> None:
        """Teach it to show itself; reports do so when they are loaded, for experiments must not know them."""
        cls.plotter = staticmethod(plotter)
        cls.tabulator = None if tabulator is None else staticmethod(tabulator)

    @staticmethod
    def _table_in(store: Store, name: str) -> pd.DataFrame:
        """Read a table, with empty texts where there is none."""
        table = store.read_csv(name)
        texts = table.select_dtypes(exclude="number").columns
        table[texts] = table[texts].fillna("")
        return table

    def citation(self, lang: str | None = None) -> str:
        """Say in one line how this experiment is to be cited.

        Parameters
        ----------
        lang : {'en', 'zh'}, optional
            Language of the line; that of this machine by default.

        Returns
        -------
        str
            Authors, title, version, hash of the rules, and what fixes the numbers.
        """
        from .citation import citation_of
        from .store import Store

        return citation_of(Store(self.folder).manifest(), check_language(lang))

    def _drawn(self, *asked: str | None) -> Any:
        draw = type(self).plotter
        if draw is None:
            raise InputError(
                "nothing is loaded that draws figures",
                key="plot",
                allowed="imported from shaanxi_transfer itself, which loads the reports",
            )
        return draw(self.folder, *asked)

    def _repr_html_(self) -> str | None:
        """Show the table in a notebook, in the language of this machine, or the name of what has none."""
        tabulate = type(self).tabulator
        return None if tabulate is None else tabulate(self.folder, check_language())
