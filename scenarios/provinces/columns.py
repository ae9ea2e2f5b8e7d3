"""Which tables a province pack holds, with the columns of each."""

from __future__ import annotations

from typing import Final

from ..reading.csv_tables import Column, Table

__all__ = ["PANEL", "TABLES"]


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
                Column("latitude", "number", -90.0, 90.0),
                Column("longitude", "number", -180.0, 180.0),
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
                    choices=(
                        "university",
                        "research_institute",
                        "military_unit",
                        "bank",
                        "broker",
                        "incubator",
                    ),
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
                Column("year", "year"),
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
                Column("year", "year"),
                Column("value", "number", 0.0),
                Column("unit"),
                # at_least and at_most are fitted too, as bounds
                Column("use", choices=("fit", "at_least", "at_most", "check", "prior")),
                Column("ln_error", "number", 0.0),
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
        Column("year", "year"),
        Column("indicator"),
        Column("value", "number", 0.0),
        Column("unit"),
        Column("source"),
    ),
    key=("province", "year", "indicator"),
)
"""The form of the panel of provinces, and of a file of outside paths."""
