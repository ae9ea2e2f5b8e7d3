"""Results that commissions carry along: which, how often, and what a use is like."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents.goods import CONSULTING, DEVELOPMENT, IDLE, REFUSED, SIGNED, SOLD, TRANSFER
from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.books import SECTOR
from shaanxi_transfer.model.markets import commissioned_results as commissioned
from shaanxi_transfer.model.markets import offers

FIRM, OUTSIDE, UNIVERSITY = SECTOR["enterprise"], SECTOR["outside"], SECTOR["university"]
MILITARY = SECTOR["military_unit"]


def use(small: Any, share: float = 1.0, pooled: float = 0.0) -> tuple[int, int]:
    """Let commissions of universities build on a share of the results, and license what is in a pool."""
    parameters = small.set(
        "results", commission_result_share=share, outcome_years=3.0, pool_share=pooled,
        nonexclusive_wait_years=2.0,
    )  # fmt: skip
    return commissioned.use_in_commissions(
        small.contracts.rows,
        small.results.rows,
        small.enterprises.rows,
        3,
        3,
        0,
        parameters,
        small.now,
        small.seed,
    )


@pytest.fixture
def order(small: Any) -> Any:
    """A firm has signed a development contract with the second university, who has a result of its field."""
    small.firm(key=5)
    small.add(small.results, owner_sector=UNIVERSITY, owner_row=1, field=1)
    small.add(
        small.contracts, seller_sector=UNIVERSITY, seller_row=1, buyer_sector=FIRM, state=SIGNED, field=1,
        type=DEVELOPMENT, result=-1, value=700,
    )  # fmt: skip
    return small


def test_the_owners_results_are_chained_by_field(small: Any) -> None:
    parameters = small.set("results", pool_share=1.0)
    for columns in (
        {"owner_row": 2}, {"owner_row": 0}, {"owner_row": 2, "state": SOLD}, {"owner_row": 2},
        {"owner_row": 2, "classified": True}, {"owner_row": 2, "owner_sector": MILITARY}, {"owner_row": 2},
        {"owner_row": 2, "field": 1}, {"owner_row": 2, "licences": 1},
        {"owner_row": 2, "licences": 1, "disclosed": True}, {"owner_row": 1},
    ):  # fmt: skip
        small.add(small.results, **{"owner_sector": UNIVERSITY, "field": 0, **columns})
    first, following, keys = np.full((3, 3, 2), 9), np.full(11, 9), np.zeros(11, dtype=np.uint64)
    rows, asked = small.results.rows, np.ones((3, 3, 2), dtype=np.bool_)
    asked[UNIVERSITY, 1, 0] = False
    commissioned.list_results_of_owners(rows, asked, parameters, small.seed, first, following, keys)
    assert first[UNIVERSITY].tolist() == [[1, -1], [-1, -1], [0, 7]]
    assert first[MILITARY].tolist() == [[-1, -1], [-1, -1], [5, -1]]
    chained = [0, 1, 3, 5, 6, 7, 9]
    assert following[chained].tolist() == [3, -1, 6, -1, 9, -1, -1]
    assert keys[chained].tolist() == rows["key"][chained].tolist()


def test_a_commission_takes_a_result_into_use_at_its_buyer(order: Any) -> None:
    before = order.contracts.rows.tobytes()
    assert use(order) == (1, 0)
    (one,) = order.results.rows
    assert (one.state, one.buyer_key, one.commissioned) == (SOLD, 5, True)
    assert one.outcome == pytest.approx(
        2015.0 - 3.0 * math.log(order.draw(offers.AFTERWARDS, one.key, step=0))
    )
    assert not one.disclosed, "the work may build on what the owner's office was never told"
    assert order.contracts.rows.tobytes() == before, "price and contract are what they were"
    assert use(order) == (0, 0), "it is in use"


@pytest.mark.parametrize(("shift", "used"), [(1e-9, 1), (-1e-9, 0)])
def test_a_share_of_commissions_builds_on_a_result(order: Any, shift: float, used: int) -> None:
    key = order.contracts.rows["key"][0]
    assert use(order, order.draw(commissioned.CARRIED, key) * (1.0 + shift)) == (used, 0)
    assert (order.results.rows["state"][0] == IDLE) == (not used)


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("contracts", "state", REFUSED), ("contracts", "buyer_sector", OUTSIDE),
     ("contracts", "type", CONSULTING), ("contracts", "type", TRANSFER),
     ("contracts", "seller_sector", MILITARY), ("contracts", "seller_row", 0), ("contracts", "field", 0),
     ("contracts", "result", 0), ("results", "classified", True), ("results", "state", SOLD),
     ("results", "owner_sector", MILITARY), ("results", "licences", 1)],
)  # fmt: skip
def test_what_does_not_fit_is_not_used(order: Any, table: str, column: str, value: int) -> None:
    getattr(order, table).rows[column] = value
    before = order.results.rows.tobytes()
    assert use(order) == (0, 0) and order.results.rows.tobytes() == before


def test_each_commission_with_a_fitting_result_uses_one_of_its_own(order: Any) -> None:
    for _ in range(3):
        order.contracts.extend(1)[0] = order.contracts.rows[0]
        order.contracts.rows["key"][-1] = 100 + len(order.contracts)
    for _ in range(2):
        order.add(order.results, owner_sector=UNIVERSITY, owner_row=1, field=1)
    contracts, results = order.contracts.rows, order.results.rows
    left = [0, 1, 2]
    for key in contracts["key"][:3]:
        luck_of = {row: lot_of_pair(order, key, results["key"][row]) for row in left}
        left.remove(max(luck_of, key=luck_of.__getitem__))
        order.contracts.rows["state"] = np.where(contracts["key"] == key, SIGNED, REFUSED)
        assert use(order) == (1, 0)
        assert np.flatnonzero(results["state"] == IDLE).tolist() == left
    order.contracts.rows["state"] = SIGNED
    assert use(order) == (0, 0), "none is left"


def lot_of_pair(small: Any, contract: int, result: int) -> int:
    pairs = luck.stream(small.seed, commissioned.WHICH, np.uint64(contract), small.step)
    return int(luck.word(pairs ^ np.uint64(result), 0))


@pytest.mark.parametrize(
    ("shift", "columns", "licensed"),
    [(1e-9, {}, 1), (-1e-9, {}, 0), (1e-9, {"disclosed": False}, 0), (1e-9, {"outcome": 2016.0}, 0),
     (1e-9, {"licences": 3}, 1)],
)  # fmt: skip
def test_a_licence_out_of_a_pool_takes_a_result_of_the_seller_along(
    order: Any, shift: float, columns: dict[str, Any], licensed: int
) -> None:
    (one,) = order.results.rows
    order.contracts.rows["type"] = TRANSFER
    for name, value in {"disclosed": True, **columns}.items():
        setattr(one, name, value)
    before = int(one.licences)
    assert use(order, pooled=order.draw(offers.POOL, one.key, step=0) * (1.0 + shift)) == (0, licensed)
    assert (one.state, one.licences, one.commissioned) == (IDLE, before + licensed, False)
    assert (one.buyer_key == 5) == bool(licensed)
