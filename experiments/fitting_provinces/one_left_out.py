"""What is known of a province of which no figure was looked at: what all provinces share, from the others.

Parameters that are shared have one value everywhere; those of a pack, and those of
`province_beliefs.REOPENED`, are each province's own. With the straight lines of `linear_update`, the figures
of province p (distances 0) are ``0 = a_p + B_s s + B_l l_p + luck``, s shared, l_p its own, of prior mean m_p
and covariance P_p. What s alone is told by them is what is left when l_p is averaged over its prior::

    0 = (a_p + B_l m_p) + B_s s + e,   e ~ N(0, N_p + E_p + B_l P_p B_l')

Starting from the declared prior of s, a standard normal distribution of its positions, one update by each of
the others in turn gives the product of that prior and of all their likelihoods,

    precision = I + sum_p B_s' R_p^-1 B_s,   precision x mean = -sum_p B_s' R_p^-1 (a_p + B_l m_p),

R_p the covariance of e: the posteriors of the others weighted by precision, each with its prior divided out
(Gelman and others 2020, Expectation propagation as a way of life, JMLR 21(17), section 2; for normal
distributions the product is exact). A prior that the posterior of one province gave to the others is so not
counted again for each of them. Slopes and correlations come from the banks of the others as well.

It takes for granted that a shared parameter is the same everywhere, that the luck of provinces is independent
beyond the national series that each knows, and that lines are straight. Where places differ in what is called
shared, the product is surer of itself than it should be, the more so the more provinces there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...engine.errors import InputError
from .linear_update import Bank, Lines, Normal, lines_through, updated
from .province_beliefs import MOVED, REOPENED
from .province_fit import Place, common_of_places

__all__ = ["learnt_from_others", "positions_left_out", "shared_names"]


def shared_names(place: Place) -> tuple[str, ...]:
    """Name the parameters of `MOVED` that are the same everywhere: of no pack, and not open again."""
    own = {*place.world.pack().parameters, *REOPENED}
    return tuple(name for name in MOVED if name not in own)


def learnt_from_others(
    places: Sequence[Place], banks: Mapping[str, Sequence[Bank]], left_out: str, shared: Sequence[str]
) -> Normal:
    """Fit what is shared to the figures of all provinces but one, which is not looked at.

    Parameters
    ----------
    places : sequence of Place
        Of one origin.
    banks : mapping of str to sequence of Bank
        Runs of each place, by province, in the order in which they were run.
    left_out : str
        The province of which nothing is used; it need not be among the places.
    shared : sequence of str
        Names among `MOVED` of the parameters that are the same everywhere.

    Returns
    -------
    Normal
        Of the positions of ``shared``, in their order.

    Raises
    ------
    InputError
        If no other province is there, or places are of different origins.
    """
    others = [place for place in places if place.province != left_out]
    if not others:
        raise InputError(f"nobody but {left_out}", key="provinces", allowed="two or more")
    common = common_of_places(others, banks)
    columns = [MOVED.index(name) for name in shared]
    own = [column for column in range(len(MOVED)) if column not in columns]
    known = Normal(np.zeros(len(columns)), np.eye(len(columns)))
    for place, of_place in zip(others, common, strict=True):
        lines, prior = lines_through(banks[place.province], of_place), place.beliefs.prior
        along = lines.slopes[:, own]
        own_spread = along @ prior.covariance[np.ix_(own, own)] @ along.T
        averaged = Lines(
            lines.intercept + along @ prior.mean[own], lines.slopes[:, columns], lines.noise + own_spread
        )
        known = updated(known, averaged, place.errors)
    return known


def positions_left_out(place: Place, shared: Sequence[str], learnt: Normal) -> Normal:
    """Put together what is known of a left-out province: what it shares, and its own parameters' priors.

    Gives positions of `MOVED`. Shared and own parameters are independent, as they are before its figures are
    looked at.
    """
    columns = [MOVED.index(name) for name in shared]
    mean, covariance = place.beliefs.prior.mean.copy(), place.beliefs.prior.covariance.copy()
    covariance[columns, :] = 0.0
    covariance[:, columns] = 0.0
    mean[columns] = learnt.mean
    covariance[np.ix_(columns, columns)] = learnt.covariance
    return Normal(mean, covariance)
