"""What a page asks for: scenario, levers, province, belief and seed, to and from the text of a link.

A link holds all that an answer depends on, and marks of what it was made with, so that whoever opens it later
is told what has changed since. Nothing in it is a path: scenarios, overlays, provinces and beliefs are those
of the package, by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode

from ... import __version__
from ...engine.errors import InputError, check_choice, nearest
from ...engine.quarters import Quarter
from ...engine.seed_and_scale import check_seed
from ...experiments.keeping.provenance import hash_of_mechanisms
from ...experiments.planning.checks import check_province
from ...experiments.planning.door_to_model import loaded
from ...scenarios import lever_catalogue, list_generated, list_overlays, list_provinces, list_scenarios
from ..words.phrases import Language, check_language, say

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = [
    "BASE",
    "BELIEFS",
    "MARKS",
    "State",
    "base_world",
    "changed_since",
    "link_of",
    "read_link",
    "world_of",
]

BASE: Final = "no_plan"
"""What every scenario of the page is held against."""

BELIEFS: Final = ("posterior", "prior")
MOST_CHARACTERS: Final = 8_000
MOST_OVERLAYS: Final = 4

_FIELDS: Final = ("scenario", "overlays", "province", "belief", "seed", "lang")
MARKS: Final = ("version", "rules", "fit", "made")
"""Marks of a link: the package's version, the model's rules, the belief, and the scenario as it then was."""

_WORDS: Final = ("plan", "no_plan")


@dataclass(frozen=True)
class State:
    """What one page asks for.

    Attributes
    ----------
    scenario : str
        A scenario that comes with the package.
    overlays : tuple of str
        Laid over it in this order.
    province : str
        Name of a pack.
    belief : str
        ``posterior`` or ``prior``.
    seed : int
    language : Language
    levers : tuple of (str, float or str)
        What the page chose for single levers, in the order of the catalogue: a number in the lever's unit,
        ``plan`` or ``no_plan``.
    """

    scenario: str = "action_plan"
    overlays: tuple[str, ...] = ()
    province: str = "shaanxi"
    belief: str = "posterior"
    seed: int = 1
    language: Language = "zh"
    levers: tuple[tuple[str, float | str], ...] = ()


def read_link(text: str) -> tuple[State, dict[str, str]]:
    """Read the query text of a link.

    Parameters
    ----------
    text : str
        What stands behind the question mark.

    Returns
    -------
    state : State
        What is not named is as in an empty link.
    marks : dict of str to str
        Of `MARKS` those that the link holds.

    Raises
    ------
    InputError
        In one sentence: too long, an unknown name with the nearest one, a value that is no choice.

    Examples
    --------
    >>> read_link("scenario=action_plan&fund_size=8e9&lang=en")[0].levers
    (('fund_size', 8000000000.0),)
    """
    if len(text) > MOST_CHARACTERS:
        raise InputError(
            f"{len(text):,} characters are too many", key="link", allowed=f"up to {MOST_CHARACTERS:,}"
        )
    given: dict[str, str] = {}
    try:
        pairs = parse_qsl(text.removeprefix("?"), keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise InputError("its characters cannot be read", key="link", allowed="UTF-8") from error
    levers = lever_catalogue()
    for name, value in pairs:
        if name not in (*_FIELDS, *MARKS, *levers):
            known = [*_FIELDS, *levers]
            raise InputError(
                f"there is no lever or field {_short(name)!r}",
                key="link",
                allowed=f"a lever of `shaanxi-transfer levers`, or {', '.join(_FIELDS)}",
                suggestion=nearest(name[:60], known),
            )
        if name in given:
            raise InputError("stands twice in the link", key=name, allowed="once")
        given[name] = value
    overlays = tuple(one for one in given.get("overlays", "").split("+") if one)
    if len(overlays) > MOST_OVERLAYS:
        raise InputError(f"{len(overlays)} overlays", key="overlays", allowed=f"up to {MOST_OVERLAYS}")
    state = State(
        scenario=check_choice(given.get("scenario", State.scenario), "scenario", list_scenarios()),
        overlays=tuple(
            check_choice(one, "overlays", [*list_overlays(), *list_generated()]) for one in overlays
        ),
        province=check_province(given.get("province", State.province), list_provinces()),
        belief=check_choice(given.get("belief", State.belief), "belief", BELIEFS),
        seed=_seed(given.get("seed", "1")),
        language=check_language(given.get("lang", State.language)),
        levers=tuple((name, _choice(name, given[name])) for name in levers if name in given),
    )
    return state, {name: given[name] for name in MARKS if name in given}


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}..."


def _seed(text: str) -> int:
    seed = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None
    if seed is None:
        raise InputError(f"{_short(text)!r} is not a seed", key="seed", allowed="a whole number of 0 or more")
    check_seed(seed)
    return seed


def _choice(lever: str, text: str) -> float | str:
    if text in _WORDS:
        return text
    try:
        return float(text)
    except ValueError as error:
        raise InputError(
            f"{_short(text)!r} is no number",
            key=lever,
            allowed=f"{', '.join(_WORDS)}, or a number in {lever_catalogue()[lever].unit}",
        ) from error


def link_of(state: State, world: Scenario) -> str:
    """Write the query text that restores a state, with the marks of what it was made with."""
    fields: dict[str, object] = {"scenario": state.scenario}
    if state.overlays:
        fields["overlays"] = "+".join(state.overlays)
    fields |= {"province": state.province, "belief": state.belief, "seed": state.seed, "lang": state.language}
    fields |= {name: choice if isinstance(choice, str) else f"{choice!r}" for name, choice in state.levers}
    return urlencode({**fields, **_marks(world)})


def _marks(world: Scenario) -> dict[str, str]:
    posterior = world.posterior()
    return {
        "version": __version__,
        "rules": hash_of_mechanisms()[:8],
        "fit": "prior" if posterior is None else posterior.hash[:8],
        "made": world.hash[:12],
    }


def changed_since(marks: Mapping[str, str], world: Scenario) -> list[str]:
    """Name the marks of a link that are others today, in the order of `MARKS`.

    The scenario as it then was (``made``) is named only if nothing that explains it is: levers, data and
    fit are all in its hash.
    """
    now = _marks(world)
    changed = [name for name in MARKS if name in marks and marks[name] != now[name]]
    return [name for name in changed if name != "made" or "fit" not in changed]


def world_of(state: State) -> Scenario:
    """Make the scenario of a state.

    Raises
    ------
    InputError
        In one sentence: a lever out of its bounds, levers that do not go together, or a scenario that kept
        futures cannot answer, because it assumes another world or another past than the plan's absence.
    """
    world = _loaded("+".join((state.scenario, *state.overlays)), state.province, state.belief)
    if not state.levers:
        return world
    titles = {
        "title_zh": say("dashboard.own_title", "zh", title=world.title_zh),
        "title_en": say("dashboard.own_title", "en", title=world.title_en),
    }
    return world.set(**dict(state.levers), **titles)


@lru_cache(maxsize=64)
def _loaded(name: str, province: str, belief: str) -> Scenario:
    from ...model.shared_past import other_fields, steps_in_common

    world, base = (loaded(one, province=province, belief=belief) for one in (name, BASE))
    past = Quarter.parse(base.plan_start).index - Quarter.parse(base.start).index
    if steps_in_common(world, base) < past:
        why = ", ".join(other_fields(world, base)) or "its past"
        raise InputError(
            f"{name!r} assumes another world than {BASE!r} ({why}), which kept futures do not hold",
            key="scenario",
            allowed=f"another scenario here; this one by `shaanxi-transfer forecast {name}`",
        )
    return world


def base_world(state: State) -> Scenario:
    """Give what the scenario of a state is held against."""
    return _loaded(BASE, state.province, state.belief)
