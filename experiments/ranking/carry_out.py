"""Carry out a ranking: settle its packages, make their runs, write the table; take one up again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..effects.package_runs import PackageStudy, put_together_again
from ..planning import door_to_model
from .finished_ranking import RANKING, Ranking
from .options import RankOptions
from .ranking_table import packages_of, ranking_table

__all__ = ["KIND", "carry_out", "study_again", "study_of"]

KIND: Final = "ranking"
"""Kind of the experiment in the manifest."""


def study_of(scenario: Any, model: door_to_model.Model, options: RankOptions) -> PackageStudy:
    """Settle which packages each future is run in; refuse what cannot be ranked."""
    by_future = [packages_of(scenario, options.by)] * options.runs
    return PackageStudy.of(KIND, scenario, by_future, model.definitions, options, by=list(options.by))


def study_again(identity: Mapping[str, Any], model: door_to_model.Model, **how: Any) -> PackageStudy:
    """Put a ranking together again from the identity in its manifest."""
    return put_together_again(identity, model, study_of, RankOptions, "by", **how)


def carry_out(study: PackageStudy, model: door_to_model.Model) -> Ranking:
    """Make the runs that are missing, then the table; see `rank.rank`."""
    options: Any = study.options
    store = study.make(model)
    table = ranking_table(study.figures(store), options.runs, study.scenario, options.by)
    store.write_csv(RANKING, table)
    store.list_files()
    return Ranking.read(store.folder)
