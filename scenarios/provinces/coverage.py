"""What a pack rests on: which years of which series, and the kind of source of every number."""

from __future__ import annotations

import csv
import functools
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from ...engine.errors import InputError, nearest
from ..places import PACK_FOLDER, SOURCES_FOLDER
from .gaps import CONTRACTS_SOLD, VALUE_SOLD, limits_of, missing_years, years_of_the_panel
from .own_parameters import scaled_from
from .posterior import posterior_folder
from .sources_read import Sources

if TYPE_CHECKING:
    import pandas as pd

    from .pack import Pack

__all__ = [
    "KINDS",
    "KINDS_FILE",
    "UNKNOWN",
    "Overview",
    "kind_of_source",
    "kind_problems",
    "kinds_of_sources",
    "overview",
    "series_coverage",
]

KINDS_FILE: Final = SOURCES_FOLDER / "source_kinds.csv"
"""Beginnings of sources with their kind; the longest that fits counts."""

UNKNOWN: Final = "unknown"
KINDS: Final = (
    "official statistic",
    "agency report",
    "agency report, quoted by the press",
    "press",
    "mirror or blog",
    "action plan",
    "statistic",
    "study",
    "assumption",
    "scaled from another province",
)
"""Every kind of source that a pack may name."""


class Overview(NamedTuple):
    """A pack in one line.

    Attributes
    ----------
    name, name_zh : str
    first_year, last_year : int or None
        Of the value of contracts sold; None where there is no year.
    series, series_whole : int
        Series of the province that any province has, and those of them without a missing year.
    parameters_own, parameters_scaled : int
        Parameters of the pack with a statement of its own, and scaled from another province.
    posterior : bool
        Whether a fitted posterior comes with the package.
    limits : tuple of str
        See `gaps.limits_of`.
    """

    name: str
    name_zh: str
    first_year: int | None
    last_year: int | None
    series: int
    series_whole: int
    parameters_own: int
    parameters_scaled: int
    posterior: bool
    limits: tuple[str, ...]


@functools.cache
def _kinds() -> list[tuple[str, str]]:
    with KINDS_FILE.open(encoding="utf-8", newline="") as stream:
        rows = [(row["begins_with"], row["kind"]) for row in csv.DictReader(stream)]
    return sorted(rows, key=lambda row: -len(row[0]))


def kind_of_source(source: str, own: Mapping[str, str] | None = None) -> str:
    """Give the kind of a source by how it begins; `UNKNOWN` if it stands nowhere.

    Parameters
    ----------
    source : str
    own : mapping of str to str, optional
        Kinds by beginning that go before those of `KINDS_FILE`, as in the head of a pack.

    Examples
    --------
    >>> kind_of_source("China Statistical Yearbook, local general public budget expenditure")
    'official statistic'
    """
    kinds = [*(own or {}).items(), *_kinds()]
    return next((kind for beginning, kind in kinds if source.startswith(beginning)), UNKNOWN)


def kind_problems(pack: Pack) -> list[InputError]:
    """Name every source of a pack whose kind is not known, once, with how many numbers hang on it."""
    table = kinds_of_sources(pack)
    numbers = Counter(_texts(table, "what", "kind", "source"))
    return [
        InputError(
            f"the kind of the source {source!r} is not known ({count} numbers)"
            if kind == UNKNOWN
            else f"{kind!r} is no kind of source ({count} numbers)",
            key=what,
            file=pack.folder,
            allowed=f"{', '.join(KINDS)}; for a series in source_kinds of pack.yaml, else in the row itself",
            suggestion=nearest(kind, KINDS),
        )
        for (what, kind, source), count in numbers.items()
        if kind not in KINDS and not kind.startswith(("scaled from ", "as in "))
    ]


@functools.cache
def _years_expected(last_year: int) -> dict[str, tuple[int, ...]]:
    return years_of_the_panel(Sources(), last_year)


def series_coverage(pack: Pack) -> pd.DataFrame:
    """Say of every series which years it has and lacks.

    Parameters
    ----------
    pack : Pack

    Returns
    -------
    pandas.DataFrame
        One row for each series that the pack has or that any province of the panel has: ``indicator``,
        ``first_year`` and ``last_year`` (missing where there is no year), ``years`` (count),
        ``missing`` (tuple of the years that other provinces have), ``kind`` (of its sources, `; `
        between several; empty where there is no year).
    """
    import pandas as pd

    own, known = pack.series[pack.series["scope"] == "province"], pack.manifest.source_kinds
    years = {str(name): tuple(sorted(rows["year"])) for name, rows in own.groupby("indicator")}
    kinds = {
        str(name): "; ".join(sorted({kind_of_source(source, known) for source in rows["source"]}))
        for name, rows in own.groupby("indicator")
    }
    expected = _years_expected(pack.manifest.last_year)
    missing = missing_years(expected, years)
    names = sorted({*expected, *years})
    return pd.DataFrame(
        {
            "indicator": names,
            "first_year": pd.array([min(years.get(name, ()), default=None) for name in names], dtype="Int64"),
            "last_year": pd.array([max(years.get(name, ()), default=None) for name in names], dtype="Int64"),
            "years": [len(years.get(name, ())) for name in names],
            "missing": [missing.get(name, ()) for name in names],
            "kind": [kinds.get(name, "") for name in names],
        }
    )


def kinds_of_sources(pack: Pack) -> pd.DataFrame:
    """Give the kind of source of every number of a pack.

    Parameters
    ----------
    pack : Pack

    Returns
    -------
    pandas.DataFrame
        Columns ``what`` (series, observed, parameter, organisation, city, zone, field), ``name``,
        ``kind`` and ``source``. A parameter that was scaled from another province has the kind
        ``scaled from <province>``, one that was taken over ``as in <province>``.
    """
    import pandas as pd

    own = pack.manifest.source_kinds
    rows: list[tuple[str, ...]] = [
        ("series", f"{indicator} of {scope} {year}", kind_of_source(source, own), source)
        for indicator, scope, year, source in _texts(pack.series, "indicator", "scope", "year", "source")
    ]
    rows += [
        ("observed", f"{indicator} {year}", kind, source)
        for indicator, year, kind, source in _texts(
            pack.observed, "indicator", "year", "source_kind", "source"
        )
    ]
    rows += [
        ("parameter", name, scaled_from(one.note) or one.kind, one.source)
        for name, one in pack.parameters.items()
    ]
    rows += [("organisation", *row) for row in _texts(pack.organisations, "id", "source_kind", "source")]
    rows += [("city", *row) for row in _texts(pack.cities, "city", "kind", "source")]
    rows += [
        ("zone", zone, kind_of_source(source, own), source)
        for zone, source in _texts(pack.zones, "zone", "source")
    ]
    rows += [("field", *row) for row in _texts(pack.fields, "field", "kind", "source")]
    return pd.DataFrame(rows, columns=["what", "name", "kind", "source"])


def _texts(table: pd.DataFrame, *columns: str) -> Iterator[tuple[str, ...]]:
    """Give some columns of a table as texts, row by row."""
    return zip(*(table[name].astype("str").tolist() for name in columns), strict=True)


def overview(pack: Pack) -> Overview:
    """Sum a pack up in one line."""
    series = series_coverage(pack)
    sold = pack.series_of(VALUE_SOLD) if pack.has_series(VALUE_SOLD) else {}
    counted = pack.series_of(CONTRACTS_SOLD) if pack.has_series(CONTRACTS_SOLD) else {}
    scaled = sum(scaled_from(one.note) is not None for one in pack.parameters.values())
    return Overview(
        name=pack.name,
        name_zh=pack.name_zh,
        first_year=min(sold, default=None),
        last_year=max(sold, default=None),
        series=len(series),
        series_whole=int((series["missing"].map(len) == 0).sum()),
        parameters_own=len(pack.parameters) - scaled,
        parameters_scaled=scaled,
        posterior=pack.folder.parent == PACK_FOLDER.resolve()
        and posterior_folder("posterior", pack.name) is not None,
        limits=limits_of(sold, counted.get(pack.manifest.last_year), pack.years.first),
    )
