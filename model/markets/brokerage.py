"""What brokers do for clients: whom they serve, what they know, and what they bring from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ...engine.rules import rule
from ...engine.table import Rows
from .access import chance_of_step

if TYPE_CHECKING:
    from ...agents.inputs import Moment, Parameters
    from ...agents.rows import BrokerRow

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@rule
def hours_of_brokers(brokers: Rows[BrokerRow]) -> Integers:
    """Give the broker behind each client whom all brokers together can still serve in the step."""
    free = 0
    for b in range(len(brokers)):
        free += brokers[b].capacity
    hours = np.empty(free, dtype=np.int64)
    hour = 0
    for b in range(len(brokers)):
        for _ in range(brokers[b].capacity):
            hours[hour] = b
            hour += 1
    return hours


@rule
def broker_for(u: float, hours: Integers, brokers: Rows[BrokerRow]) -> int:
    """Choose a broker by what its people can do in the step; a busy one passes the client on.

    Parameters
    ----------
    u : float
        Uniform draw.
    hours : ndarray of int64 of shape (clients,)
        From :func:`hours_of_brokers`, at the start of the step; at least one broker has some left.
    """
    b = int(hours[int(u * len(hours))])
    while brokers[b].capacity <= 0:
        b = (b + 1) % len(brokers)
    return b


@rule
def knowledge_of(broker: BrokerRow, field: int, parameters: Parameters) -> float:
    """What a broker knows for a client of a field, relative to experienced people of that field.

    People learn on the job: half of it in ``broker_learning_years``.
    """
    knowledge = 1.0 if broker.field == field else parameters.broker_other_field
    if broker.staff <= 0.0 or parameters.broker_learning_years <= 0.0:
        return knowledge
    years = broker.experience / broker.staff
    return knowledge * years / (years + parameters.broker_learning_years)


@rule
def chance_with(broker: BrokerRow, field: int, parameters: Parameters, now: Moment) -> float:
    """Chance that a broker finds a partner in the step for a client of a field."""
    return chance_of_step(parameters.broker_success * knowledge_of(broker, field, parameters), now)


@rule
def buyers_from_outside(
    brokers: Rows[BrokerRow], parameters: Parameters, now: Moment, by_field: Floats
) -> None:
    """Add up by field the buyers outside whom brokers bring to sellers here.

    It is done in the time that the clients of the last step left them, each in its own
    field.

    Parameters
    ----------
    by_field : ndarray of float64 of shape (fields,)
        Filled with expected contracts.
    """
    by_field[:] = 0.0
    for b in range(len(brokers)):
        broker = brokers[b]
        if broker.capacity > 0:
            by_field[broker.field] += broker.capacity * chance_with(broker, broker.field, parameters, now)
