"""Firms that come out of research in a step: on results, of people, and of owners who found themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ...agents import venture
from ...agents.goods import SPUN_OFF
from ...engine import luck
from ...engine.books import SECTOR
from ..markets import offers
from ..markets.demand import PRODUCER_WORD, PRODUCERS
from . import firms
from .grant_programmes import number_of_step, support_founder
from .results import chances_of_sale

if TYPE_CHECKING:
    from ..province import Province

JOINT_FIRM = luck.mechanism("joint firm of a military unit")

ONE_INSTITUTE_SINCE: Final = 2007.0
"""Reform of the Xi'an Institute of Optics and Precision Mechanics, after which it began to found firms."""

_INSTITUTE: Final = "research_institute"
_MILITARY_UNIT: Final = "military_unit"

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Codes = npt.NDArray[np.int16]


def found_on_results(province: Province) -> None:
    """Let inventors found firms on results; most stay in the province (AUTM 2016)."""
    if decide_on_results(province) == 0:
        return
    results = province.results.rows
    rows = offers.rows_spun_off(results)
    here = np.empty(len(rows), dtype=np.bool_)
    venture.which_found_here(results, rows, province.terms.results, province.now, province.seed, here)
    found_here(province, found_on(province, rows), results["city"][rows], results["field"][rows], here)


def decide_on_results(province: Province) -> int:
    """Let the inventors whose time has come decide; gives how many found."""
    universities, institutes, military_units = (province.producers[kind].rows for kind in PRODUCERS)
    return venture.found_on_results(
        province.results.rows,
        universities,
        institutes,
        military_units,
        chances_of_sale(province),
        province.values["transfer_mean_value"] * province.now.output_index,
        province.terms.results,
        province.now,
        province.seed,
    )


def pass_by(province: Province) -> None:
    """Before the start let those who would found do so: their firms are among those of the start."""
    if decide_on_results(province):
        name_firms(province, offers.rows_spun_off(province.results.rows))
    for kind in PRODUCERS:
        numbers, _ = _numbers(province, kind, venture.OWNERS, means_of_owners(province, kind))
        province.producers[kind].rows["founded"] += numbers


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
    for kind in PRODUCERS:
        number = venture.count_ventures(
            province.results.rows, rows, province.producers[kind].rows, SECTOR[kind]
        )
        province.counts.founded_on_results[SECTOR[kind]] += number
        province.totals.ventures += number
    return name_firms(province, rows)


def name_firms(province: Province, rows: Integers) -> Keys:
    """Give the firms founded on results their keys; the results know them as buyers."""
    results = province.results.rows
    keys = luck.child_keys(results["key"][rows], venture.VENTURE, 0, np.ones_like(rows))
    results["buyer_key"][rows] = keys
    return keys


def found_by_people(province: Province) -> None:
    """Let researchers leave and found firms without a result, in proportion to the research done.

    They weigh the same cost as inventors do, so that what moves these moves them: leave to
    found, subsidies, funds that look for research. The firm is wholly theirs.
    """
    for kind in PRODUCERS:
        numbers, total = firms_of_people(province, kind)
        if total == 0:
            continue
        here, elsewhere = venture.willingness(SECTOR[kind], province.terms.results, province.now)
        province.counts.founded_by_people[SECTOR[kind]] += total
        province.totals.ventures += total
        keys, cities, fields = _children(province, kind, venture.PEOPLE, numbers)
        stay = ranks_of_places(province, keys) < here / (here + elsewhere)
        found_here(province, keys, cities, fields, stay)


def firms_of_people(province: Province, kind: str) -> tuple[Integers, int]:
    """Draw the firms that people of each owner of a kind found without a result in the step, and in all."""
    willing = sum(venture.willingness(SECTOR[kind], province.terms.results, province.now))
    rate = province.values["people_firms_per_billion_rd"] / 1e9 * willing
    return _numbers(province, kind, venture.PEOPLE, rate * province.producers[kind].rows["rd"])


def found_by_owners(province: Province) -> None:
    """Let universities, institutes and military units found civil firms of their own; these stay.

    What the owner pays in is not followed.
    """
    for kind in PRODUCERS:
        numbers, total = _numbers(province, kind, venture.OWNERS, means_of_owners(province, kind))
        if total == 0:
            continue
        province.producers[kind].rows["founded"] += numbers
        province.counts.founded_by_owners[SECTOR[kind]] += total
        province.totals.ventures += total
        firms.found_spin_offs(province, *_children(province, kind, venture.OWNERS, numbers))


def means_of_owners(province: Province, kind: str) -> Floats:
    """Give the firms that each owner is expected to found in the step.

    All do so in proportion to their research, some far more than others, and what used to be
    refused comes on top where nobody has to approve. One institute founds a great many; those
    that copy it (task 13) come a part of the way to what it founds for a yuan of research.
    """
    values, rows = province.values, province.producers[kind].rows
    refused = 1.0 / values["founding_approved_share"] - 1.0
    rate = values[f"owner_firms_per_billion_rd_{PRODUCER_WORD[kind]}"] / 1e9
    institutes = province.producers[_INSTITUTE].rows
    pioneer, of_pioneer, copies = -1, 0.0, 0.0
    if len(institutes) and province.now.date >= ONE_INSTITUTE_SINCE:
        pioneer = int(np.argmax(institutes["rd_share"]))
        of_pioneer = values["one_institute_per_billion_rd"] / 1e9 / float(institutes["rd_share"][pioneer])
        copies = 0.0 if kind == "university" else float(province.levers.one_institute_model)
    means = np.empty(len(rows))
    copied = values["one_institute_copy"] * of_pioneer
    venture.expect_firms(rows, rate, refused, copies, copied, province.seed, means)
    if kind == _INSTITUTE and pioneer >= 0:
        means[pioneer] = of_pioneer * rows["rd"][pioneer]
    return means


def ranks_of_places(province: Province, keys: Keys) -> Floats:
    """Give founders' ranks by how much they had rather leave, by the keys of their firms."""
    return luck.draw_uniforms(int(province.seed), int(venture.HOME), keys)


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
    kept = ranks_of_places(province, keys) >= province.terms.results.spin_off_stays
    province.supported["founders kept"] += int(kept.sum())
    support_founders(province, first)


def support_founders(province: Province, first: int) -> None:
    """Pay those who founded the enterprises from row ``first`` on the one-off subsidy, in their order."""
    for row in range(first, province.enterprises.count):
        support_founder(province, row)


def _numbers(province: Province, kind: str, mechanism: np.uint64, means: Floats) -> tuple[Integers, int]:
    """Draw the firms of a kind of owner in the step, owner by owner and in all."""
    rows = province.producers[kind].rows
    numbers = np.empty(len(rows), dtype=np.int64)
    return numbers, venture.draw_numbers(rows, means, mechanism, province.now, province.seed, numbers)


def _children(
    province: Province, kind: str, mechanism: np.uint64, numbers: Integers
) -> tuple[Keys, Codes, Codes]:
    """Give keys, cities and fields of the firms that come out of each owner of a kind."""
    rows = province.producers[kind].rows
    keys = luck.child_keys(rows["key"], mechanism, province.step, numbers)
    return keys, np.repeat(rows["city"], numbers), np.repeat(rows["field"], numbers)
