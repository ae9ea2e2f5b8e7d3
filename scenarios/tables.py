"""Which tables a province pack holds, with the columns of each."""

from __future__ import annotations

import math
from typing import Final, Literal, NamedTuple

__all__ = ["PANEL", "TABLES", "Column", "Table"]


class Column(NamedTuple):
    """One column: its name, what it holds, what is allowed.

    Attributes
    ----------
    name : str
        Heading.
    holds : {"text", "number", "year"}
        ``year`` is a whole number of four digits.
    low, high : float
        Bounds of a number.
    choices : tuple of str
        Allowed words of a text.
    empty : bool
        Whether a cell may be empty (a missing number becomes NaN, told apart from zero).
    """

    name: str
    holds: Literal["text", "number", "year"] = "text"
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()
    empty: bool = False


class Table(NamedTuple):
    """One table of a pack.

    Attributes
    ----------
    name : str
        File name without ``.csv``.
    columns : tuple of Column
        In the order of the file.
    key : tuple of str
        Columns that together name a row once.
    sums_to_one : tuple of str
        Columns whose values are shares of one whole.
    may_be_empty : bool
        Whether a table without rows is allowed.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    sums_to_one: tuple[str, ...] = ()
    may_be_empty: bool = False


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
