"""What a frozen forecast says of itself: its question, what it rests on, and how to make it again.

Nothing in it depends on the clock, on the place of a folder, on the number of processes or on the name of
the file, so that the same forecast made twice by the same code is the same file.
"""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..forecasting.discrepancy import discrepancy_of_world
from ..forecasting.options import MODEL as BY_DEFAULT
from ..forecasting.options import ForecastOptions
from ..keeping.installation import installation
from ..keeping.manifest import hash_of_identity
from ..keeping.provenance import hash_of_mechanisms, outdated
from ..places import PACKAGE
from ..planning.definitions import Definitions

if TYPE_CHECKING:
    from ...scenarios import Scenario

_ROOMS: Final = ("engine", "agents", "model", "scenarios", "experiments")
"""What git is asked about: rooms whose files can change a forecast."""

LAYOUT: Final = 1
"""Number of the form of a frozen forecast; a reader refuses one that it does not know."""

_TOLD: Final = (
    "province",
    "runs",
    "scale",
    "seed",
    "outside",
    "precision",
    "belief",
    "without",
    "counting",
    "forecaster",
)
"""Options on which the tables of a forecast depend."""

_SECONDS_FOR_GIT: Final = 20

REASONS: Final[Mapping[str, str]] = {
    "only": "it is the only one",
    "decided": "it is the forecast of what was decided, the other is its counterfactual",
    "not_decided": "the plan was written for another province and not decided here",
}
"""Why a scenario is the one that is judged."""


def command_of(options: ForecastOptions) -> str:
    """Write down what makes a forecast again; the name of the file is left open.

    Parameters
    ----------
    options : ForecastOptions
        Scenarios as they were given; one made in Python is called by its name.

    Returns
    -------
    str
        A command, or a call in Python where the command line has no word for it.

    Examples
    --------
    >>> command_of(ForecastOptions(runs=200))
    'shaanxi-transfer forecast action_plan --against no_plan --runs 200 --scale 0.1 --seed 1 --freeze FILE'
    """
    usual: tuple[Any, ...] = (None, (), {}, BY_DEFAULT)
    given = {name: _plain(value) for name in _TOLD if (value := getattr(options, name)) not in usual}
    scenario, against = _called(options.scenario), options.against
    if against is None:
        if options.also:
            given["also"] = [_called(one) for one in options.also]
        words = [f"{name}={value!r}" for name, value in given.items()]
        return f"shaanxi_transfer.forecast({', '.join([repr(scenario), 'against=None', *words])})"
    beside = [word for one in options.also for word in ("--also", _called(one))]
    named = [word for name, value in given.items() for word in (f"--{name}", str(value))]
    beside += [word for change in options.changes for word in ("--set", change)]
    words = ["forecast", scenario, "--against", _called(against), *beside, *named]
    return f"shaanxi-transfer {shlex.join(words)} --freeze FILE"


def _called(scenario: object) -> str:
    return str(_plain(scenario if isinstance(scenario, (str, Path)) else getattr(scenario, "name", scenario)))


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return value.as_posix()
    if isinstance(value, dict):
        return ",".join(f"{key}={one}" for key, one in value.items())
    return ",".join(value) if isinstance(value, tuple) else value


def judged_scenario(worlds: Mapping[str, Scenario]) -> tuple[str, str]:
    """Choose beforehand which scenario is held against what comes; the reason is a key of `REASONS`.

    The scenario against which the others are held stands last.
    """
    names, pack = list(worlds), next(iter(worlds.values())).pack()
    if len(names) == 1:
        return names[0], "only"
    if pack.manifest.plan_written_for in ("", pack.name):
        return names[0], "decided"
    return names[-1], "not_decided"


def of_forecast(
    worlds: Mapping[str, Scenario], identity: Mapping[str, Any], definitions: Definitions
) -> dict[str, Any]:
    """Say what a forecast asks, of scenarios of one province, and what it rests on.

    ``identity`` is of `manifest.identity_of`; observed figures are checked later by the units of all
    indicators.
    """
    world = next(iter(worlds.values()))
    pack, until = world.pack(), int(world.outside.observed_until)
    judged, reason = judged_scenario(worlds)
    return {
        "what": "a forecast frozen by shaanxi-transfer before what it forecasts was looked at",
        "layout": LAYOUT,
        "identity_hash": hash_of_identity(identity),
        "province": {
            "name": pack.name,
            "name_zh": pack.name_zh,
            "plan_written_for": pack.manifest.plan_written_for,
        },
        "information_until": until,
        "last_year": max(quarter.year for quarter in world.quarters),
        "judged_scenario": judged,
        "judged_because": {"key": reason, "reason": REASONS[reason]},
        "scale": identity["scale"],
        "seed": identity["seed"],
        "precision": identity.get("precision"),
        "without": list(identity.get("without", ())),
        "level": identity.get("forecaster"),
        "scenarios": {
            name: {"hash": one.hash, "fields": _without_places(one.model_dump(mode="json"))}
            for name, one in worlds.items()
        },
        "outside_file": _hash_of_outside(worlds),
        "parameters": {name: _belief(one) for name, one in worlds.items()},
        "discrepancy": {name: _discrepancy(one) for name, one in worlds.items()},
        "reconciliation": identity.get("discrepancy", {}).get(judged, {}).get("shift"),
        "hashes": {
            "rules": hash_of_mechanisms(),
            "code": identity["code"],
            "data": dict(identity["data"]),
            "pack": pack.hash,
        },
        "units": {name: indicator.unit for name, indicator in definitions.indicators.items()},
    }


def _without_places(fields: dict[str, Any]) -> dict[str, Any]:
    """Name files and folders without the way to them: what stands in them is hashed elsewhere."""
    outside = dict(fields["outside"])
    if outside["file"] is not None:
        outside["file"] = Path(outside["file"]).name
    places = {name: Path(fields[name]).name for name in ("province", "belief")}
    return {**fields, **places, "outside": outside}


def _hash_of_outside(worlds: Mapping[str, Scenario]) -> dict[str, Any]:
    return {
        name: one.content()["outside"]["file"] for name, one in worlds.items() if one.outside.file is not None
    }


def _belief(world: Scenario) -> dict[str, Any]:
    posterior = world.posterior()
    if posterior is None:
        return {"drawn_from": "prior"}
    return {
        "drawn_from": "posterior",
        "hash": posterior.hash,
        "head": posterior.head.model_dump(mode="json"),
        "changed_since": outdated(posterior, world),
    }


def _discrepancy(world: Scenario) -> dict[str, Any] | None:
    found = discrepancy_of_world(world)
    if found is None:
        return None
    return {**found.model_dump(mode="json"), "of_other_rules": found.of_other_rules}


def made_with() -> dict[str, Any]:
    """Say with what a file was made: version, commit, libraries, kind of machine.

    All of it may differ between two files whose figures are equal: then the sums of their tables are
    equal, though their checksums are not.
    """
    libraries = installation()
    with suppress(metadata.PackageNotFoundError):
        libraries["statsmodels"] = metadata.version("statsmodels")
    return {
        "package": libraries.pop("shaanxi-transfer", None),
        **git_state(PACKAGE),
        "python": libraries.pop("python"),
        "platform": libraries.pop("platform"),
        "libraries": libraries,
    }


def git_state(root: Path) -> dict[str, Any]:
    """Give ``git_commit`` and ``git_changed`` of a checkout; both None where the package is none.

    ``git_changed``: whether a room behind a number holds changes that were not committed.
    """
    unknown = {"git_commit": None, "git_changed": None}
    if not (root / ".git").exists():  # installed below somebody else's checkout, it is not of that one
        return unknown
    try:
        commit = _git(root, "rev-parse", "HEAD")
        changes = _git(root, "status", "--porcelain", "--", *_ROOMS)
    except (OSError, subprocess.SubprocessError):
        return unknown
    return {"git_commit": commit.strip(), "git_changed": bool(changes.strip())}


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", *words],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=_SECONDS_FOR_GIT,
    )
    return done.stdout
