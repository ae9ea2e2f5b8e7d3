"""Ventures: why an inventor founds a firm on a result, and what founding costs people.

An inventor founds if his part of the firm is worth more than what founding costs him and than
his part of a licence; then the owner has to agree. What he gets of a licence (royalty) and of
a firm (equity) are two rights, in force by owner and date. Nothing here is a rate that a lever
multiplies: a lever changes a share, a cost, or who decides.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ..engine import luck
from ..engine.books import SECTOR
from ..engine.rules import rule
from ..engine.table import Rows
from .goods import IDLE, SPUN_OFF
from .owners import owners_of
from .result import NO_DATE

if TYPE_CHECKING:
    from .inputs import Moment, Parameters
    from .rows import ProducerRow, ResultRow

FOUNDING = luck.mechanism("founding on a result")
VENTURE = luck.mechanism("firm founded on a result")
HOME = luck.mechanism("spin-off stays in the province")

Integers = npt.NDArray[np.int64]

USUAL_EQUITY: Final = 1.0 / 3.0
"""Inventors' usual part at universities of the United States, at which ``founding_share`` is meant."""

_UNIVERSITY: Final = SECTOR["university"]

LEAST_COST: Final = 0.01
"""Of the usual cost: founding is never for nothing."""

PARAMETERS_READ: Final = (
    "founder_capital", "founder_career_cost", "founder_financed_share", "founder_reluctance_ln_sd",
    "founder_subsidy_offered", "founder_usual_cost", "founding_approval_years",
    "founding_approved_share", "founding_share", "no_pilot_success", "pilot_success", "spin_off_stays",
    "technical_career", "transfer_ln_sd", "venture_worth_ln_sd",
)  # fmt: skip
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def founding_cost(sector: int, financed: bool, here: bool, parameters: Parameters, now: Moment) -> float:
    """Give what founding costs the founder, yuan: career, capital that no fund brings, less the subsidy.

    The subsidy is for firms in the province alone.

    Parameters
    ----------
    sector : int
        Whose researcher he is: institutes and military units may have a technical career.
    financed : bool
        Whether a fund brings the capital.
    here : bool
        Whether the firm is founded in the province.
    """
    career = parameters.founder_career_cost
    if sector != _UNIVERSITY:
        career *= parameters.technical_career
    capital = 0.0 if financed else parameters.founder_capital
    index = now.output_index
    cost = (career + capital) * index - (parameters.founder_subsidy_offered if here else 0.0)
    return float(max(LEAST_COST * parameters.founder_usual_cost * index, cost))


@rule
def chance_to_stay(sector: int, financed: bool, parameters: Parameters, now: Moment) -> float:
    """Share of founders who had rather found here than elsewhere, at what either costs them.

    At equal cost ``spin_off_stays`` do. What the province pays moves those near indifference; people
    differ in it as much as in what the cost of founding means to them.
    """
    cheaper = math.log(
        founding_cost(sector, financed, False, parameters, now)
        / founding_cost(sector, financed, True, parameters, now)
    )
    if cheaper == 0.0:
        return float(parameters.spin_off_stays)
    usual = luck.normal_quantile(parameters.spin_off_stays)
    return 0.5 * math.erfc(-(usual + cheaper / parameters.founder_reluctance_ln_sd) / math.sqrt(2.0))


@rule
def is_financed(result: ResultRow, parameters: Parameters, seed: np.uint64) -> bool:
    """Whether a fund that looks for research brings the capital for a firm on the result."""
    chances = luck.stream(seed, FOUNDING, result.key, 0)
    return bool(luck.pick(chances, 1) < parameters.founder_financed_share)


@rule
def rank_of_place(key: np.uint64, seed: np.uint64) -> float:
    """Rank of a founder by how much he had rather leave, 0 the most rooted; a firm's own for good."""
    return float(luck.uniform(seed, HOME, key, 0, 0))


@rule
def founds_here(result: ResultRow, parameters: Parameters, now: Moment, seed: np.uint64) -> bool:
    """Whether a firm on the result, if there is one, stays in the province."""
    financed = is_financed(result, parameters, seed)
    rank = rank_of_place(luck.child_key(result.key, VENTURE, 0, 0), seed)
    return bool(rank < chance_to_stay(result.owner_sector, financed, parameters, now))


@rule
def which_found_here(
    results: Rows[ResultRow],
    rows: Integers,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
) -> npt.NDArray[np.bool_]:
    """Tell which of the firms on the results in given rows stay in the province, shape (n,)."""
    here = np.empty(len(rows), dtype=np.bool_)
    for i in range(len(rows)):
        here[i] = founds_here(results[rows[i]], parameters, now, seed)
    return here


@rule
def spread_of_gains(parameters: Parameters) -> float:
    """Standard deviation of the logarithm of worth over what founding means to the inventor."""
    return math.sqrt(parameters.venture_worth_ln_sd**2 + parameters.founder_reluctance_ln_sd**2)


@rule
def marginal_founder(parameters: Parameters) -> float:
    """Rank, as a standard normal number, above which inventors would found at the usual terms."""
    return float(luck.normal_quantile(1.0 - parameters.founding_share))


@rule
def is_worth_founding(
    result: ResultRow,
    equity: float,
    royalty: float,
    sale_chance: float,
    mean_price: float,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
) -> bool:
    """Whether the inventor's part of a firm beats his part of a licence by more than founding costs.

    Worth is lognormal, and so is what the same cost means to different people. At the usual
    cost, equity and success ``founding_share`` of inventors would found: that sets the scale.

    Parameters
    ----------
    equity, royalty : float
        Inventor's part of the firm and of a licence.
    sale_chance : float
        Chance that a licence finds a buyer.
    mean_price : float
        Yuan of a licence.
    """
    chances = luck.stream(seed, FOUNDING, result.key, 0)
    # Worth of the result and luck of the venture, half of the variance each.
    z = math.sqrt(0.5) * (result.quality + luck.normal_quantile(luck.pick(chances, 0)))
    worth = parameters.venture_worth_ln_sd * z - parameters.founder_reluctance_ln_sd * luck.normal_quantile(
        luck.pick(chances, 4)
    )
    success = parameters.no_pilot_success
    if result.piloted or not result.needs_pilot:
        success = parameters.pilot_success
    success /= 0.5 * (parameters.no_pilot_success + parameters.pilot_success)
    firm = parameters.founder_usual_cost * now.output_index / USUAL_EQUITY
    firm *= success * math.exp(worth - spread_of_gains(parameters) * marginal_founder(parameters))
    sd = parameters.transfer_ln_sd
    licence = sale_chance * mean_price * math.exp(sd * z - 0.5 * sd * sd)
    financed, here = is_financed(result, parameters, seed), founds_here(result, parameters, now, seed)
    cost = founding_cost(result.owner_sector, financed, here, parameters, now)
    return bool(equity * firm - royalty * licence >= cost)


@rule
def years_to_approval(
    result: ResultRow, own_decision: float, parameters: Parameters, seed: np.uint64
) -> float:
    """Years for which a founder waits for his owner; :data:`NO_DATE` if he is refused.

    Parameters
    ----------
    own_decision : float
        Share of cases in which the inventor needs nobody's approval.
    """
    chances = luck.stream(seed, FOUNDING, result.key, 0)
    if luck.pick(chances, 2) < own_decision:
        return 0.0
    if luck.pick(chances, 3) < parameters.founding_approved_share:
        return float(parameters.founding_approval_years)
    return NO_DATE


@rule
def found_on_results(
    results: Rows[ResultRow],
    universities: Rows[ProducerRow],
    institutes: Rows[ProducerRow],
    military_units: Rows[ProducerRow],
    sale_chance: npt.NDArray[np.float64],
    mean_price: float,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
) -> Integers:
    """Let inventors decide, once, when the time for a firm of their own has come.

    Secret results wait for declassification. While a founder waits for approval the result may
    be sold or licensed, and he thinks again if his rights change. Who founds has told the owner.

    Parameters
    ----------
    sale_chance : ndarray of float64 of shape (sectors,)
        Chance that a licence finds a buyer, by kind of owner.
    mean_price : float
        Yuan of a licence.

    Returns
    -------
    ndarray of int64 of shape (n,)
        Rows of the results that become firms; their state says so.
    """
    rows = np.empty(len(results), dtype=np.int64)
    founded = 0
    for i in range(len(results)):
        result = results[i]
        if now.date < result.founding:
            continue
        if result.state != IDLE or result.licences > 0:
            result.founding = NO_DATE
            continue
        if result.classified:
            continue
        owners = owners_of(result.owner_sector, universities, institutes, military_units)
        owner = owners[result.owner_row]
        chance = sale_chance[result.owner_sector]
        wait = years_to_approval(result, owner.own_decision, parameters, seed)
        if wait >= NO_DATE or not is_worth_founding(
            result, owner.equity_share, owner.inventor_share, chance, mean_price, parameters, now, seed
        ):
            result.founding = NO_DATE
        elif now.date >= result.founding + wait:
            result.founding = NO_DATE
            result.state = SPUN_OFF
            result.disclosed = True
            rows[founded] = i
            founded += 1
    return rows[:founded]


@rule
def count_ventures(
    results: Rows[ResultRow],
    founded: Integers,
    universities: Rows[ProducerRow],
    institutes: Rows[ProducerRow],
    military_units: Rows[ProducerRow],
    by_kind: Integers,
) -> None:
    """Let owners count the firms founded on their results.

    Parameters
    ----------
    founded : ndarray of int64 of shape (n,)
        Rows of the results on which firms are founded.
    by_kind : ndarray of int64 of shape (sectors,)
        To which these are added, by kind of owner.
    """
    for row in founded:
        result = results[row]
        owner = owners_of(result.owner_sector, universities, institutes, military_units)[result.owner_row]
        owner.ventures += 1
        owner.transferred += 1
        by_kind[result.owner_sector] += 1


@rule
def name_firms(results: Rows[ResultRow], founded: Integers) -> npt.NDArray[np.uint64]:
    """Give the firms founded on the results in given rows their keys; the results know them as buyers."""
    keys = np.empty(len(founded), dtype=np.uint64)
    for i in range(len(founded)):
        keys[i] = luck.child_key(results[founded[i]].key, VENTURE, 0, 0)
        results[founded[i]].buyer_key = keys[i]
    return keys


@rule
def count_kept(keys: npt.NDArray[np.uint64], parameters: Parameters, seed: np.uint64) -> int:
    """Count the founders of firms in the province who at equal cost had rather found elsewhere."""
    kept = 0
    for key in keys:
        kept += rank_of_place(key, seed) >= parameters.spin_off_stays
    return kept


@rule
def would_found(sector: int, financed: bool, here: bool, parameters: Parameters, now: Moment) -> float:
    """Give how many of a kind of owner would found at today's cost of a place, relative to the usual cost."""
    usual = parameters.founder_usual_cost * now.output_index
    cost = founding_cost(sector, financed, here, parameters, now)
    z = marginal_founder(parameters) + math.log(cost / usual) / spread_of_gains(parameters)
    return 0.5 * math.erfc(z / math.sqrt(2.0)) / parameters.founding_share


@rule
def willingness(sector: int, parameters: Parameters, now: Moment) -> tuple[float, float]:
    """Give how many people of a kind of owner would found here and elsewhere at today's cost.

    Both are relative to those who found at the usual cost, wherever they do.
    """
    staying = leaving = 0.0
    for financed in (True, False):
        share = parameters.founder_financed_share if financed else 1.0 - parameters.founder_financed_share
        rooted = chance_to_stay(sector, financed, parameters, now)
        staying += share * rooted * would_found(sector, financed, True, parameters, now)
        leaving += share * (1.0 - rooted) * would_found(sector, financed, False, parameters, now)
    return staying, leaving
