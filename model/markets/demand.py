"""How much is asked: the numbers and mean values of contracts that a step's markets start from.

Two national drivers (number and mean value of contracts in other provinces) move
what the outside asks for; the province's own R&D moves what its enterprises,
governments and military units ask for. All amounts are potential, registered or not.
What is bought elsewhere may follow what all others sell, and R&D the province's share of it
(``imports_follow_market``, decision 0045).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ...engine.books import SECTOR
from ..state.outside import OutsideWorld

PRODUCERS: Final = ("university", "research_institute", "military_unit")
"""Sellers beside enterprises, in the order in which a need's destination is drawn."""

DESTINATIONS: Final = ("outside", *PRODUCERS, "enterprise")
"""Where a local need may be met."""

DESTINATION_SECTORS: Final = np.array([SECTOR[name] for name in DESTINATIONS], dtype=np.int64)

PRODUCER_WORD: Final = {
    "university": "university",
    "research_institute": "institute",
    "military_unit": "military",
}
"""Word for a kind of producer in the names of parameters."""


class Demand(NamedTuple):
    """What is asked for in one step.

    Attributes
    ----------
    value_index : float
        Level of contract values relative to the year of the levels, `PackYears.levels_of`.
    mean_value : float
        Mean value in yuan of a contract sold by an enterprise of mean size.
    import_value : float
        The same of an enterprise elsewhere, before what sets imports apart.
    producer_value : dict of str to float
        The same for each kind of producer.
    outside_enterprise, outside_producer : float, dict of str to float
        Contracts that the outside wants from them, a year.
    local : float
        Contracts that buyers in the province want, a year.
    destination_cumulative : ndarray of float64 of shape (5,)
        Cumulative shares of :data:`DESTINATIONS` in local needs.
    """

    value_index: float
    mean_value: float
    import_value: float
    producer_value: dict[str, float]
    outside_enterprise: float
    outside_producer: dict[str, float]
    local: float
    destination_cumulative: npt.NDArray[np.float64]


def asked_at(date: float, outside: OutsideWorld, parameters: Mapping[str, float]) -> Demand:
    """Work out demand at a date, but for what is simulated: enterprises are as attractive as at the start.

    Parameters
    ----------
    date : float
        Years.

    Notes
    -----
    With N the number and M the mean value of contracts elsewhere, R the province's
    R&D, S the sellers' capacity and 0 for the last known year, before what a policy adds: outside demand is
    ``C (1 - local_share) (N/N0)**e (S/S0)**s``; local needs are
    ``C local_share (R/R0)**r`` at home and ``C import_share (R/R0)**r`` abroad; the mean
    value is ``V (M/M0)**m exp(g (date - D))``, D the middle of the year of the levels. As far as purchases
    follow the market, with weight f, local needs abroad are
    ``C import_share (N/N0)**f (R/R0 / (Q/Q0)**f)**r`` with Q the nation's R&D, and their mean value is
    weighted between that and ``V M/M0``. Starting values: the prototype of the contract channel, see
    docs/model/contract_channel.md; ``r`` from the growth of purchases in all provinces, see
    docs/decisions/0015-number-of-needs.md.
    """
    count_index = outside.relative("national_count", date) ** parameters["outside_count_elasticity"]
    # Richer research asks for larger projects rather than for more of them.
    need_index = outside.relative("rd", date) ** parameters["need_count_elasticity"]
    value_index = outside.relative("national_mean", date) ** parameters["outside_mean_elasticity"] * math.exp(
        parameters["mean_growth_beyond_national"] * (date - outside.years.levels_of - 0.5)
    )
    contracts = parameters["enterprise_contracts_2017"]
    follow = parameters["imports_follow_market"]
    home = contracts * parameters["local_share"] * need_index
    # Opened laboratories meet a part of what was bought outside (task 6).
    abroad = contracts * parameters["import_share"] * _bought_elsewhere(date, outside, parameters)
    opened = abroad * parameters["laboratory_shift"]
    imports = abroad - opened
    research = outside.between("rd", date)
    more = 1.0 + parameters["outside_demand_gain"]
    value: dict[str, float] = {}
    commissions: dict[str, float] = {}
    for kind in PRODUCERS:
        word = PRODUCER_WORD[kind]
        value[kind] = parameters[f"commission_mean_value_{word}"] * value_index
        spent = research * parameters[f"rd_share_{word}"]
        commissions[kind] = parameters[f"commission_intensity_{word}"] * spent / value[kind]
    local_commissions = {kind: commissions[kind] * parameters["commission_local_share"] for kind in PRODUCERS}
    asked = sum(local_commissions.values())
    wanted = np.array(
        [imports, *(each + opened * each / max(asked, 1e-9) for each in local_commissions.values()), home]
    )
    local = float(wanted.sum())
    cumulative = np.cumsum(wanted) / local if local > 0.0 else np.linspace(0.2, 1.0, len(wanted))
    return Demand(
        value_index=value_index,
        mean_value=parameters["mean_contract_value_2017"] * value_index,
        import_value=parameters["mean_contract_value_2017"]
        * (value_index ** (1.0 - follow) * outside.relative("national_mean", date) ** follow),
        producer_value=value,
        outside_enterprise=contracts * (1.0 - parameters["local_share"]) * count_index,
        outside_producer={kind: (commissions[kind] - local_commissions[kind]) * more for kind in PRODUCERS},
        local=local,
        destination_cumulative=cumulative,
    )


def _bought_elsewhere(date: float, outside: OutsideWorld, parameters: Mapping[str, float]) -> float:
    """Give the number bought elsewhere over that of the last known year: what others sell, and its share.

    R&D moves the share alone, so that what all provinces do more of, no share has more of.
    """
    follow, research = parameters["imports_follow_market"], outside.relative("rd", date)
    if follow > 0.0:
        research /= outside.relative("national_rd", date) ** follow
    market = outside.relative("national_count", date) ** follow
    return float(market * research ** parameters["need_count_elasticity"])


def met_by_sellers(
    asked: Demand, parameters: Mapping[str, float], capacity: float, reference_capacity: float
) -> Demand:
    """Say what the outside wants of enterprises, given how many sell, and what policy adds to it.

    Parameters
    ----------
    asked : Demand
        From :func:`asked_at`.
    capacity, reference_capacity : float
        Attraction of all selling enterprises, now and in the reference year.
    """
    supply = _supply(capacity, reference_capacity, parameters["supply_exponent"])
    more = 1.0 + parameters["outside_demand_gain"]
    return asked._replace(outside_enterprise=asked.outside_enterprise * supply * more)


def _supply(capacity: float, reference_capacity: float, exponent: float) -> float:
    """Give what the number of sellers does to demand: 1 as in the reference year, or with no seller then."""
    if capacity <= 0.0:
        return 0.0
    return (capacity / reference_capacity) ** exponent if reference_capacity > 0.0 else 1.0
