"""Registered contracts by the channel through which buyer and seller met: taken down on request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ...agents.goods import CHANNELS, OUTSIDE_POOL
from .from_outside import OwnIndicator

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..province import Province

__all__ = ["CHANNELED", "channel_indicators"]

CHANNELED: Final = "contract_value_output"
"""Indicator of the record that is broken down."""

_TITLES: Final = {
    "outside": "省外市场",
    "tie": "既有合作",
    "search": "自行寻找",
    "broker": "中介促成",
    "platform": "平台对接",
    "result": "成果推介",
    "voucher": "创新券及各类支持",
}


def channel_indicators() -> dict[str, OwnIndicator]:
    """Give an indicator for each channel, named after it.

    Examples
    --------
    >>> list(channel_indicators())[3]
    'contract_value_output_through_broker'
    """
    found = {}
    for place, channel in enumerate(CHANNELS):
        titles = (f"Contracts sold through: {channel}", f"{_TITLES[channel]}技术合同成交额")
        found[f"{CHANNELED}_through_{channel}"] = OwnIndicator(_sold(place), "yuan", "flow", *titles)
    return found


def _sold(place: int) -> Callable[[Province], float]:
    """Sum what sellers of the province registered through a channel.

    Sales outside, however buyer and seller met, have no rows: they are what the registry counted beyond rows.
    """

    def registered_through_a_channel(province: Province) -> float:
        rows = province.contracts.rows
        mine = rows[rows["registered"] & (rows["seller_city"] >= 0)]
        if place == OUTSIDE_POOL:
            inside = mine["channel"] != OUTSIDE_POOL
            return float(province.tally.value_by_seller.sum() - mine["value"][inside].sum())
        return float(mine["value"][np.asarray(mine["channel"]) == place].sum())

    return registered_through_a_channel
