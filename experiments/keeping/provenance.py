"""What a calibration rests on, and whether it still stands."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from ...engine.quarters import Quarter
from ...engine.reached_code import hash_of_reached
from ..places import PACKAGE
from ..planning import door_to_model
from ..planning.code_of_numbers import COUNTING, RUN, WITHOUT_A_RULE

if TYPE_CHECKING:
    from ...scenarios import Scenario
    from ...scenarios.provinces.posterior import Posterior

YEARS_AHEAD: Final = 5
"""Years after the last observed one up to which a forecast is made without a warning."""


def calibration_world(province: str, until: int) -> Scenario:
    """Give the world that is fitted: history up to the last known year, drawn from priors."""
    return door_to_model.loaded("no_plan", province=province, belief="prior").set(
        end=f"{until}-Q4", outside={"observed_until": until}, name="no_plan"
    )


def hash_of_mechanisms(root: Path | None = None) -> str:
    """Hash the code by which the province moves: what a run reaches, but what only counts or speaks.

    16 hexadecimal digits; ``root`` holds the rooms, this package's by default. See `reached_code` for what is
    left out.
    """
    root = PACKAGE if root is None else root
    return hash_of_reached(root, RUN, (*COUNTING, *WITHOUT_A_RULE))[:16]


def hash_of_observed(table: pd.DataFrame) -> str:
    """Hash observed figures with their errors and uses, whatever their notes say."""
    columns = ["indicator", "year", "value", "unit", "use", "ln_error"]
    rows = table[columns].sort_values(["indicator", "year"]).to_csv(index=False, lineterminator="\n")
    return hashlib.sha256(rows.encode()).hexdigest()[:16]


def entries_of(world: Scenario) -> dict[str, str]:
    """Hash every entry of a scenario's content by itself: levers and parameters one by one.

    8 hexadecimal digits by name, for example ``parameter firm_margin``.
    """
    content = world.content()
    entries = {f"lever {name}": path for name, path in content.pop("levers").items()}
    entries |= {f"parameter {name}": prior for name, prior in content.pop("parameters").items()}
    entries |= {f"field {name}": value for name, value in content.items()}

    def hash_of(value: object) -> str:
        return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:8]

    return {name: hash_of(value) for name, value in sorted(entries.items())}


def basis_of(world: Scenario) -> str:
    """Hash what an effect of levers rests on: the rules, and the levers and priors of a world.

    16 hexadecimal digits. A table of effects that bears another one is of an older model.
    """
    basis = {"rules": hash_of_mechanisms(), **entries_of(world)}
    return hashlib.sha256(json.dumps(basis, sort_keys=True).encode()).hexdigest()[:16]


def changed_entries(posterior: Posterior, world: Scenario) -> list[str]:
    """Name the levers, priors and fields that are no longer those of the fit.

    One that came later is none of them: as long as no rule reads it, it moves nothing, and a rule that
    reads it has changed as well.
    """
    then = calibration_world(world.province, posterior.head.observed_until)
    if not posterior.world:
        return [] if then.hash[:16] == posterior.head.world else ["some entry"]
    now = entries_of(then)
    return [name for name, hash_ in posterior.world.items() if now.get(name) != hash_]


def outdated(posterior: Posterior, world: Scenario) -> list[str]:
    """Name what has changed since a posterior was made: ``rules``, ``world``, ``data``.

    Of the world that uses it only the province's data are asked.
    """
    head = posterior.head
    changed = {
        "rules": head.rules != hash_of_mechanisms(),
        "world": bool(changed_entries(posterior, world)),
        "data": head.data != world.pack().hash[:16],
    }
    return [name for name, has_changed in changed.items() if has_changed]


def far_ahead(world: Scenario) -> dict[str, int]:
    """Tell of a world that ends more than `YEARS_AHEAD` years after its last observed one; else empty."""
    last, end = world.outside.observed_until, Quarter.parse(world.end).year
    return {"years": end - last, "last": last, "most": YEARS_AHEAD} if end - last > YEARS_AHEAD else {}


def warning_of(world: Scenario) -> str | None:
    """Say in one sentence that a world believes an outdated posterior, or one of another province or eve."""
    posterior = world.posterior()
    if posterior is None:
        return None
    if posterior.head.province != world.pack().name:
        return f"the posterior is of {posterior.head.province}, not of {world.pack().name}"
    knows, until = posterior.head.observed_until, world.outside.observed_until
    if knows != until:
        return (
            f"the posterior was fitted to figures up to {knows}, and the scenario knows them up to {until}: "
            f"fit it with `shaanxi-transfer calibrate --until {until}`, or draw from priors: `--belief prior`"
        )
    changed = outdated(posterior, world)
    if not changed:
        return None
    which = ", ".join(changed_entries(posterior, world)[:3])
    words = {
        "rules": "the model's rules",
        "world": f"priors or levers of the past ({which})",
        "data": "the pack's data",
    }
    return (
        f"the posterior was made before {' and '.join(words[name] for name in changed)} changed: "
        "renew it with `shaanxi-transfer calibrate`, or draw from priors with `--belief prior`"
    )
