"""One frame of a forecast: a row for each run, with what its future drew, what came of it, and what differs.

Columns say in front of their first dot what they hold:

- ``parameter.NAME``: the drawn value of an uncertain parameter, in its unit;
- ``outside.NAME``: mean growth of a path of the outside world, of its logarithm a year, from the last
  observed year to the last whole year of the scenarios;
- ``unexplained.SERIES``: what the prediction adds in that year to the logarithm of a series beyond the
  mechanism: discrepancy of the model and error of the statistics (see `predictive`);
- ``target.NAME.COUNTING``: the value that is held against the goal, in its unit;
- ``cost.public_cost``: net payments of treasuries, all years together, in yuan;
- ``more.NAME.COUNTING``, ``more.public_cost``: how much more that is than in the base, in the same
  future; nan for the base itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ...engine.errors import InputError
from ...engine.quarters import Quarter
from ..keeping.store import PREDICTIVE, Store
from ..planning import door_to_model
from ..planning.definitions import Definitions
from .difference_table import NET_COST, compared_with_base
from .predictive import noise, predictive_of
from .target_and_indicator_tables import yearly

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["HEAD", "INPUTS", "base_of", "frame_of", "worlds_in"]

HEAD: Final = ("run_id", "scenario", "future", "seed")
INPUTS: Final = ("parameter", "outside", "unexplained")
"""What a future draws, by the word in front of a column's first dot; luck is what is left."""

_KIND: Final = "forecast"


def worlds_in(store: Store) -> dict[str, Scenario]:
    """Give the scenarios of a forecast by name, the base last; refuse another kind of experiment."""
    identity = store.manifest()["identity"]
    if identity["kind"] != _KIND:
        raise InputError(
            f"{str(store.folder)!r} holds another kind of experiment: {identity['kind']}",
            key="folder",
            allowed="the folder of a forecast or of a comparison",
        )
    entries = identity["scenarios"].items()
    return {name: door_to_model.scenario_of(entry["contents"]) for name, entry in entries}


def base_of(worlds: Mapping[str, Any]) -> str | None:
    """Name the scenario that the others are held against; None for a single one."""
    return list(worlds)[-1] if len(worlds) > 1 else None


def frame_of(store: Store, definitions: Definitions, also: Sequence[tuple[str, int]] = ()) -> pd.DataFrame:
    """Read a finished forecast as one frame of runs, drawn inputs and targets.

    Parameters
    ----------
    store : Store
        Of a finished forecast.
    definitions : Definitions
        Kinds of indicators; targets with their ways of counting and their years.
    also : sequence of (str, int)
        Indicators and years that are wanted besides, as columns ``indicator.NAME.YEAR``.

    Returns
    -------
    DataFrame
        A row for each run that ended well, future by future, in the columns of `HEAD` and of this module.
        Inputs that do not vary are left out; what a run does not have is nan.

    Raises
    ------
    InputError
        If the folder holds another kind of experiment, no run, or an indicator is wanted that no run has.
    """
    worlds = worlds_in(store)
    values = _values(store, definitions, also)
    drawn = pd.concat(
        [_inputs(store, name, world, values) for name, world in worlds.items()], ignore_index=True
    )
    varies = [name for name in drawn if name not in HEAD and drawn[name].nunique() > 1]
    came_of_it = [name for name in values if name not in HEAD]
    frame = values.merge(drawn, on=["scenario", "future"])[[*HEAD, *varies, *came_of_it]]
    order = {name: place for place, name in enumerate(worlds)}
    frame = frame.iloc[np.lexsort((frame["scenario"].map(order), frame["future"]))].reset_index(drop=True)
    return pd.concat([frame, _more(frame, worlds)], axis="columns")


def _values(store: Store, definitions: Definitions, also: Sequence[tuple[str, int]]) -> pd.DataFrame:
    """Give by scenario and future what targets are judged by, net cost, and what is wanted besides."""
    targets = {
        f"target.{name}.{counting}": (indicator, target.year)
        for name, target in definitions.targets.items()
        for counting, indicator in target.countings.items()
    }
    wanted = targets | {f"indicator.{name}.{year}": (name, year) for name, year in also}
    names = {name for name, _ in wanted.values()} | {NET_COST}
    pieces = []
    for rows in store.frames(PREDICTIVE):
        years = yearly(rows[rows["indicator"].isin(names)], definitions)
        wide = years.pivot(index=["scenario", "future"], columns=["indicator", "year"], values="value")
        found = {column: wide[key] for column, key in wanted.items() if key in wide}
        if NET_COST in wide:
            by_year: Any = wide.xs(NET_COST, axis="columns", level="indicator")
            found[f"cost.{NET_COST}"] = by_year.sum(axis="columns")
        of_runs = rows.drop_duplicates("run_id")[list(HEAD)].astype({"run_id": "str", "scenario": "str"})
        pieces.append(of_runs.merge(pd.DataFrame(found).reset_index(), on=["scenario", "future"]))
    if not pieces:
        raise InputError(f"{str(store.folder)!r} holds no run", key="folder", allowed="a finished forecast")
    values = pd.concat(pieces, ignore_index=True)
    if missing := [column for column in wanted if column not in values and column not in targets]:
        raise InputError(
            f"no run holds {missing[0]}", key="indicator", allowed="indicators of `list indicators`"
        )
    return values


def _inputs(store: Store, name: str, world: Scenario, values: pd.DataFrame) -> pd.DataFrame:
    """Give what each future of a scenario drew."""
    identity = store.manifest()["identity"]
    mine = values.loc[values["scenario"] == name, list(HEAD)]
    uncertain = [key for key, one in world.parameter_table().items() if one.distribution != "fixed"]
    until, last = world.outside.observed_until, _last_year(world)
    prediction = predictive_of({name: world}, identity.get("without", ())).of_scenario(name)
    if "forecaster" in identity:  # its level is another's
        prediction = None
    rows: list[dict[str, float]] = []
    for seed in mine["seed"].astype(int):
        draws = world.parameter_draws(seed)
        row = {f"parameter.{key}": draws[key] for key in uncertain}
        if last > until:
            for path, growth in door_to_model.outside_growth(world, seed, until, last).items():
                row[f"outside.{path}"] = growth
        if last > until and prediction is not None:
            for series in prediction.discrepancy.series:
                of_years = noise(prediction.discrepancy, series, seed, prediction.luck_after, last - until)
                row[f"unexplained.{series}"] = float(of_years[-1])
        rows.append(row)
    return pd.concat(
        [mine[["scenario", "future"]].reset_index(drop=True), pd.DataFrame(rows)], axis="columns"
    )


def _last_year(world: Scenario) -> int:
    end = Quarter.parse(world.end)
    return end.year if end.quarter == 4 else end.year - 1


def _more(frame: pd.DataFrame, worlds: Mapping[str, Scenario]) -> pd.DataFrame:
    """Give what each run has more than the base in the same future; nan where they share none."""
    judged = [name for name in frame if str(name).startswith(("target.", "cost."))]
    base = base_of(worlds)
    if base is None:
        return pd.DataFrame(index=frame.index)
    compared = compared_with_base({name: world.pack().name for name, world in worlds.items()})
    of_base = frame[frame["scenario"] == base].set_index("future")[judged]
    more = frame[judged] - of_base.reindex(frame["future"]).set_axis(frame.index)
    more[~frame["scenario"].isin(compared)] = np.nan
    return more.set_axis([f"more.{str(name).partition('.')[2]}" for name in judged], axis="columns")
