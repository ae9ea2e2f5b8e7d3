"""What is counted of a step beside contracts: R&D by city, closures by age, and how old results are sold."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from ...agents.closing import AGE_CLASSES
from ...engine.books import SECTORS
from ...engine.exact_sums import exact_sum
from ...engine.rules import rule

PROMPT_YEARS: Final = 2.0
"""Years within which a contract counts as prompt: a quarter were (CEA, Technovation 27(8), 2007)."""


class StepCounts:
    """Counters of the current step.

    Parameters
    ----------
    cities : int

    Attributes
    ----------
    research_by_city : ndarray of int64 of shape (cities,)
        R&D performed, yuan.
    entries_shifted : ndarray of float64 of shape (cities,)
        Firms that enter more, or fewer, than usual because cities pay firms; sums to zero.
    firms_at_risk, firms_closed : ndarray of int64 of shape (age classes,)
        Enterprises of each class of :data:`AGE_CLASSES` before those that close are gone; those that close.
    results_transferred : ndarray of int64 of shape (sectors,)
        Results within their life that were ever sold or turned into a firm, by kind of owner.
    founded_on_results, founded_by_people, founded_by_owners : ndarray of int64 of shape (sectors,)
        Firms that come out of research, here or elsewhere, by kind of owner: on its results, by its people
        without a result, by the owner itself.
    results_sold_promptly : int
        Results sold within :data:`PROMPT_YEARS` of their birth.
    results_sold_ln_years : float
        Sum over results sold of the logarithm of their age in years.
    results_licensed : int
        Non-exclusive licences of producers' results.
    results_used_in_commissions : int
        Results of producers that a commission of an enterprise of the province took into use.
    needs_lapsed, needs_met : int
        Contracts wanted inside the province that found no seller within the life of the need; that did.
    """

    def __init__(self, cities: int) -> None:
        self.research_by_city = np.zeros(cities, dtype=np.int64)
        self.entries_shifted = np.zeros(cities)
        self.firms_at_risk = np.zeros(len(AGE_CLASSES), dtype=np.int64)
        self.firms_closed = np.zeros(len(AGE_CLASSES), dtype=np.int64)
        self.results_transferred = np.zeros(len(SECTORS), dtype=np.int64)
        self.founded_on_results = np.zeros(len(SECTORS), dtype=np.int64)
        self.founded_by_people = np.zeros(len(SECTORS), dtype=np.int64)
        self.founded_by_owners = np.zeros(len(SECTORS), dtype=np.int64)
        self.results_sold_promptly = 0
        self.results_sold_ln_years = 0.0
        self.results_licensed = self.results_used_in_commissions = 0
        self.needs_lapsed = self.needs_met = 0

    def clear(self) -> None:
        """Begin a step with nothing counted."""
        self.research_by_city[:] = 0
        self.entries_shifted[:] = 0.0
        self.firms_at_risk[:] = 0
        self.firms_closed[:] = 0
        self.results_transferred[:] = 0
        self.founded_on_results[:] = 0
        self.founded_by_people[:] = 0
        self.founded_by_owners[:] = 0
        self.results_sold_promptly = 0
        self.results_sold_ln_years = 0.0
        self.results_licensed = self.results_used_in_commissions = 0
        self.needs_lapsed = self.needs_met = 0

    def count_ages_of_sold(self, ages: npt.NDArray[np.float64]) -> None:
        """Take down how old the results sold in the step are.

        Parameters
        ----------
        ages : ndarray of float64 of shape (n,)
            Years, above 0; the order of results changes no bit of the sum.
        """
        self.results_sold_promptly, self.results_sold_ln_years = ages_summed(ages)


@rule
def ages_summed(ages: npt.NDArray[np.float64]) -> tuple[int, float]:
    """Count the ages up to :data:`PROMPT_YEARS`, and sum the logarithms of all."""
    prompt, logarithms = 0, np.empty(len(ages))
    for i in range(len(ages)):
        prompt += ages[i] <= PROMPT_YEARS
        logarithms[i] = math.log(ages[i])
    return prompt, exact_sum(logarithms)
