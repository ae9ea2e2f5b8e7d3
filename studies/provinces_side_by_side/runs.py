"""Each province run to the last observed year: whether it is in the right size, and how many rows it has."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import pandas as pd

from ...engine.errors import InputError
from ...engine.seed_and_scale import SMALLEST_SCALE
from ...experiments.calibrating.compare_observed import comparison
from ...experiments.forecasting.target_and_indicator_tables import yearly_of_parts
from ...experiments.keeping.parquet_parts import table_of
from ...experiments.planning import door_to_model
from ...experiments.planning.definitions import LAST_YEAR
from ...experiments.planning.options import FuturesOptions
from ...experiments.planning.plan_of_runs import plan_runs
from ...experiments.planning.runs import Failed, Finished, Job
from ...experiments.running.runner import run_batch

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = [
    "COMPARED",
    "FACTOR",
    "ROWS_WANTED",
    "SCALE_COLUMNS",
    "SIMULATED_COLUMNS",
    "scale_for",
    "scale_table",
    "simulated_table",
]

COMPARED: Final = (
    "contract_value_output", "contract_count_output", "contract_value_inflow", "contract_count_inflow",
)  # fmt: skip

FACTOR: Final = 3.0
"""Within this factor of the observed value a province that was never fitted counts as in the right size."""

ROWS_WANTED: Final = 2000
"""Rows of firms for which a fit of a province was found to be steady (advice of the prototype)."""


_PRODUCERS: Final = ("university", "research_institute", "military_unit")

_NEEDED: Final = (*COMPARED, *(f"contract_value_output_{kind}" for kind in _PRODUCERS))

SIMULATED_COLUMNS: Final = (
    "province", "indicator", "year", "observed", "q05", "median", "q95", "ratio", "within_factor_3",
    "producers_share", "futures", "scale", "seed",
)  # fmt: skip
"""``producers_share``: part of the simulated value sold that universities, institutes and military units sell
(median over futures); they sell at the rate of their R&D, not of the province's contracts."""

SCALE_COLUMNS: Final = (
    "province", "firms", "large_firms", "rows_at_scale", "scale", "scale_for_2000_rows", "rows_there",
    "seconds_a_run", "seconds_a_run_there",
)  # fmt: skip
"""Firms and rows at the end of the last observed year, with central parameters; processor seconds from 2010
to then on the machine that made the table."""


def simulated_table(
    provinces: Sequence[str],
    model: door_to_model.Model,
    *,
    runs: int,
    scale: float,
    seed: int,
    workers: int | None = None,
) -> tuple[pd.DataFrame, dict[str, str], list[Failed]]:
    """Run every province from its priors and hold its contracts of the last year against the observed ones.

    Returns
    -------
    table : DataFrame
        Columns of `SIMULATED_COLUMNS`.
    refused : dict of str to str
        Provinces that cannot be run, each with the reason.
    failures : list of Failed
        Runs that are missing from the table.
    """
    FuturesOptions(runs=runs, scale=scale, seed=seed, workers=workers)
    worlds: dict[str, Scenario] = {}
    refused: dict[str, str] = {}
    for name in provinces:
        try:
            worlds[name] = past_world(name)
        except InputError as error:
            refused[name] = str(error)
    model.warm()
    # One batch for all: a batch for each would start its workers anew, thirty times.
    job = Job(worlds, float(scale), model.run_one, indicators=_NEEDED, years=(LAST_YEAR,))
    plan = list(plan_runs(list(worlds), runs, seed))
    outcomes = list(run_batch(plan, job, workers=workers))
    finished = [outcome for outcome in outcomes if isinstance(outcome, Finished)]
    failures = [outcome for outcome in outcomes if isinstance(outcome, Failed)]
    years = yearly_of_parts((table_of([one]).to_pandas() for one in finished), model.definitions)
    tables = [
        _compared(world, years[years["scenario"] == name], scale, seed)
        for name, world in worlds.items()
        if (years["scenario"] == name).any()
    ]
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(SIMULATED_COLUMNS))
    return table, refused, failures


def _compared(world: Scenario, years: pd.DataFrame, scale: float, seed: int) -> pd.DataFrame:
    """Hold the runs of one province against what was observed of it."""
    observed = world.pack().observed
    asked = observed[(observed["year"] == LAST_YEAR) & observed["indicator"].isin(COMPARED)]
    table = comparison(asked, years, scale=scale, seed=seed, last_year=LAST_YEAR)
    table = table[table["indicator"].isin(COMPARED)]  # without what follows from these four
    ratio = table["ratio"].astype("float64")
    within = ((ratio < FACTOR) & (ratio > 1.0 / FACTOR)).map({True: "yes", False: "no"})
    table = table.assign(
        province=world.pack().name,
        within_factor_3=within,
        producers_share=round(_producers_share(years), 3),
    )
    return table[list(SIMULATED_COLUMNS)]


def past_world(province: str) -> Scenario:
    """Give the world of a province up to the last observed year, drawn from priors.

    Raises
    ------
    InputError
        If the model refuses to build it.
    """
    world = door_to_model.loaded("no_plan", province=province, belief="prior").set(
        end=f"{LAST_YEAR}-Q4", name=province
    )
    door_to_model.rehearse(world)
    return world


def _producers_share(years: pd.DataFrame) -> float:
    last = years[years["year"] == LAST_YEAR].pivot(index="future", columns="indicator", values="value")
    sold = last["contract_value_output"]
    return float((sum(last[f"contract_value_output_{kind}"] for kind in _PRODUCERS) / sold).median())


def scale_for(firms: float, large: float, rows: int = ROWS_WANTED) -> float:
    """Give the scale at which a province has so many rows of firms, as near as the bounds allow.

    ``large`` firms are one row each at every scale. From 0.01 to 1, two figures; where the large firms alone
    are more than is wanted, the smallest.

    Examples
    --------
    >>> scale_for(20000, 1000), scale_for(900, 40), scale_for(200000, 10000)
    (0.053, 1.0, 0.01)
    """
    small = max(firms - large, 1.0)
    return float(f"{min(1.0, max(SMALLEST_SCALE, (rows - large) / small)):.2g}")


def scale_table(provinces: Sequence[str], *, scale: float, seed: int) -> pd.DataFrame:
    """Count each province's rows at one scale and at that which gives about 2,000: `SCALE_COLUMNS`.

    Provinces that cannot be run are left out.
    """
    found = []
    for name in provinces:
        try:
            world = past_world(name).set(draw_parameters=False, draw_outside=False, name=name)
        except InputError:
            continue
        rows, firms, large, seconds = _counted(world, seed, scale)
        better = scale_for(firms, large)
        rows_there, _, _, seconds_there = _counted(world, seed, better)
        found.append(
            (name, firms, large, rows, scale, better, rows_there, round(seconds, 2), round(seconds_there, 2))
        )
    return pd.DataFrame(found, columns=list(SCALE_COLUMNS))


def _counted(world: Scenario, seed: int, scale: float) -> tuple[int, int, int, float]:
    """Run a world once; give rows of firms that live, firms, large firms, and processor seconds."""
    from ...model.ecosystem import Ecosystem

    began = time.process_time()
    ecosystem = Ecosystem(world, seed=seed, scale=scale)
    for _ in world.quarters:
        ecosystem.step()
    seconds = time.process_time() - began
    firms = ecosystem.province.enterprises.rows
    alive = firms["members"] > 0
    large = alive & (firms["large"] > 0)
    return int(alive.sum()), round(float(firms["members"].sum())), int(large.sum()), seconds
