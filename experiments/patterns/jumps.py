"""Jumps of the number of contracts: how often in the panel of provinces, and in the model's futures.

A jump is a rise of the yearly number sold by more than 0.34 in logarithms. The panel of 2012 to 2017 has 12
in 143 years of provinces that sold more than 500 contracts in the year before, and in 8 of them the mean
contract falls: a class of events (small contracts are entered in numbers), not the luck of one threshold in
one year. The futures of one province stand for a panel of provinces: as many of them as the panel has, side
by side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from .formulas import Figures, Value

if TYPE_CHECKING:
    from ...scenarios.provinces.sources_read import Sources

JUMP: Final = 0.34
LEAST_CONTRACTS: Final = 500
YEARS: Final = range(2012, 2018)
PROVINCES: Final = 30
"""Futures that are put side by side as a panel: about as many provinces sold 500 contracts in some year."""
PANEL: Final = "provinces_2000_2017.csv"
NATION: Final = "china"
NUMBER, VALUE = "contract_count_output", "contract_value_output"

SHARE_OF_YEARS: Final = "share_of_years_in_which_the_number_jumps"
SHARE_OF_JUMPS: Final = "share_of_jumps_with_a_falling_mean"

Numbers = npt.NDArray[np.float64]


def jumps(number: Numbers, value: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Count jumps by province or future.

    Parameters
    ----------
    number, value : ndarray of float64 of shape (n, years)
        Contracts sold, and their yuan.

    Returns
    -------
    asked, jumped, fallen : ndarray of float64 of shape (n,)
        Years that count; those of them with a jump; those with a jump and a falling mean contract.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        rise = np.diff(np.log(number), axis=1)
        mean = np.diff(np.log(value / number), axis=1)
    asked = (number[:, :-1] > LEAST_CONTRACTS) & np.isfinite(rise)
    jumped = asked & (rise > JUMP)
    return asked.sum(axis=1) * 1.0, jumped.sum(axis=1) * 1.0, (jumped & (mean < 0.0)).sum(axis=1) * 1.0


def jumps_of_the_panel(sources: Sources) -> dict[str, float]:
    """Give both shares of the panel of provinces, and how many provinces it has, by name."""
    table = pd.DataFrame(sources.table(PANEL))
    table = table[table["indicator"].isin([NUMBER, VALUE]) & (table["province"] != NATION)]
    table = table.assign(year=table["year"].astype(int), value=table["value"].astype(float))
    wide = table.pivot_table(index=["province", "indicator"], columns="year", values="value")
    known = wide.reindex(columns=list(YEARS))
    number, value = (known.xs(name, level="indicator").to_numpy(np.float64) for name in (NUMBER, VALUE))
    asked, jumped, fallen = jumps(number, value)
    return {
        SHARE_OF_YEARS: float(jumped.sum() / asked.sum()),
        SHARE_OF_JUMPS: float(fallen.sum() / jumped.sum()),
        "provinces": float((asked > 0).sum()),
    }


def share_of_years(figures: Figures) -> Value:
    """Give the share of years with a jump, in panels of futures."""
    asked, jumped, _ = _in_panels(figures)
    return jumped / asked


def share_of_jumps(figures: Figures) -> Value:
    """Give the share of jumps in which the mean contract falls, in panels of futures."""
    _, jumped, fallen = _in_panels(figures)
    return fallen / jumped


def _in_panels(figures: Figures) -> tuple[Numbers, Numbers, Numbers]:
    """Sum over panels: for each future, that one and those behind it, the first ones again after the last."""
    number, value = (
        np.stack([np.asarray(figures.at(name, year), np.float64) for year in YEARS], axis=1)
        for name in (NUMBER, VALUE)
    )
    asked, jumped, fallen = (
        np.array([np.take(each, range(i, i + PROVINCES), mode="wrap").sum() for i in range(len(each))])
        for each in jumps(number, value)
    )
    return asked, jumped, fallen
