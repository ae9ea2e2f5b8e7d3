"""What a scenario declares that it costs: budgets and administration, before anything is run.

What is really paid follows from the rules (vouchers that are redeemed, losses that are borne,
capital that funds call) and stands in a run's books; here stands what the levers themselves say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ..engine.quarters import Quarter
from .choosing.catalogue import lever_catalogue
from .choosing.dated_paths import FloatArray
from .choosing.lever_choices import lever_path
from .scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COST_COLUMNS", "costs_known_by_running_only", "declared_costs"]

COST_COLUMNS: Final = ("lever", "task", "payer", "year", "budget", "administration")

_BUDGET: Final = "yuan/year"


def _without_the_plan(scenario: Scenario) -> dict[str, FloatArray]:
    """Give each lever's path in the same time without the plan."""
    first, length = Quarter.parse(scenario.start), len(scenario.quarters)
    start = Quarter.parse(scenario.plan_start)
    levers = scenario.pack().catalogue
    return {name: lever_path(lever, {}, start, first, length) for name, lever in levers.items()}


def declared_costs(scenario: Scenario) -> pd.DataFrame:
    """Give what each lever declares to cost more than without the plan, by year.

    Parameters
    ----------
    scenario : Scenario
        The same time without the plan is what it is held against.

    Returns
    -------
    pandas.DataFrame
        Columns ``lever``, ``task`` (selector), ``payer``, ``year``, ``budget`` and
        ``administration`` (yuan of that year, negative where the plan spends less). A
        budget is a lever in yuan a year. Administration is due in each quarter from the
        plan's start in which a lever stands neither at zero nor where it stood in the
        quarter before, as in the run itself. Years without either are left out.
    """
    import pandas as pd

    paths, without = scenario.quarterly_lever_paths(), _without_the_plan(scenario)
    years = np.array([quarter.year for quarter in scenario.quarters])
    first = max(0, Quarter.parse(scenario.plan_start).index - Quarter.parse(scenario.start).index)
    rows: list[tuple[object, ...]] = []
    for name, lever in lever_catalogue().items():
        path, base = paths[name], without[name]
        budget = (path - base) / 4.0 if lever.unit == _BUDGET else np.zeros(len(path))
        due = np.zeros(len(path))
        if first < len(path):
            due[first:] = (path[first:] != path[first - 1]) & (path[first:] != 0.0)
        administration = due * lever.admin_cost_per_year / 4.0
        for year in sorted(set(years.tolist())):
            here = years == year
            costs = float(budget[here].sum()), float(administration[here].sum())
            if any(costs):
                rows.append((name, lever.selector, lever.payer, year, *costs))
    return pd.DataFrame(rows, columns=list(COST_COLUMNS))


def costs_known_by_running_only(scenario: Scenario) -> list[str]:
    """Name the levers that differ from no_plan and whose cost no path declares: all not in yuan a year."""
    paths, without = scenario.quarterly_lever_paths(), _without_the_plan(scenario)
    return [
        name
        for name, lever in lever_catalogue().items()
        if lever.unit != _BUDGET and (paths[name] != without[name]).any()
    ]
