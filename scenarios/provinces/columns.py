"""Which tables a province pack holds, with the columns of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..reading.csv_tables import Column, Table

__all__ = [
    "LEVER_HISTORY",
    "NATION",
    "PANEL",
    "PRODUCERS",
    "SERIES",
    "TABLES",
    "UNIT_OF_PANEL",
    "YEARS",
    "Row",
]

YEARS: Final = (1990, 2060)
"""What may be a year at all in a file; which of them count, a pack says."""

Row = dict[str, str]
"""One line of a table: column name to text."""

NATION: Final = "china"
"""What the nation is called where provinces are."""

UNIT_OF_PANEL: Final = {"enterprises": "count", "patents": "count", "universities": "count"}
"""Units which the panel names after the thing counted."""

SERIES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("contract_count_inflow", "contract_count_output"), "contracts"),
    **dict.fromkeys(("contract_value_inflow", "contract_value_output"), "yuan"),
    **dict.fromkeys(("fiscal_science_technology", "fiscal_total", "gdp"), "yuan"),
    "hightech_industry_enterprises": "count",
    "hightech_industry_revenue": "yuan",
    **dict.fromkeys(("patents_applied", "patents_applied_invention"), "count"),
    **dict.fromkeys(("patents_granted", "patents_granted_invention"), "count"),
    **dict.fromkeys(("patents_in_force", "patents_in_force_invention"), "count"),
    **dict.fromkeys(("rd_applied", "rd_basic", "rd_development", "rd_expenditure"), "yuan"),
    **dict.fromkeys(("rd_funded_by_enterprises", "rd_funded_by_government"), "yuan"),
    **dict.fromkeys(("rd_funded_from_abroad", "rd_funded_other"), "yuan"),
    "rd_personnel_fte": "person-years",
    "universities_ranked": "count",
    "university_enterprise_research_funds": "yuan",
}
"""Unit of every yearly series that a pack may hold."""

PRODUCERS: Final[Mapping[str, str]] = {
    "university": "universities",
    "research_institute": "research_institutes",
    "military_unit": "military_units",
}
"""Kinds of organisations that do research for themselves, with the parameter that counts them."""

_KINDS = ("statistic", "study", "assumption")


def _share(name: str, *, empty: bool = False) -> Column:
    return Column(name, "number", 0.0, 1.0, empty=empty)


TABLES: Final[dict[str, Table]] = {
    table.name: table
    for table in (
        Table(
            "cities",
            (
                Column("city"),
                Column("city_zh"),
                # of China: a sign or an exchange of the two is seen
                Column("latitude", "number", 3.0, 54.0),
                Column("longitude", "number", 73.0, 136.0),
                _share("firm_share"),
                _share("rd_share"),
                _share("fiscal_share"),
                Column("kind", choices=_KINDS),
                Column("source"),
            ),
            key=("city",),
            sums_to_one=("firm_share", "rd_share", "fiscal_share"),
        ),
        Table(
            "zones",
            (
                Column("zone"),
                Column("zone_zh"),
                Column("city"),
                Column("level", choices=("national", "provincial")),
                Column("source"),
            ),
            key=("zone",),
            may_be_empty=True,
        ),
        Table(
            "organisations",
            (
                Column("id"),
                Column("name_zh"),
                Column(
                    "kind",
                    choices=(*PRODUCERS, "bank", "broker", "incubator"),
                ),
                Column("city"),
                _share("rd_share", empty=True),
                Column("source_kind"),
                Column("source"),
            ),
            key=("id",),
            may_be_empty=True,
        ),
        Table(
            "series",
            (
                Column("indicator"),
                Column("scope", choices=("province", "china")),
                Column("year", "year", *YEARS),
                Column("value", "number", 0.0),
                Column("unit"),
                Column("source"),
            ),
            key=("indicator", "scope", "year"),
        ),
        Table(
            "observed",
            (
                Column("indicator"),
                Column("year", "year", *YEARS),
                Column("value", "number", 0.0),
                Column("unit"),
                # at_least and at_most are fitted too, as bounds
                Column("use", choices=("fit", "at_least", "at_most", "check", "prior")),
                Column("ln_error", "number", 0.0, 3.0),
                Column("source"),
                Column("source_kind"),
                Column("note", empty=True),
            ),
            key=("indicator", "year"),
        ),
        Table(
            "fields",
            (
                Column("field"),
                Column("title_en"),
                Column("title_zh"),
                _share("seller_share"),
                _share("need_share"),
                _share("result_share"),
                Column("neighbour_group"),
                Column("kind", choices=_KINDS),
                Column("source"),
            ),
            key=("field",),
            sums_to_one=("seller_share", "need_share", "result_share"),
        ),
    )
}
"""Every table of a province pack (``fields`` is shared by all provinces), by name."""

PANEL: Final = Table(
    "panel",
    (
        Column("province"),
        Column("province_zh"),
        Column("year", "year", *YEARS),
        Column("indicator"),
        Column("value", "number", 0.0),
        Column("unit"),
        Column("source"),
    ),
    key=("province", "year", "indicator"),
)
"""The form of the panel of provinces, and of a file of outside paths."""

LEVER_HISTORY: Final = Table(
    "lever_history",
    (Column("lever"), Column("date"), Column("value", "number", 0.0), Column("unit"), Column("source")),
    key=("lever", "date"),
    may_be_empty=True,
)
"""What levers stood at before the plan: each value from its quarter on. A lever that has a row here has no
other history; one that has none has that of the package."""
