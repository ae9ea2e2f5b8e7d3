"""Freeze the forecast of every province, one after the other.

``python -m shaanxi_transfer.experiments.freeze_provinces --out FOLDER`` writes one file a province,
``shaanxi.zip`` and so on, each as ``shaanxi-transfer forecast --province NAME --freeze FILE`` would. A
province whose file is there with the same hashes is passed over, so that the command may be stopped and
given again; a file with other hashes is never touched. Runs lie in ``FOLDER/runs`` until their province is
frozen, and are then removed: each province begins with the memory and the disk with which the one
before it began. Where a province has no posterior, its forecast is drawn from priors, and says so.
``checksums.csv`` lists what the folder holds; where it stands with a date before the outcomes are known,
nobody can freeze anything else afterwards.
"""

from __future__ import annotations

import shutil
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from ..engine.errors import InputError, TransferError
from .forecast import forecast, identity_of_forecast
from .forecasting.options import COMBINED, ForecastOptions
from .freezing.read_frozen import Frozen, read_frozen
from .freezing.rivals_of_frozen import check_rivals_installed
from .keeping.atomic_files import make_folder
from .keeping.manifest import hash_of_identity
from .keeping.store import Store
from .planning import door_to_model
from .planning.checks import FROZEN_SUFFIX, check_provinces
from .planning.options import FuturesOptions

__all__ = ["CHECKSUMS", "FAILED", "FROZEN", "OTHER", "SAME", "Outcome", "freeze_provinces"]

RUNS: Final = 200
SCENARIO: Final = "action_plan"
AGAINST: Final = "no_plan"
FORECASTER: Final = COMBINED
"""A file of the pool holds the model's own forecast as well, and that of the share layer as a rival."""

CHECKSUMS: Final = "checksums.csv"

FROZEN: Final = "frozen"
SAME: Final = "there already, with the same hashes"
OTHER: Final = "not touched"
FAILED: Final = "failed"


class Outcome(NamedTuple):
    """What became of a province.

    Attributes
    ----------
    province : str
    state : str
        `FROZEN`, `SAME`, `OTHER` or `FAILED`.
    message : str
        Checksum of its file and what its parameters were drawn from, or what went wrong.
    """

    province: str
    state: str
    message: str

    @property
    def well(self) -> bool:
        """Whether there is now a file with this very forecast."""
        return self.state in (FROZEN, SAME)


def freeze_provinces(
    folder: Path,
    provinces: Sequence[str],
    *,
    runs: int = RUNS,
    scale: float = 0.1,
    seed: int = 1,
    workers: int | None = None,
    keep_runs: bool = False,
) -> Iterator[Outcome]:
    """Freeze the forecasts of provinces.

    Parameters
    ----------
    folder : Path
        Of the files.
    provinces : sequence of str
        Names of packs.
    runs, scale, seed, workers
        As in `forecast.forecast`.
    keep_runs : bool
        Leave the runs in ``FOLDER/runs``.

    Yields
    ------
    Outcome
        As each province is done. One that fails does not keep the others from being frozen.
    """
    for province in provinces:
        file = folder / f"{province}{FROZEN_SUFFIX}"
        try:
            if file.exists():
                yield _there(file, province, runs, scale, seed)
                continue
            done = forecast(
                SCENARIO,
                against=AGAINST,
                forecaster=FORECASTER,
                province=province,
                runs=runs,
                scale=scale,
                seed=seed,
                out=folder / "runs" / province,
                workers=workers,
                freeze=file,
            )
        except TransferError as error:
            yield Outcome(province, FAILED, str(error))
            continue
        if not keep_runs:
            shutil.rmtree(done.folder)
            with suppress(OSError):  # runs of a province that failed are still there
                done.folder.parent.rmdir()
        yield Outcome(province, FROZEN, _summary(read_frozen(file)))


def _there(file: Path, province: str, runs: int, scale: float, seed: int) -> Outcome:
    """Say whether a file holds the forecast that would be frozen now."""
    frozen = read_frozen(file)
    worlds = {name: door_to_model.loaded(name, province=province) for name in (SCENARIO, AGAINST)}
    options = ForecastOptions(runs=runs, scale=scale, seed=seed, forecaster=FORECASTER)
    now = hash_of_identity(identity_of_forecast(worlds, door_to_model.model().definitions, options))
    if frozen.manifest["identity_hash"] == now:
        return Outcome(province, SAME, _summary(frozen))
    return Outcome(
        province,
        OTHER,
        f"{file} holds a forecast of other rules, data, posterior or settings; remove it to freeze anew",
    )


def _summary(frozen: Frozen) -> str:
    belief = frozen.manifest["parameters"][frozen.judged]
    changed = " and ".join(belief.get("changed_since", ()))
    return f"{frozen.checksum}, drawn from {belief['drawn_from']}" + (
        f" that was made before {changed} changed" if changed else ""
    )


def write_checksums(folder: Path) -> Path:
    """List the frozen files of a folder, one row each.

    Parameters
    ----------
    folder : Path
        Of `freeze_provinces`.

    Returns
    -------
    Path
        ``checksums.csv``: file, province, sha256 of the file, scenario that is judged, what its parameters
        were drawn from, last known year, first and last year that are forecast, commit.
    """
    rows = [_listed(read_frozen(file)) for file in sorted(folder.glob(f"*{FROZEN_SUFFIX}"))]
    Store(folder).write_csv(CHECKSUMS, pd.DataFrame(rows))
    return folder / CHECKSUMS


def _listed(frozen: Frozen) -> dict[str, object]:
    return {
        "file": frozen.file.name,
        "province": frozen.province,
        "sha256": frozen.checksum,
        "judged": frozen.judged,
        "drawn_from": frozen.manifest["parameters"][frozen.judged]["drawn_from"],
        "known_until": frozen.origin,
        "first_year": min(frozen.years),
        "last_year": max(frozen.years),
        "commit": frozen.manifest["made_with"]["git_commit"],
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Freeze every province; 0 done, 1 done but for some, 2 refused input."""
    parser = ArgumentParser(
        prog="python -m shaanxi_transfer.experiments.freeze_provinces", description=__doc__
    )
    parser.add_argument("--out", type=Path, required=True, help="folder of the frozen forecasts")
    parser.add_argument("--provinces", default="", help="names with commas between; all by default")
    parser.add_argument("--runs", type=int, default=RUNS, help="futures of each province")
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=None)
    parser.add_argument("--keep-runs", action="store_true", help="leave the runs in FOLDER/runs")
    given = parser.parse_args(arguments)
    try:
        FuturesOptions.from_words(vars(given))
        known = door_to_model.provinces()
        chosen = check_provinces(given.provinces, known) or known
        check_rivals_installed()
        make_folder(given.out)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    well = True
    for outcome in freeze_provinces(
        given.out,
        chosen,
        runs=given.runs,
        scale=given.scale,
        seed=given.seed,
        workers=given.workers,
        keep_runs=given.keep_runs,
    ):
        print(f"{outcome.province}: {outcome.state}: {outcome.message}", flush=True)
        well = well and outcome.well
    try:
        write_checksums(given.out)
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    return 0 if well else 1


if __name__ == "__main__":
    raise SystemExit(main())
