"""People trained for technology transfer: each holder of a first certificate is a row.

Rows stay when people leave the trade, because certificates are counted, not heads
at work. Who practises full-time works for a broker or for the transfer office of a
university.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ..engine import luck
from ..engine.books import CAUSE, SECTOR, SECTORS, Flows, Public, Purse, pay_public
from ..engine.columns import CODE, FLAG, KEY, NUMBER, Column, Columns
from ..engine.rules import rule
from ..engine.table import Rows
from .government import PROVINCE
from .kind import Kind, declare
from .programme import yearly_level
from .view import RowView

if TYPE_CHECKING:
    from .inputs import Levers, Moment, Parameters
    from .rows import BrokerRow, ProducerRow, TraineeRow

COLUMNS: Final[Columns[TraineeRow]] = (
    Column("key", KEY, "key", "identity: province, step of the course, seat"),
    Column("born", NUMBER, "date", "date of the first certificate"),
    Column("practising", FLAG, "switch", "works full-time in technology transfer"),
    Column("employer_sector", CODE, "code", "kind of employer", SECTORS),
    Column("employer", KEY, "key", "identity of the employer; 0 while looking for one"),
)

SEATS = luck.mechanism("seats of a course")
SEAT = luck.mechanism("seat of a course")
PRACTICE = luck.mechanism("trained person practises")
LEAVING = luck.mechanism("trained person leaves the trade")
POST = luck.mechanism("trained person takes a post at a transfer office")
CHOICE = luck.mechanism("trained person chooses an employer")

TASK: Final = 15

_BROKER: Final = SECTOR["broker"]
_UNIVERSITY: Final = SECTOR["university"]
_HOUSEHOLDS: Final = SECTOR["households"]
_GOVERNMENT: Final = SECTOR["government"]
_TRAINING: Final = CAUSE["training"]

PARAMETERS_READ: Final = (
    "practising_attrition", "practising_office_share", "practising_share", "training_cost_per_seat",
    "training_pass_share", "training_seats_reference",
)  # fmt: skip
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def offer_seats(
    province: np.uint64,
    usual: float,
    parameters: Parameters,
    levers: Levers,
    now: Moment,
    seed: np.uint64,
    purse: Purse,
    flows: Flows,
    public: Public,
) -> int:
    """Open the seats of the step's course, as far as the treasury has money for them.

    Called when the programmes of the step get their money, before anything else is
    bought with it.

    Parameters
    ----------
    province : int
        Key of the province.
    usual : float
        Seats a year in history in this future.

    Returns
    -------
    int
        Seats, paid for out of the provincial treasury (task 15).
    """
    yearly = yearly_level(levers.training_seats, usual, parameters.training_seats_reference)
    seats = luck.rounded(luck.uniform(seed, SEATS, province, now.step, 0), yearly * now.dt)
    price = int(parameters.training_cost_per_seat + 0.5)
    seats = min(seats, purse[_GOVERNMENT][PROVINCE] // max(1, price))
    if seats > 0:
        pay_public(purse, PROVINCE, _HOUSEHOLDS, 0, seats * price, _TRAINING, TASK, flows, public)
    return int(seats)


@rule
def train(
    trainees: Rows[TraineeRow],
    count: int,
    seats: int,
    province: np.uint64,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
) -> int:
    """Teach and examine: each seat passes or fails by itself, and who passes practises or not.

    Parameters
    ----------
    trainees : structured ndarray
        With room for ``seats`` rows behind ``count``.

    Returns
    -------
    int
        Rows in use.
    """
    for k in range(seats):
        passes, practises = luck.two_uniforms(seed, SEAT, province, now.step, k)
        if passes >= parameters.training_pass_share:
            continue
        person = trainees[count]
        person.key = luck.child_key(province, SEAT, now.step, k)
        person.born = now.date
        person.practising = practises < parameters.practising_share
        person.employer = 0
        office = luck.uniform(seed, PRACTICE, person.key, 0, 0) < parameters.practising_office_share
        person.employer_sector = _UNIVERSITY if office else _BROKER
        count += 1
    return count


@rule
def row_with(rows: Rows[BrokerRow | ProducerRow], key: np.uint64) -> int:
    """Find the row with a key; -1 if it is not there."""
    for i in range(len(rows)):
        if rows[i].key == key:
            return i
    return -1


@rule
def leave(
    trainees: Rows[TraineeRow],
    brokers: Rows[BrokerRow],
    universities: Rows[ProducerRow],
    parameters: Parameters,
    levers: Levers,
    now: Moment,
    seed: np.uint64,
) -> int:
    """Let practising people leave the trade, and those whose broker closed look for another.

    Better pay prevents the share ``practising_retention`` of leaving.

    Returns
    -------
    int
        People who left.
    """
    hazard = parameters.practising_attrition * (1.0 - levers.practising_retention)
    chance = 1.0 - math.exp(-hazard * now.dt)
    gone = 0
    for i in range(len(trainees)):
        person = trainees[i]
        if not person.practising:
            continue
        row = -1
        if person.employer_sector == _UNIVERSITY:
            row = row_with(universities, person.employer)
        else:
            row = row_with(brokers, person.employer)
            if row < 0 or brokers[row].gone:
                person.employer = 0
                row = -1
        if luck.uniform(seed, LEAVING, person.key, now.step, 0) >= chance:
            continue
        person.practising = False
        person.employer = 0
        gone += 1
        if row >= 0 and person.employer_sector == _UNIVERSITY:
            universities[row].staff -= 1.0
        elif row >= 0:
            brokers[row].staff -= 1.0
            brokers[row].trained -= 1
    return gone


@rule
def fill_posts(
    trainees: Rows[TraineeRow], posts: float, call: np.uint64, now: Moment, seed: np.uint64
) -> int:
    """Fill new posts at transfer offices with holders of the certificate who do not practise.

    Each of them has its own luck; on average as many take up a post as there are posts.

    Parameters
    ----------
    posts : float
        New posts a year.
    call : uint64
        0 for the posts of all universities, or the only ones; further ones have luck of their own, under
        their word of ``model.orders``.

    Returns
    -------
    int
        Posts filled; :func:`take_up_work` then finds the university.
    """
    idle = 0
    for i in range(len(trainees)):
        if not trainees[i].practising:
            idle += 1
    chance = min(1.0, posts * now.dt / max(1, idle))
    filled = 0
    for i in range(len(trainees)):
        person = trainees[i]
        if person.practising or luck.uniform(seed, POST ^ call, person.key, now.step, 0) >= chance:
            continue
        person.practising = True
        person.employer_sector = _UNIVERSITY
        person.employer = 0
        filled += 1
    return filled


@rule
def choose_employer(
    person: TraineeRow,
    brokers: Rows[BrokerRow],
    universities: Rows[ProducerRow],
    hiring: npt.NDArray[np.bool_],
    seed: np.uint64,
) -> int:
    """Choose among brokers by their places, or among universities by their research.

    Each possible employer draws its own waiting time for this person and the
    shortest wins, so that one more broker takes its share and changes no other choice.

    Parameters
    ----------
    hiring : ndarray of bool of shape (universities,)
        Which of them have posts.

    Returns
    -------
    int
        Row in the table of the person's kind of employer; -1 if there is none.
    """
    chosen = -1
    shortest = math.inf
    if person.employer_sector == _UNIVERSITY:
        for i in range(len(universities)):
            if hiring[i] and universities[i].rd_share > 0.0:
                wait = -math.log(luck.uniform(seed, CHOICE, person.key ^ universities[i].key, 0, 0))
                wait /= universities[i].rd_share
                if wait < shortest:
                    chosen, shortest = i, wait
        return chosen
    for i in range(len(brokers)):
        if not brokers[i].gone:
            wait = -math.log(luck.uniform(seed, CHOICE, person.key ^ brokers[i].key, 0, 0))
            wait /= brokers[i].places
            if wait < shortest:
                chosen, shortest = i, wait
    return chosen


@rule
def take_up_work(
    trainees: Rows[TraineeRow],
    brokers: Rows[BrokerRow],
    universities: Rows[ProducerRow],
    hiring: npt.NDArray[np.bool_],
    seed: np.uint64,
) -> int:
    """Give every practising person without an employer a place at a broker or a transfer office.

    Returns
    -------
    int
        People who took up work in the step.
    """
    placed = 0
    for i in range(len(trainees)):
        person = trainees[i]
        if not person.practising or person.employer != 0:
            continue
        row = choose_employer(person, brokers, universities, hiring, seed)
        if row < 0:
            continue
        if person.employer_sector == _UNIVERSITY:
            person.employer = universities[row].key
            universities[row].staff += 1.0
        else:
            person.employer = brokers[row].key
            brokers[row].staff += 1.0
            brokers[row].trained += 1
        placed += 1
    return placed


KIND: Final = Kind("trainee", "trainees", COLUMNS, "people", PARAMETERS_READ)
declare(KIND)


class Trainee(RowView, kind=KIND):
    """A holder of the certificate."""
