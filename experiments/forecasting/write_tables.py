"""The last step of a forecast: predictive rows, and the tables that are made of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from ..keeping.atomic_files import number_in, write_atomically, write_checked
from ..keeping.parquet_parts import ORIGIN, bytes_of, metadata_of, read_part
from ..keeping.store import DIFFERENCES, INDICATORS, PREDICTIVE, RUNS, TARGETS, Store
from ..planning.definitions import Definitions
from .difference_table import difference_rows, in_order_of_reading
from .predictive import Predictive
from .target_and_indicator_tables import NO_YEARS, in_order, indicator_table, target_table
from .yearly_values import YearsOfRuns

if TYPE_CHECKING:
    from .mapped_levels import FittedLevels, LevelMap


def write_tables(
    store: Store,
    definitions: Definitions,
    provinces: Mapping[str, str],
    predictive: Predictive | None = None,
    level: LevelMap | None = None,
) -> FittedLevels | None:
    """Write ``predictive/``, ``targets.csv`` and ``indicators.csv`` from the runs of the store.

    ``provinces`` name the province of each scenario, in the order of the tables; of several the last one is
    what the others are held against, in ``differences.csv``. Without ``predictive`` predictions are the runs
    to the byte. With a ``level`` they have that of another forecaster; what the map is fitted to is given
    back. At the end the manifest lists all files.
    """
    fitted = None
    if level is not None:
        fitted = _predict_levels(store, predictive or Predictive({}), level)
    elif predictive is None or predictive.changes_nothing:
        _copy_runs(store)
    else:
        _predict_runs(store, predictive)
    counted = definitions.counted
    with YearsOfRuns(store, definitions) as years:
        of_targets = [years.of(name) for name in years.indicators if name in counted]
        store.write_csv(TARGETS, target_table(pd.concat(of_targets or [NO_YEARS]), definitions, provinces))
        tables, differences = [], []
        for some in years.in_blocks():
            tables.append(indicator_table(some, definitions, provinces))
            if len(provinces) > 1:
                differences.append(difference_rows(some, definitions, provinces))
        store.write_csv(INDICATORS, in_order(pd.concat(tables), list(provinces), ["indicator", "year"]))
        if differences:
            store.write_csv(DIFFERENCES, in_order_of_reading(differences, definitions, provinces))
    store.list_files()
    return fitted


def _predict_levels(store: Store, predictive: Predictive, level: LevelMap) -> FittedLevels:
    """Predict all parts anew: the map is of all runs together, so that one more moves every level."""
    from .mapped_levels import fitted_levels

    for predicted in store.parts(PREDICTIVE):
        predicted.unlink(missing_ok=True)
    fitted = fitted_levels(map(read_part, store.parts(RUNS)), predictive, level)
    for part in store.parts(RUNS):
        _write_predicted(store, part, lambda runs: fitted.of(predictive.of(runs)))
    return fitted


def _write_predicted(store: Store, part: Path, of: Callable[[pa.Table], pa.Table]) -> None:
    """Write what is predicted of a part, under its number and with its name."""
    runs = read_part(part)
    said = {**(runs.schema.metadata or {}), ORIGIN: part.name.encode()}
    predicted = of(runs).replace_schema_metadata(said)
    write_checked(store.folder / PREDICTIVE, "part", bytes_of(predicted), number=number_in(part))


def _predict_runs(store: Store, predictive: Predictive) -> None:
    """Predict each part of the runs, once.

    It is a function of the part alone, so that shares, resumed batches and runners beside this
    one write the same bytes under the same name.
    """
    parts = {part.name: part for part in store.parts(RUNS)}
    there: set[str] = set()
    for predicted in store.parts(PREDICTIVE):
        name = metadata_of(predicted).get(ORIGIN, b"").decode()
        if name not in parts or name in there:  # its part was put aside, or lost a run; or it is a copy
            predicted.unlink(missing_ok=True)
        there.add(name)
    for name, part in parts.items():
        if name not in there:
            _write_predicted(store, part, predictive.of)


def _copy_runs(store: Store) -> None:
    """Copy the runs: until a discrepancy of the model is estimated, predictions equal them."""
    parts = {part.name: part for part in store.parts(RUNS)}
    for copy in store.parts(PREDICTIVE):
        if copy.name not in parts:  # its part was put aside, or a run was taken out of it
            copy.unlink(missing_ok=True)
    for name, part in parts.items():
        copy = store.folder / PREDICTIVE / name
        if not copy.exists():
            write_atomically(copy, partial(shutil.copyfile, part))
