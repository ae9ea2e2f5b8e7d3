"""A pack whose dates are all later by some years: what a run makes of it proves that no rule knows a year."""

from __future__ import annotations

import json
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


def shifted_pack(province: str, years: int, folder: Path) -> Path:
    """Write the pack of a province, ``years`` later: figures, regimes, levers, counts, the nation."""
    pack = load_pack(province)
    place = folder / pack.name
    shutil.copytree(pack.folder, place)
    for name in ("series", "observed"):
        _later(pd.read_csv(pack.folder / f"{name}.csv", dtype=str, keep_default_na=False), years).to_csv(
            place / f"{name}.csv", index=False
        )
    nation = pd.read_csv(SOURCES_FOLDER / NATION_FILE, dtype=str, keep_default_na=False)
    _later(nation, years).to_csv(place / NATION_OF_PACK, index=False)
    history = pd.DataFrame(history_rows(pack.years.last))
    history["date"] = [later(date, years) for date in history["date"]]
    history.to_csv(place / HISTORY_FILE, index=False)
    dates = {name: one for name, one in shared_parameters().items() if one.unit == "date"}
    own = {name: one.model_dump(exclude={"id"}, exclude_none=True) for name, one in dates.items()}
    for one in own.values():
        one.update({key: one[key] + years for key in ("value", "low", "high")})
    _write(place / "parameters.yaml", {**read_yaml(place / "parameters.yaml").data, **own})
    head = dict(read_yaml(place / "pack.yaml").data)
    head |= {key: head[key] + years for key in ("first_year", "last_year", "levels_of")}
    head |= {key: later(head[key], years) for key in ("plan_start", "plan_end")}
    head["counts_from"] = {name: date + years for name, date in head["counts_from"].items()}
    _write(place / "pack.yaml", head)
    return place


def later(quarter: str, years: int) -> str:
    """Give a quarter some years later."""
    return str(Quarter.parse(quarter).later(4 * years))


def _later(table: pd.DataFrame, years: int) -> pd.DataFrame:
    return table.assign(year=table["year"].astype(int) + years)


def _write(file: Path, entries: dict[str, Any]) -> None:
    file.write_text(json.dumps(entries, ensure_ascii=False, indent=1), encoding="utf-8")  # JSON is YAML
