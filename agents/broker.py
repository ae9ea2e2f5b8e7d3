"""Brokers: technology-transfer institutions, limited by their people."""

from __future__ import annotations

from typing import Any, Final

from ..engine import luck
from ..engine.columns import CODE, COUNT, FLAG, KEY, MONEY, NUMBER, Column
from ..engine.rules import rule
from ..engine.table import Rows
from .view import RowView

COLUMNS: Final = (
    Column("key", KEY, "key", "identity: kind and ordinal of founding"),
    Column("city", CODE, "code", "city"),
    Column("field", CODE, "code", "main field"),
    Column("staff", NUMBER, "people", "people working full-time in transfer"),
    Column("capacity", COUNT, "contracts", "deals that can still be closed in the step"),
    Column("deals", COUNT, "contracts", "deals closed so far"),
    Column("reputation", NUMBER, "multiple", "what clients think of it, 1 at first"),
    Column("certified", FLAG, "switch", "demonstration institution of the province"),
    Column("born", NUMBER, "date", "date of founding"),
    Column("cash", MONEY, "yuan", "money at hand"),
)

CAPACITY = luck.mechanism("broker capacity")


class Broker(RowView):
    """A technology-transfer institution."""

    COLUMNS = COLUMNS
    SECTOR = "broker"


@rule
def plan_work(brokers: Rows, parameters: Any, now: Any, seed: Any) -> None:
    """Set how many deals each broker's people can close in the step: 7 to 8 a year for each of them."""
    for i in range(len(brokers)):
        broker = brokers[i]
        mean = broker.staff * parameters.broker_deals_per_person * now.dt
        broker.capacity = luck.rounded(luck.uniform(seed, CAPACITY, broker.key, now.step, 0), mean)
