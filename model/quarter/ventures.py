"""Firms that come out of research in a step: on results, of people, and of owners who found themselves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ...agents import enterprise, founding, venture
from ...agents.goods import SPUN_OFF
from ...engine import luck
from ...engine.books import SECTOR, SECTORS
from ..markets import offers
from ..markets.demand import PRODUCER_WORD, PRODUCERS
from .grant_programmes import number_of_step, support_founder

if TYPE_CHECKING:
    from ...agents.rows import ResultRow
    from ..province import Province

VENTURE = luck.mechanism("firm founded on a result")
HOME = luck.mechanism("spin-off stays in the province")
JOINT_FIRM = luck.mechanism("joint firm of a military unit")
COPY = luck.mechanism("owner that copies the one-institute model")

ONE_INSTITUTE_SINCE: Final = 2007.0
"""Reform of the Xi'an Institute of Optics and Precision Mechanics, after which it began to found firms."""

_INSTITUTE: Final = "research_institute"
_MILITARY_UNIT: Final = "military_unit"

Floats = npt.NDArray[np.float64]


def found_on_results(province: Province) -> None:
    """Let inventors found firms on results; most stay in the province (AUTM 2016)."""
    if decide_on_results(province) == 0:
        return
    results = province.results.rows
    for row in offers.rows_spun_off(results):
        key = np.uint64(luck.child_key(results[row]["key"], VENTURE, 0, 0))
        if found_on(province, results[row], key, stays(province, key)):
            support_founder(province, province.enterprises.count - 1)


def decide_on_results(province: Province) -> int:
    """Let the inventors whose time has come decide; gives how many found."""
    index = province.now.output_index
    return sum(
        venture.found_on_results(
            province.results.rows,
            province.producers[kind].rows,
            SECTOR[kind],
            province.steered[f"transfer_probability_{PRODUCER_WORD[kind]}"],
            province.values["transfer_mean_value"] * index,
            province.terms.results,
            province.now,
            province.seed,
        )
        for kind in PRODUCERS
    )


def pass_by(province: Province) -> None:
    """Before the start let those who would found do so: their firms are among those of the start."""
    if decide_on_results(province):
        results = province.results.rows
        for row in offers.rows_spun_off(results):
            results[row]["buyer_key"] = luck.child_key(results[row]["key"], VENTURE, 0, 0)
    for kind in PRODUCERS:
        province.producers[kind].rows["founded"] += _numbers(
            province, kind, venture.OWNERS, means_of_owners(province, kind)
        )


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
    for row in chosen[:found]:
        results[row]["state"] = SPUN_OFF
        key = np.uint64(luck.child_key(results[row]["key"], VENTURE, 0, 0))
        found_on(province, results[row], key, True)
        province.producers[_MILITARY_UNIT].rows["founded"][results[row]["owner_row"]] += 1
    province.supported["joint firms"] = found


def found_on(province: Province, origin: ResultRow, key: np.uint64, home: bool) -> bool:
    """Found a firm on a result, in the province or elsewhere; tells whether here."""
    origin["buyer_key"] = key
    owner = province.producers[SECTORS[origin["owner_sector"]]].rows[origin["owner_row"]]
    owner["ventures"] += 1
    owner["transferred"] += 1
    province.counts.founded_on_results[origin["owner_sector"]] += 1
    province.totals.ventures += 1
    if home:
        settle_firm(province, key, origin["city"], origin["field"])
    return home


def found_by_people(province: Province) -> None:
    """Let researchers leave and found firms without a result, in proportion to the research done.

    They weigh the same cost as inventors do, so that what moves these moves them: leave to
    found, subsidies, funds that look for research. The firm is wholly theirs.
    """
    for kind in PRODUCERS:
        rows, numbers = province.producers[kind].rows, firms_of_people(province, kind)
        province.counts.founded_by_people[SECTOR[kind]] += int(numbers.sum())
        province.totals.ventures += int(numbers.sum())
        for row in np.flatnonzero(numbers):
            for k in range(numbers[row]):
                key = np.uint64(luck.child_key(rows[row]["key"], venture.PEOPLE, province.step, k))
                if stays(province, key):
                    settle_firm(province, key, rows[row]["city"], rows[row]["field"])
                    support_founder(province, province.enterprises.count - 1)


def firms_of_people(province: Province, kind: str) -> npt.NDArray[np.int64]:
    """Draw the firms that people of each owner of a kind found without a result in the step."""
    rate = province.values["people_firms_per_billion_rd"] / 1e9 * willingness(province, kind)
    return _numbers(province, kind, venture.PEOPLE, rate * province.producers[kind].rows["rd"])


def willingness(province: Province, kind: str) -> float:
    """Give how many of a kind of owner would found at today's cost, relative to the usual cost."""
    terms, share = province.terms.results, province.values["founding_share"]
    marginal, spread = venture.marginal_founder(terms), venture.spread_of_gains(terms)
    usual = terms.founder_usual_cost * province.now.output_index

    def willing(financed: bool) -> float:
        cost = venture.founding_cost(SECTOR[kind], financed, terms, province.now)
        z = marginal + math.log(cost / usual) / spread
        return 0.5 * math.erfc(z / math.sqrt(2.0)) / share

    financed = terms.founder_financed_share
    return float(financed * willing(True) + (1.0 - financed) * willing(False))


def found_by_owners(province: Province) -> None:
    """Let universities, institutes and military units found civil firms of their own; these stay.

    What the owner pays in is not followed.
    """
    for kind in PRODUCERS:
        rows = province.producers[kind].rows
        numbers = _numbers(province, kind, venture.OWNERS, means_of_owners(province, kind))
        rows["founded"] += numbers
        province.counts.founded_by_owners[SECTOR[kind]] += int(numbers.sum())
        province.totals.ventures += int(numbers.sum())
        for row in np.flatnonzero(numbers):
            for k in range(numbers[row]):
                key = np.uint64(luck.child_key(rows[row]["key"], venture.OWNERS, province.step, k))
                settle_firm(province, key, rows[row]["city"], rows[row]["field"])


def means_of_owners(province: Province, kind: str) -> Floats:
    """Give the firms that each owner is expected to found in the step.

    All do so in proportion to their research, some far more than others, and what used to be
    refused comes on top where nobody has to approve. One institute founds a great many; those
    that copy it (task 13) come a part of the way to what it founds for a yuan of research.
    """
    values, rows = province.values, province.producers[kind].rows
    refused = 1.0 / values["founding_approved_share"] - 1.0
    rates = values[f"owner_firms_per_billion_rd_{PRODUCER_WORD[kind]}"] / 1e9 * rows["venturing"]
    rates = rates * (1.0 + rows["own_decision"] * refused)
    institutes = province.producers[_INSTITUTE].rows
    if len(institutes) == 0 or province.now.date < ONE_INSTITUTE_SINCE:
        return np.asarray(rates * rows["rd"])
    pioneer = int(np.argmax(institutes["rd_share"]))
    of_pioneer = values["one_institute_per_billion_rd"] / 1e9 / float(institutes["rd_share"][pioneer])
    if kind != "university" and province.levers.one_institute_model > 0.0:
        ranks = luck.draw_uniforms(int(province.seed), int(COPY), rows["key"].copy())
        copies = ranks < province.levers.one_institute_model
        rates = rates + np.where(copies, values["one_institute_copy"] * of_pioneer, 0.0)
    if kind == _INSTITUTE:
        rates[pioneer] = of_pioneer
    return np.asarray(rates * rows["rd"])


def stays(province: Province, key: np.uint64) -> bool:
    """Whether a founder stays in the province."""
    return luck.draw_uniform(int(province.seed), int(HOME), int(key)) < province.values["spin_off_stays"]


def settle_firm(province: Province, key: np.uint64, city: int, field: int) -> None:
    """Add a firm that comes out of research to the enterprises."""
    firm = province.enterprises.extend(1)
    founding.found_spin_off(firm[0], key, city, field, province.terms.firms, province.now, province.seed)
    enterprise.measure(firm, province.terms.firms, province.now)


def _numbers(province: Province, kind: str, mechanism: np.uint64, means: Floats) -> npt.NDArray[np.int64]:
    """Draw the firms of a kind of owner in the step."""
    rows = province.producers[kind].rows
    numbers = np.zeros(len(rows), dtype=np.int64)
    venture.draw_numbers(rows, means, mechanism, province.now, province.seed, numbers)
    return numbers
