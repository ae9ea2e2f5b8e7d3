"""Make a calibration, or the discrepancy of a backtest, the one that comes with the package.

``python -m shaanxi_transfer.studies.upkeep.adopt FOLDER`` copies what stands in the folder of `calibrate` or
`backtest`: posterior and discrepancy beside the packs, tables of the province into ``results/reference``.
With ``--each`` it does so for every province that has a folder in it, as `across` leaves them, and copies the
weights of the pool.
Beside them it leaves the figures by which later rules are known to be the same, see `equal_rules`.
"""

from __future__ import annotations

import shutil
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ...engine.errors import InputError
from ...experiments.backtest import SCORES, SUMMARY
from ...experiments.backtesting.quantile_pool import POOL_FILE, QuantilePool
from ...experiments.calibrate import FIT, IDENTIFIABILITY
from ...experiments.forecasting.discrepancy import FILE, Discrepancy, discrepancy_of
from ...experiments.keeping.atomic_files import make_folder
from ...experiments.keeping.provenance import hash_of_mechanisms, warning_of
from ...experiments.planning import door_to_model
from ...experiments.running.table_command import DEFAULT_FOLDER, errors_in_one_line
from .equal_rules import write_fingerprint

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["ALONE", "TABLES", "adopt", "adopt_pool", "alone_of"]

TABLES: Final = (FIT, IDENTIFIABILITY, SCORES, SUMMARY)

ALONE: Final = "discrepancy_{}.yaml"
"""What a province's own backtest shows. It stays there when `across` gives forecasts another."""


def adopt(folder: Path, province: str, beside: Path, tables: Path) -> list[Path]:
    """Copy posterior, discrepancy and tables out of a folder of `calibrate` or `backtest`; give the copies.

    Raises
    ------
    InputError
        If there is nothing to adopt, or it was made with other rules or data than are here.
    """
    from ...scenarios.provinces.posterior import DRAWS_FILE, HEAD_FILE, WORLD_FILE

    world: Scenario = door_to_model.loaded("no_plan", province=province)
    chosen: list[tuple[Path, Path]] = []
    if (folder / HEAD_FILE).is_file():
        warning = warning_of(world.set(belief=str(folder)))
        if warning is not None:
            raise InputError(warning, file=folder / HEAD_FILE)
        chosen += [(folder / name, beside / name) for name in (DRAWS_FILE, HEAD_FILE, WORLD_FILE)]
    if (found := discrepancy_of(folder)) is not None:
        if found.rules != hash_of_mechanisms():
            raise InputError("the discrepancy is of other rules", file=folder / FILE)
        chosen.append((folder / FILE, beside / FILE))
        if (folder / SCORES).is_file():  # of a backtest of this province alone
            chosen.append((folder / FILE, tables / ALONE.format(province)))
    for name in TABLES:
        if (folder / name).is_file():
            chosen.append((folder / name, tables / f"{Path(name).stem}_{province}.csv"))
    if not chosen:
        raise InputError(f"{folder} holds nothing to adopt", allowed="a folder of calibrate or backtest")
    for place in (beside, tables):
        make_folder(place)
    for source, target in chosen:
        shutil.copyfile(source, target)
    return [target for _, target in chosen]


def adopt_pool(folder: Path, beside: Path) -> Path:
    """Copy the weights with which forecasts are combined; give the copy.

    Raises
    ------
    InputError
        If they were learnt of forecasts with other rules than are here.
    """
    if QuantilePool.read(folder / POOL_FILE).of_other_rules:
        raise InputError("the pool is of other rules", file=folder / POOL_FILE)
    make_folder(beside)
    shutil.copyfile(folder / POOL_FILE, beside / POOL_FILE)
    return beside / POOL_FILE


def alone_of(province: str, tables: Path) -> Discrepancy | None:
    """Read what the province's own backtest showed, as `adopt` left it among the reference tables."""
    path = tables / ALONE.format(province)
    return Discrepancy.read(path) if path.is_file() else None


def _of_provinces(folder: Path) -> dict[str, Path]:
    """Find the folders of provinces that hold something to adopt."""
    from ...scenarios.provinces.posterior import HEAD_FILE

    places = {name: folder / name for name in door_to_model.provinces()}
    found = {
        name: place
        for name, place in places.items()
        if (place / FILE).is_file() or (place / HEAD_FILE).is_file()
    }
    if not found:
        raise InputError(f"{folder} holds no province to adopt", allowed="a folder of `across`")
    return found


@errors_in_one_line
def main(arguments: Sequence[str] | None = None) -> int:
    """Adopt what stands in a folder; 0 done, 2 refused."""
    from ...scenarios.provinces.posterior import HEAD_FILE, POSTERIORS

    parser = ArgumentParser(prog="python -m shaanxi_transfer.studies.upkeep.adopt", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--province", default="shaanxi")
    parser.add_argument("--each", action="store_true", help="a folder in it for each province")
    parser.add_argument("--out", type=Path, default=DEFAULT_FOLDER, help="folder of the tables")
    given = parser.parse_args(arguments)
    folders = _of_provinces(given.folder) if given.each else {given.province: given.folder}
    for province, folder in folders.items():
        beside = POSTERIORS / province
        written = adopt(folder, province, beside, given.out)
        # A discrepancy beside a posterior leaves the figures of that one's rules as they are.
        if beside / HEAD_FILE in written or not (beside / HEAD_FILE).is_file():
            written.append(write_fingerprint(beside, province))
        print(*written, sep="\n", flush=True)
    if given.each and (given.folder / POOL_FILE).is_file():
        print(adopt_pool(given.folder, POSTERIORS))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
