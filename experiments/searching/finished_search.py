"""A finished search: its table, its answer, and the packages as scenarios."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple, Self

import pandas as pd

from ...engine.errors import InputError
from ..effects.finished_packages import FinishedPackages
from ..effects.packages import ALL
from ..keeping.store import PACKAGES, Store
from ..planning import door_to_model
from .search_study import fresh_seed

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["PACKAGES", "Search", "Wanted", "with_texts"]

_TEXTS: Final = ("counting", "state", "held_by")


class Wanted(NamedTuple):
    """What a search was asked for.

    Attributes
    ----------
    chance : float
    budget : float or None
    seed : int
        Of the fresh futures.
    futures : int
        How many there are of them.
    """

    chance: float
    budget: float | None
    seed: int
    futures: int


def with_texts(table: pd.DataFrame) -> pd.DataFrame:
    """Give empty texts where a column of texts came back from a file without any."""
    empty = {name: table[name].astype("object").where(table[name].notna(), "") for name in _TEXTS}
    return table.assign(**empty)


class Search(FinishedPackages):
    """What a search found; ``table`` has the columns of `packages_table.COLUMNS`."""

    TABLE: ClassVar[str] = PACKAGES
    CALLED: ClassVar[str] = "search"

    @classmethod
    def read(cls, folder: str | Path) -> Self:
        """Read a finished search from its folder; see `finished_packages.FinishedPackages.read`."""
        found = super().read(folder)
        return replace(found, table=with_texts(found.table))

    @property
    def wanted(self) -> Wanted:
        """What was asked for."""
        identity = Store(self.folder).manifest()["identity"]
        return Wanted(identity["chance"], identity["budget"], fresh_seed(identity["seed"]), identity["runs"])

    @property
    def answer(self) -> str:
        """``without`` (met without any lever), ``cheapest`` or ``out_of_reach``."""
        return str(self.table["answer"].iloc[0])

    @property
    def package(self) -> str:
        """Name of the package that answers; out of reach the best that can be had."""
        answers = self.table[self.table["role"].isin(["without", "cheapest", "best"])]
        return str(answers["package"].iloc[0])

    def scenario(self, package: str | None = None) -> Scenario:
        """Give a package as a scenario, to be saved or forecast; the one that answers by default.

        Raises
        ------
        InputError
            If the table has no such package.
        """
        name = self.package if package is None else package
        rows = self.table[self.table["package"] == name]
        if rows.empty:
            known = ", ".join(dict.fromkeys(self.table["package"].astype(str)))
            raise InputError(f"no package is called {name!r}", key="package", allowed=known)
        ((_, entry),) = Store(self.folder).manifest()["identity"]["scenarios"].items()
        scenario = door_to_model.scenario_of(entry["contents"])
        if name == ALL:
            return scenario
        levers = rows[rows["kind"] == "lever"]
        values = dict(zip(levers["id"].astype(str), levers["value"].astype(float), strict=True))
        return scenario.set(all="no_plan", **values, name=name)
