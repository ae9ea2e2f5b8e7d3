"""Folders that hold several fits: how a backtest or the fits of all provinces stand, and how they go on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from .backtest import BACKTEST, SCORES, backtest, fit_of, kept_options
from .fitting_provinces.calibrate_all import (
    SETTINGS,
    FittedAll,
    calibrate_all,
    first_options,
    kept_all,
)
from .fitting_provinces.kept_bank import arrays_in
from .fitting_provinces.province_beliefs import SHARED_FROM
from .keeping.store import MANIFEST
from .status import Status, status_of

__all__ = ["ALL", "kind_of_fits", "resume_fits", "status_of_folder"]

ALL: Final = "calibration_all"


def kind_of_fits(folder: Path) -> str | None:
    """Name what several fits in a folder are: a ``backtest``, or `ALL`; None if it is no such folder."""
    if (folder / MANIFEST).is_file():
        return None
    return "backtest" if (folder / BACKTEST).is_file() else ALL if (folder / SETTINGS).is_file() else None


def status_of_folder(folder: Path) -> Status:
    """Look into the folder of an experiment, or of several fits; nothing is changed.

    Raises
    ------
    InputError
        If it holds neither.
    """
    kind = kind_of_fits(folder)
    return (
        status_of(folder) if kind is None else _of_backtest(folder) if kind == "backtest" else _of_all(folder)
    )


def resume_fits(folder: Path, **how: Any) -> FittedAll | None:
    """Go on with a backtest, of which nothing is given back, or with the fits of all provinces.

    ``how`` are options of a batch on which no table depends; see `options.BatchOptions`.
    """
    if kind_of_fits(folder) == "backtest":
        backtest(kept_options(folder, **how))
        return None
    return calibrate_all(kept_all(folder, **how))


def _of_backtest(folder: Path) -> Status:
    """Add up the fits at the origins; forecasts are not kept and count as a whole, when all is scored."""
    options = kept_options(folder)
    fits = [fit_of(options, origin) for origin in options.origins]
    there = [status_of(one.out) for one in fits if one.out and (one.out / MANIFEST).is_file()]
    forecasts = 2 * options.runs * len(fits)
    planned = sum(one.settings.runs for one in fits) + forecasts
    scored = forecasts if (folder / SCORES).is_file() else 0
    return _together("backtest", planned, scored, there)


def _of_all(folder: Path) -> Status:
    """Count the rows of the banks, of each the newest, and the runs of the fit in full.

    Banks made with other rules or data bear other names, and only making the runs tells: they count here.
    """
    options = kept_all(folder)
    newest: dict[tuple[str, str], Path] = {}
    for file in sorted(
        folder.rglob(f"bank_*_{options.settings_of_fits().last_year}_*.npz"),
        key=lambda one: one.stat().st_mtime,
    ):
        newest[file.relative_to(folder).parts[0], file.name.split("_")[1]] = file
    planned = options.settings.planned(len(options.provinces))
    ended = failed = 0
    for (_, number), file in newest.items():
        if (arrays := arrays_in(file)) is None:
            continue
        rows, well = arrays["ended"].astype(bool), np.isfinite(arrays["distances"]).all(axis=1)
        ended, failed = ended + int((rows & well).sum()), failed + int((rows & ~well).sum())
        if int(number) >= options.settings.banks:
            planned += len(rows)  # a further bank, of a posterior that would be too poor
    first, there = first_options(options), []
    if first is not None:
        planned += first.settings.runs
        if (folder / SHARED_FROM / MANIFEST).is_file():
            there.append(status_of(folder / SHARED_FROM))
    return _together(ALL, planned, ended, there, failed)


def _together(kind: str, planned: int, ended: int, there: Sequence[Status], failed: int = 0) -> Status:
    finished = ended + sum(one.finished for one in there)
    failures = sum((Counter(one.failed_by_kind) for one in there), Counter[str]())
    failed += sum(one.failed for one in there)
    left = max(0, planned - finished - failed)
    rate = sum(one.runs_per_second or 0.0 for one in there) or None
    return Status(
        kind=kind,
        planned=planned,
        finished=finished,
        failed=failed,
        left=left,
        failed_by_kind=dict(failures.most_common()),
        damaged={file: why for one in there for file, why in one.damaged.items()},
        mixed=sorted({name for one in there for name in one.mixed}),
        runners=tuple(runner for one in there for runner in one.runners),
        runs_per_second=rate,
        seconds_left=None if rate is None else left / rate,
    )
