"""How fast new partners are found, from the share of needs that would stay unmet."""

from __future__ import annotations

import math
from typing import Final

_TURNS: Final = 30
"""Turns of Newton's method; a third suffice."""


def pace_of_first_contact(unmet_share: float, spread: float, years: float) -> float:
    """Yearly hazard of an average buyer of a new partner at which a share of the needs stays unmet.

    Parameters
    ----------
    unmet_share : float
        Contracts wanted for which a buyer without a partner and without help finds nobody, above 0.
    spread : float
        How unequal buyers are, 0 to 1, see `agents.buying.ease_of_search`.
    years : float
        Life of a need.

    Returns
    -------
    float

    Notes
    -----
    With h the hazard, s the spread and L the life, a need stays unmet with the chance
    ``exp(-(1 - s) h L) / (1 + s h L)``. Its negative logarithm rises and is concave, so
    that Newton's method from below cannot overshoot.
    """
    wanted = -math.log(unmet_share)
    x = wanted
    for _ in range(_TURNS):
        found = (1.0 - spread) * x + math.log1p(spread * x)
        x += (wanted - found) / (1.0 - spread + spread / (1.0 + spread * x))
    return x / years
