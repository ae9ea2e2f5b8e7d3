"""The only place where experiments reach into the model and the scenarios.

Everything is imported when it is asked for: a worker process that only makes runs,
and a refusal of bad input, then need not wait for the rest.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...engine.errors import InputError
from ...engine.quarters import Quarter
from ...engine.reached_code import hashes_of_functions
from ..places import PACKAGE
from .belief_in_pack import belief_in_pack
from .code_of_numbers import COUNTING, RUN
from .definitions import Definitions, check_targets
from .own_code import NOTHING, OwnCode, run_together_with, run_with
from .runs import RunOne, RunTogether

if TYPE_CHECKING:
    from ...scenarios import Scenario


_TIME = ("start", "steps_per_year")


@dataclass(frozen=True, slots=True)
class Model:
    """What experiments need of a model; tests give their own.

    Attributes
    ----------
    run_one : callable
        ``run_one(scenario, seed=, scale=)``, importable by its module's name.
    definitions : Definitions
        Indicators and targets.
    warm : callable
        Compiles the rules once, quick when they are compiled already.
    run_together : callable, optional
        The door for several scenarios of one future, if that is quicker than one by one.
    """

    run_one: RunOne
    definitions: Definitions
    warm: Callable[[], object]
    run_together: RunTogether | None = None


def model(own: OwnCode = NOTHING) -> Model:
    """Give the door to the simulated province.

    Parameters
    ----------
    own : OwnCode, optional
        Rules and indicators from outside.
    """
    from ...model.indicators.every_indicator import INDICATORS
    from ...model.running import run, run_together
    from ...model.targets import TARGETS
    from ...model.warm import warm

    definitions = Definitions(INDICATORS, TARGETS)
    check_targets(definitions)
    if not own:
        return Model(run, definitions, warm, run_together)
    definitions = Definitions({**INDICATORS, **own.definitions()}, TARGETS)
    return Model(partial(run_with, own=own), definitions, warm, partial(run_together_with, own=own))


def judged(definitions: Definitions, *scenarios: Any) -> Definitions:
    """Judge by the targets that scenarios declare; where none declares any, by those that are there.

    In packs whose eve is a later one these are judged as many years later.

    Raises
    ------
    InputError
        If a declared target is refused, see `model.targets.targets_declared`; if two scenarios declare
        different ones.
    """
    by = [one for one in scenarios if getattr(one, "targets", None)]
    if not by:
        later = [getattr(one, "years_later", 0) for one in scenarios]
        return _years_later(definitions, max(later, default=0))
    from ...model.targets import targets_declared

    for other in by[1:]:
        if other.targets != by[0].targets:
            raise InputError(
                f"{by[0].name!r} and {other.name!r} declare different targets",
                key="against",
                allowed="scenarios with the same targets, or targets in one of them alone",
            )
    indicators: Any = definitions.indicators
    return replace(definitions, targets=targets_declared(by[0].targets, indicators), declared=True)


def _years_later(definitions: Definitions, years: int) -> Definitions:
    """Judge each target some years later."""
    if years == 0:
        return definitions
    targets: dict[str, Any] = dict(definitions.targets)
    moved = {name: replace(one, year=one.year + years) for name, one in targets.items()}
    return replace(definitions, targets=moved)


def judging(model: Model, *scenarios: Any) -> Model:
    """Give the door to a model whose runs are judged by the targets that scenarios declare; see `judged`."""
    return replace(model, definitions=judged(model.definitions, *scenarios))


def definitions_in(folder: Path, identity: Mapping[str, Any]) -> Definitions:
    """Give the indicators and targets with which an experiment was begun, by its folder and its identity."""
    scenarios = [scenario_of(entry["contents"]) for entry in identity.get("scenarios", {}).values()]
    return judged(model(OwnCode.from_folder(folder, identity)).definitions, *scenarios)


def hashes_of_indicators(definitions: Definitions, own: OwnCode = NOTHING) -> dict[str, str]:
    """Hash the way in which each indicator is read, with its unit and kind; titles do not count.

    Parameters
    ----------
    definitions : Definitions
    own : OwnCode
        Its indicators are left out: an experiment keeps their text, or the hash of what is taken down beside.

    Returns
    -------
    dict of str to str
        16 hexadecimal digits by indicator.
    """
    names = sorted(definitions.indicators.keys() - (own.definitions().keys() if own else set()))
    ways = [
        (name, read)
        for name in names
        for way in ("read", "read_by_city")
        if (read := getattr(definitions.indicators[name], way, None)) is not None
    ]
    facts = {name: [definitions.indicators[name].unit, definitions.indicators[name].kind] for name in names}
    for (name, _), hash_ in zip(ways, _hashes_of_reading(tuple(read for _, read in ways)), strict=True):
        facts[name].append(hash_)
    return {name: hashlib.sha256("|".join(all_).encode()).hexdigest()[:16] for name, all_ in facts.items()}


@functools.lru_cache(maxsize=4)
def _hashes_of_reading(functions: tuple[Callable[..., Any], ...]) -> list[str]:
    return hashes_of_functions(PACKAGE, functions, beside=RUN, left_out=COUNTING)


def provinces() -> list[str]:
    """Name the provinces whose pack comes with the package."""
    from ...scenarios import list_provinces

    return list_provinces()


def loaded(
    scenario: Scenario | str | Path,
    *,
    province: str | None = None,
    outside: str | Path | None = None,
    belief: str | None = None,
) -> Scenario:
    """Load a scenario, and move it to a province or condition it on outside paths.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario, its name, or its file.
    province : str, optional
        The province to run it in.
    outside : str or Path, optional
        CSV in the panel's form.
    belief : str, optional
        ``posterior``, ``prior``, or the folder of a calibration.

    Returns
    -------
    Scenario
        Under its old name.

    Raises
    ------
    InputError
        If there is no such scenario, pack or file, or either is wrong inside.
    """
    from ...scenarios import Scenario, load

    found = scenario if isinstance(scenario, Scenario) else load(scenario)
    changes: dict[str, str] = {}
    if province is not None and province != found.province:
        changes["province"] = province
    if belief is not None:  # with the province: the posterior of another pack may not fit this one
        folder = Path(belief)
        changes["belief"] = str(folder.resolve()) if folder.is_dir() else belief
    if changes:
        try:
            found = found.set(**changes, name=found.name)
        except InputError as error:
            raise belief_in_pack(error, found, changes) from error
    if outside is not None:
        file = Path(outside)
        if not file.is_file():
            raise InputError(
                f"{str(outside)!r} is no file", key="outside", allowed="a CSV in the panel's form"
            )
        found = found.set(outside={"file": str(file.resolve())}, name=found.name)
    found.pack()  # a pack with a missing table is refused here, before anything is written
    _check_declared(found, scenario)
    return found


def _check_declared(found: Scenario, given: Scenario | str | Path) -> None:
    """Refuse a declared target that cannot be judged, at its line if a file is given."""
    if not found.targets:
        return
    from ...model.indicators.every_indicator import INDICATORS
    from ...scenarios import refused_in

    try:
        judged(Definitions(INDICATORS, {}), found)
    except InputError as error:
        raise refused_in(given, error) from error


def changed(scenario: Scenario | str | Path, changes: Sequence[str]) -> Scenario | str | Path:
    """Change a scenario as words of a command line say; without any it is given back as it was named.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario, its name, or its file.
    changes : sequence of str
        See `scenarios.changed_in_words`.

    Raises
    ------
    InputError
        If there is no such scenario, or a change is refused.
    """
    if not changes:
        return scenario
    from ...scenarios import changed_in_words, load

    return changed_in_words(load(scenario), changes)


def scenario_of(contents: Mapping[str, Any]) -> Scenario:
    """Give back the scenario whose contents a manifest keeps; one of an older version may be refused."""
    from pydantic import ValidationError

    from ...scenarios import Scenario

    try:
        return Scenario.model_validate(contents)
    except ValidationError as error:
        allowed = "one of this version, which `shaanxi-transfer migrate` with the folder writes"
        name = str(contents.get("name"))
        raise InputError("the scenario is one of an older version", key=name, allowed=allowed) from error


def outside_growth(scenario: Scenario, seed: int, since: int, until: int) -> dict[str, float]:
    """Give how the paths of the outside world grow in a future, of the logarithm a year, by name.

    ``since`` and ``until`` are calendar years, the second one later.
    """
    from ...model.state.outside import outside_world
    from ...model.state.parameters import Values

    pack = scenario.pack()
    paths = outside_world(scenario, pack, Values(scenario.parameter_draws(seed), pack.folder), seed).paths
    first, last = since - pack.years.first_read, until - pack.years.first_read
    return {name: float(np.log(path[last] / path[first])) / (until - since) for name, path in paths.items()}


def worlds(
    scenario: Scenario | str | Path,
    against: Scenario | str | Path | None,
    also: Sequence[Scenario | str | Path] = (),
    *,
    own: OwnCode = NOTHING,
    **where: Any,
) -> dict[str, Scenario]:
    """Load the scenarios of a comparison, by name, the one that is held against last.

    One that comes with the package takes the time of the user's own: without the plan, a world
    that ends in 2025 is `no_plan` up to 2025. Those that end at different times are compared as far as
    both go.

    Parameters
    ----------
    scenario, against : Scenario, str or Path
        None for no comparison.
    also : sequence of Scenario, str or Path
        Scenarios between these two.
    own : OwnCode
        What is tried with all.
    **where
        See `loaded`.

    Raises
    ------
    InputError
        If any is refused, or two different scenarios share a name.
    """
    given = [one for one in (scenario, *also, against) if one is not None]
    found: dict[str, Scenario] = {}
    for world in at_one_time(given, [loaded(one, **where) for one in given]):
        if world.name in found and world.hash != found[world.name].hash:
            raise InputError(
                f"two different scenarios are both called {world.name!r}",
                key="against",
                allowed="different names, for example with .set(name=...)",
            )
        found.setdefault(world.name, world)
    _check_comparable(list(found.values()))
    for world in found.values():
        rehearse(world, own)
    return found


def rehearse(scenario: Scenario, own: OwnCode = NOTHING) -> None:
    """Build the province once without taking a step, so that what its pack lacks is refused before any run.

    What comes from outside is tried in the first year, which compiles it as well.

    Raises
    ------
    InputError
        If a series or a parameter is missing, or a rule or indicator from outside fails.
    """
    from ...model.province import Province

    with np.errstate(over="ignore"):
        Province(scenario, seed=0, scale=1.0)
    if own:
        first = scenario.quarters[0].year
        short = scenario.set(end=f"{first}-Q4", plan_start=f"{first}-Q3", targets={}, name=scenario.name)
        try:
            run_with(short, own=own, seed=1, scale=0.02)
        except InputError:
            raise
        except Exception as error:
            raise InputError(
                f"what comes from outside fails in the first year: {type(error).__name__}: {error}",
                key=", ".join([name for name, _ in own.rules] + [one[0] for one in own.indicators]),
                allowed="rules and indicators that every run can take",
            ) from error


def at_one_time(given: Sequence[object], worlds: Sequence[Scenario]) -> list[Scenario]:
    """Give what comes with the package time and targets of the user's own worlds, up to the latest end."""
    from ...scenarios import comes_with_the_package

    shipped = [comes_with_the_package(one) for one in given]
    if all(shipped) or not any(shipped):
        return list(worlds)
    mine = [world for one, world in zip(shipped, worlds, strict=True) if not one]
    own = {field: getattr(mine[0], field) for field in _TIME}
    own["end"] = max((world.end for world in mine), key=Quarter.parse)
    own["targets"] = next((world.targets for world in mine if world.targets), {})
    return [
        _in_time(world, own, mine[0]) if one else world for one, world in zip(shipped, worlds, strict=True)
    ]


def _in_time(world: Scenario, own: Mapping[str, Any], mine: Scenario) -> Scenario:
    """Give a scenario of the package another time; one without a plan has none from the user's start on."""
    if own["targets"] and set(world.levers.values()) <= {"no_plan"}:
        own = {**own, "plan_start": mine.plan_start}
    same = all(getattr(world, field) == value for field, value in own.items())
    return world if same else world.set(**own, name=world.name)


def _check_comparable(worlds: Sequence[Scenario]) -> None:
    """Refuse to compare worlds that begin at different times, or go in other steps."""
    for world in worlds[1:]:
        for field in _TIME:
            one, other = getattr(worlds[0], field), getattr(world, field)
            if one != other:
                raise InputError(
                    f"{worlds[0].name!r} has {field} {one}, {world.name!r} has {other}",
                    key="against",
                    allowed=f"scenarios with the same {field}",
                )


def data_folders(scenarios: Mapping[str, Scenario]) -> dict[str, Path]:
    """Give the folder of each province pack that the scenarios use."""
    return {pack.name: pack.folder for pack in (scenario.pack() for scenario in scenarios.values())}
