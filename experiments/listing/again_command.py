"""The command that makes an experiment again in a new folder, from what its manifest says."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ...engine.errors import InputError
from ..planning import door_to_model
from ..running.batch import resume_command

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["again_command", "scenario_words"]

_PROGRAM: Final = "shaanxi-transfer"
_OF_ALL: Final = ("runs", "scale", "seed")
_FIELDS: Final = ("delay_quarters", "scaled", "outside")
"""Fields that hold several things, for which ``--set`` has no word."""


def again_command(manifest: Mapping[str, Any], folder: Path) -> str:
    """Write down what makes an experiment again.

    Parameters
    ----------
    manifest : mapping
        Of the experiment.
    folder : Path
        Where it lies.

    Returns
    -------
    str
        A command that names the same scenarios: each is built from it once, and has the same hash. Where the
        command line has no words for them, or functions from outside are among them, ``resume`` with the
        folder, which holds all that it takes.
    """
    identity = manifest["identity"]
    own = identity.get("own_code") or {}
    outside = own.get("rules") or own.get("indicators")
    words = None if outside else _WORDS.get(str(identity.get("kind")), _nothing)(manifest)
    return resume_command(folder) if words is None else f"{_PROGRAM} {shlex.join(words)}"


def scenario_words(contents: Mapping[str, Any]) -> list[str] | None:
    """Name a scenario by its contents, in the words of the command line; None where it has none for it."""
    return _named(door_to_model.scenario_of(contents))


def _nothing(manifest: Mapping[str, Any]) -> None:
    """Say that a kind has no such command: it is made again from its folder."""


def _forecast(manifest: Mapping[str, Any]) -> list[str] | None:
    """Put a forecast into words: a scenario, others beside it, the base, and by what it was broken down."""
    identity = manifest["identity"]
    first, *others = _worlds(identity)
    said = _named(first)
    if said is None or not others or any(not _plain(one, first) for one in others):
        return None
    *beside, last = others
    if by := manifest.get("by"):
        if beside and len(said) > 1:
            return None  # a change on the command line is one of every scenario
        names = [one.name for one in beside]
        words = ["compare", said[0], *names, "--base", last.name, *said[1:], *_given(identity, _OF_ALL)]
        return [*words, "--by", ",".join(by)]
    also = [word for one in beside for word in ("--also", one.name)]
    options = {
        "precision": identity.get("precision"),
        "without": ",".join(identity.get("without", ())),
        "counting": ",".join(f"{name}={one}" for name, one in identity.get("counting", {}).items()),
        "forecaster": identity.get("forecaster", {}).get("name"),
    }
    return ["forecast", *said, *also, "--against", last.name, *_given(identity, _OF_ALL), *_options(options)]


def _packages(verb: str, *own: str) -> Callable[[Mapping[str, Any]], list[str] | None]:
    """Make a function that puts an experiment with packages of levers into words."""

    def words(manifest: Mapping[str, Any]) -> list[str] | None:
        identity = manifest["identity"]
        (world,) = _worlds(identity)
        said = _named(world)
        if said is None:
            return None
        judged = door_to_model.judged(door_to_model.model().definitions, world)
        first = {name: next(iter(target.countings)) for name, target in judged.targets.items()}
        asked = manifest.get("asked", [])
        counting = [f"{name}={one}" for name, one in asked if one and one != first.get(name)]
        names = [name for name, _ in asked]
        options = {
            "target": "" if names == list(first) else ",".join(names),
            "counting": ",".join(counting),
        }
        return [verb, *said, *_given(identity, (*own, *_OF_ALL)), *_options(options)]

    return words


def _why(manifest: Mapping[str, Any]) -> list[str] | None:
    """Put an explanation into words."""
    identity = manifest["identity"]
    (world,) = _worlds(identity)
    said = _named(world)
    if said is None:
        return None
    return ["why", identity["indicator"], "--scenario", *said, *_given(identity, ("year", *_OF_ALL))]


_WORDS: Final[Mapping[str, Callable[[Mapping[str, Any]], list[str] | None]]] = {
    "forecast": _forecast,
    "ranking": _packages("rank", "by"),
    "attribution": _packages("attribute", "orders"),
    "sweep": _packages("sweep", "lever", "points"),
    "why": _why,
}


def _worlds(identity: Mapping[str, Any]) -> list[Scenario]:
    return [door_to_model.scenario_of(entry["contents"]) for entry in identity["scenarios"].values()]


def _given(identity: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    """Put entries of an identity into options; levers with their levels are one option each."""
    found: list[str] = []
    for name in names:
        value = identity.get(name)
        if name == "lever":
            for lever, levels in value or ():
                found += ["--lever", f"{lever}={','.join(f'{level:.17g}' for level in levels)}"]
        elif value is not None:
            found += [f"--{name}", ",".join(value) if isinstance(value, list) else f"{value}"]
    return found


def _options(options: Mapping[str, Any]) -> list[str]:
    return [word for name, value in options.items() if value for word in (f"--{name}", str(value))]


def _named(world: Scenario) -> list[str] | None:
    """Name a scenario of the package with what is changed in it, if that gives this very world."""
    foot = _of_the_package(world)
    if foot is None:
        return None
    where: dict[str, Any] = {
        "province": world.province if world.province != foot.province else None,
        "belief": world.belief if world.belief != foot.belief else None,
        "outside": world.outside.file if world.outside.file != foot.outside.file else None,
    }
    changes = _changes(world, foot)
    try:
        again = door_to_model.loaded(door_to_model.changed(foot, changes), **where)
    except InputError:
        return None
    if again.hash != world.hash:
        return None
    sets = [word for change in changes for word in ("--set", change)]
    return [foot.name, *sets, *_options(where)]


def _plain(world: Scenario, first: Scenario) -> bool:
    """Whether a world is one of the package, where the first one is."""
    foot = _of_the_package(world)
    if foot is None:
        return False
    file = first.outside.file
    moved = door_to_model.loaded(foot, province=first.province, belief=first.belief, outside=file)
    return foot.name == world.name and moved.hash == world.hash


def _of_the_package(world: Scenario) -> Scenario | None:
    from ...scenarios import list_scenarios, load

    stem = world.name.split("~")[0]
    return load(stem) if stem in list_scenarios() else None


def _changes(world: Scenario, foot: Scenario) -> list[str]:
    """List in the words of ``--set`` what differs; whether it is all, the hash tells."""
    found: list[str] = []
    for field in ("levers", "parameters"):
        mine, theirs = getattr(world, field), getattr(foot, field)
        for name, value in mine.items():
            if theirs.get(name) != value:
                dated = value.items() if isinstance(value, dict) else [("", value)]
                found += [f"{name}@{date}={one}" if date else f"{name}={one}" for date, one in dated]
    labels = {"name", "title_en", "title_zh", "note", "base", "overlays", "levers", "parameters", "province"}
    for field in type(world).model_fields:
        value = getattr(world, field)
        if field not in {*labels, *_FIELDS, "belief"} and value != getattr(foot, field):
            found.append(f"{field}={value}")
    return found
