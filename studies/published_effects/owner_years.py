"""Universities and institutes by year, before and after a change: what designs on owners compare."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from .design import Measured, first_rows
from .estimate import in_logarithms
from .poisson import poisson_difference

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["keys_of", "measured_change", "with_most_research", "years_of_owners"]

KINDS: Final = ("university", "research_institute")

Keys = npt.NDArray[np.uint64]


def keys_of(owners: pd.DataFrame, kind: str) -> Keys:
    """Give the keys of the owners of a kind."""
    keys: Keys = owners.loc[owners["kind"] == kind, "key"].drop_duplicates().to_numpy()
    return keys


def with_most_research(scenario: Scenario, kind: str, number: int, seed: int) -> tuple[int, ...]:
    """Give the keys of the owners of a kind with most research in a future, before it is lived."""
    rows = first_rows(scenario, kind, seed)
    keys: list[int] = rows["key"][np.argsort(-rows["rd_share"], kind="stable")].tolist()
    return tuple(keys[:number])


def years_of_owners(
    owners: pd.DataFrame, columns: list[str], treated: Keys, without: int, kinds: Sequence[str] = KINDS
) -> pd.DataFrame:
    """Sum columns up by owner and year.

    Parameters
    ----------
    owners : DataFrame
        As a `Watch` takes them down.
    columns : list of str
        Counts, added up.
    treated : ndarray of uint64
        Keys of the treated.
    without : int
        Year that is left out: in that of a change both rules hold.
    kinds : sequence of str
        Kinds of owners that are compared.

    Returns
    -------
    DataFrame
        Columns key, year, number and treated (1 or 0).
    """
    kept = owners["kind"].isin(list(kinds)) & (owners["year"] != without)
    numbers = owners.loc[kept, ["key", "year"]].assign(number=owners.loc[kept, columns].sum(axis=1))
    years = numbers.groupby(["key", "year"], as_index=False)["number"].sum()
    years["treated"] = np.isin(years["key"].to_numpy(), treated).astype(np.float64)
    return pd.DataFrame(years)


def measured_change(here: pd.DataFrame, there: pd.DataFrame, since: int) -> Measured:
    """Estimate the change of the treated beside the others, in ln, and give the true one.

    Parameters
    ----------
    here, there : DataFrame
        From `years_of_owners`, in the enacted world and in the one without the change.
    since : int
        First year after the change.
    """
    found = poisson_difference(
        here, outcome="number", unit="key", period="year", treated="treated", start=since
    )
    sums = [
        float(table.loc[(table["treated"] == 1.0) & (table["year"] >= since), "number"].sum())
        for table in (here, there)
    ]
    true = math.log(sums[0] / sums[1]) if min(sums) > 0.0 else math.nan
    return Measured(in_logarithms(found, more=True), true)
