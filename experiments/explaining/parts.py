"""Of which parts an indicator is the sum: kinds of seller, types, cities, channels."""

from __future__ import annotations

from typing import Any, Final

from ..gaining.breakdowns import ZERO_SUM, Breakdown, breakdowns_in

__all__ = ["WAYS", "parts_of", "taken_down_for"]

WAYS: Final = ("kind", "type", "city", "channel")


def taken_down_for(indicator: str) -> tuple[str, ...]:
    """Name what runs have to take down beside their record."""
    from ...model.indicators.of_channels import CHANNELED

    return ("channel",) if indicator == CHANNELED else ()


def parts_of(indicator: str, scenario: Any) -> list[Breakdown]:
    """Break an indicator down in every way in which a record and what is taken down beside it allow.

    Parameters
    ----------
    indicator : str
    scenario : Scenario
        Whose province has the cities.
    """
    from ...agents.goods import CHANNELS, TYPES
    from ...model.indicators.every_indicator import BY_CITY, INDICATORS

    found = [one for one in breakdowns_in(list(INDICATORS), "kind") if one.whole == indicator]
    if all(f"{indicator}_{kind}" in INDICATORS for kind in TYPES):
        found.append(Breakdown("type", indicator, {kind: f"{indicator}_{kind}" for kind in TYPES}))
    if indicator in BY_CITY and indicator not in ZERO_SUM:
        cities = {str(city): f"{indicator}.{city}" for city in scenario.pack().cities["city"]}
        found.append(Breakdown("city", indicator, cities))
    if taken_down_for(indicator):
        channels = {channel: f"{indicator}_through_{channel}" for channel in CHANNELS}
        found.append(Breakdown("channel", indicator, channels))
    return found
