"""Results in a step: creation, development, offers, hand-over, and the stock of the start."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt

from ...agents import census, new_result, producer_repute, result, result_spin_up, transfer_office
from ...agents.goods import ZONE_OF_CAPITAL
from ...engine.books import SECTOR, SECTORS
from ...engine.errors import RunError
from ..markets import commissioned_results, offers
from ..markets.demand import PRODUCER_WORD, PRODUCERS
from . import rights
from .owner_rows import rows_of_owners
from .trade import chances_of_producers

if TYPE_CHECKING:
    from ...engine.table import RowArray
    from ..province import Province


def create(province: Province) -> None:
    """Let research bring results: producers' to be sold one day, enterprises' for their own use."""
    results, now, seed, cohorts = province.results, province.now, province.seed, province.cohorts
    born = cohorts.place(province.step)
    parameters, producers = province.terms.results, rows_of_owners(province)
    rates = [province.steered[f"results_per_million_rd_{PRODUCER_WORD[kind]}"] / 1e6 for kind in PRODUCERS]
    numbers, created = new_result.count_results(*producers, np.array(rates), now, seed)
    results.reserve(created)
    results.close(
        new_result.create_results_of_owners(
            *producers,
            numbers,
            province.field_needs,
            parameters,
            now,
            seed,
            results.storage,
            results.count,
            cohorts.undisclosed[:, born],
        )
    )
    rate = province.values["results_per_million_rd_enterprise"] / 1e6
    own = new_result.create_own_results(
        province.enterprises.rows, rate, parameters, now, seed, cohorts.coming[born, born:]
    )
    cohorts.own[born] = own
    province.results_created = created + own


def develop(province: Province) -> None:
    """Disclose, declassify, pilot, list, take up; let outcomes show; reward the firms that bought well."""
    province.cohorts.begin_use(province.step)
    rows = province.results.rows
    universities = province.producers["university"].rows
    transfer_office.take_up_cases(rows, universities, province.terms.results, province.now, province.seed)
    share, chance = province.inventor_share, chances_of_sale(province)
    rights.grant(province)
    listing = float(province.levers.listing_of_idle_results)
    outcomes, worked = np.empty(len(rows), dtype=np.int64), np.empty(len(rows), dtype=np.bool_)
    province.results_seeking, number = result.develop(
        rows,
        share,
        chance,
        listing,
        chances_in_ordered_bases(province),
        province.terms.results,
        province.now,
        province.seed,
        outcomes,
        worked,
    )
    learn_from_outcomes(province, outcomes[:number], worked[:number])


def chances_in_ordered_bases(province: Province) -> npt.NDArray[np.float64]:
    """Give the chance of a pilot in a base that is ordered for a result's buyer (task 12), by result."""
    rows, values = province.results.rows, province.values
    chances = np.zeros(len(rows))
    if province.orders is None:
        return chances
    buyers = cast("RowArray[Any]", np.zeros(len(rows), dtype=[("key", np.uint64), ("city", np.int16)]))
    buyers["key"], buyers["city"] = rows["buyer_key"], rows["buyer_city"]
    in_capital = rows["zone"] == ZONE_OF_CAPITAL
    gain = np.where(in_capital, values["base_gain_capital"], values["base_gain_elsewhere"])
    for level, served in province.orders.of("base_coverage", province.step, buyers):
        chances[served] = np.maximum(chances, level * gain)[served]
    return chances


def chances_of_sale(province: Province) -> npt.NDArray[np.float64]:
    """Give the chance that a result is ever sold, by kind of owner, shape (sectors,)."""
    chances = np.zeros(len(SECTORS))
    for kind in PRODUCERS:
        chances[SECTOR[kind]] = province.steered[f"transfer_probability_{PRODUCER_WORD[kind]}"]
    return chances


def learn_from_outcomes(
    province: Province, shown: npt.NDArray[np.int64], worked: npt.NDArray[np.bool_]
) -> None:
    """Let buyers whose result succeeds grow, and names of owners follow what became of their results.

    Who is found by a need here is worked out anew once a year, from the start on.

    Parameters
    ----------
    shown : ndarray of int64
        Rows of the results whose success or failure has just shown.
    worked : ndarray of bool of the same shape
        Whether it was success.
    """
    if worked.any():
        rows = province.results.rows
        offers.reward_buyers(rows, shown[worked], province.enterprises.rows, province.terms.results)
        producer_repute.follow_outcomes(
            rows, shown, worked, *rows_of_owners(province), province.terms.producers
        )
    if province.step >= 0 and province.calendar.year_begins(province.step):
        province.producer_chances = chances_of_producers(province)


def offer(province: Province) -> None:
    """Let owners who seek a buyer propose their results."""
    needs, contracts, results = province.needs.rows, province.contracts, province.results.rows
    fields = len(province.names["field"])
    order = np.zeros(len(needs), dtype=np.int64)
    first = np.zeros(fields + 1, dtype=np.int64)
    offers.list_transfer_needs(needs, fields, order, first)
    contracts.reserve(province.results_seeking)
    count = offers.offer_results(
        results,
        needs,
        province.enterprises.rows,
        order,
        first,
        province.values["transfer_mean_value"] * province.demand.value_index,
        province.inventor_share,
        float(province.levers.listed_income_share),
        province.terms.results,
        province.now,
        province.seed,
        contracts.storage,
        contracts.count,
    )
    contracts.close(count)


def hand_over(province: Province) -> None:
    """Hand sold results to their buyers, and license those of which the owner keeps the rest.

    Raises
    ------
    RunError
        If a result was sold twice.
    """
    handed = offers.hand_over(
        province.claims,
        province.results.rows,
        province.enterprises.rows,
        *rows_of_owners(province),
        province.finance.capital,
        province.terms.results,
        province.now,
        province.seed,
    )
    if handed.twice >= 0:
        kind = SECTORS[handed.twice]
        raise RunError(f"a result of {kind} was sold exclusively twice in step {province.step}")
    province.results_contracted += len(handed.ages)
    province.counts.results_licensed += handed.licensed
    province.counts.count_ages_of_sold(handed.ages)


def use_in_commissions(province: Province) -> None:
    """Let commissions and licences out of pools take results of their sellers into use at the buyers."""
    used, licensed = commissioned_results.use_in_commissions(
        province.contracts.rows,
        province.results.rows,
        province.enterprises.rows,
        max(len(province.producers[kind]) for kind in PRODUCERS),
        len(province.names["field"]),
        province.finance.capital,
        province.terms.results,
        province.now,
        province.seed,
    )
    province.counts.results_used_in_commissions += used
    province.counts.results_licensed += licensed


def forget_the_old(province: Province) -> None:
    """At the turn of the year drop results whose life is over and that wait for nothing."""
    if not province.calendar.year_begins(province.step):
        return
    rows = province.results.rows
    staying = np.empty(len(rows), dtype=np.bool_)
    result.mark_remembered(rows, province.terms.results, province.now, staying)
    province.results.keep(staying)


def take_stock(province: Province) -> None:
    """Count results within their life, and those in industrial use, by kind of owner."""
    step, cohorts = province.step, province.cohorts
    # A result born now is within its life in this step and in the next ones that begin before its end.
    within = math.ceil(province.values["result_life_years"] / province.now.dt)
    province.results_alive[:] = cohorts.alive(step, within)
    province.results_used[:] = 0
    province.results_used[SECTOR["enterprise"]] = cohorts.used(step, within)
    census.count_results(
        province.results.rows,
        province.now,
        province.terms.results,
        province.results_alive,
        province.results_used,
        province.counts.results_transferred,
        province.census,
    )


def use_in_past_commissions(province: Province) -> None:
    """Let commissions before the market's year have used results as often as in it, unrecorded."""
    rows, now = province.results.rows, province.now
    for kind in PRODUCERS:
        hazard = result_spin_up.past_hazard_of_use(rows, SECTOR[kind], now)
        result_spin_up.use_in_past_commissions(
            rows, SECTOR[kind], hazard, province.terms.results, now, province.seed
        )


def sell_in_the_past(province: Province) -> None:
    """Before the start let those who seek a buyer find one, unrecorded."""
    parameters, now, seed = province.terms.results, province.now, province.seed
    result_spin_up.sell_in_the_past(province.results.rows, parameters, now, seed)
