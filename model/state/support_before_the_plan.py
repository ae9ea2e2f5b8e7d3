"""What programmes did a year before the plan: not known, so worked back from what is assumed since."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ...agents.inputs import Parameters


class Usual(NamedTuple):
    """What happened a year in the history of this future; the data do not say.

    Attributes
    ----------
    replaced : float
        Brokers founded a year that keep the number of the start.
    brokers : float
        Brokers founded a year beyond that, with support.
    certifications : float
        Demonstration institutions certified a year.
    seats : float
        Seats of the training programme a year.
    platforms : tuple of float
        Incubators and maker spaces founded a year.
    """

    replaced: float
    brokers: float
    certifications: float
    seats: float
    platforms: tuple[float, float]


def usual_levels(parameters: Parameters, date: float, known: float) -> Usual:
    """Find the yearly numbers that lead from the start to what is assumed of brokers and institutions later.

    In the first year nobody has the deals that a demonstration institution must show.

    With entry ``r`` a year and hazard ``h`` of leaving, a stock ``n`` is
    ``n * exp(-h t) + r * (1 - exp(-h t)) / h`` after ``t`` years.

    Parameters
    ----------
    parameters : record
    date : float
        Start of the run.
    known : float
        Date for which the numbers of brokers and demonstration institutions are assumed.
    """
    years = max(1.0, known - date)
    institutions = parameters.demonstration_institutions_2017
    brokers = institutions / parameters.demonstration_share_2017
    leaving = parameters.broker_exit
    losing = leaving + parameters.demonstration_exit
    staying = math.exp(-leaving * years)
    first = round(parameters.brokers_2010)
    replaced = first * leaving
    return Usual(
        replaced,
        max(0.0, (brokers - first * staying) * leaving / (1.0 - staying) - replaced),
        institutions * losing / (1.0 - math.exp(-losing * max(1.0, years - 1.0))),
        parameters.trained_before_2018_per_year / parameters.training_pass_share,
        (parameters.incubator_founding_per_year, parameters.maker_space_founding_per_year),
    )
