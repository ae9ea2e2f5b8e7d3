"""How enterprises come into being: the firms of the start and those that enter later.

Both are born with the same distribution of sizes, so that size alone makes no
trend. Firms above the threshold of size are rows of their own; the many small ones
share rows when the province is thinned.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ..engine import luck
from ..engine.rules import rule
from ..engine.table import Rows
from .buying import draw_code
from .enterprise import BOTH, BUYER, SELLER, measure

if TYPE_CHECKING:
    from .inputs import Moment, Parameters
    from .rows import EnterpriseRow

FOUNDER = luck.mechanism("founding firm")
ENTRANT = luck.mechanism("entering firm")
TRAIT = luck.mechanism("traits at birth")
BIRTH_SIZE = luck.mechanism("size at birth")
AGE = luck.mechanism("age at the start")
FIRST_SIZE = luck.mechanism("size at birth of a firm of the start")
FIRST_REGISTRATION = luck.mechanism("registered at the start")
BENT = luck.mechanism("bent on research")

Cumulative = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int16]

PARAMETERS_READ: Final = (
    "capital_pull", "firm_size_ln_sd", "large_firm_share", "pure_seller_share", "registered_share_2010",
    "research_intensity_ln_sd", "research_user_share_large", "research_user_share_small",
    "seller_share", "size_persistence",
)  # fmt: skip
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def seat_of(place: float, rank: float, pull: float, capital: int, city_cumulative: Cumulative) -> int:
    """Draw the city of a seller, given its rank by size: great ones sit in the capital.

    The chance to sit elsewhere falls with rank as ``(1 - rank) ** pull``. Over all ranks
    it is what the pack says, so that pull moves value and no number of firms; at 0 size
    makes no difference.

    Parameters
    ----------
    place : float
        Uniform draw.
    rank : float
        Rank of its size, 0 smallest, 1 largest.
    pull : float
        Cut where more would make a small firm's chance to sit elsewhere exceed one.
    """
    before = city_cumulative[capital - 1] if capital > 0 else 0.0
    inside = city_cumulative[capital] - before
    if inside >= 1.0:
        return capital
    pull = min(pull, inside / (1.0 - inside))
    elsewhere = (1.0 - inside) * (1.0 + pull) * (1.0 - rank) ** pull
    if place >= elsewhere:
        return capital
    # Among the others it is drawn by their shares: the capital's stretch of them is stepped over.
    within = place / elsewhere * (1.0 - inside)
    return draw_code(within + inside if within >= before else within, city_cumulative)


@rule
def give_traits(
    firm: EnterpriseRow,
    low: float,
    high: float,
    capital: int,
    city_cumulative: Cumulative,
    field_cumulative: Cumulative,
    parameters: Parameters,
    seed: np.uint64,
) -> None:
    """Draw what a firm is for life, and its size between two quantiles of the size distribution.

    Parameters
    ----------
    low, high : float
        Ranks between which the firm's rank lies, 0 smallest, 1 largest.
    capital : int
        City that draws great sellers, see :func:`seat_of`.
    """
    place, field = luck.two_uniforms(seed, TRAIT, firm.key, 0, 0)
    role, research = luck.two_uniforms(seed, TRAIT, firm.key, 0, 1)
    firm.field = draw_code(field, field_cumulative)
    firm.role = BUYER
    if role < parameters.seller_share:
        firm.role = SELLER if role < parameters.seller_share * parameters.pure_seller_share else BOTH
    threshold = parameters.research_user_share_large if firm.large else parameters.research_user_share_small
    firm.research_user = research < threshold
    rank = low + (high - low) * luck.uniform(seed, BIRTH_SIZE, firm.key, 0, 0)
    firm.city = draw_code(place, city_cumulative)
    if firm.role != BUYER:
        firm.city = seat_of(place, rank, parameters.capital_pull, capital, city_cumulative)
    sd = parameters.firm_size_ln_sd
    firm.ln_size = sd * luck.normal_quantile(rank) - 0.5 * sd * sd
    firm.first_size = firm.ln_size
    firm.bent = bent_on_research(firm.key, parameters, seed)
    firm.reputation = 1.0


@rule
def bent_on_research(key: np.uint64, parameters: Parameters, seed: np.uint64) -> float:
    """Draw a firm's R&D over revenue relative to the mean of those who do R&D."""
    sd = parameters.research_intensity_ln_sd
    z = luck.normal_quantile(luck.uniform(seed, BENT, key, 0, 0))
    return float(math.exp(sd * z - 0.5 * sd * sd))


@rule
def size_before(size: float, years: float, key: np.uint64, parameters: Parameters, seed: np.uint64) -> float:
    """Draw what the size of a firm was some years ago, from what it is now.

    Sizes wander about one mean with a distribution that stays (``drift_in_size`` of
    ``agents.enterprise``), so that they look alike read backwards.
    """
    sd = parameters.firm_size_ln_sd
    mean = -0.5 * sd * sd
    keep = parameters.size_persistence**years
    z = luck.normal_quantile(luck.uniform(seed, FIRST_SIZE, key, 0, 0))
    return float(mean + keep * (size - mean) + math.sqrt(1.0 - keep * keep) * sd * z)


@rule
def found_first_firms(
    firms: Rows[EnterpriseRow],
    total: int,
    large: int,
    province: np.uint64,
    capital: int,
    city_cumulative: Cumulative,
    field_cumulative: Cumulative,
    age_small: Cumulative,
    age_large: Cumulative,
    age_step: float,
    date: float,
    parameters: Parameters,
    seed: np.uint64,
) -> None:
    """Fill the population of the start.

    Row i < ``large`` is the i-th largest firm; the other rows share out the smaller
    firms by rank, so that the distribution of sizes is exact at every scale.

    Parameters
    ----------
    total, large : int
        Firms in all; firms above the threshold.
    province : int
        Key of the province, ancestor of all.
    capital : int
        City that draws great sellers.
    age_small, age_large : ndarray of float64
        Cumulative distribution of age in cells of ``age_step`` years.
    """
    small_rows = len(firms) - large
    small = total - large
    for i in range(len(firms)):
        firm = firms[i]
        if i < large:
            first, last = i, i + 1
        else:
            first = large + (i - large) * small // small_rows
            last = large + (i - large + 1) * small // small_rows
        firm.members = last - first
        firm.large = i < large
        firm.key = luck.child_key(province, FOUNDER, 0, first)
        low, high = 1.0 - last / total, 1.0 - first / total
        give_traits(firm, low, high, capital, city_cumulative, field_cumulative, parameters, seed)
        years, within = luck.two_uniforms(seed, AGE, firm.key, 0, 0)
        cell = draw_code(years, age_large if firm.large else age_small)
        firm.born = date - (cell + within) * age_step
        firm.first_size = size_before(firm.ln_size, date - firm.born, firm.key, parameters, seed)
        if firm.role != BUYER:
            u = luck.uniform(seed, FIRST_REGISTRATION, firm.key, 0, 0)
            firm.registered = luck.binomial_quantile(u, firm.members, parameters.registered_share_2010)


@rule
def found_entrants(
    firms: Rows[EnterpriseRow],
    large: bool,
    members: int,
    province: np.uint64,
    capital: int,
    city_cumulative: Cumulative,
    field_cumulative: Cumulative,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
) -> None:
    """Fill the rows of the firms that enter in this step.

    Parameters
    ----------
    firms : structured ndarray of shape (n,)
        Fresh rows.
    large : bool
        Whether these enter above the threshold of size (then one firm a row).
    members : int
        Firms to a row.
    """
    share = parameters.large_firm_share
    low, high = (1.0 - share, 1.0) if large else (0.0, 1.0 - share)
    for i in range(len(firms)):
        firm = firms[i]
        firm.members = members
        firm.large = large
        # Ordinals of large and small entrants are kept apart: one more of these does not rename those.
        firm.key = luck.child_key(province, ENTRANT, now.step, 2 * i + (1 if large else 0))
        give_traits(firm, low, high, capital, city_cumulative, field_cumulative, parameters, seed)
        firm.born = now.date
    measure(firms, parameters, now)


@rule
def found_spin_offs(
    firms: Rows[EnterpriseRow],
    keys: npt.NDArray[np.uint64],
    cities: Codes,
    fields: Codes,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
) -> None:
    """Fill the rows of firms that come out of research: small, researching, selling and buying.

    Parameters
    ----------
    firms : structured ndarray of shape (n,)
        Fresh rows.
    keys, cities, fields : ndarray of shape (n,)
        Who they are, where they sit and what they work on.
    """
    sd = parameters.firm_size_ln_sd
    for i in range(len(firms)):
        firm = firms[i]
        firm.key = keys[i]
        firm.members = 1
        firm.city = cities[i]
        firm.field = fields[i]
        firm.role = BOTH
        firm.research_user = True
        firm.reputation = 1.0
        firm.born = now.date
        # Below the median firm: the smaller half of the size distribution.
        rank = 0.5 * luck.uniform(seed, BIRTH_SIZE, firm.key, 0, 0)
        firm.ln_size = sd * luck.normal_quantile(rank) - 0.5 * sd * sd
        firm.first_size = firm.ln_size
        firm.bent = bent_on_research(firm.key, parameters, seed)
    measure(firms, parameters, now)
