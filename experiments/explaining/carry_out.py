"""Carry out an explanation: settle its worlds, make their runs, write the table; take one up again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from ...engine.errors import InputError, nearest
from ...engine.quarters import Quarter
from ...engine.seed_and_scale import is_whole
from ..effects.package_runs import PackageStudy
from ..effects.quantities import Quantity
from ..planning import door_to_model
from ..planning.definitions import Definitions
from .finished_why import WHY, Why
from .mechanisms import Knocked
from .options import WhyOptions
from .parts import parts_of
from .why_table import why_table

__all__ = ["KIND", "WhyStudy", "carry_out", "goal_of", "resolved", "said_years", "study_again", "study_of"]

KIND: Final = "why"
"""Kind of the experiment in the manifest."""


@dataclass(frozen=True)
class WhyStudy(PackageStudy):
    """An explanation, settled before its first run."""

    @property
    def prediction(self) -> None:
        """Nothing: what an observed year adds to each world would hide what a mechanism moved before it."""
        return


def resolved(options: WhyOptions, scenario: Any, definitions: Definitions) -> tuple[str, tuple[int, ...]]:
    """Find the indicator and the years that are meant.

    Raises
    ------
    InputError
        If there is no such indicator, or a year is not a whole one of the scenario.
    """
    name, target = options.indicator, definitions.targets.get(options.indicator)
    indicator = name if target is None else target.indicator
    if indicator not in definitions.indicators:
        known = [*definitions.targets, *definitions.indicators]
        raise InputError(
            f"no target or indicator is called {name!r}",
            key="indicator",
            allowed=f"{', '.join(definitions.targets)}, or an indicator of `list indicators`",
            suggestion=nearest(name, known),
        )
    first, end = Quarter.parse(scenario.start), Quarter.parse(scenario.end)
    begin, last = first.year + (first.quarter > 1), end.year - (end.quarter < 4)
    usual = last if target is None else min(last, target.year)
    asked = (usual,) if options.year is None else _years_of(options.year)
    for year in asked:
        if not is_whole(year) or not begin <= year <= last:
            raise InputError(
                f"{year!r} is no whole year of {scenario.name!r}", key="year", allowed=f"{begin} to {last}"
            )
    return indicator, tuple(map(int, asked))


def said_years(years: Sequence[int]) -> int | str:
    """Write years that follow each other as they are asked for: 2020, or ``2010-2020``."""
    return years[0] if len(years) == 1 else f"{years[0]}-{years[-1]}"


def _years_of(given: Any) -> Sequence[Any]:
    """Read a year, or the first and the last of several."""
    if not isinstance(given, str):
        return (given,)
    words = [word.strip() for word in given.split("-")]
    if not all(word.isdecimal() for word in words) or len(words) > 2 or int(words[0]) > int(words[-1]):
        raise InputError(f"{given!r} is no year", key="year", allowed="2020, or 2010-2020")
    return range(int(words[0]), int(words[-1]) + 1)


def study_of(scenario: Any, model: door_to_model.Model, options: WhyOptions) -> WhyStudy:
    """Settle the worlds in which each future is run; refuse what cannot be explained."""
    definitions = door_to_model.judged(model.definitions, scenario)
    indicator, years = resolved(options, scenario, definitions)
    names = [indicator, *(name for one in parts_of(indicator, scenario) for name in one.parts.values())]
    quantities = [
        Quantity("indicator", name, "", name, definitions.of(name).unit, year)
        for year in years
        for name in dict.fromkeys(names)
    ]
    worlds = Knocked(scenario, indicator)
    for name in worlds:
        _ = worlds[name]  # what cannot be switched off is refused here
    by_future = [list(worlds)] * options.runs
    settings = {"indicator": indicator, "year": said_years(years)}
    return WhyStudy(
        KIND, scenario, by_future, quantities[:1], quantities, definitions, options, worlds, settings
    )


def study_again(identity: Mapping[str, Any], model: door_to_model.Model, **how: Any) -> WhyStudy:
    """Put an explanation together again from the identity in its manifest."""
    ((_, entry),) = identity["scenarios"].items()
    asked = {name: identity[name] for name in ("runs", "scale", "seed", "indicator", "year")}
    study = study_of(door_to_model.scenario_of(entry["contents"]), model, WhyOptions(**asked, **how))
    return replace(study, asked=())


def goal_of(definitions: Definitions, indicator: str, year: int) -> float | None:
    """Give what a target asks of an indicator in a year, as it is first counted; None if none does."""
    goals = (
        one.goal for one in definitions.targets.values() if (one.indicator, one.year) == (indicator, year)
    )
    return next(goals, None)


def carry_out(study: PackageStudy, model: door_to_model.Model) -> Why:
    """Make the runs that are missing, then the table; see `why.why`."""
    worlds: Any = study.worlds
    explained = study.quantities[0].id
    wholes = [one for one in study.quantities if one.id == explained]
    store = study.make(model)
    parts = parts_of(explained, study.scenario)
    goals = {one.year: goal_of(study.definitions, explained, one.year) for one in wholes}
    table = why_table(study.figures(store), study.options.runs, worlds, wholes, parts, goals)
    store.write_csv(WHY, table)
    store.list_files()
    return Why.read(store.folder)
