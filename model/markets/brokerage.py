"""What brokers do for clients: whom they serve, what they know, and what they bring from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

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


class Desk(NamedTuple):
    """Whom a client can turn to in the step.

    Attributes
    ----------
    hours : ndarray of int64 of shape (clients,)
        Row of the broker behind each client whom all brokers together can serve, field by field.
    first : ndarray of int64 of shape (fields + 1,)
        Where each field begins in ``hours``.
    left : ndarray of int64 of shape (fields,)
        Clients whom the brokers of each field can still serve.
    """

    hours: Integers
    first: Integers
    left: Integers


@rule
def open_desk(brokers: Rows[BrokerRow], fields: int) -> Desk:
    """Sort what brokers can do in the step by their fields."""
    left = np.zeros(fields, dtype=np.int64)
    for b in range(len(brokers)):
        left[brokers[b].field] += brokers[b].capacity
    first = np.zeros(fields + 1, dtype=np.int64)
    for field in range(fields):
        first[field + 1] = first[field] + left[field]
    hours = np.empty(first[fields], dtype=np.int64)
    place = first.copy()
    for b in range(len(brokers)):
        field = brokers[b].field
        for _ in range(brokers[b].capacity):
            hours[place[field]] = b
            place[field] += 1
    return Desk(hours, first, left)


@rule
def broker_for(u: float, field: int, desk: Desk, brokers: Rows[BrokerRow]) -> int:
    """Give a client to a broker of its field if one has time, else to any; a busy one passes it on.

    Brokers are chosen by what their people can do in the step, and take the client at once.

    Parameters
    ----------
    u : float
        Uniform draw.
    field : int
        What the client is looking for.
    desk : Desk
        At least one broker has time left.
    """
    hours, first, left = desk
    own = left[field] > 0
    begin, end = (first[field], first[field + 1]) if own else (0, len(hours))
    b = int(hours[begin + int(u * (end - begin))])
    while brokers[b].capacity <= 0 or (own and brokers[b].field != field):
        b = (b + 1) % len(brokers)
    brokers[b].capacity -= 1
    left[brokers[b].field] -= 1
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
