"""Who sold to whom in one year of one run: the contracts themselves, which live for a quarter only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ..engine.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from ..scenarios import Scenario

__all__ = ["COLUMNS", "contracts_of_run"]

COLUMNS: Final = (
    "seller_kind", "seller", "seller_city", "buyer_kind", "buyer", "buyer_city", "contracts", "value",
)  # fmt: skip
_ENDS: Final = ("seller", "buyer")


def contracts_of_run(scenario: Scenario, year: int, *, seed: int = 1, scale: float = 0.1) -> pd.DataFrame:
    """Run a scenario up to the end of a year, and gather the contracts signed in it by seller and buyer.

    Contracts are read at the end of each quarter, before the next one clears them; the run is the same
    to the bit as one that nobody looks at.

    Parameters
    ----------
    scenario : Scenario
    year : int
        Of the scenario.
    seed : int
        Seed of the future.
    scale : float
        Rows for each small or middle enterprise, 0.01 to 1: below 1 a row stands for several firms.

    Returns
    -------
    pandas.DataFrame
        A row for each pair, the largest value first: kind of each end (``outside`` beyond the province), its
        row in the table of its kind, its city (empty outside), number of contracts, and their
        value in yuan.

    Raises
    ------
    InputError
        If the scenario does not hold the year, or seed or scale is not allowed.
    """
    import pandas as pd

    from ..agents.goods import SIGNED
    from ..engine.books import SECTORS
    from ..model.ecosystem import Ecosystem

    tables: list[pd.DataFrame] = []
    with np.errstate(over="ignore"):  # hash arithmetic wraps around on purpose
        ecosystem = Ecosystem(scenario, seed=seed, scale=scale)
        calendar, cities = ecosystem.province.calendar, ecosystem.names["city"]
        first, last = ecosystem.province.quarter.year, calendar.end.year
        if not first <= year <= last:
            raise InputError(
                f"{year} is not in the scenario {scenario.name!r}", key="--year", allowed=f"{first} to {last}"
            )
        while ecosystem.running:
            ecosystem.step()
            now = ecosystem.province.quarter.year
            if now > year:
                break
            if now == year:
                rows = ecosystem.province.contracts.rows
                tables.append(_pairs(rows[rows["state"] == SIGNED], SECTORS, cities))
        ecosystem.release()
    whole = pd.concat(tables).groupby(list(COLUMNS[:6]), sort=False)[["contracts", "value"]].sum()
    return whole.sort_values("value", ascending=False, kind="stable").reset_index()


def _pairs(rows: Any, sectors: tuple[str, ...], cities: tuple[str, ...]) -> pd.DataFrame:
    """Put codes into words; one row a contract."""
    import pandas as pd

    places = np.array([*cities, ""])  # the code -1 stands at the end
    kinds = np.array(sectors)
    found: dict[str, Any] = {}
    for end in _ENDS:
        found[f"{end}_kind"] = kinds[rows[f"{end}_sector"]]
        found[end] = rows[f"{end}_row"].copy()
        found[f"{end}_city"] = places[rows[f"{end}_city"]]
    return pd.DataFrame({**found, "contracts": 1, "value": rows["value"].copy()})[list(COLUMNS)]
