"""What is wrong across the cells of a pack: names, units, years, sums and sizes.

What one cell, one row or one column says for itself is checked as it is read (`columns`). Here every
entry is held against what it names and what it is measured by, so that nothing that a run or a fit
stumbles over is left to them.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from ...engine.errors import InputError, nearest
from ...engine.units import UNITS
from ..choosing.catalogue import list_provinces
from ..choosing.pack_years import PackYears
from ..choosing.schema import Parameter
from ..reading.csv_tables import Rows
from ..reading.number_checks import number_problem
from ..reading.refusals import Places
from .columns import PRODUCERS, SERIES, TABLES
from .lever_history import HISTORY_FILE
from .national_series import NATION_OF_PACK
from .pack_head import HEAD_FILE, Manifest
from .parameter_draws import WHOLES, quantile, shared_parameters, sums_of_wholes
from .sources_read import Sources

__all__ = ["PARAMETER_FILE", "ReadPack", "figure_problems", "pack_problems", "size_problems"]

PARAMETER_FILE: Final = "parameters.yaml"

CHECKED_LATER: Final = ("check", "prior")
"""Uses of an observed figure that need not have been known when the plan was written."""

_BOUNDS: Final = ("at_least", "at_most")
"""Uses of a figure that need not be of the size of its neighbours."""

_LOGGED: Final = ("fiscal_science_technology", "fiscal_total", "gdp", "rd_expenditure")
"""Series of the province of which a run takes the logarithm."""

_ANOTHER_UNIT: Final = 1000.0
"""A figure so many times its neighbours, or they it, is counted in another unit (wan, yi). Without one
slip the statistics jump by 178 at most (R&D funded from abroad, Neimenggu)."""

_MOST: Final[Mapping[str, float]] = {"yuan": 1e14, "person-years": 1e8, "contracts": 1e8, "count": 1e8}
"""Beyond this a figure is of no province and no nation."""

_SUFFIXES: Final = (".csv", ".yaml", ".yml", ".xlsx")

Years = dict[int, float]


class ReadPack(NamedTuple):
    """The files of a pack as they were read.

    Attributes
    ----------
    folder : Path
    head : Manifest
    head_places : Places
    tables : mapping of str to Rows
    parameters : mapping of str to Parameter
    parameter_places : Places
    """

    folder: Path
    head: Manifest
    head_places: Places
    tables: Mapping[str, Rows]
    parameters: Mapping[str, Parameter]
    parameter_places: Places


def pack_problems(pack: ReadPack) -> list[InputError]:
    """Find all that is wrong between the files of a pack, each with its file, line or place."""
    tables = pack.tables
    series, cities = tables["series"], set(tables["cities"].frame["city"])
    return [
        *_of_files(pack.folder),
        *_of_head(pack, cities),
        *_of_places(tables, cities),
        *_of_parameters(pack),
        *_of_organisations(tables["organisations"], pack.parameters),
        *_of_series(series, pack.head.years),
        *figure_problems(tables["observed"], series, cities, pack.head.years),
    ]


def _of_files(folder: Path) -> Iterator[InputError]:
    known = [HEAD_FILE, PARAMETER_FILE, *(f"{name}.csv" for name in TABLES if name != "fields")]
    known += [HISTORY_FILE, NATION_OF_PACK]
    for file in sorted(folder.iterdir()):
        if file.suffix in _SUFFIXES and file.name not in known:
            yield InputError(
                "no table of a pack is called so, and nobody reads it",
                file=file,
                allowed=", ".join(known),
                suggestion=nearest(file.name, known),
            )


def _of_head(pack: ReadPack, cities: set[str]) -> Iterator[InputError]:
    head, error = pack.head, pack.head_places.error
    # A pack of one region has no city of its own for the capital.
    if len(cities) > 1 and head.capital not in cities:
        yield error(
            ("capital",),
            f"{head.capital!r} is not a city of the pack",
            allowed=", ".join(sorted(cities)),
            suggestion=nearest(head.capital, cities),
        )
    names = list_provinces()
    if head.plan_written_for and head.plan_written_for not in (*names, head.name):
        yield error(
            ("plan_written_for",),
            f"there is no province {head.plan_written_for!r}",
            allowed=", ".join(names),
            suggestion=nearest(head.plan_written_for, names),
        )
    tables = [Path(PARAMETER_FILE).stem, *TABLES]
    for field, given, known in (("tables", head.tables, tables), ("missing", head.missing, [*SERIES])):
        for name in given:
            if name not in known:
                yield error(
                    (field, name),
                    f"no {'table' if field == 'tables' else 'series'} is called {name!r}",
                    allowed=", ".join(known),
                    suggestion=nearest(name, known),
                    at_key=True,
                )
    sources = [str(one) for rows in pack.tables.values() for one in rows.frame["source"]]
    for beginning in head.source_kinds:
        if not any(source.startswith(beginning) for source in sources):
            yield error(
                ("source_kinds", beginning),
                "no source of the pack begins so",
                allowed="how a source in one of the tables begins",
                at_key=True,
            )


def _of_places(tables: Mapping[str, Rows], cities: set[str]) -> Iterator[InputError]:
    for rows in (tables["zones"], tables["organisations"]):
        for row, city in rows.columns("city"):
            if city not in cities:
                yield _no_city(rows, row, "city", city, cities)


def _no_city(rows: Rows, row: int, column: str, city: str, cities: set[str]) -> InputError:
    problem = f"{city!r} is not a city of the pack"
    return rows.wrong(row, column, problem, ", ".join(sorted(cities)), nearest(city, cities))


@functools.cache
def _units_of_own() -> Mapping[str, tuple[str, ...]]:
    """Give the units that the parameters may have which every pack states itself."""
    _, written = Sources().province_parameters
    return {
        name: (fields["unit"], *(("multiple",) if fields["scaling"].get("may_exceed_one") else ()))
        for name, fields in written.items()
    }


def _of_parameters(pack: ReadPack) -> Iterator[InputError]:
    error, own = pack.parameter_places.error, _units_of_own()
    units = {**{name: (one.unit,) for name, one in shared_parameters().items()}, **own}
    meant = set()
    for name, parameter in pack.parameters.items():
        if name not in units:
            likely = nearest(name, [one for one in own if one not in pack.parameters]) or nearest(name, units)
            meant.add(likely)
            yield error(
                (name,),
                f"no parameter is called {name!r}",
                allowed="a parameter of the other packs, or a shared one",
                suggestion=likely,
                at_key=True,
            )
        elif parameter.unit not in units[name]:
            unit = units[name][0]
            yield error((name, "unit"), f"the unit is {parameter.unit!r}", allowed=unit, suggestion=unit)
    file = pack.folder / PARAMETER_FILE
    for name in own:
        if name not in pack.parameters and name not in meant:
            yield InputError("the parameter is missing", key=name, file=file, allowed="one entry for it")
    stated = {name: one.value for name, one in {**shared_parameters(), **pack.parameters}.items()}
    for called, whole in sums_of_wholes(stated).items():
        yield InputError(
            f"{called} sum to {whole:g}",
            key=", ".join(WHOLES[called]),
            file=file,
            allowed="a sum of 1, with those of the shared parameters that the pack does not state",
        )
    shares = {name: one.value for name, one in pack.parameters.items() if name.startswith("rd_share_")}
    if sum(shares.values()) >= 1.0:
        yield InputError(
            f"the shares sum to {sum(shares.values()):g}, and enterprises are left without R&D",
            key=", ".join(shares),
            file=file,
            allowed="a sum below 1",
        )


def _of_organisations(rows: Rows, parameters: Mapping[str, Parameter]) -> Iterator[InputError]:
    sums: dict[str, float] = {}
    count: dict[str, int] = {}
    for row, kind, share in rows.columns("kind", "rd_share"):
        stated = not math.isnan(share)
        if stated and kind not in PRODUCERS:
            yield rows.wrong(
                row, "rd_share", f"a {kind} has no share of R&D", f"an empty cell; or {', '.join(PRODUCERS)}"
            )
        if kind not in PRODUCERS:
            continue
        sums[kind] = sums.get(kind, 0.0) + (share if stated else 0.0)
        count[kind] = count.get(kind, 0) + 1
        if stated and sums[kind] > 1.0:
            yield rows.wrong(
                row,
                "rd_share",
                f"the shares of {kind} sum to {sums[kind]:g} up to here",
                "a sum of 1 or less for each kind",
            )
        number = parameters.get(PRODUCERS[kind])
        if number is not None and count[kind] > (fewest := round(quantile(number, 1e-9))):
            yield rows.wrong(
                row,
                "kind",
                f"the pack names {count[kind]} of kind {kind}, and there may be {fewest} of them",
                f"no more than {PRODUCERS[kind]} of {PARAMETER_FILE}, at its least",
            )


def _of_series(rows: Rows, years: PackYears) -> Iterator[InputError]:
    read = [*rows.columns("indicator", "scope", "year", "value", "unit")]
    by_series: dict[tuple[str, str], Years] = {}
    for _, indicator, scope, year, value, _ in read:
        by_series.setdefault((indicator, scope), {})[year] = value
    for row, indicator, scope, year, value, unit in read:
        if indicator not in SERIES:
            problem = f"no series is called {indicator!r}"
            yield rows.wrong(row, "indicator", problem, ", ".join(SERIES), nearest(indicator, SERIES))
            continue
        if not years.first_read <= year <= years.latest:
            yield rows.wrong(row, "year", f"no run reads {year}", f"{years.first_read} to {years.latest}")
        elif year > years.last:
            yield rows.wrong(
                row,
                "year",
                f"{year} was not known when the plan was written",
                f"up to {years.last}; a later figure stands in observed.csv, or in a file of outside paths",
            )
        yield from size_problems(
            rows, row, value, unit, SERIES[indicator], [by_series[indicator, scope]], year
        )
        if value == 0.0 and indicator in _LOGGED:
            yield rows.wrong(row, "value", "0 has no logarithm", "a number above 0")
        nation = by_series.get((indicator, "china"), {}) if scope == "province" else {}
        if nation:
            nearest_year = min(nation, key=lambda known: (abs(known - year), known))
            if value >= nation[nearest_year]:
                yield rows.wrong(
                    row,
                    "value",
                    f"{value:g} is as much as the nation has, {nation[nearest_year]:g} in {nearest_year}",
                    "less than the nation's",
                )


def figure_problems(rows: Rows, series: Rows, cities: set[str], years: PackYears) -> Iterator[InputError]:
    """Find what is wrong with observed figures, but for names that only the model knows.

    Parameters
    ----------
    rows : Rows
        In the form of ``observed.csv``.
    series : Rows
        The yearly series of the same pack.
    cities : set of str
        Cities of the pack.
    years : PackYears
        Of the pack: nothing after its last one was known when the plan was written.
    """
    published: dict[str, Years] = {}
    for _, indicator, scope, year, value in series.columns("indicator", "scope", "year", "value"):
        if scope == "province":
            published.setdefault(indicator, {})[year] = value
    observed: dict[str, Years] = {}
    read = [*rows.columns("indicator", "year", "value", "unit", "use", "ln_error")]
    for _, indicator, year, value, _, use, _ in read:
        if use not in _BOUNDS:
            observed.setdefault(indicator, {})[year] = value
    for row, indicator, year, value, unit, use, ln_error in read:
        beside = [] if use in _BOUNDS else [observed[indicator], published.get(indicator, {})]
        yield from size_problems(rows, row, value, unit, SERIES.get(indicator, unit), beside, year)
        if value == 0.0:
            yield rows.wrong(row, "value", "0 has no logarithm", "a number above 0")
        if not years.first <= year <= years.latest:
            yield rows.wrong(row, "year", f"no run comes to {year}", f"{years.first} to {years.latest}")
        city = indicator.partition(".")[2]
        if city and city not in cities:
            yield _no_city(rows, row, "indicator", city, cities)
        if use in CHECKED_LATER:
            continue
        if ln_error == 0.0:
            yield rows.wrong(row, "ln_error", "a fitted figure needs an error", "a number above 0")
        if year > years.last:
            yield rows.wrong(
                row,
                "use",
                f"{indicator} of {year} is to be fitted, but was not known when the plan was written",
                f"fit up to {years.last}; later years {' or '.join(CHECKED_LATER)}",
            )


def size_problems(
    rows: Rows, row: int, value: float, unit: str, expected: str, beside: Iterable[Years], year: int
) -> Iterator[InputError]:
    """Hold a figure against its unit, and against its nearest neighbours in time.

    Parameters
    ----------
    rows : Rows
    row : int
        The figure's place in them.
    value : float
    unit, expected : str
        As it is stated, and as it must be.
    beside : iterable of mapping of int to float
        Figures by year to compare with, its own table first.
    year : int
    """
    if unit != expected:
        yield rows.wrong(row, "unit", f"the unit is {unit!r}", expected, expected)
    elif unit not in UNITS:
        yield rows.wrong(row, "unit", f"unknown unit {unit!r}", ", ".join(UNITS), nearest(unit, UNITS))
    elif problem := number_problem((), value, unit):
        yield rows.wrong(row, "value", problem.problem, problem.allowed, problem.suggestion)
    elif value > _MOST.get(unit, math.inf):
        yield rows.wrong(row, "value", f"{value:g} is too large", f"at most {_MOST[unit]:g} {unit}")
    elif far := _unlike(value, year, beside):
        other, figure = far
        yield rows.wrong(
            row,
            "value",
            f"{value:g} is of another size than {figure:g} in {other}",
            f"{unit}, less than {_ANOTHER_UNIT:g} times a neighbouring year",
        )


def _unlike(value: float, year: int, beside: Iterable[Years]) -> tuple[int, float] | None:
    """Give a neighbour of a figure if all are of another size; the first of the tables is its own."""
    found: list[tuple[int, float]] = []
    for place, years in enumerate(beside):
        found += [(year, years[year])] if place and year in years else []
        for side in (
            max((other for other in years if other < year), default=None),
            min((other for other in years if other > year), default=None),
        ):
            found += [(side, years[side])] if side is not None else []
    sizes = [(other, figure) for other, figure in found if figure > 0.0 and value > 0.0]
    far = [one for one in sizes if abs(math.log(value / one[1])) >= math.log(_ANOTHER_UNIT)]
    return far[0] if far and len(far) == len(sizes) else None
