"""Carry out an attribution: settle coalitions, make their runs, write the table; take one up again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..effects.package_runs import PackageStudy, put_together_again
from ..planning import door_to_model
from .attribution_table import attribution_table
from .coalitions import Coalitions
from .finished_attribution import ATTRIBUTION, Attribution
from .options import AttributeOptions

__all__ = ["KIND", "carry_out", "study_again", "study_of"]

KIND: Final = "attribution"
"""Kind of the experiment in the manifest."""


def study_of(scenario: Any, model: door_to_model.Model, options: AttributeOptions) -> PackageStudy:
    """Settle which coalitions are run in each future; refuse what cannot be shared out."""
    found = Coalitions.of(scenario, options.seed, options.orders)
    by_future = found.by_future(options.runs)
    return PackageStudy.of(
        KIND, scenario, by_future, model.definitions, options,
        players=list(found.players), orders=options.orders,
    )  # fmt: skip


def study_again(identity: Mapping[str, Any], model: door_to_model.Model, **how: Any) -> PackageStudy:
    """Put an attribution together again from the identity in its manifest."""
    return put_together_again(identity, model, study_of, AttributeOptions, "orders", **how)


def carry_out(study: PackageStudy, model: door_to_model.Model) -> Attribution:
    """Make the runs that are missing, then the table; see `attribute.attribute`."""
    options: Any = study.options
    store = study.make(model)
    found = Coalitions.of(study.scenario, options.seed, options.orders)
    store.write_csv(ATTRIBUTION, attribution_table(found, study.figures(store), options.runs, study.scenario))
    store.list_files()
    return Attribution.read(store.folder)
