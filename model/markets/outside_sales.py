"""Sales to the world beyond: drawn one by one, paid for each seller in one sum.

Nobody in the province looks at such a contract again, so that it is counted and
entered in the registry at once and no row of it is kept: half of all contracts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ...agents.buying import draw_code
from ...agents.selling import contract_value, number_of_sales
from ...engine import luck
from ...engine.books import CAUSE, SECTOR, Flows, Purse, pay_at
from ...engine.rules import rule
from ...engine.table import Rows
from ..state.registry import count_high_tech, count_signed, count_sold, enter

if TYPE_CHECKING:
    from ...agents.inputs import Moment, Parameters
    from ...agents.registering import TermsOfEntry
    from ...agents.rows import EnterpriseRow, ProducerRow, Tally

SALE = luck.mechanism("contract with the outside")

_OUTSIDE: Final = SECTOR["outside"]
_CONTRACT: Final = CAUSE["contract"]
_DRAWS: Final = 5
"""Numbers that one contract takes from its seller's stream of the step."""

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@rule
def sell_outside(
    sellers: Rows[EnterpriseRow | ProducerRow],
    sector: int,
    habit: Floats,
    certified: Floats,
    contracts_per_attraction: Floats,
    mean_value: float,
    ln_sd: float,
    type_cumulative: Floats,
    type_value: Floats,
    admitted: float,
    terms: TermsOfEntry,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
    tally: Tally,
    city_value: Integers,
    city_count: Integers,
) -> int:
    """Let every seller of a kind win its contracts with the outside, and count them.

    What a seller is to receive is noted in its column ``sold``; :func:`receive` pays it.

    Parameters
    ----------
    sellers : structured ndarray of shape (n,)
    sector : int
        Their kind.
    habit : ndarray of float64 of shape (n,)
        Share of each row that registers by habit.
    certified : ndarray of float64 of shape (n,)
        Share of each row that is certified as a high-technology enterprise.
    contracts_per_attraction : ndarray of float64 of shape (fields,)
        Expected contracts of the step for one point of attraction of a seller of each field.
    mean_value : float
        Yuan, for a seller of mean size, over all types.
    ln_sd : float
        Standard deviation of the log value of one contract.
    type_cumulative, type_value : ndarray of float64 of shape (4,)
        Cumulative shares of the types by number; value of each relative to the mean.
    admitted : float
        Chance of each contract to be signed; below 1 only when the budget of the
        outside world does not suffice for all.
    terms : TermsOfEntry
        What registering a contract brings and costs in the step.

    Returns
    -------
    int
        Yuan that the outside is to pay.
    """
    total = signed = 0
    for i in range(len(sellers)):
        seller = sellers[i]
        seller.sold = 0
        number = number_of_sales(seller, contracts_per_attraction[seller.field], now, seed)
        if number == 0:
            continue
        sold = entered = 0
        chances = luck.stream(seed, SALE, seller.key, now.step)
        mean = mean_value * seller.value_scale
        for k in range(number):
            draw = _DRAWS * k
            kind = draw_code(luck.pick(chances, draw), type_cumulative)
            value = contract_value(luck.pick(chances, draw + 1), mean * type_value[kind], ln_sd, parameters)
            if admitted < 1.0 and luck.pick(chances, draw + 2) >= admitted:
                tally.refused += 1
                continue
            sold += value
            signed += 1
            registers = luck.pick(chances, draw + 3) < habit[i]
            entry = luck.pick(chances, draw + 4)
            declared, parts = enter(tally, kind, value, registers, certified[i], entry, chances, k, terms)
            if parts > 0:
                entered += value
                count_sold(tally, sector, declared, value, parts, seller.city, city_value, city_count)
        seller.sold = sold
        count_high_tech(tally, certified[i], sold, entered)
        total += sold
    count_signed(tally, sector, signed, total)
    return total


@rule
def receive(sellers: Rows[EnterpriseRow | ProducerRow], sector: int, purse: Purse, flows: Flows) -> None:
    """Pay each seller what it sold outside."""
    sellers_cash, outside_cash = purse[sector], purse[_OUTSIDE]
    for i in range(len(sellers)):
        if sellers[i].sold > 0:
            pay_at(outside_cash, _OUTSIDE, 0, sellers_cash, sector, i, sellers[i].sold, _CONTRACT, flows)
