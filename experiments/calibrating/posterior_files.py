"""Write a posterior into a folder, with what it rests on."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from ...engine.errors import RunError
from ..keeping.atomic_files import write_atomically, write_text
from ..keeping.provenance import entries_of, hash_of_mechanisms, hash_of_observed
from .ensemble_fit import Calibration

if TYPE_CHECKING:
    from ...scenarios import Scenario

DRAWS: Final = 400
"""Equal-weight draws that are kept."""


def write_posterior(found: Calibration, world: Scenario, observed: pd.DataFrame, folder: Path) -> Path:
    """Write ``posterior.csv`` and ``posterior.yaml``.

    ``observed`` is the table from which the figures were taken; the folder is there already.

    A posterior whose effective sample size is below 100 is a `RunError`, and nothing is written.
    """
    from ...scenarios.provinces.posterior import FEWEST_DRAWS

    settings = found.settings
    if (worth := found.effective_sample_size) < FEWEST_DRAWS:
        raise RunError(
            f"the posterior is worth {worth:.0f} independent draws, fewer than {FEWEST_DRAWS}, and is not "
            f"written; its runs and tables are kept in {folder}; about "
            f"--members {settings.enough_members(len(found.names), worth)} would do, in a new folder"
        )
    return write_draws(
        pd.DataFrame(found.draws(world, DRAWS), columns=list(found.names)),
        world,
        observed,
        folder,
        method=f"ES-MDA, {settings.ensembles} ensembles of {settings.members} members, "
        f"{settings.assimilations} assimilations",
        effective_sample_size=found.effective_sample_size,
        runs=found.runs,
        scale=settings.scale,
        seed=settings.seed,
        maker="`shaanxi-transfer calibrate`",
    )


def write_draws(
    draws: pd.DataFrame,
    world: Scenario,
    observed: pd.DataFrame,
    folder: Path,
    *,
    method: str,
    effective_sample_size: float,
    runs: int,
    scale: float,
    seed: int,
    maker: str,
) -> Path:
    """Write draws of a posterior, a row a draw and a column a parameter in its unit, and what they rest on.

    The folder is there already. See `scenarios.provinces.posterior.PosteriorHead` for what stands in the
    head; ``maker`` is the command.
    """
    from ...scenarios.provinces.posterior import DRAWS_FILE, HEAD_FILE

    table = draws.copy()
    table.insert(0, "draw", range(len(table)))
    # All digits: a draw at its bound must not be rounded beyond it.
    write_atomically(folder / DRAWS_FILE, partial(table.to_csv, index=False, lineterminator="\n"))
    head = {
        "province": world.pack().name,
        "method": method,
        "draws": len(table),
        "effective_sample_size": round(effective_sample_size, 1),
        "runs": runs,
        "scale": scale,
        "seed": seed,
        "observed_until": world.outside.observed_until,
        "rules": hash_of_mechanisms(),
        "world": world.hash[:16],
        "data": world.pack().hash[:16],
        "observed": hash_of_observed(observed),
    }
    lines = [f"# Made by {maker}; do not edit."]
    lines += [f"{key}: {_plain(value)}" for key, value in head.items()]
    write_text(folder / HEAD_FILE, "\n".join(lines) + "\n")
    write_world(folder, world)
    return folder


def write_world(folder: Path, world: Scenario) -> Path:
    """Write down the levers and priors of a fit, each by its hash; see `provenance.outdated`."""
    from ...scenarios.provinces.posterior import WORLD_FILE

    rows = "".join(f"{name},{hash_}\n" for name, hash_ in entries_of(world).items())
    write_text(folder / WORLD_FILE, f"entry,hash\n{rows}")
    return folder / WORLD_FILE


def _plain(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
