"""Make the province packs from the collected facts, the same bytes every time.

``python -m shaanxi_transfer.scenarios.provinces.make_packs [PROVINCE ...]`` reads `sources/`
alone and writes ``packs/<province>/``; without a name it renews the packs that
exist, ``all`` makes the 31 provinces. Edit the sources, never a pack.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from ...engine.errors import InputError
from ..choosing.pack_years import years_until
from ..places import PACK_FOLDER
from .calendar_of_facts import calendar_of
from .columns import SERIES
from .coverage import kind_of_source
from .gaps import about_gaps
from .levels_of_last_year import growth_to_last_year
from .own_parameters import province_parameters
from .sources_read import NATION, PANEL_FILES, UNIT_OF_PANEL, Row, Sources, number
from .stand_in_series import stand_ins_of

__all__ = ["COLUMNS", "PLAN_WRITTEN_FOR", "csv_text", "main", "make_pack", "write_pack"]

PLAN_WRITTEN_FOR: Final = "shaanxi"

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    name: tuple(columns.split())
    for name, columns in {
        "cities.csv": "city city_zh latitude longitude firm_share rd_share fiscal_share kind source",
        "zones.csv": "zone zone_zh city level source",
        "organisations.csv": "id name_zh kind city rd_share source_kind source",
        "series.csv": "indicator scope year value unit source",
        "observed.csv": "indicator year value unit use ln_error source source_kind note",
    }.items()
}
"""Columns of each table of a pack."""


def make_pack(province: str, sources: Sources) -> dict[str, str]:
    """Make all files of one pack.

    Parameters
    ----------
    province : str
        Name in the panel, for example ``hubei``.
    sources : Sources
        The facts.

    Returns
    -------
    dict of str to str
        Text by file name.

    Raises
    ------
    InputError
        If the province is unknown or the sources contradict themselves.
    """
    capital = sources.capital(province)
    parameters = {
        name: _in_the_last_year(name, fields, sources)
        for name, fields in province_parameters(sources, province).items()
    }
    tables = {
        "cities.csv": _cities(sources, province, capital),
        "zones.csv": sources.rows_of("zones.csv", province),
        "organisations.csv": _organisations(sources, province),
        "series.csv": _series(sources, province),
        "observed.csv": _observed(sources, province),
    }
    files = {name: csv_text(COLUMNS[name], rows) for name, rows in tables.items()}
    files["parameters.yaml"] = _yaml_text(
        parameters, f"Parameters of {province}; made by make_packs, edit sources/"
    )
    about = _about(sources, province, capital, tables)
    files["pack.yaml"] = _yaml_text(
        about, f"What the pack of {province} is; made by make_packs, edit sources/"
    )
    return files


def _in_the_last_year(name: str, fields: dict[str, Any], sources: Sources) -> dict[str, Any]:
    """Count a level of the last year that is known in that year, whichever it is, and say so."""
    factor = growth_to_last_year(name, sources)
    if factor == 1.0:
        return fields
    moved: dict[str, Any] = {key: fields[key] * factor for key in ("value", "low", "high") if key in fields}
    years = f"from {calendar_of(sources)['last_year']} to {sources.last_year}"
    note = f"{fields['note']} Moved {years}: times {factor:.4g}."
    return {**fields, **moved, "note": note}


def _cities(sources: Sources, province: str, capital: Row) -> list[Row]:
    """Cities where the shares are known or assumed, else one region for the whole province."""
    rows = sources.rows_of("cities.csv", province)
    if rows:
        return rows
    return [
        {
            "city": province,
            "city_zh": sources.provinces[province],
            "latitude": capital["latitude"],
            "longitude": capital["longitude"],
            "firm_share": "1.0",
            "rd_share": "1.0",
            "fiscal_share": "1.0",
            "kind": "assumption",
            "source": f"one region where nothing is known about cities, placed at {capital['capital_zh']}",
        }
    ]


def _organisations(sources: Sources, province: str) -> list[Row]:
    """Organisations that are named in the sources, with their share of their kind's R&D."""
    result = []
    for row in sources.rows_of("organisations.csv", province):
        year = int(row["year"])
        own = sources.fact(row["file"], row["indicator"], row["scope"], year)
        whole = sources.fact(row["file"], row["total_indicator"], row["total_scope"], year)
        result.append(
            {
                **{key: row[key] for key in ("id", "name_zh", "kind", "city")},
                "rd_share": f"{own.value / whole.value:.4f}",
                "source_kind": "agency report, quoted by the press",
                "source": f"{own.source}; over {row['total_indicator']} {year}: {whole.source}",
            }
        )
    return result


def _series(sources: Sources, province: str) -> list[Row]:
    """All of the panel for the province and the nation, and what else the sources hold as a series."""
    result = []
    for (name, indicator, year), row in sources.panel.items():
        if name in (province, NATION):
            scope = NATION if name == NATION else "province"
            unit = UNIT_OF_PANEL.get(row["unit"], row["unit"])
            result.append(_series_row(indicator, scope, year, float(row["value"]), unit, row["source"]))
    for row in sources.rows_of("extra_series.csv", province):
        if (province, row["indicator"], sources.last_year) in sources.panel:
            continue  # the panel has the series itself
        if int(row["last_year"]) < sources.last_year:
            continue  # it ends before the eve, and another stands in for it
        for year in range(int(row["first_year"]), min(int(row["last_year"]), sources.last_year) + 1):
            fact = sources.fact(row["file"], row["source_indicator"], row["scope"], year, row["source_has"])
            result.append(
                _series_row(row["indicator"], "province", year, fact.value, row["unit"], fact.source)
            )
    known = {row["indicator"] for row in result if row["scope"] != NATION}
    for one in stand_ins_of(sources, province, known):
        unit = SERIES[one.indicator]
        for year, value in one.values.items():
            rounded = float(f"{value:.6g}")
            result.append(_series_row(one.indicator, "province", year, rounded, unit, one.source))
    return sorted(result, key=lambda row: (row["indicator"], row["scope"] == NATION, row["year"]))


def _series_row(indicator: str, scope: str, year: int, value: float, unit: str, source: str) -> Row:
    cells = (indicator, scope, str(year), number(value), unit, source)
    return dict(zip(COLUMNS["series.csv"], cells, strict=True))


def _observed(sources: Sources, province: str) -> list[Row]:
    """What a run is compared with: rows of the panel, and single facts."""
    found: dict[tuple[str, int], Row] = {}
    for row in sources.rows_of("panel_observations.csv", province):
        for year in range(int(row["first_year"]), sources.year(row["last_year"]) + 1):
            cell = sources.panel.get((province, row["indicator"], year))
            if cell is None:
                continue  # The statistics have no such year; gaps stay gaps.
            # A later line, for one province, replaces an earlier line for all.
            found[row["indicator"], year] = _observed_row(
                row, year, float(cell["value"]), cell["source"], kind_of_source(cell["source"])
            )
    for row in sources.rows_of("observations.csv", province):
        year = int(row["year"])
        if year > sources.last_year < calendar_of(sources)["last_year"]:
            continue  # not known yet
        fact = sources.fact(
            row["file"], row["source_indicator"], row["scope"], int(row["source_year"]), row["source_has"]
        )
        if row["use"] not in ("check", "prior") and year > sources.last_year:
            raise InputError(
                f"{row['indicator']} of {year} may not be fitted", key="use", allowed="check, prior"
            )
        if (row["indicator"], year) in found:
            raise InputError(
                f"{row['indicator']} of {year} is given twice", file=sources.folder / "observations.csv"
            )
        found[row["indicator"], year] = _observed_row(row, year, fact.value, fact.source, row["source_kind"])
    return [found[key] for key in sorted(found)]


def _observed_row(row: Row, year: int, value: float, source: str, source_kind: str) -> Row:
    cells = (
        row["indicator"], str(year), number(value), row["unit"], row["use"], row["ln_error"],
        source, source_kind, row["note"],
    )  # fmt: skip
    return dict(zip(COLUMNS["observed.csv"], cells, strict=True))


def _about(sources: Sources, province: str, capital: Row, tables: dict[str, list[Row]]) -> dict[str, Any]:
    """Say what the pack is, and of every table what is measured, scaled or assumed."""
    origin, _ = sources.province_parameters
    own = province == origin
    gdp = any(row["indicator"] == "gdp" for row in tables["series.csv"])
    cities = len(tables["cities.csv"])
    single_facts = len(sources.rows_of("observations.csv", province))
    return {
        "name": province,
        "name_zh": sources.provinces[province],
        "capital": capital["capital"],
        "capital_zh": capital["capital_zh"],
        "plan_written_for": PLAN_WRITTEN_FOR,
        **_years(sources),
        "tables": {
            "cities": (
                f"assumed: {cities} cities, shares partly from statistics"
                if cities > 1
                else "assumed: one region, nothing is known by city"
            ),
            "zones": (
                "number from the plan, names to be verified"
                if tables["zones.csv"]
                else "empty: not collected"
            ),
            "organisations": (
                "measured: named bodies with a sourced number; all others are drawn from counts"
                if tables["organisations.csv"]
                else "empty: no named body with a sourced number; all are drawn from counts"
            ),
            "series": f"measured: {', '.join(sources.panel_files)}"
            + (" and the gross product" if gdp else "; no gross product"),
            "observed": f"measured: {', '.join(sources.panel_files[:2])} and {single_facts} single facts",
            "parameters": (
                "measured or assumed, each entry says which"
                if own
                else f"scaled from {origin} by ratios of the panel: every entry is an assumption"
            ),
        },
        **({"gaps": calendar_of(sources)["gaps"]} if sources.panel_files == PANEL_FILES else {}),
        **about_gaps(sources, province, sources.last_year),
    }


def _years(sources: Sources) -> dict[str, Any]:
    """Give the years of a pack that ends with the last known one."""
    facts = calendar_of(sources)
    years = years_until(sources.last_year)._replace(first=facts["first_year"], levels_of=facts["levels_of"])
    return {
        "first_year": years.first,
        "last_year": years.last,
        "levels_of": years.levels_of,
        "plan_start": str(years.plan_start),
        "plan_end": str(years.plan_end),
        "counts_from": {"training": years.training_from, "platforms": years.platforms_from},
    }


def csv_text(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """Write rows as the text of a CSV file."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, fieldnames=columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def _yaml_text(entries: dict[str, Any], head: str) -> str:
    """Write a mapping of scalars, or of mappings of scalars, as YAML."""
    lines = [f"# {head}"]
    for key, value in entries.items():
        if isinstance(value, dict):
            lines += [f"{key}:", *(f"  {name}: {_scalar(cell)}" for name, cell in value.items())]
        else:
            lines.append(f"{key}: {_scalar(value)}")
    return "\n".join(lines) + "\n"


def _scalar(value: object) -> str:
    # Every YAML parser reads a JSON text as the same text.
    return json.dumps(value, ensure_ascii=False)


def write_pack(files: dict[str, str], folder: Path) -> None:
    """Write the files of one pack.

    Parameters
    ----------
    files : dict of str to str
        Text by file name, of `make_pack`.
    folder : Path
        Of this province; made where it is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_bytes(text.encode("utf-8"))


def main(arguments: Sequence[str], folder: Path = PACK_FOLDER) -> int:
    """Write the packs named, those that exist, or ``all``.

    Parameters
    ----------
    arguments : sequence of str
        Names of provinces.
    folder : Path
        Where packs stand.

    Returns
    -------
    int
        0 done, 2 refused.
    """
    try:
        sources = Sources()
        existing = sorted(path.parent.name for path in folder.glob("*/pack.yaml"))
        wanted = list(sources.provinces) if list(arguments) == ["all"] else list(arguments) or existing
        made = {province: make_pack(province, sources) for province in wanted}
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    for province, files in made.items():
        write_pack(files, folder / province)
        print(f"{province}: {len(files)} files")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
