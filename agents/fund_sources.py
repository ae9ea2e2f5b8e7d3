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
    "fund_central_share", "fund_city_share", "fund_crowd_in", "fund_private_share", "fund_sources_ln_sd",
    "fund_state_displaces", "fund_state_share",
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
def share_out(fund: FundRow, parameters: Parameters, seed: np.uint64) -> int:
    """Divide what is signed among the sources, to the yuan.

    Private money is new as far as public money crowds it in; the rest of it, and a part of what state
    firms give, was promised to other funds before. The central government and cities give tax money,
    which no other fund loses.

    Returns
    -------
    int
        Yuan relabelled since the last time.
    """
    social = fund.committed - fund.government
    central, city, state, _ = shares_of_social(fund.key, parameters, seed)
    fund.central = int(social * central)
    fund.municipal = int(social * city)
    fund.state = int(social * state)
    private = social - fund.central - fund.municipal - fund.state
    fund.private = min(private, int(fund.government * parameters.fund_crowd_in))
    before = fund.relabelled
    fund.relabelled = private - fund.private + int(fund.state * parameters.fund_state_displaces)
    return int(fund.relabelled - before)


@rule
def displace(funds: Rows[FundRow], amount: int) -> None:
    """Take relabelled money out of what funds without public money may still call, the youngest first."""
    for back in range(len(funds)):
        fund = funds[len(funds) - 1 - back]
        if fund.kind == OTHER and fund.government == 0 and amount > 0:
            taken = min(amount, fund.committed - fund.called)
            fund.committed -= taken
            fund.forgone += taken
            amount -= taken
