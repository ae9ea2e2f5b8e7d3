"""The last step of a forecast: predictive rows, and the two tables that are made of them."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from functools import partial

from .atomic import write_atomically
from .definitions import Definitions
from .store import INDICATORS, PREDICTIVE, RUNS, TARGETS, Store
from .tables import indicator_table, target_table, yearly_of_parts


def write_tables(store: Store, definitions: Definitions, scenarios: Sequence[str]) -> None:
    """Write ``predictive/``, ``targets.csv`` and ``indicators.csv`` from the runs of the store.

    Parameters
    ----------
    store : Store
        Holds the runs.
    definitions : Definitions
        Indicators and targets.
    scenarios : sequence of str
        Order of the scenarios in the tables.
    """
    _write_predictive(store)
    years = yearly_of_parts(store.frames(PREDICTIVE), definitions)
    store.write_csv(TARGETS, target_table(years, definitions, scenarios))
    store.write_csv(INDICATORS, indicator_table(years, definitions, scenarios))


def _write_predictive(store: Store) -> None:
    """Copy the runs: until a discrepancy of the model is estimated, predictions equal them."""
    parts = {part.name: part for part in store.parts(RUNS)}
    for copy in store.parts(PREDICTIVE):
        if copy.name not in parts:  # its part was put aside, or a run was taken out of it
            copy.unlink(missing_ok=True)
    for name, part in parts.items():
        copy = store.folder / PREDICTIVE / name
        if not copy.exists():
            write_atomically(copy, partial(shutil.copyfile, part))
