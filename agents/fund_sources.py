"""Whose money a fund with public money holds: a ratio and sources of its own, which sum to the whole.

The part of the government that founds the fund is one in ``ratio``. What is called social capital is
divided among the central government, cities and districts, state firms and other public bodies, and
private partners. Each fund has its own shares, spread about those of all funds.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from ..engine import luck
from ..engine.rules import rule
from ..engine.table import Rows
from .fund import OTHER

if TYPE_CHECKING:
    from .inputs import Parameters
    from .rows import FundRow

SOURCES = luck.mechanism("sources of a fund")

MAJORITY: Final = 0.5
"""A fund of which more than this is public is led by the public side (definition)."""

PARAMETERS_READ: Final = (
    "fund_central_share", "fund_city_share", "fund_crowd_in", "fund_new_where_none_share",
    "fund_private_share", "fund_sources_ln_sd", "fund_state_displaces", "fund_state_share",
)  # fmt: skip
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def ratio_of(nominal: float, key: np.uint64, parameters: Parameters, seed: np.uint64) -> float:
    """Capital for each yuan of the government's part: spread about the nominal one, never below 1."""
    u = luck.uniform(seed, SOURCES, key, 0, 0)
    return float(max(1.0, nominal * math.exp(parameters.fund_sources_ln_sd * luck.normal_quantile(u))))


@rule
def shares_of_social(
    key: np.uint64, parameters: Parameters, seed: np.uint64
) -> tuple[float, float, float, float]:
    """Shares of the central government, cities, state firms and private partners in a fund's social part."""
    sd = parameters.fund_sources_ln_sd
    first, second = luck.two_uniforms(seed, SOURCES, key, 0, 1)
    third, fourth = luck.two_uniforms(seed, SOURCES, key, 0, 2)
    central = parameters.fund_central_share * math.exp(sd * luck.normal_quantile(first))
    city = parameters.fund_city_share * math.exp(sd * luck.normal_quantile(second))
    state = parameters.fund_state_share * math.exp(sd * luck.normal_quantile(third))
    private = parameters.fund_private_share * math.exp(sd * luck.normal_quantile(fourth))
    whole = central + city + state + private
    return central / whole, city / whole, state / whole, private / whole


@rule
def agree_on_sources(fund: FundRow, ratio: float, parameters: Parameters, seed: np.uint64) -> None:
    """Note a new fund's ratio, and which side leads it: the one with the larger part."""
    _, _, _, private = shares_of_social(fund.key, parameters, seed)
    fund.ratio = ratio
    fund.public_led = 1.0 - private * (1.0 - 1.0 / ratio) > MAJORITY


@rule
def divide(
    social: int, government: int, key: np.uint64, parameters: Parameters, seed: np.uint64
) -> tuple[int, int, int, int, int]:
    """Divide a fund's social money among its sources, to the yuan.

    Private money is new as far as the government's part crowds it in; the rest of it was promised to
    other funds before. The central government and cities give tax money, which no other fund loses.

    Returns
    -------
    tuple of int
        Yuan of the central government, cities, state firms and private partners, and of the last what
        was promised before.
    """
    central, city, state, _ = shares_of_social(key, parameters, seed)
    theirs = int(social * central), int(social * city), int(social * state)
    private = social - theirs[0] - theirs[1] - theirs[2]
    promised = private - min(private, int(government * parameters.fund_crowd_in))
    return theirs[0], theirs[1], theirs[2], private, promised


@rule
def sign(
    funds: Rows[FundRow], fund: FundRow, instalment: int, own: int, parameters: Parameters, seed: np.uint64
) -> None:
    """Sign an instalment, of which ``own`` is the government's, and take what is only moved from others.

    Partners who promised their money before move the promise, as far as other funds have promises that
    are still open. Where they have none, a part of the money is new (``fund_new_where_none_share``) and
    the other part is not signed. What state firms cannot move they draw from their own budgets.
    """
    asked = fund.committed + fund.unsigned - fund.government
    before = divide(asked, fund.government, fund.key, parameters, seed)
    fund.government += own
    after = divide(asked + instalment - own, fund.government, fund.key, parameters, seed)
    promised = max(0, after[4] - before[4])
    moved = displace(funds, promised)
    unsigned = int((promised - moved) * (1.0 - parameters.fund_new_where_none_share))
    fund.central, fund.municipal, fund.state = after[0], after[1], after[2]
    fund.private += after[3] - before[3] - moved - unsigned
    fund.unsigned += unsigned
    fund.committed += instalment - unsigned
    moved += displace(funds, int((after[2] - before[2]) * parameters.fund_state_displaces))
    fund.relabelled += moved


@rule
def displace(funds: Rows[FundRow], amount: int) -> int:
    """Take money out of what funds without public money may still call, the youngest first.

    Returns
    -------
    int
        Yuan taken, at most ``amount``.
    """
    left = amount
    for back in range(len(funds)):
        fund = funds[len(funds) - 1 - back]
        if fund.kind == OTHER and fund.government == 0 and left > 0:
            taken = min(left, fund.committed - fund.called)
            fund.committed -= taken
            fund.forgone += taken
            left -= taken
    return amount - left
