"""What brokers do for clients: whom they serve, what they know, and what they bring from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from ...engine import luck
from ...engine.ordering import order_of_places
from ...engine.rules import rule
from ...engine.table import Rows
from .access import ADVICE, Looks, chance_of_step

if TYPE_CHECKING:
    from ...agents.inputs import Moment, Parameters
    from ...agents.rows import BrokerRow, NeedRow

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


class Desk(NamedTuple):
    """Whom a client can turn to in the step.

    Attributes
    ----------
    hours : ndarray of int64 of shape (clients,)
        Broker whom each client would ask, field by field, as many as all brokers together can serve.
    first : ndarray of int64 of shape (fields + 1,)
        Where each field begins in ``hours``.
    left : ndarray of int64 of shape (fields,)
        Clients whom the brokers of each field can still serve.
    free : ndarray of int64 of shape (brokers,)
        Rows of brokers, field by field, those with time left first.
    begin : ndarray of int64 of shape (fields + 1,)
        Where each field begins in ``free``.
    many : ndarray of int64 of shape (fields,)
        Brokers of each field with time left.
    chance, chance_elsewhere : ndarray of float64 of shape (fields,)
        That brokers of a field find a partner in the step for a client of theirs, and of another field.
    """

    hours: Integers
    first: Integers
    left: Integers
    free: Integers
    begin: Integers
    many: Integers
    chance: Floats
    chance_elsewhere: Floats


@rule
def skill_of(broker: BrokerRow, parameters: Parameters) -> float:
    """What a broker's people have learnt on the job: half of all in ``broker_learning_years``."""
    if broker.staff <= 0.0 or parameters.broker_learning_years <= 0.0:
        return 1.0
    years = broker.experience / broker.staff
    return years / (years + parameters.broker_learning_years)


@rule
def open_desk(brokers: Rows[BrokerRow], fields: int, parameters: Parameters, now: Moment) -> Desk:
    """Sort what brokers can do in the step by their fields, and by their standing among clients.

    Who is asked more often than it has time passes clients on.
    What counts for a client is what the brokers of a field know together: they pass clients
    on to who can help. So the luck of a client does not hang on which of them is asked
    first, and one broker more turns no other client's fortune.
    """
    left = np.zeros(fields, dtype=np.int64)
    skill, asked = np.zeros(fields), np.zeros(fields)
    for b in range(len(brokers)):
        left[brokers[b].field] += brokers[b].capacity
        skill[brokers[b].field] += brokers[b].capacity * skill_of(brokers[b], parameters)
        asked[brokers[b].field] += brokers[b].capacity * brokers[b].standing
    first = np.zeros(fields + 1, dtype=np.int64)
    chance, elsewhere = np.zeros(fields), np.zeros(fields)
    for field in range(fields):
        first[field + 1] = first[field] + left[field]
        known = parameters.broker_success * skill[field] / max(1, left[field])
        chance[field] = chance_of_step(known, now)
        elsewhere[field] = chance_of_step(known * parameters.broker_other_field, now)
    hours = np.zeros(first[fields], dtype=np.int64)
    place, reached = first.copy(), np.zeros(fields)
    for b in range(len(brokers)):
        field = brokers[b].field
        reached[field] += brokers[b].capacity * brokers[b].standing
        part = reached[field] / asked[field] if asked[field] > 0.0 else 0.0
        upto = first[field] + int(left[field] * part + 0.5)
        hours[place[field] : upto] = b
        place[field] = upto
    many = np.zeros(fields, dtype=np.int64)
    for b in range(len(brokers)):
        if brokers[b].capacity > 0:
            many[brokers[b].field] += 1
    begin = np.zeros(fields + 1, dtype=np.int64)
    for field in range(fields):
        begin[field + 1] = begin[field] + many[field]
    free, place = np.empty(begin[fields], dtype=np.int64), begin.copy()
    for b in range(len(brokers)):
        if brokers[b].capacity > 0:
            free[place[brokers[b].field]] = b
            place[brokers[b].field] += 1
    return Desk(hours, first, left, free, begin, many, chance, elsewhere)


@rule
def brokers_for(advice: Floats, wanted: Integers, desk: Desk, brokers: Rows[BrokerRow]) -> Integers:
    """Give each client to a broker of its field if one has time, else to any; a busy one passes it on.

    Brokers are chosen by what their people can do in the step and by their standing, and take the
    client at once.

    Parameters
    ----------
    advice : ndarray of float64 of shape (clients,)
        Uniform draws.
    wanted : ndarray of int64 of shape (clients,)
        Field in which each client is looking for something.
    desk : Desk
        With time left for all of them.

    Returns
    -------
    ndarray of int64 of shape (clients,)
        Rows of ``brokers``.
    """
    hours, first, left, free, begin, many = desk[:6]
    chosen = np.empty(len(advice), dtype=np.int64)
    for client in range(len(advice)):
        u, where = advice[client], int(wanted[client])
        if left[where] <= 0:
            place = u * left.sum()
            for where in range(len(left)):
                if left[where] > 0 and place < left[where]:
                    break
                place -= left[where]
            u = max(0.0, place) / max(1, left[where])
        place = u * (first[where + 1] - first[where])
        b = hours[first[where] + int(place)]
        if brokers[b].capacity <= 0:
            b = free[begin[where] + int((place - int(place)) * many[where])]
        brokers[b].capacity -= 1
        left[where] -= 1
        if brokers[b].capacity == 0:
            last = begin[where] + many[where] - 1
            for i in range(begin[where], last):
                if free[i] == b:
                    free[i] = free[last]
                    break
            free[last] = b
            many[where] -= 1
        chosen[client] = b
    return chosen


@rule
def call_up(
    needs: Rows[NeedRow],
    streams: npt.NDArray[np.uint64],
    looks: Looks,
    last_served: float,
    desk: Desk,
    brokers: Rows[BrokerRow],
) -> Integers:
    """Give each client in the line its broker, first to last; -1 to who is not served.

    The line is in a random order of its own, so that no broker's name hangs on the order of needs.

    Parameters
    ----------
    needs, streams, last_served
        As `market.meet_needs` has them.
    looks : Looks
        From `access.who_looks`.

    Returns
    -------
    ndarray of int64 of shape (looks,)
    """
    need, draw, way = looks
    helpers = np.full(len(way), -1, dtype=np.int64)
    clients, served = np.empty(len(way), dtype=np.int64), 0
    for look in range(len(way)):
        clients[served] = look
        served += way[look] <= last_served
    clients = clients[:served]
    clients = clients[order_of_places(way[clients], last_served)]
    advice, field = np.empty(served), np.empty(served, dtype=np.int64)
    for client, i in enumerate(clients):
        advice[client] = luck.pick(streams[need[i]], draw[i] + ADVICE)
        field[client] = needs[need[i]].field
    helpers[clients] = brokers_for(advice, field, desk, brokers)
    return helpers


@rule
def buyers_from_outside(
    brokers: Rows[BrokerRow], parameters: Parameters, now: Moment, by_field: Floats
) -> None:
    """Add up by field the buyers outside whom brokers bring to sellers here.

    It is done in the time that the clients here left them in the last step, each in its
    own field.

    Parameters
    ----------
    by_field : ndarray of float64 of shape (fields,)
        Filled with expected contracts.
    """
    by_field[:] = 0.0
    for b in range(len(brokers)):
        broker = brokers[b]
        if broker.capacity > 0:
            known = parameters.broker_success * skill_of(broker, parameters)
            by_field[broker.field] += broker.capacity * chance_of_step(known, now)
