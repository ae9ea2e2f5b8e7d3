"""Teams in maker spaces: people with a plan who take places, and found a firm or give up.

Teams, not places, are scarce: those of a city divide themselves among its free places,
so that another maker space empties the others, and an empty one gives up. Most firms
that teams found would have been founded elsewhere; only the others are added.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ..engine import luck
from ..engine.rules import rule
from ..engine.table import Rows
from .incubator import MAKER_SPACE

if TYPE_CHECKING:
    from .inputs import Moment, Parameters
    from .rows import IncubatorRow

LEAVING = luck.mechanism("team leaves a maker space")
ENTERING = luck.mechanism("team enters a maker space")
FOUNDING = luck.mechanism("team of a maker space founds a firm")

Floats = npt.NDArray[np.float64]

PARAMETERS_READ: Final = ("team_additional", "team_founding", "team_years", "teams_formed")
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def let_teams_leave(
    platforms: Rows[IncubatorRow],
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
    added: npt.NDArray[np.int64],
) -> int:
    """Let teams come to an end: some found a firm, the others dissolve.

    Parameters
    ----------
    added : ndarray of int64 of shape (platforms,)
        Filled with the firms of each maker space that would not be founded without it.

    Returns
    -------
    int
        Firms that teams founded, those included that would have been founded anyway.
    """
    leave = 1.0 - math.exp(-now.dt / parameters.team_years)
    founded = 0
    for i in range(len(platforms)):
        added[i] = 0
        space = platforms[i]
        if space.kind != MAKER_SPACE or space.tenants == 0:
            continue
        going, founding = luck.two_uniforms(seed, LEAVING, space.key, now.step, 0)
        left = luck.binomial_quantile(going, space.tenants, leave)
        firms = luck.binomial_quantile(founding, left, parameters.team_founding)
        more = luck.uniform(seed, FOUNDING, space.key, now.step, 0)
        added[i] = luck.binomial_quantile(more, firms, parameters.team_additional)
        space.tenants -= left
        founded += firms
    return founded


@rule
def let_teams_enter(
    platforms: Rows[IncubatorRow],
    city_cumulative: Floats,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
) -> None:
    """Let the teams that form in each city take free places of its maker spaces.

    Parameters
    ----------
    city_cumulative : ndarray of float64 of shape (cities,)
        Cumulative shares of the cities in the teams that form.
    """
    free = np.zeros(len(city_cumulative), dtype=np.int64)
    for i in range(len(platforms)):
        if platforms[i].kind == MAKER_SPACE:
            free[platforms[i].city] += platforms[i].capacity - platforms[i].tenants
    taken = np.zeros(len(city_cumulative), dtype=np.float64)
    for city in range(len(city_cumulative)):
        share = city_cumulative[city] - (city_cumulative[city - 1] if city > 0 else 0.0)
        taken[city] = min(1.0, parameters.teams_formed * now.dt * share / max(1, free[city]))
    for i in range(len(platforms)):
        space = platforms[i]
        if space.kind == MAKER_SPACE and space.capacity > space.tenants:
            u = luck.uniform(seed, ENTERING, space.key, now.step, 0)
            space.tenants += luck.binomial_quantile(u, space.capacity - space.tenants, taken[space.city])
