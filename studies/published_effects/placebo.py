"""D6: the estimators where nothing was given, nothing changed, or not yet.

One history of the province to the end of 2014, in which nothing is enacted, serves all of them, so that each
should find nothing. Three kinds:

- *nobody got anything*: vouchers that were not drawn in the first quarter of 2012, tenants and posts by lot,
  a programme into which banks put a part of the loans that they make anyway, R&D as it would be without
  a certificate;
- *not yet*: who borrowed or got a stake in 2013 or 2014, beside those like them then, over the two years
  before; growth over the year before an application for a loan, at its threshold; the income share two
  years before it is cut or raised;
- *a fake city*: bases in 2011 in one of eleven cities by lot, and in five of the ten ordinary ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import pandas as pd

from ...model.orders import Lot, in_lot
from ...model.watch import Watch
from . import guarantees, stakes
from .bank_loans import credit_added
from .certificate import LOW, over_what_is_asked
from .collapsed import collapsed_t
from .design import Design, Measured, Tables, base_world, closings, followed, numbered, rows_at
from .discontinuity import discontinuity
from .estimate import Estimate
from .incubators import hazard_of_tenants
from .matching import matched_difference
from .notch import notch
from .owner_years import measured_change, years_of_owners
from .randomisation import randomised
from .voucher_lottery import fake_lottery
from .zones import CAPITAL, COLLAPSED, revenue_of_cities

__all__ = ["BY", "PLACEBO", "fake_programme"]

BY: Final = " by "
"""Stands in the name of a placebo before its estimator, if that is another than the registered one."""

_WORLD: Final = "without"
_END: Final = "2014-Q4"
_CALL: Final = "2012-Q1"
_YEARS: Final = (2013, 2014)
_CHANGE: Final = 2011
_TENANTS: Final = (2010, 2011)
_FIRST: Final = "2010-Q1"
_SHARE: Final = 0.5
_JOINS: Final = 12
"""Quarters from the first on over which banks join the programme that does nothing."""

Futures = dict[str, Callable[[], Measured]]


def _measure(worlds: Mapping[str, Tables], seed: int) -> Futures:
    tables = worlds[_WORLD]
    lottery = fake_lottery(tables["firm"], _CALL, seed)
    given = ("voucher_additional", "voucher_later", "voucher_new_partner", "voucher_growth_year")
    return {
        **{name: lottery[name] for name in given},
        **_firms(tables, seed),
        **_owners(tables["owner"], seed),
        "guarantee_additional": lambda: _nothing(fake_programme(tables["bank"], seed)),
        **_cities(tables["city"], seed),
    }


def _nothing(found: Estimate) -> Measured:
    """Give an estimate of what is zero."""
    return Measured(found, 0.0)


def _firms(tables: Tables, seed: int) -> Futures:
    firms = tables["firm"]

    def before_the_loan() -> Measured:
        cohorts = [_two_years_before(firms, guarantees.borrowers_and_others(firms, year)) for year in _YEARS]
        return _nothing(matched_difference(pd.concat(cohorts), **guarantees.LIKENESS))

    def before_the_stake() -> Measured:
        cohorts = [_two_years_before(firms, stakes.held_and_free(firms, year, _END)) for year in _YEARS]
        table = pd.concat(cohorts)
        held = table.assign(held=table[["public", "private"]].max(axis=1))
        return _nothing(matched_difference(held, treated="held", **stakes.LIKENESS))

    def tenants_by_lot() -> Measured:
        closed, drawn = closings(firms), np.random.default_rng(seed)
        cohorts = []
        for year in _TENANTS:
            there = rows_at(firms, f"{year}-Q4")
            ends = followed(closed, there.index, f"{year}-Q4", _END)
            # Larger firms come in more often, so that there is something to match.
            chance = 0.1 / (1.0 + np.exp(-there["size"].to_numpy()))
            tenant = (drawn.random(len(there)) < chance).astype(np.float64)
            cohorts.append(
                there[["age", "size", "field", "city"]].assign(
                    year=year, tenant=tenant, key=there.index, **ends
                )[ends["quarters"].to_numpy() > 0]
            )
        return _nothing(hazard_of_tenants(pd.concat(cohorts, ignore_index=True)))

    def without_certificate() -> Measured:
        rows = rows_at(firms, f"{_YEARS[-1]}-Q1")
        rows = rows[(rows["intensity"] > 0.0) & (rows["revenue"] > 0)]
        ratio = over_what_is_asked(rows, rows["intensity"])
        rows = rows.assign(ratio=ratio)[ratio > 0.0]
        return _nothing(notch(rows, ratio="ratio", low=LOW, of_all=True))

    return {
        "guarantee_sales_france": before_the_loan,
        "stake_private": before_the_stake,
        "incubator_survival": tenants_by_lot,
        "grant_at_threshold": lambda: _nothing(_before_the_application(tables)),
        "certificate_reported": without_certificate,
    }


def _two_years_before(firms: pd.DataFrame, cohort: pd.DataFrame) -> pd.DataFrame:
    """Give a cohort ln revenue at the end of the year before its own, and two years earlier."""
    year = int(cohort["year"].iloc[0])
    earlier = rows_at(firms, f"{year - 3}-Q4")["revenue"].reindex(cohort.index).to_numpy()
    return cohort.assign(
        before=np.log(np.maximum(np.nan_to_num(earlier), 1)), after=np.log(cohort["revenue"].to_numpy())
    )[earlier > 0]


def _before_the_application(tables: Tables) -> Estimate:
    """Compare growth before the first application at the threshold of the bank."""
    calls = tables["call"]
    calls = calls.assign(number=numbered(calls, _FIRST)).sort_values("number", kind="stable")
    first = calls[calls["year"] == _YEARS[-1]].drop_duplicates("applicant").set_index("applicant")
    size = [rows_at(tables["firm"], f"{_YEARS[-1] - back}-Q4")["size"] for back in (3, 1)]
    table = pd.DataFrame(
        {"above": first["score"] - first["threshold"], "grown": (size[1] - size[0]).reindex(first.index)}
    ).dropna()
    return discontinuity(table, outcome="grown", score="above", threshold=0.0)


def _owners(owners: pd.DataFrame, seed: int) -> Futures:
    keys = {
        kind: part["key"].drop_duplicates().to_numpy() for kind, part in owners.groupby("kind", observed=True)
    }["university"]

    def universities_and_institutes() -> Measured:
        years = years_of_owners(owners, ["results_disclosed"], keys, _CHANGE)
        return measured_change(years, years, _CHANGE + 1)

    def half_of_the_universities() -> Measured:
        half = keys[in_lot(keys, Lot(_SHARE), seed)]
        columns = ["results_sold", "results_licensed"]
        years = years_of_owners(owners, columns, half, _CHANGE, kinds=["university"])
        return measured_change(years, years, _CHANGE + 1)

    return {
        "share_cut_disclosures": universities_and_institutes,
        "office_licences": half_of_the_universities,
    }


def fake_programme(banks: pd.DataFrame, seed: int) -> Estimate:
    """Estimate what a guaranteed yuan adds where banks put loans under a guarantee that they make anyway.

    Each bank joins in a quarter by lot, and puts a part of its loans under the programme, by lot as well.
    """
    drawn, keys = np.random.default_rng(seed), np.sort(banks["key"].unique())
    joins = pd.Series(1 + drawn.integers(0, _JOINS, len(keys)), index=keys)
    period = numbered(banks, _FIRST)
    lent = banks["lent_programme"] + banks["lent_ordinary"]
    joined = (period >= joins.reindex(banks["key"]).to_numpy()).astype(np.float64)
    part = drawn.random(len(banks))
    table = banks[["key"]].assign(
        lent=lent, joined=joined, period=period, guaranteed=_SHARE * joined * part * lent
    )
    return credit_added(table)


def _cities(cities: pd.DataFrame, seed: int) -> Futures:
    names = np.array(sorted(cities["city"].astype(str).unique()))
    drawn = np.random.default_rng(seed).permutation(names)
    five = drawn[drawn != CAPITAL][:5]
    one = revenue_of_cities(cities, [str(drawn[0])], _CHANGE)
    ordinary = revenue_of_cities(cities, [str(name) for name in five], _CHANGE)
    ordinary = ordinary[ordinary["city"] != CAPITAL]
    return {
        "zones_capital": lambda: _nothing(collapsed_t(one, start=_CHANGE + 1, **COLLAPSED)),
        "zones_ordinary": lambda: _nothing(collapsed_t(ordinary, start=_CHANGE + 1, **COLLAPSED)),
        f"zones_ordinary{BY}randomised": lambda: _nothing(
            randomised(ordinary, start=_CHANGE + 1, **COLLAPSED)
        ),
    }


PLACEBO: Final = Design(
    "placebo",
    lambda province: {_WORLD: base_world(province, since=_END, end=_END)},
    Watch(programmes=("loan_compensation",)),
    _measure,
    share_of_futures=2.0,
)
