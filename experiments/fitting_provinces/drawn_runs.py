"""Run worlds once for each row of a table of parameter values: several tables in one batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ...engine import luck
from ..planning.door_to_model import Model
from ..planning.plan_of_runs import PlannedRun, future_seed, run_name
from ..planning.runs import Failed, Finished, Job
from ..running.runner import RunBatch

Numbers = npt.NDArray[np.float64]

AT_ONCE: Final = 16
"""Finished runs of a table that are given together, and so the most that a kill costs."""


@dataclass(frozen=True)
class Drawn:
    """A world and the rows that it is run at: the values of the parameters that are held, shape (rows,).

    The world's name keeps the tables of a batch apart. Tables that name the same ``luck`` are run with it, of
    one seed: row i of all of them has the same future; without a name a table has luck of its own. Rows that
    are ``there`` already are not run.
    """

    base: Any
    values: Mapping[str, Numbers]
    luck: str = ""
    there: frozenset[int] = frozenset()

    @property
    def name(self) -> str:
        """Name of the world."""
        return str(self.base.name)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(next(iter(self.values.values())))


class DrawnScenarios(Mapping[str, Any]):
    """A scenario for each row of each table, built when it is asked for."""

    def __init__(self, tables: Sequence[Drawn]) -> None:
        self._tables = {table.name: table for table in tables}

    def __getitem__(self, name: str) -> Any:
        """Build the scenario of a row; it is called by its world and its row."""
        world, _, row = name.rpartition("_row_")
        table = self._tables[world]
        if not row.isdigit() or int(row) >= table.rows:
            raise KeyError(name)
        held = {key: float(values[int(row)]) for key, values in table.values.items()}
        return table.base.set(name=name, parameters=held)

    def __iter__(self) -> Iterator[str]:
        """Names of the rows, table by table."""
        return (_named(name, row) for name, table in self._tables.items() for row in range(table.rows))

    def __len__(self) -> int:
        """Number of rows of all tables."""
        return sum(table.rows for table in self._tables.values())


def _named(world: str, row: int) -> str:
    return f"{world}_row_{row}"


def seed_of_table(seed: int, name: str) -> int:
    """Give the seed of a table's futures, from that of the experiment and the name of its luck."""
    return luck.key_of("drawn runs", seed, name)


def run_drawn(
    tables: Sequence[Drawn],
    model: Model,
    *,
    indicators: tuple[str, ...],
    scale: float,
    seed: int,
    executor: RunBatch,
    workers: int | None,
    failures: list[Failed],
) -> Iterator[tuple[str, list[Finished]]]:
    """Make one run for each row, and give name of the world and finished runs, some dozens at a time.

    Of a record only ``indicators`` are kept. Each table has luck of ``seed``, its own or one that it names.
    ``run.future`` is the row, in the order in which the runs ended; ``failures`` gets what did not end well.
    """
    plan = [
        PlannedRun(
            run_name(table.name, row),
            _named(table.name, row),
            row,
            future_seed(seed_of_table(seed, table.luck or table.name), row),
        )
        for table in tables
        for row in range(table.rows)
        if row not in table.there
    ]
    job = Job(DrawnScenarios(tables), scale, model.run_one, indicators=indicators)
    held: dict[str, list[Finished]] = {table.name: [] for table in tables}
    for outcome in executor(plan, job, workers=workers):
        if isinstance(outcome, Failed):
            failures.append(outcome)
            continue
        name = outcome.run.scenario.rpartition("_row_")[0]
        held[name].append(outcome)
        if len(held[name]) == AT_ONCE:
            yield name, held[name]
            held[name] = []
    yield from ((name, finished) for name, finished in held.items() if finished)
