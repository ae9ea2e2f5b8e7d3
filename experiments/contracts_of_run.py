"""Who sold to whom in one year of one run: the contracts themselves, which live for a quarter only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..engine.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from ..scenarios import Scenario

__all__ = ["COLUMNS", "contracts_of_run"]

COLUMNS: Final = (
    *("seller", "seller_key", "seller_city", "buyer", "buyer_key", "buyer_city"),
    *("contracts", "value"),
)


def contracts_of_run(scenario: Scenario, year: int, *, seed: int = 1, scale: float = 0.1) -> pd.DataFrame:
    """Run a scenario once, and gather the contracts signed in a year by seller and buyer.

    Contracts are read at the end of each quarter, before the next one clears them (`SeenDeals`); the run is
    the same to the bit as one that nobody looks at.

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
        key (0 outside and for the treasury), its city (empty outside), number of contracts, and their value
        in yuan. Columns `COLUMNS`.

    Raises
    ------
    InputError
        If the scenario does not hold the year, or seed or scale is not allowed.
    """
    import pandas as pd

    from ..model.running import run
    from ..model.state.calendar import Calendar
    from .explaining.seen_deals import SeenDeals

    calendar = Calendar.of(scenario)
    first, last = calendar.start.year, calendar.end.year
    if not first <= year <= last:
        raise InputError(
            f"{year} is not in the scenario {scenario.name!r}", key="--year", allowed=f"{first} to {last}"
        )
    seen = SeenDeals()
    run(scenario, seed=seed, scale=scale, indicators=seen.indicators())
    deals = pd.concat(seen.contracts)
    deals = deals[deals["year"] == year].assign(contracts=1)
    pairs = deals.groupby(list(COLUMNS[:6]), sort=False)[["contracts", "value"]].sum().reset_index()
    return pairs.sort_values("value", ascending=False, kind="stable", ignore_index=True)
