"""The forecasts of all provinces at an origin, held against the one national forecast.

All that is sold in the nation is bought in it, so that in a common draw the provinces' sum grows as the
national path does, whoever sells or buys. For a series and year, with draws i of provinces p and the
national path N of the same future::

    gap(i) = ln sum_p y(i, p) - ln sum_p y(p, origin) - (ln N(i) - ln N(origin))
    shift  = - median over i of gap(i)

Every draw of every province gets the shift; the gap that remains in a draw is told. Nothing that came after
the origin enters: the draws are forecasts, and the nation is filtered up to the origin. Decision 0050.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

from ...engine.errors import InputError
from ...model.state.national_growth import nation_known
from ...scenarios.provinces.national_series import national_series
from ..forecasting.discrepancy import SERIES

__all__ = ["GAP", "Reconciled", "growth_of_futures", "reconcile"]

FloatArray = npt.NDArray[np.float64]

GAP: Final = (0.05, 0.95)
"""Between which parts of the draws the gap that remains is told."""


class Reconciled(NamedTuple):
    """What makes the provinces' sum follow the nation in a year.

    ``shift`` of logarithms; ``gap``, shape (draws,), what remains: middle 0.
    """

    shift: float
    gap: FloatArray

    @property
    def ends(self) -> tuple[float, float]:
        """Ends of the gap that remains in `GAP` of the draws."""
        low, high = np.quantile(self.gap, GAP)
        return float(low), float(high)


def growth_of_futures(
    number: Mapping[int, float], origin: int, horizon: int, seeds: Sequence[int]
) -> dict[str, FloatArray]:
    """Give the nation's growth since the origin in each future, by series of `SERIES`.

    Parameters
    ----------
    number : mapping of int to float
        Year and contracts of the nation; its value is that of `national_series`.
    origin : int
        Last year that is known.
    horizon : int
        Years after it.
    seeds : sequence of int
        Of the futures, as a run has them (`national_growth.growth_of_nation`).

    Returns
    -------
    dict of str to ndarray of shape (futures, horizon)
        Of the logarithm; the same for what is sold and what is bought.

    Raises
    ------
    InputError
        If the nation's number at the origin is not known, or its value has a gap: file, line and column.
    """
    known = tuple(sorted((year, x) for year, x in number.items() if year <= origin))
    in_yuan = tuple(sorted(national_series("contract_value_output").items()))
    nation, value = nation_known(known, in_yuan, origin)
    if origin not in number:
        raise InputError(
            f"the nation's number in {origin} is not known",
            key="contract_count_output",
            allowed="a figure of the nation in the last known year",
        )
    drawn = [nation.paths(horizon, 1, seed) for seed in seeds]
    grown = {
        True: np.log(np.concatenate([path.value for path in drawn]) / value),
        False: np.log(np.concatenate([path.number for path in drawn]) / number[origin]),
    }
    return {name: grown[name.startswith("contract_value")] for name in SERIES}


def reconcile(logs: FloatArray, ln_at_origin: FloatArray, ln_grown: FloatArray) -> Reconciled:
    """Find the shift of a series in a year.

    Parameters
    ----------
    logs : ndarray of shape (draws, provinces)
        Logarithms of the joint forecasts; draws with a nan are left out.
    ln_at_origin : ndarray of shape (provinces,)
        Observed at the origin.
    ln_grown : ndarray of shape (draws,)
        The nation's growth in the same futures, of `growth_of_futures`.

    Raises
    ------
    InputError
        If no draw is whole.
    """
    whole = np.isfinite(logs).all(axis=1)
    if not whole.any():
        raise InputError("no draw has all provinces", key="reconciliation", allowed="one whole draw or more")
    sums = np.asarray(logsumexp(logs[whole], axis=1), np.float64)
    gap = sums - float(logsumexp(ln_at_origin)) - ln_grown[whole]
    middle = float(np.median(gap))
    return Reconciled(-middle, gap - middle)
