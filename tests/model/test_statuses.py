"""Every status changes something, or its column says that it is a count."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Final

import pytest

from shaanxi_transfer.agents import broker, broker_repute, closing, loan, producer
from shaanxi_transfer.agents.kind import kinds
from shaanxi_transfer.model.markets import offers

pytestmark = pytest.mark.house

STATUSES: Final = ("certified", "in_zone", "incubated", "reputation", "standing")
"""Columns that say what an actor is taken for, or where it has a place."""

READ_BY: Final[dict[tuple[str, str], Callable[..., Any]]] = {
    ("broker", "certified"): broker_repute.compare,
    ("broker", "reputation"): broker_repute.compare,
    ("broker", "standing"): broker.turn_over,
    ("enterprise", "certified"): loan.credit_rank,
    ("enterprise", "in_zone"): offers.take_into_use,
    ("enterprise", "incubated"): closing.close_down,
    ("university", "reputation"): producer.measure,
    ("research_institute", "reputation"): producer.measure,
    ("military_unit", "reputation"): producer.measure,
}
"""A rule that lets each status change something beside itself."""

COLUMNS: Final = [
    pytest.param(kind.sector, column, id=f"{kind.sector}.{column.name}")
    for kind in kinds()
    for column in kind.columns
    if column.name in STATUSES
]


@pytest.mark.parametrize(("sector", "column"), COLUMNS)
def test_every_status_changes_something_or_is_marked(sector: str, column: Any) -> None:
    rule = READ_BY.get((sector, column.name))
    if rule is None:
        assert "counted" in column.meaning or "for life" in column.meaning
    else:
        assert f".{column.name}" in inspect.getsource(rule)
