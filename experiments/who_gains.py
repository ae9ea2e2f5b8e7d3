"""Who gains by a scenario, and who loses: the differences of a comparison by city, kind and size of actor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..engine.errors import InputError
from ..engine.quarters import Quarter
from .forecasting.target_and_indicator_tables import yearly_of_parts
from .gaining.breakdowns import BREAKDOWNS, checked
from .gaining.gains_table import gains_table, wanted_indicators
from .keeping.integrity import open_finished
from .keeping.shown import Shown
from .keeping.store import PREDICTIVE, WHO_GAINS, Store
from .planning import door_to_model

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["WhoGains", "asked_by", "read_gains", "who_gains"]

BY: Final = "by"
"""Entry of the manifest: what differences were broken down by last; no part of the identity."""


@dataclass(frozen=True, repr=False)
class WhoGains(Shown):
    """What a comparison changes for whom.

    Attributes
    ----------
    folder : Path
        Of the comparison, where ``who_gains.csv`` lies.
    table : DataFrame
        Columns `gains_table.COLUMNS`; parts of a future sum to the whole to the yuan.
    """

    folder: Path
    table: pd.DataFrame

    def plot(self, by: str | None = None, indicator: str | None = None, lang: str | None = None) -> Any:
        """Draw who gains and who loses in the last year, by the first breakdown and indicator by default."""
        return self._drawn(by, indicator, lang)

    def __repr__(self) -> str:
        """Say where it is and by what."""
        by = ", ".join(dict.fromkeys(self.table["by"]))
        return f"<WhoGains in {str(self.folder)!r}: by {by}, {int(self.table['pairs'].max())} futures>"


def who_gains(folder: str | Path, by: str | Sequence[str] = ("city", "kind")) -> WhoGains:
    """Break down the differences of a finished comparison, from its folder alone; no run is made.

    Parameters
    ----------
    folder : str or Path
        Of a forecast of two scenarios or more.
    by : str or sequence of str
        Of ``city``, ``kind`` and ``size``. Sizes are there if the comparison was begun with ``by="size"``.

    Returns
    -------
    WhoGains
        ``who_gains.csv`` is written into the folder.

    Raises
    ------
    InputError
        If the folder holds no such comparison, or its runs took nothing down by this.
    """
    asked = checked(by)
    if not asked:
        raise InputError("nothing is to be broken down by", key="by", allowed=", ".join(BREAKDOWNS))
    store = open_finished(Path(folder))
    identity = store.manifest()["identity"]
    scenarios = list(identity["scenarios"])
    if identity.get("kind") != "forecast" or len(scenarios) < 2 or len(identity["data"]) > 1:
        raise InputError(
            f"{str(folder)!r} holds no scenario against another of its province",
            key="folder",
            allowed="a forecast of two scenarios or more",
        )
    contents = [entry["contents"] for entry in identity["scenarios"].values()]
    definitions = door_to_model.definitions_in(store.folder, identity)
    names = _indicators_of(store)
    wanted = set(wanted_indicators(names, asked))
    parts = (frame[frame["indicator"].isin(wanted)] for frame in store.frames(PREDICTIVE))
    years = yearly_of_parts(parts, definitions)
    first = min(Quarter.parse(str(one["plan_start"])).year for one in contents)
    (province,) = identity["data"]
    table = gains_table(years, definitions, scenarios, str(province), asked, first)
    store.write_csv(WHO_GAINS, table)
    store.note(**{BY: list(asked)})
    store.list_files()
    return read_gains(store.folder)


def read_gains(folder: str | Path) -> WhoGains:
    """Read who gains from the folder of a comparison that was broken down.

    Raises
    ------
    InputError
        If it was not.
    """
    store = open_finished(Path(folder))
    try:
        return WhoGains(store.folder, store.read_csv(WHO_GAINS))
    except OSError as error:
        raise InputError(
            f"{str(folder)!r} says nothing of who gains", key="folder", allowed=f"a folder with {WHO_GAINS}"
        ) from error


def asked_by(folder: str | Path) -> tuple[str, ...]:
    """Give what a comparison was broken down by last; nothing if it never was."""
    return tuple(Store(Path(folder)).manifest().get(BY, ()))


def _indicators_of(store: Store) -> list[str]:
    """Name what the record of a run holds: all of a store are alike."""
    for frame in store.frames(PREDICTIVE):
        return [str(name) for name in frame["indicator"].cat.categories]
    return []
