"""Show that edited rules still give the same figures, so that a posterior need not be fitted again.

A posterior is of the rules it was fitted with, told apart by a hash of their files. An edit that only
makes them faster or plainer changes the hash as well. ``python -m shaanxi_transfer.experiments.equal_rules``
runs the futures of ``fingerprint.csv`` again, which `adopt` wrote with the rules of the fit, and compares
every indicator of every quarter. If all are the same, posterior and discrepancy get the new hash; if one
is not, nothing is touched, and the province has to be fitted anew. A pack may have been written anew as
well, as long as its priors and its observed figures are those of the fit.
"""

from __future__ import annotations

import hashlib
import re
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ..engine.errors import InputError
from . import doors
from .atomic import write_atomically, write_text
from .checks import check_province
from .discrepancy import FILE as DISCREPANCY
from .discrepancy import discrepancy_of
from .doors import Model
from .observations import observed_table
from .provenance import hash_of_mechanisms, hash_of_observed, outdated
from .province_beliefs import SHARED_FROM
from .worker import RecordLike

if TYPE_CHECKING:
    from ..scenarios import Scenario

__all__ = ["FEW", "FINGERPRINT", "SEEDS", "fingerprint", "renew", "write_fingerprint"]

FINGERPRINT: Final = "fingerprint.csv"
"""Name beside the posterior."""

SEEDS: Final = range(1, 13)
"""Futures that are compared, in two beliefs and two scenarios each."""

FEW: Final = range(1, 3)
"""The same for a province that shares its behaviour with `SHARED_FROM`, where they are all compared."""

BELIEFS: Final = ("posterior", "prior")
SCENARIOS: Final = ("no_plan", "action_plan")
SCALE: Final = 0.1

_DIGITS: Final = 12
"""Significant digits that count: enough for yuan of a province, fewer than another summation loses."""

_HASH: Final = r'^{}: "?[0-9a-f]{{16}}"?$'


def fingerprint(
    province: str, belief: str | None, seeds: Iterable[int], model: Model | None = None
) -> pd.DataFrame:
    """Run the futures that are compared.

    Parameters
    ----------
    province : str
    belief : str or None
        What takes the part of ``posterior`` in `BELIEFS`: that word, or a folder; None for priors alone.
    seeds : iterable of int
        Of the futures.
    model : Model, optional
        The door to the model.

    Returns
    -------
    DataFrame
        Columns belief, scenario, seed, digest (of every indicator in every quarter): one row a run.
    """
    model = doors.model() if model is None else model
    rows = []
    for name in BELIEFS if belief is not None else BELIEFS[1:]:
        worlds = [
            doors.loaded(scenario, province=province, belief=belief if name == BELIEFS[0] else name)
            for scenario in SCENARIOS
        ]
        for seed in seeds:
            for world in worlds:
                record = model.run_one(world, seed=seed, scale=SCALE)
                head = {"belief": name, "scenario": world.name, "seed": seed}
                rows.append({**head, "digest": _digest(record)})
    return pd.DataFrame(rows)


def _digest(record: RecordLike) -> str:
    """Hash names and figures to `_DIGITS` significant digits."""
    values = record.values
    size = np.floor(np.log10(np.abs(values), where=values != 0.0, out=np.zeros_like(values)))
    unit = 10.0 ** (size - _DIGITS + 1)
    digest = hashlib.sha256("|".join(record.indicators).encode())
    digest.update((np.round(values / unit) + 0.0).tobytes() + size.tobytes())
    return digest.hexdigest()[:16]


def write_fingerprint(folder: Path, province: str, model: Model | None = None) -> Path:
    """Write the fingerprint of the rules as they are, beside what was estimated with them.

    Parameters
    ----------
    folder : Path
        Of the posterior, or of a discrepancy alone.
    province : str
    model : Model, optional

    Returns
    -------
    Path
        The file.
    """
    from ..scenarios.posterior import HEAD_FILE

    belief = str(folder) if (folder / HEAD_FILE).is_file() else None
    seeds = SEEDS if province == SHARED_FROM else FEW
    table = fingerprint(province, belief, seeds, model)
    write_atomically(folder / FINGERPRINT, partial(table.to_csv, index=False, lineterminator="\n"))
    return folder / FINGERPRINT


def renew(folder: Path, province: str, model: Model | None = None) -> list[Path]:
    """Give posterior and discrepancy the hash of the rules as they are, if these give the same figures.

    Parameters
    ----------
    folder : Path
        Of the posterior.
    province : str
    model : Model, optional

    Returns
    -------
    list of Path
        Files that were changed; empty if the hash is right already.

    Raises
    ------
    InputError
        If there is no fingerprint, if priors or observed figures changed as well, or if a run gives other
        figures.
    """
    from ..scenarios.posterior import HEAD_FILE

    file = folder / FINGERPRINT
    if not file.is_file():
        raise InputError("the rules of the fit left no figures to compare with", file=file)
    fitted = (folder / HEAD_FILE).is_file()
    world = doors.loaded("no_plan", province=province, belief=str(folder) if fitted else "prior")
    if posterior := world.posterior():
        changed = outdated(posterior, world)
    else:
        found = discrepancy_of(folder)
        changed = ["rules"] if found is not None and found.of_other_rules else []
    if not changed:
        return []
    if posterior:
        _refuse_another_fit(changed, posterior.head.observed, world, model, folder / HEAD_FILE)
    then = pd.read_csv(file, dtype={"digest": str})
    now = fingerprint(province, str(folder) if fitted else None, sorted(set(then["seed"])), model)
    keys = ["belief", "scenario", "seed"]
    if not then[keys].equals(now[keys]):
        raise InputError("the runs are others than are compared here", file=file)
    other = np.flatnonzero((then["digest"] != now["digest"]).to_numpy())
    if len(other):
        first = then.iloc[other[0]]
        raise InputError(
            f"{len(other)} of {len(then)} runs give other figures, the first of them {first['scenario']} "
            f"with seed {first['seed']} of the {first['belief']}: fit the province anew",
            file=file,
            line=int(other[0]) + 2,
        )
    renewed = [folder / name for name in (HEAD_FILE, DISCREPANCY) if (folder / name).is_file()]
    for each in renewed:
        text = each.read_text(encoding="utf-8")
        for name, value in (("rules", hash_of_mechanisms()), ("data", world.pack().hash[:16])):
            text = re.sub(_HASH.format(name), f'{name}: "{value}"', text, flags=re.MULTILINE)
        write_text(each, text)
    return renewed


def _refuse_another_fit(
    changed: list[str], observed: str, world: Scenario, model: Model | None, file: Path
) -> None:
    """Refuse what a fit would see: other priors or other observed figures."""
    if "world" in changed:
        raise InputError("priors or levers of the past changed: fit the province anew", file=file)
    definitions = (doors.model() if model is None else model).definitions
    # A fit in full looks at all that can be compared, one across provinces at what the pack has.
    tables = (observed_table(world.pack(), definitions), world.pack().observed)
    if observed not in map(hash_of_observed, tables):
        raise InputError("the observed figures changed: fit the province anew", file=file)


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, and renew the hash; 0 done or nothing to do, 2 refused."""
    from ..scenarios.posterior import POSTERIORS

    parser = ArgumentParser(prog="python -m shaanxi_transfer.experiments.equal_rules", description=__doc__)
    parser.add_argument("--province", default="", help="all that have a posterior by default")
    given = parser.parse_args(arguments)
    known = doors.provinces()
    try:
        if given.province:
            provinces = [check_province(given.province, known)]
        else:
            provinces = [name for name in known if (POSTERIORS / name / FINGERPRINT).is_file()]
        for province in provinces:
            for file in renew(POSTERIORS / province, province):
                print(file, flush=True)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
