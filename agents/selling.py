"""Selling to the world beyond the province: each seller wins its own number of contracts.

A pool of needs that arises independently and picks a seller in proportion to its
attraction is, seen from the sellers, an independent Poisson count for each. Drawn
this way the count of one seller never depends on who else was born, and a row of
many firms draws its contracts one by one: first how many, then one value each.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ..engine import luck
from ..engine.rules import rule
from ..engine.table import Rows

if TYPE_CHECKING:
    from .inputs import Moment, Parameters
    from .rows import EnterpriseRow, ProducerRow

SALES = luck.mechanism("number of contracts with the outside")

PARAMETERS_READ: Final = ("contract_value_cap",)
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def contract_value(u: float, mean: float, sd: float, parameters: Parameters) -> int:
    """Draw a contract's value in whole yuan: lognormal, capped.

    Family: Scherer, Harhoff and Kukies (2000) find the lognormal for values of
    inventions; the cap is stated because with a standard deviation of 2 totals
    would otherwise hang on single draws.
    """
    value = mean * math.exp(sd * luck.quick_normal_quantile(u) - 0.5 * sd * sd)
    return int(min(value, parameters.contract_value_cap) + 0.5) + 1


@rule
def marked_shares(firms: Rows[EnterpriseRow]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Shares of each row's firms that register by habit, and that are certified, shape (firms,) both."""
    habit, certified = np.empty(len(firms)), np.empty(len(firms))
    for i in range(len(firms)):
        members = max(1, firms[i].members)
        habit[i], certified[i] = firms[i].registered / members, firms[i].certified / members
    return habit, certified


@rule
def number_of_sales(
    seller: EnterpriseRow | ProducerRow, contracts_per_attraction: float, now: Moment, seed: np.uint64
) -> int:
    """Draw how many contracts a seller wins outside in this step."""
    mean = contracts_per_attraction * seller.attraction
    if mean <= 0.0:
        return 0
    return luck.poisson_quantile(luck.uniform(seed, SALES, seller.key, now.step, 0), mean)
