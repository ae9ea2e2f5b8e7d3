"""Buying: enterprises, governments and military units write down what they need.

A need says who wants what by when and how much one contract may cost; how it is
met is the market's business.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ..engine import luck
from ..engine.rules import rule
from ..engine.table import Rows

if TYPE_CHECKING:
    from .inputs import Moment
    from .rows import EnterpriseRow, GovernmentRow, NeedRow, ProducerRow

NEEDS = luck.mechanism("number of needs")
NEED = luck.mechanism("need")
SKILL = luck.mechanism("skill of a buyer in finding partners")

_DRAWS: Final = 4
"""Numbers that a row of needs takes from its buyer's stream of the step."""

LARGEST_NEED: Final = 10
"""Contracts that one row of needs wants at most, so that a great buyer asks in many fields and types."""

_CAUTION: Final = 0.5
"""Share of a buyer's cash that one contract may cost (assumption: nobody bets the house on one project)."""


@rule
def count_needs(
    buyers: Rows[EnterpriseRow | ProducerRow | GovernmentRow],
    needs_per_appetite: float,
    now: Moment,
    seed: np.uint64,
    numbers: npt.NDArray[np.int64],
) -> int:
    """Draw how many contracts each buyer newly wants; gives the rows of needs they fill."""
    rows = 0
    # Hashed before all else: with no branch between them a processor takes several at a time.
    draws = np.empty(len(buyers))
    for i in range(len(buyers)):
        draws[i] = luck.uniform(seed, NEEDS, buyers[i].key, now.step, 0)
    for i in range(len(buyers)):
        mean = needs_per_appetite * buyers[i].appetite
        numbers[i] = 0
        if mean > 0.0:
            numbers[i] = luck.poisson_quantile(draws[i], mean)
            rows += (numbers[i] + LARGEST_NEED - 1) // LARGEST_NEED
    return rows


@rule
def draw_code(u: float, cumulative: npt.NDArray[np.float64]) -> int:
    """Draw an index from cumulative shares.

    All of them are looked at: a processor guesses wrong where a search may stop.
    """
    chosen = 0
    for i in range(len(cumulative) - 1):
        chosen += u >= cumulative[i]
    return chosen


@rule
def ease_of_search(key: np.uint64, member: int, spread: float, seed: np.uint64) -> float:
    """How fast one of the organisations of a row finds new partners, relative to the average; it stays so.

    Exponential skills make the time of search Pareto: the mixture by which durations of
    search are commonly described (Lancaster 1979). With no spread all buyers are alike.
    """
    return 1.0 - spread - spread * math.log(luck.uniform(seed, SKILL, key, 0, member))


@rule
def voice_needs(
    buyers: Rows[EnterpriseRow | ProducerRow | GovernmentRow],
    sector: int,
    numbers: npt.NDArray[np.int64],
    members: npt.NDArray[np.int32],
    own_field_share: float,
    field_cumulative: npt.NDArray[np.float64],
    type_cumulative: npt.NDArray[np.float64],
    expiry_steps: int,
    search_spread: float,
    now: Moment,
    seed: np.uint64,
    needs: Rows[NeedRow],
    count: int,
) -> int:
    """Write each buyer's new needs, at most :data:`LARGEST_NEED` contracts to a row.

    Parameters
    ----------
    numbers : ndarray of int64 of shape (n,)
        From :func:`count_needs`; room for its sum of rows was reserved in ``needs``.
    members : ndarray of int32 of shape (n,)
        Organisations that each row stands for; the money of one of them bounds a contract.
    own_field_share : float
        Chance that a need lies in the buyer's own field; otherwise drawn from ``field_cumulative``.
    field_cumulative, type_cumulative : ndarray of float64
        Cumulative shares of fields and of the four types.
    search_spread : float
        How unequal buyers are in finding partners, 0 to 1.

    Returns
    -------
    int
        Rows of ``needs`` in use.
    """
    for i in range(len(buyers)):
        buyer = buyers[i]
        left = numbers[i]
        if left == 0:
            continue
        chances = luck.stream(seed, NEED, buyer.key, now.step)
        k = 0
        while left > 0:
            units = min(LARGEST_NEED, left)
            left -= units
            need = needs[count]
            need.key = luck.word(chances, _DRAWS * k)
            need.buyer_sector = sector
            need.buyer_row = i
            need.type = draw_code(luck.pick(chances, _DRAWS * k + 1), type_cumulative)
            need.field = buyer.field
            if luck.pick(chances, _DRAWS * k + 2) >= own_field_share:
                need.field = draw_code(luck.pick(chances, _DRAWS * k + 3), field_cumulative)
            need.city = buyer.city
            need.units = units
            need.open = units
            need.budget = int(_CAUTION * buyer.cash / members[i])
            need.scale = buyer.project_scale
            # The luck of the need says which of a row's organisations it is.
            member = int(need.key % np.uint64(members[i]))
            need.ease = ease_of_search(buyer.key, member, search_spread, seed)
            need.expires = now.step + expiry_steps
            count += 1
            k += 1
    return count


@rule
def mark_lasting(needs: Rows[NeedRow], step: int, staying: npt.NDArray[np.bool_]) -> int:
    """Mark the needs that go on, not yet met and not too old; gives the contracts wanted in the others."""
    lapsed = 0
    for n in range(len(needs)):
        staying[n] = (needs[n].open > 0) & (needs[n].expires > step)
        lapsed += 0 if staying[n] else needs[n].open
    return lapsed


@rule
def count_open(needs: Rows[NeedRow]) -> int:
    """Count the contracts still wanted."""
    wanted = 0
    for n in range(len(needs)):
        wanted += needs[n].open
    return wanted


@rule
def follow_buyers(needs: Rows[NeedRow], sector: int, moved: npt.NDArray[np.int64]) -> None:
    """Let the needs of one kind of buyer know where their buyers' rows now are.

    Parameters
    ----------
    sector : int
    moved : ndarray of int64 of shape (rows before,)
        New row of each buyer; -1 if it has left, and then nobody wants the need met.
    """
    for n in range(len(needs)):
        need = needs[n]
        if need.buyer_sector == sector and need.buyer_row >= 0:
            need.buyer_row = moved[need.buyer_row]
            if need.buyer_row < 0:
                need.open = 0
