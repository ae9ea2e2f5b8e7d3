"""The census of a step: large tables counted and weighed in one sweep each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ..engine.columns import row_dtype
from ..engine.rules import rule
from ..engine.table import Rows
from .goods import EXPIRED, IDLE, INDUSTRIALISED
from .standing import grows_fast

if TYPE_CHECKING:
    from .inputs import Moment, Parameters
    from .rows import Census, EnterpriseRow, ResultRow

CENSUS: Final = row_dtype(
    [
        ("firms", np.int64),  # members of all rows of enterprises
        ("sellers", np.int64),  # those of them that sell technology
        ("registering", np.int64),  # ... that register their contracts by habit
        ("certified", np.int64),  # ... with a certificate of high technology
        ("research_users", np.int64),  # ... with R&D of their own
        ("gazelles", np.int64),  # ... that are gazelles now
        ("disclosed", np.int64),  # results that their inventor told the owner's office
        ("visible", np.int64),  # results that a stranger can find
        ("at_notch", np.int64),  # certified members that report just the R&D that is asked
        ("relabelled", np.int64),  # other costs that they report as R&D, yuan a year
        ("certified_revenue", np.float64),  # revenue of certified members, yuan a year
    ]
)
"""What is counted."""

Counts = npt.NDArray[np.int64]

PARAMETERS_READ: Final = ("result_life_years",)
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def count_firms(firms: Rows[EnterpriseRow], parameters: Parameters, now: Moment, census: Census) -> None:
    """Count the enterprises by what they do."""
    members = sellers = registering = certified = users = gazelles = at_notch = relabelled = 0
    revenue = 0.0
    for i in range(len(firms)):
        firm = firms[i]
        members += firm.members
        registering += firm.registered
        if firm.certified > 0:
            certified += firm.certified
            revenue += firm.revenue * (firm.certified / firm.members)
            relabelled += firm.relabelled
            if firm.relabelled > 0:
                at_notch += firm.certified
        if firm.attraction > 0.0:
            sellers += firm.members
        if firm.research_user:
            users += firm.members
        if grows_fast(firm, parameters, now):
            gazelles += firm.members
    census.firms = members
    census.sellers = sellers
    census.registering = registering
    census.certified = certified
    census.research_users = users
    census.gazelles = gazelles
    census.at_notch = at_notch
    census.relabelled = relabelled
    census.certified_revenue = revenue


@rule
def members_by_city(firms: Rows[EnterpriseRow], cities: int) -> Counts:
    """Count the enterprises of each city, shape (cities,)."""
    members = np.zeros(cities, dtype=np.int64)
    for i in range(len(firms)):
        members[firms[i].city] += firms[i].members
    return members


@rule
def weigh_sellers(firms: Rows[EnterpriseRow]) -> tuple[float, float]:
    """Attraction of all sellers; mean of their value scale, each counted as often as it is chosen."""
    attraction = value = 0.0
    for i in range(len(firms)):
        attraction += firms[i].attraction
        value += firms[i].attraction * firms[i].value_scale
    return attraction, value / attraction if attraction > 0.0 else 0.0


@rule
def count_results(
    results: Rows[ResultRow],
    now: Moment,
    parameters: Parameters,
    alive: Counts,
    used: Counts,
    transferred: Counts,
    census: Census,
) -> None:
    """Count the results that are known, and by kind of owner those within their life, in use, transferred.

    Parameters
    ----------
    alive, used, transferred : ndarray of int64 of shape (sectors,)
        To which the numbers are added; transferred are those ever sold, licensed or
        turned into a firm, whatever became of them; what a commission carried along is not.
    """
    disclosed = visible = 0
    for i in range(len(results)):
        result = results[i]
        disclosed += result.disclosed
        visible += result.visible
        if now.date < result.born + parameters.result_life_years:
            alive[result.owner_sector] += 1
            handed = result.state != IDLE and result.state != EXPIRED and not result.commissioned
            transferred[result.owner_sector] += handed or result.licences > 0
            if result.state == INDUSTRIALISED or result.licensees > 0:
                used[result.owner_sector] += 1
    census.disclosed = disclosed
    census.visible = visible
