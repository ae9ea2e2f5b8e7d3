"""New results: how many research brings, which traits they have, and when enterprises use their own."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import new_result
from shaanxi_transfer.agents.goods import IDLE
from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.books import SECTOR, SECTORS

UNIVERSITY, MILITARY = SECTOR["university"], SECTOR["military_unit"]


def test_results_are_counted_by_research(small: Any) -> None:
    firms = [small.firm(rd=rd) for rd in (4000, 0, 100)]
    draws = [small.draw(new_result.NUMBER_OF_RESULTS, firm.key) for firm in firms]
    found = [luck.poisson_quantile(draws[0], 100.0), 0, luck.poisson_quantile(draws[2], 2.5)]
    assert [new_result.number_of_results(firm, 0.1, 0.25, small.now, small.seed) for firm in firms] == found


def test_results_of_all_owners_are_counted_and_written_kind_by_kind(small: Any) -> None:
    parameters = small.set("results", **{**TRAITS, "disclosure_probability": 0.5})
    kinds = [small.producers[kind] for kind in ("university", "research_institute", "military_unit")]
    for kind, rd in zip(kinds, (4000, 0, 200), strict=True):
        small.add(kind, rd=rd)
    small.add(kinds[0], rd=1000)
    rows = kinds[0].rows, kinds[1].rows, kinds[2].rows
    rates = np.array([0.01, 0.02, 0.05])
    numbers, total = new_result.count_results(*rows, rates, small.now, small.seed)
    means = ((rows[0][0], 40.0), (rows[0][1], 10.0), (rows[2][0], 10.0))
    drawn = [
        luck.poisson_quantile(small.draw(new_result.NUMBER_OF_RESULTS, one.key), mean) for one, mean in means
    ]
    assert numbers.tolist() == [drawn[0], drawn[1], 0, drawn[2]] and total == sum(drawn)
    small.results.reserve(total)
    undisclosed = np.full(len(SECTORS), 9)
    small.results.close(
        new_result.create_results_of_owners(
            *rows, numbers, np.array([0.0, 0.0, 1.0]), parameters, small.now, small.seed,
            small.results.storage, 0, undisclosed,
        )
    )  # fmt: skip
    written = np.bincount(small.results.rows["owner_sector"], minlength=len(SECTORS))
    assert (written + undisclosed)[:3].tolist() == [drawn[0] + drawn[1], 0, drawn[2]]
    assert 0 < len(small.results) < total and set(undisclosed[3:]) == {9}
    assert set(small.results.rows["owner_row"][: written[0]]) == {0, 1}


# With 0.4 that respond: up to 0.3 anyway, to 0.7 by their share; of the rest promotion moves a half.
@pytest.mark.parametrize(
    ("u", "resistance"),
    [
        (0.29, 0.0),
        (0.301, 0.1 * (0.6 + 0.8 * 0.0025)),
        (0.5, 0.1),
        (0.699, 0.1 * (0.6 + 0.8 * 0.9975)),
        (0.701, 0.0),
        (0.849, 0.0),
        (0.851, new_result.NEVER),
    ],
)
def test_inventors_answer_to_their_share_or_not(small: Any, u: float, resistance: float) -> None:
    parameters = small.set(
        "results", disclosure_threshold_share=0.4, disclosure_threshold=0.1, promotion_moves=0.5
    )
    assert new_result.inventor_resistance(u, True, parameters) == pytest.approx(resistance)
    assert new_result.inventor_resistance(u, False, parameters) == new_result.NEVER


TRAITS = {
    "result_visible_share": 0.0,
    "military_visible_share": 1.0,
    "disclosure_probability": 1.0,
    "disclosure_threshold_share": 0.0,
    "disclosure_threshold": 0.1,
    "promotion_moves": 1.0,
    "result_relevance": 0.0,
    "quality_gain": 0.25,
    "delay_geometric_mean": 3.7,
    "delay_ln_sd": 0.9,
    "needs_pilot_share": 1.0,
}


def create(small: Any, sector: int = UNIVERSITY, **numbers: Any) -> Any:
    parameters = small.set("results", **{**TRAITS, **numbers})
    small.results.close(0)
    small.results.reserve(8)
    small.results.close(
        new_result.create_results(
            small.producers["university"].rows, sector, np.array([2]), np.array([0.0, 0.0, 1.0]), parameters,
            small.now, small.seed, small.results.storage, 0,
        )
    )  # fmt: skip
    return small.results.rows


def test_a_result_is_born_with_its_traits(small: Any) -> None:
    owner = small.add(small.producers["university"], city=1, field=1, classified_share=0.5)
    rows = create(small)
    keys = [luck.child_key(owner.key, new_result.RESULT, small.step, k) for k in range(2)]
    assert rows["key"].tolist() == keys and owner.results == 2
    chances = small.stream(new_result.TRAITS, keys[0], 0)
    first = rows[0]
    assert (first.owner_sector, first.owner_row, first.city, first.field, first.state) == (
        UNIVERSITY,
        0,
        1,
        1,
        IDLE,
    )
    delay = luck.normal_quantile(luck.pick(chances, 2))
    assert first.offered == pytest.approx(2015.0 + 3.7 * math.exp(0.9 * delay)) and first.born == 2015.0
    assert first.quality == pytest.approx(luck.normal_quantile(luck.pick(chances, 5)) + 0.25)
    assert first.needs_pilot and not first.visible and first.resistance == 0.0
    assert create(small, MILITARY)["visible"].all()
    assert (create(small, result_relevance=1.0)["field"] == 2).all(), "the field of the needs"
    # Each trait on both sides of its own draw.
    for name, column, pick in (
        ("needs_pilot_share", "needs_pilot", 6),
        ("result_visible_share", "visible", 8),
    ):
        for side in (-1, 1):
            numbers: Any = {name: luck.pick(chances, pick) * (1 + side * 1e-9)}
            assert create(small, **numbers)[0][column] == (side > 0)
    for side in (-1, 1):
        owner.classified_share = luck.pick(chances, 7) * (1 + side * 1e-9)
        assert create(small)[0].classified == (side > 0)
        passing = luck.pick(chances, 0) * (1 + side * 1e-9)
        assert (keys[0] in create(small, disclosure_probability=passing)["key"]) == (side > 0)
    # Who would disclose at no share leaves no row.
    assert len(create(small, promotion_moves=-1.0)) == 0


def test_own_results_go_into_use_after_a_while_if_they_succeed(small: Any) -> None:
    firm = small.firm(rd=12000)
    small.firm()
    chances = small.stream(new_result.RESULT, firm.key, small.step)
    wait = math.ceil(2.0 * -math.log(luck.pick(chances, 0)) / 0.25)
    number = new_result.number_of_results(firm, 0.1, 0.25, small.now, small.seed)
    used = luck.binomial_quantile(luck.pick(chances, 1), number, 0.3)
    parameters = small.set("results", own_use_years=2.0, own_use_success=0.3)
    for length in (wait + 1, wait):
        coming = np.zeros(length, dtype=np.int64)
        firms = small.enterprises.rows
        created = new_result.create_own_results(firms, 0.1, parameters, small.now, small.seed, coming)
        assert created == number > 0
        assert coming.tolist() == [0] * wait + [used] * (length - wait)
