"""A pack whose dates are all later by some years: what a run makes of it proves that no rule knows a year."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pandas as pd

from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.scenarios import load_pack, shared_parameters
from shaanxi_transfer.scenarios.places import SOURCES_FOLDER
from shaanxi_transfer.scenarios.provinces.lever_history import HISTORY_FILE, history_rows
from shaanxi_transfer.scenarios.provinces.national_series import NATION_FILE, NATION_OF_PACK
from shaanxi_transfer.scenarios.reading.yaml_with_places import read_yaml

_YEARS = {"year", "first_year", "last_year", "source_year"}
"""Columns of the sources that hold years."""


def shifted_pack(province: str, years: int, folder: Path) -> Path:
    """Write the pack of a province, ``years`` later: figures, regimes, levers, counts, the nation."""
    pack = load_pack(province)
    place = folder / pack.name
    shutil.copytree(pack.folder, place)
    for name in ("series", "observed"):
        _later(pd.read_csv(pack.folder / f"{name}.csv", dtype=str, keep_default_na=False), years).to_csv(
            place / f"{name}.csv", index=False
        )
    lay_later_dates_over(place, pack.years.last, years)
    head = dict(read_yaml(place / "pack.yaml").data)
    head |= {key: head[key] + years for key in ("first_year", "last_year", "levels_of")}
    head |= {key: later(head[key], years) for key in ("plan_start", "plan_end")}
    head["counts_from"] = {name: date + years for name, date in head["counts_from"].items()}
    _write(place / "pack.yaml", head)
    return place


def lay_later_dates_over(place: Path, last_year: int, years: int) -> None:
    """Write into a pack what else has a date, ``years`` later: regimes, levers, the nation."""
    nation = pd.read_csv(SOURCES_FOLDER / NATION_FILE, dtype=str, keep_default_na=False)
    _later(nation, years).to_csv(place / NATION_OF_PACK, index=False)
    history = pd.DataFrame(history_rows(last_year))
    history["date"] = [later(date, years) for date in history["date"]]
    history.to_csv(place / HISTORY_FILE, index=False)
    dates = {name: one for name, one in shared_parameters().items() if one.unit == "date"}
    own = {name: one.model_dump(exclude={"id"}, exclude_none=True) for name, one in dates.items()}
    for one in own.values():
        one.update({key: one[key] + years for key in ("value", "low", "high")})
    _write(place / "parameters.yaml", {**read_yaml(place / "parameters.yaml").data, **own})


def shifted_sources(years: int, folder: Path) -> Path:
    """Write the facts that come with the package, panel among them, ``years`` later."""
    shutil.copytree(SOURCES_FOLDER, folder)
    for file in folder.glob("*.csv"):
        table = pd.read_csv(file, dtype=str, keep_default_na=False)
        for column in _YEARS & set(table.columns):
            table[column] = [str(int(year) + years) if year.isdigit() else year for year in table[column]]
        table.to_csv(file, index=False)
    calendar = folder / "calendar.yaml"
    facts = dict(read_yaml(calendar).data)
    facts |= {key: facts[key] + years for key in ("first_year", "last_year", "levels_of")}
    facts["counts_from"] = {name: year + years for name, year in facts["counts_from"].items()}
    _write(calendar, facts)
    rules = folder / "province_parameters.yaml"
    text = rules.read_text(encoding="utf-8")
    dated = re.sub(r"(?<=\byear: )\d{4}", lambda year: str(int(year[0]) + years), text)
    rules.write_text(dated, encoding="utf-8")
    return folder


def later(quarter: str, years: int) -> str:
    """Give a quarter some years later."""
    return str(Quarter.parse(quarter).later(4 * years))


def _later(table: pd.DataFrame, years: int) -> pd.DataFrame:
    return table.assign(year=table["year"].astype(int) + years)


def _write(file: Path, entries: dict[str, Any]) -> None:
    file.write_text(json.dumps(entries, ensure_ascii=False, indent=1), encoding="utf-8")  # JSON is YAML
