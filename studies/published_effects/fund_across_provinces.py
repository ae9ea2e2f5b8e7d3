"""D4, places: private venture money in provinces that get a guidance fund, beside those that get none.

Ten provinces by lot have the fund that Shaanxi had from 2013 on, the others none, and all other levers stay
where they were at the end of 2012. What is compared is money that venture funds invested in a year. Public is
the government's part of what sub-funds invested; private is the part of private partners in it, and all that
other venture funds invested, since records do not say whose money those hold. What they lose counts in full,
also where it was promised by state firms that moved it to a sub-fund.

Where the centre of China invested beside the provinces (1999 to 2013), a public yuan brought 0.88 to 0.93
private ones, more of them in less developed regions.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

import pandas as pd

from ...engine.errors import InputError
from .collapsed import collapsed_t
from .design import Measured, Tables, base_world
from .estimate import Estimate
from .over_provinces import OverProvinces
from .two_way import two_way

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["FUND_ACROSS_PROVINCES"]

_CHANGE: Final = "2013-Q1"
_SINCE: Final = 2013
_END: Final = "2017-Q4"
_TREATED: Final = 10
_SCALE: Final = 0.2
_SHARE_OF_FUTURES: Final = 0.3
"""60 of 200: a future is the life of 41 provinces."""

_PATH: Final = ("fund_size", "fund_leverage")

_INDICATORS: Final = (
    "guidance_fund_aim", "guidance_fund_committed", "guidance_fund_government", "guidance_fund_private",
    "guidance_fund_invested", "venture_invested",
)  # fmt: skip


@functools.cache
def _worlds(province: str) -> tuple[Scenario, Scenario]:
    """Give a province with Shaanxi's fund and one without; drawn from priors, which all provinces have."""
    from ...scenarios import lever_catalogue

    without = base_world(province, since=_CHANGE, end=_END, belief="prior")
    known = lever_catalogue()
    return without.set(**{lever: known[lever].history for lever in _PATH}, name="fund"), without


def _by_year(table: pd.DataFrame) -> pd.DataFrame:
    """Give public and private money invested by province and year, in yuan, and 1 if it has a fund."""
    rows = table.sort_values(["province", "year", "quarter"], ignore_index=True)
    sums = rows[["guidance_fund_invested", "venture_invested"]]
    flows = sums.groupby(rows["province"]).diff().fillna(sums)
    signed = rows["guidance_fund_committed"].where(rows["guidance_fund_committed"] > 0.0)
    in_sub_funds = flows["guidance_fund_invested"] / signed
    money = pd.DataFrame(
        {
            "public": (in_sub_funds * rows["guidance_fund_government"]).fillna(0.0),
            "private": (in_sub_funds * rows["guidance_fund_private"]).fillna(0.0) + flows["venture_invested"],
        }
    )
    years = money.groupby([rows["province"], rows["year"]]).sum().reset_index()
    has_fund = rows.groupby("province")["guidance_fund_aim"].max() > 0.0
    return years.assign(treated=years["province"].map(has_fund).astype("float64"))


def _market(years: pd.DataFrame) -> pd.Series:
    """Give the private venture money of a year before the fund, by province, where there is any."""
    market = years[years["year"] < _SINCE].groupby("province")["private"].mean()
    return market[market > 0.0]


def _collapsed(years: pd.DataFrame, among: pd.Index) -> Estimate:
    """Compare changes between provinces, in years of each one's venture market before the fund.

    What a fund moves is small beside the growth of the largest markets, and in their yuan all would hang on
    who of them was drawn.
    """
    rows = years[years["province"].isin(among)]
    market = rows["province"].map(_market(rows))
    rows = rows.assign(private=rows["private"] / market, public=rows["public"] / market)
    found = collapsed_t(
        rows, outcome="private", unit="province", period="year", treated="treated", start=_SINCE
    )
    dose = float(rows.loc[(rows["treated"] == 1.0) & (rows["year"] >= _SINCE), "public"].mean())
    if dose <= 0.0:
        raise InputError("no sub-fund invested", key="public", allowed="public money in treated provinces")
    ends = (found.effect / dose, found.low / dose, found.high / dose)
    return Estimate(*ends, found.treated, found.controls, left_out=years["province"].nunique() - len(among))


def _true(here: pd.DataFrame, there: pd.DataFrame, among: pd.Index) -> float:
    """Give private yuan more than in the world without the fund, for each public yuan."""
    in_lot = here["province"].isin(among) & (here["treated"] == 1.0) & (here["year"] >= _SINCE)
    public = float(here.loc[in_lot, "public"].sum())
    more = float(here.loc[in_lot, "private"].sum()) - float(there.loc[in_lot, "private"].sum())
    return more / public if public > 0.0 else math.nan


def _measure(worlds: Mapping[str, Tables], seed: int) -> dict[str, Callable[[], Measured]]:
    here, there = (_by_year(worlds[world]["province"]) for world in ("enacted", "without"))
    market = _market(here)
    little = market.index[market < market.median()]
    others = market.index.difference(little)
    everywhere = pd.Index(here["province"].unique())

    def by_yuan() -> Measured:
        found = two_way(here, outcome="private", treatment="public", unit="province", period="year")
        return Measured(found, _true(here, there, everywhere))

    def by_change() -> Measured:
        return Measured(_collapsed(here, market.index), _true(here, there, market.index))

    def difference() -> Measured:
        parts = [_collapsed(here, among) for among in (little, others)]
        effect = parts[0].effect - parts[1].effect
        reach = math.hypot(*((part.high - part.low) / 2.0 for part in parts))
        found = Estimate(
            effect,
            effect - reach,
            effect + reach,
            sum(part.treated for part in parts),
            sum(part.controls for part in parts),
            left_out=len(everywhere) - len(market),
        )
        return Measured(found, _true(here, there, little) - _true(here, there, others))

    return {
        "fund_private_money": by_yuan,
        "fund_private_money_changes": by_change,
        "fund_less_developed": difference,
    }


FUND_ACROSS_PROVINCES: Final = OverProvinces(
    "fund across provinces",
    _worlds,
    _INDICATORS,
    _measure,
    treated=_TREATED,
    scale=_SCALE,
    share_of_futures=_SHARE_OF_FUTURES,
)
