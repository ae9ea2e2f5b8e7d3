"""What all exports hold: the tables of an experiment, its manifest, and a data dictionary."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ...engine.errors import InputError
from ..tables.experiment_folder import definitions_of
from .data_dictionary import column_rows, indicator_rows

if TYPE_CHECKING:
    from ...experiments.keeping.store import Store
    from ...experiments.planning.definitions import Definitions


@dataclass(frozen=True)
class Exported:
    """An experiment, ready to be written in another form.

    Attributes
    ----------
    store : Store
        Its folder, for the rows of all runs.
    tables : mapping of str to DataFrame
        ``targets``, ``indicators``, ``differences``, ``failures`` and ``manifest`` (entry, value).
    names : tuple of str
        Indicators that occur, in the order of the definitions.
    definitions : Definitions
        Indicators and targets of the model.
    cities : dict
        Chinese name of each city by its name.
    """

    store: Store
    tables: Mapping[str, pd.DataFrame]
    names: tuple[str, ...]
    definitions: Definitions
    cities: dict[str, str]

    def dictionary(self, *further: str) -> pd.DataFrame:
        """Give the data dictionary: columns of the tables and of ``further`` ones, then indicators."""
        columns = column_rows([*self.tables, *further])
        return pd.concat(
            [columns, indicator_rows(self.names, self.definitions, self.cities)], ignore_index=True
        )


def read_for_export(folder: Path, definitions: Definitions | None = None) -> Exported:
    """Read a finished forecast for export; ``definitions`` are the model's by default.

    Raises
    ------
    InputError
        If the folder holds no finished forecast.
    """
    from ...experiments.forecasting.difference_table import read_differences
    from ...experiments.keeping.integrity import open_finished
    from ...experiments.keeping.store import FAILURES, INDICATORS, TARGETS

    store = open_finished(folder)
    manifest = store.manifest()
    for name in (TARGETS, INDICATORS, FAILURES):
        if not (folder / name).is_file():
            raise InputError(f"{name} is missing", file=folder, allowed="the folder of a finished forecast")
    tables = {Path(name).stem: store.read_csv(name) for name in (TARGETS, INDICATORS, FAILURES)}
    tables["targets"] = tables["targets"].astype({"first_year_median": "Int64"})
    tables["differences"] = read_differences(store)
    tables["manifest"] = pd.DataFrame(list(_entries(manifest)), columns=["entry", "value"])
    definitions = definitions_of(folder) if definitions is None else definitions
    order = {name: place for place, name in enumerate(definitions.indicators)}
    names = sorted(
        tables["indicators"]["indicator"].astype("str").unique(),
        key=lambda name: (order.get(name, order.get(name.partition(".")[0], len(order))), name),
    )
    return Exported(store, tables, tuple(names), definitions, _cities(manifest["identity"]))


def _entries(contents: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Flatten a manifest: dotted names, and values as JSON where they are no words."""
    for name, value in contents.items():
        if isinstance(value, Mapping) and value:
            yield from _entries(value, f"{above}{name}.")
        elif isinstance(value, str):
            yield f"{above}{name}", value
        else:
            yield f"{above}{name}", json.dumps(value, ensure_ascii=False)


def _cities(identity: Mapping[str, Any]) -> dict[str, str]:
    """Give the Chinese names of the cities of all provinces of an experiment."""
    from ...scenarios import load_pack

    names: dict[str, str] = {}
    for entry in identity["scenarios"].values():
        if province := entry["contents"].get("province"):
            cities = load_pack(province).cities
            names.update(zip(cities["city"].astype(str), cities["city_zh"].astype(str), strict=True))
    return names
