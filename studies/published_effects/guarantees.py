"""D2: technology loans under risk compensation, as guarantees were evaluated in France, Italy and elsewhere.

Xi'an's programme of 2011 on is in the history, so that nothing is enacted. Borrowers are the firms that got
their first loan under it from 2011 to 2014; applicants are all who asked a bank, the refused among them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pandas as pd

from .design import Measured, Tables, closings, followed, numbered, rows_at, sums
from .difference_of_means import difference_of_means
from .discontinuity import discontinuity
from .estimate import in_logarithms
from .hazard import hazard_ratio
from .matching import matched_difference, matched_sets

__all__ = ["LIKENESS", "borrowers_and_others", "first_applications", "loans_under_the_programme"]

_START: Final = "2010-Q1"
_END: Final = "2017-Q4"
_YEARS: Final = (2011, 2012, 2013, 2014)
_AFTER: Final = 2
_LOANS: Final = ["loan_programme", "loan_ordinary"]
_TERM: Final = 12
"""Quarters in which a loan of the model is due at the latest."""

_NEAR: Final = ["age", "size"]
_EXACT: Final = ["field", "city", "year"]
LIKENESS: Final[dict[str, Any]] = {
    "before": "before", "after": "after", "treated": "borrower",
    "near": _NEAR, "exact": _EXACT, "neighbours": 5,
}  # fmt: skip
"""Who stands beside a borrower, and what is compared."""


def loans_under_the_programme(tables: Tables) -> dict[str, Callable[[], Measured]]:
    """Give what estimates the figures of D2, from a history's tables of firms and calls."""
    firms, calls = tables["firm"], tables["call"]
    cohorts = _cohorts(firms)
    grown = cohorts[cohorts["there"]]

    @functools.cache  # two studies' figures are found by one comparison
    def sales() -> Measured:
        return Measured(matched_difference(grown, **LIKENESS))

    def closure() -> Measured:
        sets = matched_sets(cohorts, treated="borrower", near=_NEAR, exact=_EXACT)
        found = hazard_ratio(sets, time="quarters", closed="closed", treated="borrower", cluster="key")
        return Measured(in_logarithms(found))

    def marginal_default() -> Measured:
        table = first_applications(firms, calls[(calls["programme"] == "loan_compensation") & calls["won"]])
        return Measured(
            difference_of_means(table.assign(low=_lower_half(table)), outcome="defaulted", treated="low")
        )

    def jump(outcome: str) -> Measured:
        table = first_applications(firms, calls[calls["programme"] == "loan_compensation"])
        return Measured(discontinuity(table, outcome=outcome, score="above", threshold=0.0))

    return {
        "guarantee_sales_france": sales,
        "guarantee_sales_others": sales,
        "guarantee_default_france": closure,
        "guarantee_marginal_default": marginal_default,
        "guarantee_loan_at_threshold": lambda: jump("lent"),
        "guarantee_default_at_threshold": lambda: jump("defaulted"),
    }


def _lower_half(table: pd.DataFrame) -> pd.Series:
    """Mark the half of the borrowers nearest to the threshold, whom the programme let in."""
    return (table["above"] < table["above"].median()).astype(np.float64)


def first_applications(firms: pd.DataFrame, calls: pd.DataFrame) -> pd.DataFrame:
    """Give the first application of each firm, what it was lent then, and whether it did not repay."""
    number = numbered(calls, _START).to_numpy()
    first = calls.assign(number=number)[calls["year"].between(_YEARS[0], _YEARS[-1]).to_numpy()]
    first = first.sort_values("number", kind="stable").drop_duplicates("applicant")
    quarter = numbered(firms, _START)
    table = pd.DataFrame(
        {"above": (first["score"] - first["threshold"]).to_numpy(), "lent": 0.0, "defaulted": 0.0}
    )
    for at in np.unique(first["number"]):
        rows = (first["number"] == at).to_numpy()
        keys = first["applicant"].to_numpy()[rows]
        lent = sums(firms, _LOANS, quarter, int(at), int(at)).reindex(keys).fillna(0.0)
        lost = sums(firms, ["defaulted"], quarter, int(at), int(at) + _TERM).reindex(keys).fillna(0.0)
        table.loc[rows, "lent"] = lent.to_numpy(dtype=np.float64)
        table.loc[rows, "defaulted"] = (lost.to_numpy() > 0).astype(np.float64)
    return table


def borrowers_and_others(firms: pd.DataFrame, year: int) -> pd.DataFrame:
    """Give small firms that owed nothing at the end of the year before: who borrowed first, who did not.

    By key: age, size, field, city and revenue as they were then, ``year`` and ``borrower``, 1 or 0.
    """
    then = rows_at(firms, f"{year - 1}-Q4")
    # No large firm asks for such a loan, and a firm that was large once shrinks towards the mean.
    then = then[(then["debt"] == 0) & (then["revenue"] > 0) & ~then["large"].to_numpy(dtype=bool)]
    of_year = firms[firms["year"].to_numpy() == year]
    lent = of_year.groupby("key")[_LOANS].sum().reindex(then.index).fillna(0)
    borrower = lent["loan_programme"].to_numpy() > 0
    kept = borrower | (lent.sum(axis=1).to_numpy() == 0)
    found = then[["age", "size", "field", "city", "revenue"]]
    cohort: pd.DataFrame = found.assign(year=year, borrower=borrower.astype(np.float64))[kept]
    return cohort


def _cohorts(firms: pd.DataFrame) -> pd.DataFrame:
    """Give the borrowers of each year and those who did not borrow, and what became of them."""
    closed = closings(firms)
    cohorts = []
    for year in _YEARS:
        cohort = borrowers_and_others(firms, year)
        revenue = rows_at(firms, f"{year + _AFTER}-Q4")["revenue"].reindex(cohort.index)
        ends = followed(closed, cohort.index, f"{year}-Q4", _END)
        cohorts.append(
            cohort.assign(
                key=cohort.index,
                there=revenue.to_numpy() > 0,
                before=np.log(cohort["revenue"].to_numpy()),
                after=np.log(np.maximum(revenue.fillna(1.0).to_numpy(), 1.0)),
                closed=ends["closed"],
                quarters=ends["quarters"],
            )[ends["quarters"].to_numpy() > 0]
        )
    found: pd.DataFrame = pd.concat(cohorts, ignore_index=True)
    return found
