"""Carry out a search: find, confirm, write the table; take one up again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..keeping.store import PACKAGES
from ..planning import door_to_model
from .finished_search import Search
from .options import SearchOptions
from .packages_table import packages_table
from .search_study import SearchStudy
from .stages import find

__all__ = ["carry_out", "study_again"]


def study_again(identity: Mapping[str, Any], model: door_to_model.Model, **how: Any) -> SearchStudy:
    """Put a search together again from the identity in its manifest."""
    ((_, entry),) = identity["scenarios"].items()
    goals = {name: value for name, _, value in identity["goals"]}
    counting = {name: counting for name, counting, _ in identity["goals"] if counting}
    names = ("runs", "scale", "seed", "chance", "budget", "levers", "packages")
    options = SearchOptions(goals=goals, counting=counting, **{name: identity[name] for name in names}, **how)
    return SearchStudy.settled(door_to_model.scenario_of(entry["contents"]), model, options)


def carry_out(study: SearchStudy, model: door_to_model.Model) -> Search:
    """Make the runs that are missing, then the table; see `search.search`."""
    with study.trials(model) as trials:
        found = find(study.searched, trials, study.wish)
        store = trials.store
    runs = study.options.runs
    figures = study.figures(store)
    store.write_csv(
        PACKAGES, packages_table(found, study.searched, figures, range(runs, 2 * runs), study.goals)
    )
    store.note(runs_planned=len(store.finished_runs()) + len(store.failures()))
    store.list_files()
    return Search.read(store.folder)
