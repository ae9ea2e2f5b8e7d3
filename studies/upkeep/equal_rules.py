"""Show that edited rules still give the same figures, so that a posterior need not be fitted again.

A posterior is of the rules it was fitted with, told apart by a hash of what a run reaches. An edit that only
makes them faster or plainer changes the hash as well, and so does a rule that acts when the plan has started.
``python -m shaanxi_transfer.studies.upkeep.equal_rules`` runs the futures of ``fingerprint.csv`` again, which
`adopt` wrote with the rules of the fit, up to the last year that was fitted, and compares every indicator
that was there then. If all are the same, posterior and discrepancy get the new hash; if one is not, nothing
is touched, and the province has to be fitted anew. A pack may have been written anew as well, as long as its
priors and its observed figures are those of the fit; levers of the past and parameters that nobody draws may
be others, for what they do is in the figures that are compared.
"""

from __future__ import annotations

import hashlib
import re
from argparse import ArgumentParser
from collections.abc import Collection, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ...engine.errors import InputError
from ...experiments.backtesting.quantile_pool import POOL_FILE
from ...experiments.calibrating.observed_figures import observed_table
from ...experiments.calibrating.posterior_files import write_world
from ...experiments.fitting_provinces.province_beliefs import SHARED_FROM
from ...experiments.forecasting.discrepancy import FILE as DISCREPANCY
from ...experiments.forecasting.discrepancy import discrepancy_of
from ...experiments.forecasting.reconciliation import RECONCILIATION_FILE
from ...experiments.keeping.atomic_files import write_atomically, write_text
from ...experiments.keeping.provenance import (
    calibration_world,
    changed_entries,
    hash_of_mechanisms,
    hash_of_observed,
    outdated,
)
from ...experiments.planning import door_to_model
from ...experiments.planning.checks import check_province
from ...experiments.planning.definitions import LAST_YEAR
from ...experiments.planning.door_to_model import Model
from ...experiments.planning.runs import RecordLike
from ...experiments.running.table_command import errors_in_one_line

if TYPE_CHECKING:
    from ...scenarios import Scenario
    from ...scenarios.provinces.posterior import Posterior

__all__ = ["FEW", "FINGERPRINT", "SEEDS", "fingerprint", "renew", "renew_shared", "write_fingerprint"]

FINGERPRINT: Final = "fingerprint.csv"
"""Name beside the posterior."""

SEEDS: Final = range(1, 13)
"""Futures that are compared, in two beliefs and two scenarios each."""

FEW: Final = range(1, 3)
"""The same for a province that shares its behaviour with `SHARED_FROM`, where they are all compared."""

BELIEFS: Final = ("posterior", "prior")
SCALE: Final = 0.1
KEYS: Final = ("belief", "seed")
"""Columns that say which run a row is of; each other column is an indicator."""

_DIGITS: Final = 12
"""Significant digits that count: enough for yuan of a province, fewer than another summation loses."""

_COMPARED: Final = ("lever ", "parameter ")
"""Entries of a world that a fit does not learn: what they do is in the figures."""

_HASH: Final = r'^{}: "?[0-9a-f]{{16}}"?$'


def fingerprint(
    province: str, belief: str | None, seeds: Iterable[int], until: int, model: Model | None = None
) -> pd.DataFrame:
    """Run the futures that are compared, up to the last year that was fitted: later ones move no posterior.

    Parameters
    ----------
    belief : str or None
        What takes the part of ``posterior`` in `BELIEFS`: that word, or a folder; None for priors alone.

    Returns
    -------
    DataFrame
        One row a run: columns of `KEYS`, then a digest of every quarter for each indicator.
    """
    model = door_to_model.model() if model is None else model
    world = calibration_world(province, until)
    rows = []
    for name in BELIEFS if belief is not None else BELIEFS[1:]:
        believed = world.set(belief=belief if name == BELIEFS[0] else name, name=world.name)
        for seed in seeds:
            record = model.run_one(believed, seed=seed, scale=SCALE)
            rows.append({**dict(zip(KEYS, (name, seed), strict=True)), **_digests(record)})
    return pd.DataFrame(rows)


def _digests(record: RecordLike) -> dict[str, str]:
    """Hash each indicator's figures, those of its cities with them, to `_DIGITS` significant digits."""
    values = record.values
    size = np.floor(np.log10(np.abs(values), where=values != 0.0, out=np.zeros_like(values)))
    figures = np.round(values / 10.0 ** (size - _DIGITS + 1)) + 0.0
    columns: dict[str, list[int]] = {}
    for column, name in enumerate(record.indicators):
        columns.setdefault(name.partition(".")[0], []).append(column)
    return {
        name: hashlib.sha256(figures[:, of].tobytes() + size[:, of].tobytes()).hexdigest()[:16]
        for name, of in columns.items()
    }


def write_fingerprint(folder: Path, province: str, model: Model | None = None) -> Path:
    """Write the fingerprint of the rules as they are beside a posterior, or a discrepancy alone."""
    from ...scenarios.provinces.posterior import HEAD_FILE

    belief = str(folder) if (folder / HEAD_FILE).is_file() else None
    posterior = door_to_model.loaded("no_plan", province=province, belief=belief or "prior").posterior()
    seeds = SEEDS if province == SHARED_FROM else FEW
    table = fingerprint(province, belief, seeds, _fitted_until(posterior), model)
    write_atomically(folder / FINGERPRINT, partial(table.to_csv, index=False, lineterminator="\n"))
    return folder / FINGERPRINT


def _fitted_until(posterior: Posterior | None) -> int:
    """Give the last year that a posterior saw; without one, the last that is known."""
    return LAST_YEAR if posterior is None else posterior.head.observed_until


def renew(folder: Path, province: str, model: Model | None = None) -> list[Path]:
    """Give posterior and discrepancy the hash of the rules as they are, if these give the same figures.

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
    from ...scenarios.provinces.posterior import HEAD_FILE

    file = folder / FINGERPRINT
    if not file.is_file():
        raise InputError("the rules of the fit left no figures to compare with", file=file)
    fitted = (folder / HEAD_FILE).is_file()
    world = door_to_model.loaded("no_plan", province=province, belief=str(folder) if fitted else "prior")
    if posterior := world.posterior():
        changed = outdated(posterior, world)
    else:
        found = discrepancy_of(folder)
        changed = ["rules"] if found is not None and found.of_other_rules else []
    if not changed:
        return []
    if posterior:
        _refuse_another_fit(changed, posterior.head.observed, world, model, folder / HEAD_FILE)
    then = pd.read_csv(file, dtype=str).astype({"seed": int})
    belief = str(folder) if fitted else None
    now = fingerprint(province, belief, sorted(set(then["seed"])), _fitted_until(posterior), model)
    if not then[list(KEYS)].equals(now[list(KEYS)]):
        raise InputError("the runs are others than are compared here", file=file)
    # An indicator that is gone, or has been added, says nothing of the rules.
    compared = [name for name in then if name not in KEYS and name in now]
    other = then[compared].ne(now[compared])
    if other.any(axis=None):
        row = int(np.flatnonzero(other.any(axis=1))[0])
        first = then.iloc[row]
        raise InputError(
            f"{int(other.any(axis=1).sum())} of {len(then)} runs give other figures, the first of them seed "
            f"{first['seed']} of the {first['belief']}, in {', '.join(other.columns[other.iloc[row]][:3])}: "
            "fit the province anew",
            file=file,
            line=row + 2,
        )
    hashes = {"rules": hash_of_mechanisms(), "data": world.pack().hash[:16]}
    if posterior and "world" in changed:
        fitted_world = calibration_world(province, posterior.head.observed_until)
        write_world(folder, fitted_world)
        hashes["world"] = fitted_world.hash[:16]
    renewed = [folder / name for name in (HEAD_FILE, DISCREPANCY) if (folder / name).is_file()]
    estimated = discrepancy_of(folder)
    if posterior and estimated is not None and estimated.rules != posterior.head.rules:
        # It is of rules before those of the fit, whose figures say nothing of it.
        renewed.remove(folder / DISCREPANCY)
    for each in renewed:
        text = each.read_text(encoding="utf-8")
        for name, value in hashes.items():
            text = re.sub(_HASH.format(name), f'{name}: "{value}"', text, flags=re.MULTILINE)
        write_text(each, text)
    return renewed


def renew_shared(folder: Path, before: Collection[str]) -> list[Path]:
    """Give what was learnt of all provinces together the hash of the rules as they are.

    These are the weights of the pool and the shift with which provinces follow the nation. They rest on the
    forecasts of all provinces, so that it is for whoever has renewed all of them.

    Parameters
    ----------
    folder : Path
        Where they lie, and the provinces' folders.
    before : collection of str
        Hashes of the rules that the provinces had before. A file of other rules is left as it is.
    """
    renewed = []
    for file in (folder / POOL_FILE, folder / RECONCILIATION_FILE):
        if not file.is_file():
            continue
        if _rules_in(file) in before:
            now = f'rules: "{hash_of_mechanisms()}"'
            text = file.read_text(encoding="utf-8")
            write_text(file, re.sub(_HASH.format("rules"), now, text, count=1, flags=re.MULTILINE))
            renewed.append(file)
    return renewed


def _rules_of(folder: Path) -> str:
    """Give the rules of which a province's posterior is, or its discrepancy alone."""
    from ...scenarios.provinces.posterior import HEAD_FILE

    return _rules_in(folder / (HEAD_FILE if (folder / HEAD_FILE).is_file() else DISCREPANCY))


def _rules_in(file: Path) -> str:
    """Give the hash of the rules that stands in a file, empty if none does."""
    found = re.search(_HASH.format("rules"), file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return "" if found is None else found[0].removeprefix("rules: ").strip('"')


def _refuse_another_fit(
    changed: list[str], observed: str, world: Scenario, model: Model | None, file: Path
) -> None:
    """Refuse what a fit would see: other priors or other observed figures."""
    if "world" in changed:
        posterior = world.posterior()
        priors = {
            f"parameter {name}"
            for name, one in world.parameter_table().items()
            if one.distribution != "fixed"
        }
        entries = ["some entry"] if posterior is None else changed_entries(posterior, world)
        if which := [name for name in entries if name in priors or not name.startswith(_COMPARED)]:
            raise InputError(f"priors changed ({', '.join(which[:3])}): fit the province anew", file=file)
    definitions = (door_to_model.model() if model is None else model).definitions
    # A fit in full looks at all that can be compared, one across provinces at what the pack has.
    tables = (observed_table(world.pack(), definitions), world.pack().observed)
    if observed not in map(hash_of_observed, tables):
        raise InputError("the observed figures changed: fit the province anew", file=file)


@errors_in_one_line
def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, and renew the hash; 0 done or nothing to do, 2 refused."""
    from ...scenarios.provinces.posterior import POSTERIORS

    parser = ArgumentParser(prog="python -m shaanxi_transfer.studies.upkeep.equal_rules", description=__doc__)
    parser.add_argument("--province", default="", help="all that have a posterior by default")
    given = parser.parse_args(arguments)
    known = door_to_model.provinces()
    if given.province:
        provinces = [check_province(given.province, known)]
    else:
        provinces = [name for name in known if (POSTERIORS / name / FINGERPRINT).is_file()]
    before = {_rules_of(POSTERIORS / province) for province in provinces} - {"", hash_of_mechanisms()}
    for province in provinces:
        for file in renew(POSTERIORS / province, province):
            print(file, flush=True)
    if not given.province:
        print(*renew_shared(POSTERIORS, before), sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
