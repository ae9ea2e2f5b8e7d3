"""Firms that come out of research in a step: on results, of people, and of owners who found themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ...agents import founders, venture
from ...agents.goods import SPUN_OFF
from ...engine import luck
from ...engine.books import SECTOR
from ..markets import offers
from ..markets.demand import PRODUCER_WORD, PRODUCERS
from . import firms
from .grant_programmes import number_of_step, support_founder
from .owner_rows import rows_of_owners
from .results import chances_of_sale

if TYPE_CHECKING:
    from ..province import Province

JOINT_FIRM = luck.mechanism("joint firm of a military unit")

_MILITARY_UNIT: Final = "military_unit"

Integers = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Codes = npt.NDArray[np.int16]


def found_on_results(province: Province) -> None:
    """Let inventors found firms on results; most stay in the province (AUTM 2016)."""
    rows = decide_on_results(province)
    if len(rows) == 0:
        return
    results = province.results.rows
    here = venture.which_found_here(results, rows, province.terms.results, province.now, province.seed)
    found_here(province, found_on(province, rows), results["city"][rows], results["field"][rows], here)


def decide_on_results(province: Province) -> Integers:
    """Let the inventors whose time has come decide; gives the rows of the results on which they found."""
    return venture.found_on_results(
        province.results.rows,
        *rows_of_owners(province),
        chances_of_sale(province),
        province.values["transfer_mean_value"] * province.now.output_index,
        province.terms.results,
        province.now,
        province.seed,
    )


def pass_by(province: Province) -> None:
    """Before the start let those who would found do so: their firms are among those of the start."""
    venture.name_firms(province.results.rows, decide_on_results(province))
    firms_of_owners(province)


def found_joint_firms(province: Province) -> None:
    """Let military units found firms with local partners on results that wait for a buyer (task 3).

    A joint firm has its partner here, and stays. What the partner pays in is not followed.
    """
    yearly = province.levers.military_joint_firms * province.values["joint_firm_additional"]
    number = number_of_step(province, "joint firms", yearly, 0.0)
    if number == 0:
        return
    results = province.results.rows
    chosen = np.empty(number, dtype=np.int64)
    found = offers.choose_results(
        results, SECTOR[_MILITARY_UNIT], JOINT_FIRM, province.now, province.seed, chosen
    )
    rows = chosen[:found]
    results["state"][rows] = SPUN_OFF
    keys = found_on(province, rows)
    firms.found_spin_offs(province, keys, results["city"][rows], results["field"][rows])
    np.add.at(province.producers[_MILITARY_UNIT].rows["founded"], results["owner_row"][rows], 1)
    province.supported["joint firms"] = found


def found_on(province: Province, rows: Integers) -> Keys:
    """Found firms on results, in the province or elsewhere; gives their keys."""
    results = province.results.rows
    venture.count_ventures(results, rows, *rows_of_owners(province), province.counts.founded_on_results)
    province.totals.ventures += len(rows)
    return venture.name_firms(results, rows)


def found_by_people(province: Province) -> None:
    """Let researchers leave and found firms without a result, in proportion to the research done.

    They weigh the same cost as inventors do, so that what moves these moves them: leave to
    found, subsidies, funds that look for research. The firm is wholly theirs.
    """
    founded, stay = firms_of_people(province)
    if len(stay) == 0:
        return
    province.counts.founded_by_people += founded.by_kind
    province.totals.ventures += len(stay)
    found_here(province, founded.keys, founded.cities, founded.fields, stay)


def firms_of_people(province: Province) -> tuple[founders.Founded, npt.NDArray[np.bool_]]:
    """Draw the firms that people of the owners found without a result in the step, and which stay."""
    rate = province.values["people_firms_per_billion_rd"] / 1e9
    return founders.found_by_people(
        *rows_of_owners(province), rate, province.terms.results, province.now, province.seed
    )


def found_by_owners(province: Province) -> None:
    """Let universities, institutes and military units found civil firms of their own; these stay.

    What the owner pays in is not followed.
    """
    founded = firms_of_owners(province)
    if len(founded.keys) == 0:
        return
    province.counts.founded_by_owners += founded.by_kind
    province.totals.ventures += len(founded.keys)
    firms.found_spin_offs(province, founded.keys, founded.cities, founded.fields)


def firms_of_owners(province: Province) -> founders.Founded:
    """Let owners found by their habits; they count what they have founded."""
    return founders.found_by_owners(
        *rows_of_owners(province), habits_of_owners(province), province.now, province.seed
    )


def habits_of_owners(province: Province) -> founders.Habits:
    """Give the habits of owners under the levers in force."""
    values = province.values
    university, institute, military = (
        values[f"owner_firms_per_billion_rd_{PRODUCER_WORD[kind]}"] / 1e9 for kind in PRODUCERS
    )
    return founders.Habits(
        (university, institute, military),
        1.0 / values["founding_approved_share"] - 1.0,
        values["one_institute_per_billion_rd"] / 1e9,
        values["one_institute_copy"],
        float(province.levers.one_institute_model),
        values["one_institute_since"],
    )


def found_here(
    province: Province, keys: Keys, cities: Codes, fields: Codes, stay: npt.NDArray[np.bool_]
) -> None:
    """Add the firms of those who stay, count whom the subsidy kept (task 17), and pay it.

    Parameters
    ----------
    keys, cities, fields : ndarray of shape (n,)
        Firms that are founded, here or elsewhere.
    stay : ndarray of bool of shape (n,)
        Who stays.
    """
    first, keys = province.enterprises.count, keys[stay]
    firms.found_spin_offs(province, keys, cities[stay], fields[stay])
    province.supported["founders kept"] += venture.count_kept(keys, province.terms.results, province.seed)
    support_founders(province, first)


def support_founders(province: Province, first: int) -> None:
    """Pay those who founded the enterprises from row ``first`` on the one-off subsidy, in their order."""
    if province.levers.founder_subsidy <= 0.0:
        return
    for row in range(first, province.enterprises.count):
        support_founder(province, row)
