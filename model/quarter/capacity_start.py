"""Brokers, incubators and maker spaces of the start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ...agents import broker, incubator
from ...engine import luck

if TYPE_CHECKING:
    from ..province import Province

FIRST_ORDINAL: Final = 1_000_000
"""Ordinals of the bodies of the start, apart from those founded in the first step."""

KIND_NAMES: Final = ("incubator", "maker_space", "star_sky_platform")
"""Kinds of platform, in the order of their codes."""


def kind_key(province: Province, kind: int) -> np.uint64:
    """Key under which one kind of platform is founded."""
    return np.uint64(luck.key_of("platforms", province.pack.name, KIND_NAMES[kind]))


def settle_capacity(province: Province) -> None:
    """Found the brokers, incubators and maker spaces of the start."""
    parameters, seed, brokers = province.terms.people, province.seed, province.brokers
    date = float(province.calendar.start.year)
    number = round(province.values["brokers_2010"])
    brokers.extend(number)
    broker.found(
        brokers.storage,
        0,
        number,
        province.key,
        FIRST_ORDINAL,
        province.city_research,
        province.field_needs,
        date,
        0,
        parameters,
        seed,
    )
    brokers.sort_by_key()
    platforms = province.incubators
    numbers = (round(province.values["incubators_2010"]), round(province.values["maker_spaces_2010"]))
    for kind, number in enumerate(numbers):
        first = platforms.count
        platforms.extend(number)
        incubator.found(
            platforms.storage,
            first,
            first + number,
            kind,
            kind_key(province, kind),
            FIRST_ORDINAL,
            date,
            0,
            province.city_firms,
            parameters,
            seed,
        )
    incubator.age_at_the_start(platforms.rows, parameters, date, seed)
    platforms.sort_by_key()
