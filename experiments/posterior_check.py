"""Hold the smoother's posterior against regression ABC on the bank of the same prior runs.

``python -m shaanxi_transfer.experiments.posterior_check`` reads the folder that `calibrate` left in
``results`` and writes ``posterior_check_<province>.csv``. Nothing is simulated.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import norm

from . import doors
from .definitions import LAST_YEAR
from .free_parameters import FITTED, FREE
from .observations import fitted, observed_table
from .provenance import calibration_world
from .recovery import Bank, calibration_folder, read_bank
from .regression_abc import SHARE, accept
from .store import Store
from .table_command import run_table

__all__ = ["agreement"]

SHARES: Final = (SHARE, 0.25, 0.5)
"""Shares of the bank that are accepted: if the answer moves much between them, the bank is too small."""


def agreement(
    bank: Bank, positions: npt.NDArray[np.float64], seed: int, size: float | None = None
) -> pd.DataFrame:
    """Hold draws of the smoother against those of regression ABC.

    Parameters
    ----------
    bank : Bank
    positions : ndarray of shape (draws, parameters)
        The smoother's, as positions in the prior.
    seed : int
    size : float, optional
        How many independent draws the smoother's are worth; their number by default.

    Returns
    -------
    DataFrame
        ``method``, ``effective_sample_size``, ``parameter`` (``all`` first), ``mean`` and ``sd`` as
        positions, ``difference`` of the means from the smoother's in prior standard deviations
        (of ``all`` the root mean square), ``sd_over_smoother``.
    """
    own = positions.mean(axis=0), positions.std(axis=0, ddof=1)
    methods = [("smoother", float(len(positions)) if size is None else size, *own)]
    for share in SHARES:
        found = accept(bank.positions, bank.distances, bank.errors, seed=seed, share=share)
        name = f"regression ABC, nearest {share:.0%} of {len(bank.positions)}"
        methods.append((name, found.effective_sample_size, found.mean(), found.spread()))
    rows: list[tuple[object, ...]] = []
    for name, size, mean, spread in methods:
        away, ratio = mean - own[0], spread / own[1]
        middle = float(np.sqrt((away**2).mean())), float(ratio.mean())
        rows.append((name, round(size, 1), "all", "", "", round(middle[0], 3), round(middle[1], 3)))
        rows += [
            (name, round(size, 1), parameter, *(round(float(x), 3) for x in values))
            for parameter, *values in zip(bank.names, mean, spread, away, ratio, strict=True)
        ]
    columns = ["method", "effective_sample_size", "parameter", "mean", "sd", "difference", "sd_over_smoother"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(role=["free" if name in FREE else "" for name in table["parameter"]])


def write_table(given: Namespace) -> int:
    """Hold the posterior of a province against regression ABC."""
    from ..scenarios.parameter_draws import probability

    world, model = calibration_world(given.province, LAST_YEAR), doors.model()
    observations = fitted(observed_table(world.pack(), model.definitions), LAST_YEAR)
    folder = calibration_folder(given.out, given.province)
    bank = read_bank(folder, FITTED, observations)
    posterior = world.set(belief=str(folder)).posterior()
    assert posterior is not None
    parameters = world.parameter_table()
    shares = np.array(
        [
            [probability(parameters[name], float(x)) for name, x in zip(posterior.names, row, strict=True)]
            for row in posterior.values
        ]
    )
    table = agreement(bank, norm.ppf(shares), given.seed, posterior.head.effective_sample_size)
    file = given.out / f"posterior_check_{given.province}.csv"
    Store(given.out).write_csv(file.name, table)
    for row in table[table["parameter"] == "all"].to_dict("records"):
        print(
            f"{row['method']}: effective sample size {row['effective_sample_size']:.0f}, means differ by "
            f"{row['difference']:.2f} prior sd, spread {row['sd_over_smoother']:.2f} of the smoother's"
        )
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table; 0 done, 2 refused input."""
    return run_table(write_table, "posterior_check", __doc__, runs=1, arguments=arguments)


if __name__ == "__main__":
    raise SystemExit(main())
