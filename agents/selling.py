"""Selling to the world beyond the province: each seller wins its own number of contracts.

A pool of needs that arises independently and picks a seller in proportion to its
attraction is, seen from the sellers, an independent Poisson count for each. Drawn
this way the count of one seller never depends on who else was born, and a row of
many firms draws its contracts one by one: first how many, then one value each.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ..engine import luck
from ..engine.books import SECTOR
from ..engine.rules import rule
from ..engine.table import Rows
from .buying import draw_code
from .goods import OUTSIDE_POOL, PROPOSED

SALES = luck.mechanism("number of contracts with the outside")
SALE = luck.mechanism("contract with the outside")
TYPE = luck.mechanism("type of a contract")

_OUTSIDE: Final = SECTOR["outside"]


@rule
def contract_value(u: float, mean: float, sd: float, parameters: Any) -> int:
    """Draw a contract's value in whole yuan: lognormal, capped.

    Family: Scherer, Harhoff and Kukies (2000) find the lognormal for values of
    inventions; the cap is stated because with a standard deviation of 2 totals
    would otherwise hang on single draws.
    """
    value = mean * math.exp(sd * luck.normal_quantile(u) - 0.5 * sd * sd)
    return int(min(value, parameters.contract_value_cap) + 0.5) + 1


@rule
def count_sales(
    sellers: Rows, contracts_per_attraction: float, now: Any, seed: Any, numbers: npt.NDArray[np.int64]
) -> int:
    """Draw how many contracts each seller wins outside in this step.

    Parameters
    ----------
    sellers : structured ndarray of shape (n,)
    contracts_per_attraction : float
        Expected contracts of the step for one point of attraction.
    numbers : ndarray of int64 of shape (n,)
        Filled with each seller's number.

    Returns
    -------
    int
        Their sum.
    """
    total = 0
    for i in range(len(sellers)):
        mean = contracts_per_attraction * sellers[i].attraction
        numbers[i] = 0
        if mean > 0.0:
            u = luck.uniform(seed, SALES, sellers[i].key, now.step, 0)
            numbers[i] = luck.poisson_quantile(u, mean)
            total += numbers[i]
    return total


@rule
def propose_sales(
    sellers: Rows,
    sector: int,
    numbers: npt.NDArray[np.int64],
    mean_value: float,
    ln_sd: float,
    type_cumulative: npt.NDArray[np.float64],
    type_value: npt.NDArray[np.float64],
    parameters: Any,
    now: Any,
    seed: Any,
    contracts: Rows,
    count: int,
) -> int:
    """Write each seller's contracts with the outside as proposals.

    Parameters
    ----------
    numbers : ndarray of int64 of shape (n,)
        From :func:`count_sales`; room for their sum was reserved in ``contracts``.
    mean_value : float
        Yuan, for a seller of mean size, over all types.
    ln_sd : float
        Standard deviation of the log value of one contract.
    type_cumulative, type_value : ndarray of float64 of shape (4,)
        Cumulative shares of the types by number; value of each relative to the mean.

    Returns
    -------
    int
        Rows of ``contracts`` in use.
    """
    for i in range(len(sellers)):
        seller = sellers[i]
        for k in range(numbers[i]):
            worth, priority = luck.two_uniforms(seed, SALE, seller.key, now.step, k)
            kind = luck.uniform(seed, TYPE, seller.key, now.step, k)
            contract = contracts[count]
            contract.key = luck.child_key(seller.key, SALE, now.step, k)
            contract.seller_sector = sector
            contract.seller_row = i
            contract.seller_city = seller.city
            contract.buyer_sector = _OUTSIDE
            contract.buyer_row = 0
            contract.buyer_city = -1
            contract.type = draw_code(kind, type_cumulative)
            contract.field = seller.field
            contract.channel = OUTSIDE_POOL
            contract.need = -1
            contract.result = -1
            contract.inventor_part = 0
            contract.value = contract_value(
                worth, mean_value * seller.value_scale * type_value[contract.type], ln_sd, parameters
            )
            contract.priority = priority
            contract.state = PROPOSED
            count += 1
    return count
