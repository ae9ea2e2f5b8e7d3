"""Firms out of research without a result: people who leave and found, and owners who found themselves.

People weigh the same cost as inventors do (`agents.venture`); what an owner founds is its habit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ..engine import luck
from ..engine.books import SECTOR, SECTORS
from ..engine.rules import rule
from ..engine.table import Rows
from .owners import OWNERS, owners_of
from .venture import rank_of_place, willingness

if TYPE_CHECKING:
    from .inputs import Moment, Parameters
    from .rows import ProducerRow

PEOPLE = luck.mechanism("firm founded by people without a result")
OWN = luck.mechanism("firm founded by its owner")
COPY = luck.mechanism("owner that copies the one-institute model")

_UNIVERSITY: Final = SECTOR["university"]
_INSTITUTE: Final = SECTOR["research_institute"]
_SECTORS: Final = len(SECTORS)

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


class Founded(NamedTuple):
    """Firms that come out of owners of research in a step.

    Attributes
    ----------
    numbers : ndarray of int64 of shape (owners,)
        By owner: universities, then institutes, then military units.
    by_kind : ndarray of int64 of shape (sectors,)
        By kind of owner.
    keys, cities, fields : ndarray of shape (firms,)
        Who they are, where their owner sits and what it works on; owner by owner.
    """

    numbers: Integers
    by_kind: Integers
    keys: npt.NDArray[np.uint64]
    cities: npt.NDArray[np.int16]
    fields: npt.NDArray[np.int16]


class Habits(NamedTuple):
    """How owners of research found firms themselves.

    Attributes
    ----------
    rates : tuple of float
        Firms for a yuan of research, of an owner with the usual inclination, by kind.
    refused : float
        What is refused for a firm that is approved; it is founded as well where nobody has to approve.
    one_institute : float
        Firms that one institute founds for a yuan of research of all institutes.
    copied : float
        Part of what it founds for a yuan of its own research that those come to who copy it (task 13).
    copies : float
        Share of institutes and military units that copy it.
    since : float
        Date from which the one institute founds firms.
    """

    rates: tuple[float, float, float]
    refused: float
    one_institute: float
    copied: float
    copies: float
    since: float


@rule
def draw_numbers(
    owners: Rows[ProducerRow],
    means: Floats,
    mechanism: np.uint64,
    now: Moment,
    seed: np.uint64,
    numbers: Integers,
) -> int:
    """Draw how many firms come out of each owner in the step; gives their sum.

    Parameters
    ----------
    means : ndarray of float64 of shape (n,)
        Expected in the step.
    mechanism : int
        :data:`PEOPLE` or :data:`OWN`.
    numbers : ndarray of int64 of shape (n,)
        Filled.
    """
    total = 0
    for i in range(len(owners)):
        numbers[i] = 0
        if means[i] > 0.0:
            u = luck.uniform(seed, mechanism, owners[i].key, now.step, 0)
            numbers[i] = luck.poisson_quantile(u, means[i])
            total += numbers[i]
    return total


@rule
def name_firms(
    universities: Rows[ProducerRow],
    institutes: Rows[ProducerRow],
    military_units: Rows[ProducerRow],
    mechanism: np.uint64,
    numbers: Integers,
    by_kind: Integers,
    now: Moment,
) -> Founded:
    """Give the firms that come out of each owner their keys; they sit and work where it does."""
    firms = by_kind.sum()
    keys = np.empty(firms, dtype=np.uint64)
    cities, fields = np.empty(firms, dtype=np.int16), np.empty(firms, dtype=np.int16)
    place = born = 0
    for sector in OWNERS:
        owners = owners_of(sector, universities, institutes, military_units)
        for i in range(len(owners)):
            for k in range(numbers[place]):
                keys[born] = luck.child_key(owners[i].key, mechanism, now.step, k)
                cities[born], fields[born] = owners[i].city, owners[i].field
                born += 1
            place += 1
    return Founded(numbers, by_kind, keys, cities, fields)


@rule
def found_by_people(
    universities: Rows[ProducerRow],
    institutes: Rows[ProducerRow],
    military_units: Rows[ProducerRow],
    rate: float,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
) -> tuple[Founded, npt.NDArray[np.bool_]]:
    """Let researchers leave and found firms, in proportion to the research done; tell who stays here.

    Parameters
    ----------
    rate : float
        Firms for a yuan of research at the usual cost of founding.

    Returns
    -------
    Founded, ndarray of bool of shape (firms,)
        The firms, and which of them are founded in the province.
    """
    numbers = np.empty(len(universities) + len(institutes) + len(military_units), dtype=np.int64)
    by_kind, rooted = np.zeros(_SECTORS, dtype=np.int64), np.zeros(_SECTORS)
    first = 0
    for sector in OWNERS:
        owners = owners_of(sector, universities, institutes, military_units)
        here, elsewhere = willingness(sector, parameters, now)
        rooted[sector] = here / (here + elsewhere)
        willing = rate * (here + elsewhere)
        means = np.empty(len(owners))
        for i in range(len(owners)):
            means[i] = willing * owners[i].rd
        theirs = numbers[first : first + len(owners)]
        by_kind[sector] = draw_numbers(owners, means, PEOPLE, now, seed, theirs)
        first += len(owners)
    founded = name_firms(universities, institutes, military_units, PEOPLE, numbers, by_kind, now)
    stay = np.empty(len(founded.keys), dtype=np.bool_)
    firm = 0
    for sector in OWNERS:
        for _ in range(by_kind[sector]):
            stay[firm] = rank_of_place(founded.keys[firm], seed) < rooted[sector]
            firm += 1
    return founded, stay


@rule
def row_of_pioneer(institutes: Rows[ProducerRow], since: float, now: Moment) -> int:
    """Row of the institute that founds a great many firms, the largest; -1 before its reform."""
    row = -1
    if now.date >= since:
        for i in range(len(institutes)):
            if row < 0 or institutes[i].rd_share > institutes[row].rd_share:
                row = i
    return row


@rule
def expect_firms(
    owners: Rows[ProducerRow],
    sector: int,
    institutes: Rows[ProducerRow],
    habits: Habits,
    now: Moment,
    seed: np.uint64,
    means: Floats,
) -> None:
    """Work out how many firms each owner of a kind is expected to found itself in the step.

    All do so in proportion to their research, some far more than others, and what used to be
    refused comes on top where nobody has to approve. One institute founds a great many; those
    that copy it (task 13) come a part of the way to what it founds for a yuan of research.

    Parameters
    ----------
    means : ndarray of float64 of shape (n,)
        Filled.
    """
    pioneer = row_of_pioneer(institutes, habits.since, now)
    of_pioneer = habits.one_institute / institutes[pioneer].rd_share if pioneer >= 0 else 0.0
    copied = habits.copied * of_pioneer
    copies = 0.0 if pioneer < 0 or sector == _UNIVERSITY else habits.copies
    rate = habits.rates[sector]
    for i in range(len(owners)):
        owner = owners[i]
        firms = rate * owner.venturing * (1.0 + owner.own_decision * habits.refused)
        if copies > 0.0 and luck.uniform(seed, COPY, owner.key, 0, 0) < copies:
            firms += copied
        means[i] = firms * owner.rd
    if sector == _INSTITUTE and pioneer >= 0:
        means[pioneer] = of_pioneer * owners[pioneer].rd


@rule
def found_by_owners(
    universities: Rows[ProducerRow],
    institutes: Rows[ProducerRow],
    military_units: Rows[ProducerRow],
    habits: Habits,
    now: Moment,
    seed: np.uint64,
) -> Founded:
    """Let universities, institutes and military units found firms of their own, and count them."""
    numbers = np.empty(len(universities) + len(institutes) + len(military_units), dtype=np.int64)
    by_kind = np.zeros(_SECTORS, dtype=np.int64)
    first = 0
    for sector in OWNERS:
        owners = owners_of(sector, universities, institutes, military_units)
        means = np.empty(len(owners))
        expect_firms(owners, sector, institutes, habits, now, seed, means)
        theirs = numbers[first : first + len(owners)]
        by_kind[sector] = draw_numbers(owners, means, OWN, now, seed, theirs)
        first += len(owners)
        for i in range(len(owners)):
            owners[i].founded += theirs[i]
    return name_firms(universities, institutes, military_units, OWN, numbers, by_kind, now)
