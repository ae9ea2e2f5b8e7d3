"""Whether the calibration finds parameters that are known: made-up provinces, drawn from the prior.

A run of the prior whose parameters are known, with errors of observation added, takes the place of the
observed figures. If the method is right, its 90 % intervals hold the known value in nine of ten cases (Cook,
Gelman and Rubin 2006, J. Computational and Graphical Statistics 15, 675-692).

The bank of prior runs that a calibration leaves serves many cases with one step of the smoother, which needs
no run at all; with all of its steps a case costs some hundred runs.
``python -m shaanxi_transfer.experiments.identification.recovery`` writes the table of both.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...engine.errors import InputError
from ..calibrate import BANK
from ..calibrating import smoother
from ..calibrating.ensemble_fit import DEFAULT
from ..calibrating.ensemble_runs import Members
from ..calibrating.observed_figures import Observation, fitted, observed_table
from ..forecasting.target_and_indicator_tables import wilson_interval
from ..keeping.provenance import calibration_world
from ..planning import door_to_model
from ..planning.definitions import LAST_YEAR
from ..planning.fitted_parameters import FITTED
from ..running.table_command import keep_table, run_table

Numbers = npt.NDArray[np.float64]

LEVEL: Final = 0.9
AIM: Final = (0.87, 0.93)
"""Coverage of 90 % intervals that is aimed at."""


class Bank(NamedTuple):
    """Prior runs: positions (runs, parameters), distances (runs, summaries), errors of the summaries."""

    names: tuple[str, ...]
    positions: Numbers
    distances: Numbers
    errors: Numbers


class Cases(NamedTuple):
    """Made-up provinces and what was found of them, each of shape (cases, parameters).

    ``known`` are positions of the truth, ``low`` and ``high`` ends of the 90 % interval, ``spread`` the
    posterior standard deviation: 1 where nothing was learnt.
    """

    known: Numbers
    low: Numbers
    high: Numbers
    spread: Numbers


def calibration_folder(out: Path, province: str) -> Path:
    """Give the folder in which `make calibrate` leaves its bank, beside that of the reference tables."""
    return out.parent / f"calibration_{province}_{LAST_YEAR}"


def read_bank(folder: Path, names: Sequence[str], observations: Sequence[Observation]) -> Bank:
    """Read the bank that a calibration left; refuse one of other parameters or figures."""
    file = folder / BANK
    if not file.is_file():
        raise InputError("there is no bank of prior runs", file=file, allowed="the folder of `calibrate`")
    table = pd.read_parquet(file)
    labels = [seen.label for seen in observations]
    if list(table.columns) != [*names, *labels]:
        raise InputError("the bank is of other parameters or figures", file=file, allowed="a new `calibrate`")
    table = table[np.isfinite(table.to_numpy()).all(axis=1)]
    errors = np.array([seen.ln_error for seen in observations])
    return Bank(tuple(names), table[list(names)].to_numpy(), table[labels].to_numpy(), errors)


def recover(bank: Bank, cases: int, seed: int, ensembles: int = 1) -> Cases:
    """Recover made-up provinces with one step of the smoother, from all other runs of the bank.

    The bank's first runs are the cases. Into so many ``ensembles`` the other runs are split, each moved by
    itself; their members are pooled.
    """
    truths, seen = _made_up(bank, cases, seed)
    each = (len(bank.positions) - 1) // ensembles
    found = np.empty((cases, ensembles * each, len(bank.names)))
    for case, truth in enumerate(truths):
        others = np.delete(np.arange(len(bank.positions)), truth)[: ensembles * each]
        parts = others.reshape(ensembles, each)
        away = bank.distances[parts] - seen[case]
        moved = smoother.update(bank.positions[parts], away, bank.errors, 1, seed=seed + case)
        found[case] = moved.reshape(-1, len(bank.names))
    return _cases(bank.positions[truths], found)


def recover_in_steps(
    bank: Bank, members: Members, cases: int, each: int, assimilations: int, seed: int
) -> Cases:
    """Recover made-up provinces with all steps of the smoother, in ensembles of ``each`` members.

    The bank gives the truths and the first step's runs, ``members`` makes those of the later steps.
    """
    truths, seen = _made_up(bank, cases, seed)
    rng = np.random.default_rng([seed, 1])
    chosen = np.stack(
        [
            rng.choice(np.delete(np.arange(len(bank.positions)), truth), each, replace=False)
            for truth in truths
        ]
    )
    positions, distances = bank.positions[chosen], bank.distances[chosen]
    for step in range(assimilations):
        if step:
            distances = members.distances(positions, f"recovery {step}")
        well = np.isfinite(distances).all(axis=2)
        noise = smoother.noise_covariance(positions[well], distances[well])
        positions = smoother.update(
            positions, distances - seen[:, None], bank.errors, assimilations, seed + step, noise
        )
    return _cases(bank.positions[truths], positions)


def _made_up(bank: Bank, cases: int, seed: int) -> tuple[npt.NDArray[np.int64], Numbers]:
    """Choose truths, and add errors of observation to what their runs show."""
    if not 1 <= cases < len(bank.positions):
        raise InputError(f"{cases} cases", key="cases", allowed=f"1 to {len(bank.positions) - 1}")
    truths = np.arange(cases, dtype=np.int64)
    noise = np.random.default_rng([seed, 0]).standard_normal((cases, len(bank.errors))) * bank.errors
    return truths, bank.distances[truths] + noise


def _cases(known: Numbers, found: Numbers) -> Cases:
    low, high = np.quantile(found, [(1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0], axis=1)
    return Cases(known, low, high, found.std(axis=1, ddof=1))


def coverage_table(names: Sequence[str], cases: Cases, method: str) -> pd.DataFrame:
    """Say how often the 90 % intervals hold the truth, parameter by parameter and for ``all``.

    ``low`` and ``high`` are the 95 % Wilson interval, for ``all`` too narrow, since parameters of a case go
    together; ``sd_ratio`` is the mean posterior over prior standard deviation; ``verdict`` is ``as aimed``,
    ``within chance`` (0.9 lies in the interval), or ``not learnt`` (neither).
    """
    inside = (cases.low <= cases.known) & (cases.known <= cases.high)
    rows = []
    for name, column, spread in (
        ("all", inside.ravel(), cases.spread.ravel()),
        *((name, inside[:, i], cases.spread[:, i]) for i, name in enumerate(names)),
    ):
        held, of = int(column.sum()), len(column)
        low, high = wilson_interval(held, of)
        share = held / of
        if AIM[0] <= share <= AIM[1]:
            verdict = "as aimed"
        else:
            verdict = "within chance" if low <= LEVEL <= high else "not learnt"
        rows.append(
            (
                method,
                name,
                of,
                round(share, 4),
                round(low, 4),
                round(high, 4),
                round(float(spread.mean()), 3),
                verdict,
            )
        )
    columns = ["method", "parameter", "cases", "coverage_90", "low", "high", "sd_ratio", "verdict"]
    return pd.DataFrame(rows, columns=columns)


STEPWISE: Final = 8
"""Cases that are recovered with all steps of the smoother."""

EACH: Final = 150
"""Members of the ensemble of such a case."""


def write_table(given: Namespace) -> int:
    """Recover made-up provinces and write the table."""
    world, model = calibration_world(given.province, LAST_YEAR), door_to_model.model()
    observations = fitted(observed_table(world.pack(), model.definitions), LAST_YEAR)
    bank = read_bank(calibration_folder(given.out, given.province), FITTED, observations)
    members = Members(world, FITTED, observations, model, given.scale, given.seed, workers=given.workers)
    steps = recover_in_steps(bank, members, STEPWISE, EACH, DEFAULT.assimilations, given.seed)
    table = pd.concat(
        [
            coverage_table(FITTED, recover(bank, given.runs, given.seed), "one step, on the bank"),
            coverage_table(
                FITTED,
                recover(bank, given.runs, given.seed, DEFAULT.ensembles),
                f"one step, {DEFAULT.ensembles} ensembles pooled",
            ),
            coverage_table(FITTED, steps, f"{DEFAULT.assimilations} steps of {EACH} members"),
        ],
        ignore_index=True,
    )
    file = keep_table(given, f"recovery_{given.province}", table)
    for row in table[table["parameter"] == "all"].itertuples():
        print(f"{file}: {row.method}: coverage of 90 % intervals {row.coverage_90:.3f}")
    return 1 if members.failures else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table; `--runs` is the number of cases that are recovered on the bank."""
    return run_table(
        write_table, "experiments.identification.recovery", __doc__, runs=400, arguments=arguments
    )


if __name__ == "__main__":
    raise SystemExit(main())
