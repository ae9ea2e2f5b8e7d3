"""Where things are: cities, the distances between them, and the fields of technology."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ...engine.exact_sums import cumulate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...agents.inputs import Levers
    from ...scenarios import Pack

Floats = npt.NDArray[np.float64]

_EARTH_RADIUS_KM = 6371.0


def capital_of(pack: Pack) -> int:
    """Code of the capital; a pack of one region has no city of its own for it, and its region stands in."""
    cities = list(pack.cities["city"])
    return cities.index(pack.manifest.capital) if pack.manifest.capital in cities else 0


def distances(pack: Pack) -> Floats:
    """Great-circle distances between the cities of a pack.

    Returns
    -------
    ndarray of float64 of shape (cities, cities)
        Kilometres.
    """
    latitude = np.radians(pack.cities["latitude"].to_numpy(dtype=np.float64))
    longitude = np.radians(pack.cities["longitude"].to_numpy(dtype=np.float64))
    half_chord = (
        np.sin((latitude[:, None] - latitude[None, :]) / 2.0) ** 2
        + np.cos(latitude)[:, None]
        * np.cos(latitude)[None, :]
        * np.sin((longitude[:, None] - longitude[None, :]) / 2.0) ** 2
    )
    return np.asarray(2.0 * _EARTH_RADIUS_KM * np.arcsin(np.sqrt(half_chord)), dtype=np.float64)


def reach(kilometres: Floats, decay_km: float, floor: float) -> Floats:
    """Relative chance that a buyer in one city finds a seller in another.

    Falls with distance and then flattens, as knowledge flows do (Belenzon and
    Schankerman 2013: sharp fall up to 100 to 150 miles, flat beyond).

    Parameters
    ----------
    kilometres : ndarray of shape (cities, cities)
    decay_km : float
        Distance over which the fall happens.
    floor : float
        What remains at any distance.

    Returns
    -------
    ndarray of float64 of shape (cities, cities)
        Between ``floor`` and 1.
    """
    return np.asarray(floor + (1.0 - floor) * np.exp(-((kilometres / decay_km) ** 2)), dtype=np.float64)


def reach_under(kilometres: Floats, capital: int, levers: Levers, decay_km: float, floor: float) -> Floats:
    """Give the reach of sellers under a policy: enclaves and trusteeship bring the capital's zone nearer.

    Parameters
    ----------
    kilometres : ndarray of shape (cities, cities)
    capital : int
        City whose distances to all others shrink by the share ``enclaves_and_trusteeship`` (task 19).
    levers : record
    decay_km, floor : float
        See :func:`reach`.

    Returns
    -------
    ndarray of float64 of shape (cities, cities)
    """
    effective = kilometres.copy()
    left = 1.0 - levers.enclaves_and_trusteeship
    effective[capital, :] *= left
    effective[:, capital] *= left
    return reach(effective, decay_km, floor)


def zone_places(pack: Pack, values: Mapping[str, float]) -> npt.NDArray[np.int64]:
    """Count the firms for which the high-technology zones of each city have room.

    Zones are taken to hold ``zone_share`` of the firms of their city that do research at
    the end of 2017, less where they are all of the provincial level. A pack without a list
    of zones is one region, which has some.

    Returns
    -------
    ndarray of int64 of shape (cities,)
    """
    zones = list(zip(pack.zones["city"], pack.zones["level"], strict=True))
    national = {city for city, level in zones if level == "national"}
    provincial = {city for city, _ in zones}
    size = np.array(
        [
            1.0 if city in national or not zones
            else values["zone_provincial_size"] * (city in provincial)
            for city in pack.cities["city"]
        ]
    )  # fmt: skip
    large = values["large_firm_share"]
    users = large * values["research_user_share_large"] + (1.0 - large) * values["research_user_share_small"]
    firms = values["technology_firms_2017"] * users * pack.cities["firm_share"].to_numpy(dtype=np.float64)
    return np.asarray(np.rint(values["zone_share"] * size * firms), dtype=np.int64)


def cumulative(shares: npt.ArrayLike) -> Floats:
    """Cumulative shares; see :func:`.exact_sums.cumulate`.

    Parameters
    ----------
    shares : array_like of shape (n,)
        Weights, 0 or more, not all zero.

    Returns
    -------
    ndarray of float64 of shape (n,)
    """
    weights = np.array(shares, dtype=np.float64)
    cumulate(weights)
    return weights


def shares_of(cumulative_shares: Floats) -> Floats:
    """Give the shares of which these are the cumulative ones, shape (n,)."""
    shares = cumulative_shares.copy()
    shares[1:] -= cumulative_shares[:-1]
    return shares
