"""The registry of technology contracts: what is entered, and what is counted of a step."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ...agents.registering import AUDITED, CALLED, TermsOfEntry, declare
from ...engine import luck
from ...engine.books import SECTOR, SECTORS
from ...engine.columns import row_at, row_dtype
from ...engine.rules import rule

if TYPE_CHECKING:
    from ...agents.rows import Tally

TALLY_FIELDS: Final = (
    ("value_by_seller", np.int64, (len(SECTORS),)),
    ("count_by_seller", np.int64, (len(SECTORS),)),
    ("value_by_type", np.int64, (4,)),
    ("count_by_type", np.int64, (4,)),
    ("signed_value", np.int64),
    ("signed_count", np.int64),
    ("signed_by_seller", np.int64, (len(SECTORS),)),
    ("local_value", np.int64),
    ("inflow_value", np.int64),
    ("inflow_count", np.int64),
    ("major_value", np.int64),
    ("major_count", np.int64),
    ("high_tech_signed", np.int64),
    ("high_tech_value", np.int64),
    ("refused", np.int64),
    ("relabelled_value", np.int64),
    ("parts_more", np.int64),
    ("rewards_due", np.int64),
    ("small_left_out", np.int64),
    ("entered_by_offices", np.int64),
)
"""What is counted of the contracts of a step; the columns by city stand beside it."""

MAJOR: Final = 10_000_000
"""Yuan from which the national statistics call a contract major."""

PRODUCING: Final = (SECTOR["university"], SECTOR["research_institute"], SECTOR["military_unit"])

Integers = npt.NDArray[np.int64]


@rule
def count_signed(tally: Tally, seller: int, number: int, value: int) -> None:
    """Count contracts signed by a kind of seller of the province, registered or not, of a value together."""
    tally.signed_value += value
    tally.signed_count += number
    tally.signed_by_seller[seller] += value


@rule
def count_sold(
    tally: Tally,
    seller: int,
    kind: int,
    value: int,
    parts: int,
    city: int,
    city_value: Integers,
    city_count: Integers,
) -> None:
    """Count a contract whose seller is in the province, registered in so many parts, as output."""
    tally.value_by_seller[seller] += value
    tally.count_by_seller[seller] += parts
    tally.value_by_type[kind] += value
    tally.count_by_type[kind] += parts
    city_value[city] += value
    city_count[city] += parts
    if value >= MAJOR * parts:
        tally.major_value += value
        tally.major_count += parts


@rule
def enter(
    tally: Tally,
    kind: int,
    value: int,
    registers: bool,
    certified: float,
    entry: float,
    chances: np.uint64,
    k: int,
    terms: TermsOfEntry,
) -> tuple[int, int]:
    """Enter a signed contract if its seller or an office finds it worth the paper.

    An audit puts right what was declared unduly. Offices with a quota of contracts enter
    small ones that were left out: each counts as one, and is soon examined.

    Parameters
    ----------
    registers : bool
        Whether the seller has the habit: knows how to register.
    certified, entry, chances, k
        See :func:`shaanxi_transfer.agents.registering.declare`.

    Returns
    -------
    declared, parts : int
        Type and number of parts in which it is entered, for :func:`count_sold`; 0 parts if it is not.
    """
    declared, parts = kind, 0
    if registers:
        declared, parts = declare(value, kind, certified, entry, chances, k, terms)
    if parts == 0:
        if value >= terms.small_value:
            return kind, 0
        tally.small_left_out += 1
        if terms.called <= 0.0 or luck.pick(chances, CALLED + k) >= terms.called:
            return kind, 0
        tally.entered_by_offices += 1
        declared, parts = kind, 1
    elif declared != kind or parts > 1:
        if luck.pick(chances, AUDITED + k) < terms.audit:
            declared, parts = kind, 1
        elif declared != kind:
            tally.relabelled_value += value
        tally.parts_more += parts - 1
    if terms.reward > 0.0:
        tally.rewards_due += int(min(terms.reward * value, terms.reward_cap * parts))
    return declared, parts


@rule
def count_high_tech(tally: Tally, certified: float, signed: int, registered: int) -> None:
    """Count the part of an enterprise's sales that its certified members made, yuan.

    The members of a row are alike, so that each sells the same part; certified and
    registering members are marked independently of one another.
    """
    tally.high_tech_signed += int(certified * signed + 0.5)
    tally.high_tech_value += int(certified * registered + 0.5)


@rule
def count_bought(tally: Tally, value: int, city: int, city_inflow: Integers) -> None:
    """Count a registered contract whose buyer is in the province, as inflow."""
    tally.inflow_value += value
    tally.inflow_count += 1
    city_inflow[city] += value


class Registry:
    """What is counted of the contracts of the current step.

    Parameters
    ----------
    cities : int

    Attributes
    ----------
    tally : record
        Of :data:`TALLY_FIELDS`.
    city_value, city_count, city_inflow, city_within : ndarray of int64 of shape (cities,)
        Registered value and number sold from each city, value bought in each city, value
        that was both, yuan.
    left_out_before : int
        Small contracts that their sellers left out in the step before; what offices plan by.
    """

    def __init__(self, cities: int) -> None:
        self.left_out_before = 0
        self._tallies = np.zeros(1, dtype=row_dtype(TALLY_FIELDS))
        self._by_city = np.zeros((4, cities), dtype=np.int64)
        self._look()

    def _look(self) -> None:
        """Make the views once: they are read a hundred times in a step."""
        self.tally: Tally = row_at(self._tallies, 0)
        self.city_value, self.city_count, self.city_inflow, self.city_within = self._by_city

    def __getstate__(self) -> dict[str, object]:
        """What a copy takes over: not the views, which look at this one's numbers."""
        return {
            "left_out_before": self.left_out_before,
            "_tallies": self._tallies,
            "_by_city": self._by_city,
        }

    def __setstate__(self, state: dict[str, object]) -> None:
        """Take over the numbers and look at them anew."""
        self.__dict__.update(state)
        self._look()

    def clear(self) -> None:
        """Begin a step with nothing counted."""
        self._tallies.view(np.uint8)[:] = 0
        self._by_city[:] = 0


def coverage_of_imports(coverage_elsewhere: float, before: float, decline: float) -> float:
    """Share of bought-in contracts that reach the statistics of inflow.

    At first the buyers' province was recorded less completely the earlier. As far as purchases follow what
    all others sell *as registered*, neither this nor the coverage elsewhere makes them grow a second time.

    Parameters
    ----------
    coverage_elsewhere : float
        Coverage of the registries of the sellers.
    before : float
        Years before the date from which it was recorded; 0 from then on.
    decline : float
        Loss for each of them.
    """
    return coverage_elsewhere * math.exp(-decline * before)
