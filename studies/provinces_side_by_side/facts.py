"""What differs between the provinces: one row a province, from the packs alone, nothing is run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ...experiments.planning.definitions import LAST_YEAR
from ...scenarios import list_provinces, load_pack
from ...scenarios.provinces.coverage import kinds_of_sources, overview
from ...scenarios.provinces.gaps import luck_of_a_year

if TYPE_CHECKING:
    from ...scenarios import Pack

__all__ = ["COLUMNS", "FIRST_YEAR", "facts_of", "province_facts"]

FIRST_YEAR: Final = 2012
"""First year of the growth rates: before it who registers changed faster than who sells."""

_LAST_OF_INDUSTRY: Final = 2016
"""The statistics of high-technology industry stop here."""

PERFORMERS: Final = ("university", "institute", "military")

COLUMNS: Final[Mapping[str, str]] = {
    "province": "name of the pack",
    "province_zh": "Chinese name",
    "contracts_sold": f"contracts with a seller in the province, {LAST_YEAR}",
    "contracts_bought": f"contracts with a buyer in the province, {LAST_YEAR}",
    "value_sold": f"yuan, {LAST_YEAR}",
    "value_bought": f"yuan, {LAST_YEAR}",
    "mean_value_sold": "yuan a contract",
    "bought_over_sold": "value bought over value sold",
    "share_of_nation_sold": "of the nation's value, sellers abroad included",
    "share_of_nation_rd": "of the nation's R&D",
    "rd": f"R&D expenditure, yuan, {LAST_YEAR}",
    "value_sold_over_rd": "value sold over R&D",
    "rd_government_share": "part of the R&D that government funds",
    "rd_enterprise_share": "part of the R&D that enterprises fund",
    "rd_basic_share": "part of the R&D that is basic research",
    "rd_by_university": "yuan; R&D times the pack's share, see rd_by_kind",
    "rd_by_institute": "yuan; the same",
    "rd_by_military": "yuan; the same",
    "rd_by_enterprise": "yuan; the rest",
    "rd_by_kind": "kinds of source of the shares by performer",
    "rd_personnel": f"full-time equivalents, {LAST_YEAR}",
    "fiscal_science": f"public spending on science and technology, yuan, {LAST_YEAR}",
    "fiscal_science_share": "of all public spending of the province",
    "high_tech_industry_enterprises": f"of high-technology industry, {_LAST_OF_INDUSTRY}; not the certified",
    "certified_2010": "certified high-tech firms of 2010, parameter of the pack",
    "invention_patents_granted": f"{LAST_YEAR}",
    "growth_value_sold": f"a year, fraction, {FIRST_YEAR} to {LAST_YEAR}",
    "growth_contracts_sold": f"a year, fraction, {FIRST_YEAR} to {LAST_YEAR}",
    "growth_rd": f"a year, fraction, {FIRST_YEAR} to {LAST_YEAR}",
    "luck_of_a_year": "standard deviation of ln of a year's value by luck alone, see provinces/gaps.py",
    "first_year": "of contracts sold",
    "last_year": "of contracts sold",
    "series": "series of the province",
    "series_whole": "of these, without a year missing that other provinces have",
    "numbers_observed": "numbers of the pack whose source counted the thing",
    "numbers_assumed": "assumptions",
    "parameters_own": "parameters with a statement of their own",
    "parameters_scaled": "parameters scaled or taken over from another province",
    "posterior": "whether a fitted posterior comes with the package",
    "limits": "what the data cannot carry",
}
"""Columns of the table, each with what it holds."""

_ASSUMED: Final = ("assumption", "study")


def province_facts(provinces: Sequence[str] | None = None) -> pd.DataFrame:
    """Put provinces side by side, all packs by default; a number that the statistics lack is missing."""
    names = list_provinces() if provinces is None else list(provinces)
    return pd.DataFrame([facts_of(load_pack(name)) for name in names], columns=list(COLUMNS))


def facts_of(pack: Pack) -> dict[str, Any]:
    """Give the row of one province."""
    own = _Series(pack, "province")
    nation = _Series(pack, "china")
    rd = own.at("rd_expenditure")
    sold, bought = own.at("contract_value_output"), own.at("contract_value_inflow")
    contracts = own.at("contract_count_output")
    shares = {name: pack.parameters[f"rd_share_{name}"].value for name in PERFORMERS}
    table = kinds_of_sources(pack)
    by_performer = table[table["name"].isin([f"rd_share_{name}" for name in PERFORMERS])]
    about = overview(pack)
    return {
        "province": pack.name,
        "province_zh": pack.name_zh,
        "contracts_sold": contracts,
        "contracts_bought": own.at("contract_count_inflow"),
        "value_sold": sold,
        "value_bought": bought,
        "mean_value_sold": _over(sold, contracts),
        "bought_over_sold": _over(bought, sold),
        "share_of_nation_sold": _over(sold, nation.at("contract_value_output")),
        "share_of_nation_rd": _over(rd, nation.at("rd_expenditure")),
        "rd": rd,
        "value_sold_over_rd": _over(sold, rd),
        "rd_government_share": _over(own.at("rd_funded_by_government"), rd),
        "rd_enterprise_share": _over(own.at("rd_funded_by_enterprises"), rd),
        "rd_basic_share": _over(own.at("rd_basic"), rd),
        **{f"rd_by_{name}": _times(rd, share) for name, share in shares.items()},
        "rd_by_enterprise": _times(rd, 1.0 - sum(shares.values())),
        "rd_by_kind": "; ".join(sorted(set(by_performer["kind"]))),
        "rd_personnel": own.at("rd_personnel_fte"),
        "fiscal_science": own.at("fiscal_science_technology"),
        "fiscal_science_share": _over(own.at("fiscal_science_technology"), own.at("fiscal_total")),
        "high_tech_industry_enterprises": own.at("hightech_industry_enterprises", _LAST_OF_INDUSTRY),
        "certified_2010": pack.parameters["certified_2010"].value,
        "invention_patents_granted": own.at("patents_granted_invention"),
        "growth_value_sold": own.growth("contract_value_output"),
        "growth_contracts_sold": own.growth("contract_count_output"),
        "growth_rd": own.growth("rd_expenditure"),
        "luck_of_a_year": None if not contracts else _short(luck_of_a_year(contracts)),
        "first_year": about.first_year,
        "last_year": about.last_year,
        "series": about.series,
        "series_whole": about.series_whole,
        "numbers_observed": int((~_assumed(table["kind"]) & ~_scaled(table["kind"])).sum()),
        "numbers_assumed": int(_assumed(table["kind"]).sum()),
        "parameters_own": about.parameters_own,
        "parameters_scaled": about.parameters_scaled,
        "posterior": "yes" if about.posterior else "no",
        "limits": "; ".join(about.limits),
    }


class _Series:
    """The yearly series of one scope, a number or None."""

    def __init__(self, pack: Pack, scope: str) -> None:
        rows = pack.series[pack.series["scope"] == scope]
        keys = zip(rows["indicator"], rows["year"], strict=True)
        self._values = dict(zip(keys, rows["value"].tolist(), strict=True))

    def at(self, indicator: str, year: int = LAST_YEAR) -> float | None:
        value = self._values.get((indicator, year))
        return None if value is None else _short(value)

    def growth(self, indicator: str) -> float | None:
        first, last = self.at(indicator, FIRST_YEAR), self.at(indicator)
        if not first or last is None:
            return None
        return _short((last / first) ** (1.0 / (LAST_YEAR - FIRST_YEAR)) - 1.0)


def _assumed(kinds: pd.Series[str]) -> pd.Series[bool]:
    return kinds.isin(_ASSUMED)


def _scaled(kinds: pd.Series[str]) -> pd.Series[bool]:
    return kinds.str.startswith(("scaled from ", "as in "))


def _over(numerator: float | None, denominator: float | None) -> float | None:
    return None if numerator is None or not denominator else _short(numerator / denominator)


def _times(one: float | None, other: float) -> float | None:
    return None if one is None else _short(one * other)


def _short(value: float) -> float:
    return float(f"{value:.6g}")
