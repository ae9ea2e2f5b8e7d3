"""Incubators, maker spaces and rural star-sky platforms: places where young firms and teams start.

Incubators hold firms, maker spaces teams that are not firms yet. Star-sky platforms have
no places: they host services of scientists in the counties.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ..engine import luck
from ..engine.books import CAUSE, SECTOR, Flows, Public, Purse, pay, pay_public
from ..engine.columns import CODE, COUNT, FLAG, KEY, MONEY, NUMBER, Column, Columns
from ..engine.rules import rule
from ..engine.table import Rows, Table
from .buying import draw_code
from .government import PROVINCE
from .kind import FIRST_ORDINAL, Kind, Opening, declare
from .view import RowView

if TYPE_CHECKING:
    from .inputs import Moment, Parameters
    from .rows import IncubatorRow

KINDS: Final = ("incubator", "maker space", "star-sky platform")
INCUBATOR, MAKER_SPACE, STAR_SKY = range(3)

KIND_NAMES: Final = ("incubator", "maker_space", "star_sky_platform")
"""The same kinds as parameters and keys spell them."""

OPERATORS: Final = ("public zone", "university or institute", "enterprise")
PUBLIC_ZONE, UNIVERSITY_OR_INSTITUTE, ENTERPRISE = range(3)

COLUMNS: Final[Columns[IncubatorRow]] = (
    Column("key", KEY, "key", "identity: province, kind, step and ordinal of founding"),
    Column("kind", CODE, "code", "incubator, maker space or rural star-sky platform", KINDS),
    Column("city", CODE, "code", "city"),
    Column("operator", CODE, "code", "who runs it", OPERATORS),
    Column("capacity", COUNT, "count", "firms that an incubator can hold, teams that a maker space can"),
    Column("tenants", COUNT, "count", "firms or teams that it holds"),
    Column("certified", FLAG, "switch", "incubator of the national level; counted, and read by no rule"),
    Column("gone", FLAG, "switch", "closed down in this step; its row goes at the end of it"),
    Column("born", NUMBER, "date", "date of founding"),
    Column("cash", MONEY, "yuan", "money at hand"),
)

NUMBER_FOUNDED = luck.mechanism("number of platforms founded")
FOUNDING = luck.mechanism("founding of a platform")
TRAITS = luck.mechanism("traits of a platform")
ROOM = luck.mechanism("capacity of a platform")
AGE = luck.mechanism("age of a platform at the start")
EXIT = luck.mechanism("platform exit")
CERTIFICATION = luck.mechanism("incubator of the national level")

TASK: Final = 23

_INCUBATOR: Final = SECTOR["incubator"]
_HOUSEHOLDS: Final = SECTOR["households"]
_GOVERNMENT: Final = SECTOR["government"]
_SUBSIDY: Final = CAUSE["subsidy"]
_WAGES: Final = CAUSE["wages"]
_CLOSING: Final = CAUSE["closing_down"]

Cumulative = npt.NDArray[np.float64]

PARAMETERS_READ: Final = (
    "incubator_capacity_ln_sd", "incubator_certification_hazard", "incubator_certification_years",
    "incubator_exit_hazard", "incubator_oldest_2010", "incubator_tenants", "incubators_2010",
    "maker_space_exit_hazard", "maker_space_places", "maker_spaces_2010", "platform_public_share",
    "platform_university_share",
)  # fmt: skip
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


def key_of_kind(province: str, kind: int) -> np.uint64:
    """Give the key under which a kind of platform is founded in a province."""
    return np.uint64(luck.key_of("platforms", province, KIND_NAMES[kind]))


@rule
def count_founded(
    kind_key: np.uint64, yearly: float, subsidy: float, now: Moment, seed: np.uint64, purse: Purse
) -> int:
    """Draw how many platforms of a kind are founded in the step: Poisson, as far as the subsidies go.

    Parameters
    ----------
    kind_key : int
        Key of the kind in the province.
    yearly : float
        Supported foundings a year.
    subsidy : float
        Yuan for each, out of the provincial treasury.
    """
    u = luck.uniform(seed, NUMBER_FOUNDED, kind_key, now.step, 0)
    number = luck.poisson_quantile(u, yearly * now.dt)
    price = int(subsidy + 0.5)
    return int(min(number, purse[_GOVERNMENT][PROVINCE] // max(1, price)))


@rule
def found(
    platforms: Rows[IncubatorRow],
    first: int,
    last: int,
    kind: int,
    kind_key: np.uint64,
    ordinal: int,
    date: float,
    step: int,
    city_cumulative: Cumulative,
    parameters: Parameters,
    seed: np.uint64,
) -> None:
    """Fill rows ``first`` to ``last`` with new platforms of a kind.

    Parameters
    ----------
    ordinal : int
        Ordinal of the first of them among those founded in the step.
    """
    sd = parameters.incubator_capacity_ln_sd
    for i in range(first, last):
        platform = platforms[i]
        platform.key = luck.child_key(kind_key, FOUNDING, step, ordinal + i - first)
        platform.kind = kind
        city, operator = luck.two_uniforms(seed, TRAITS, platform.key, 0, 0)
        platform.city = draw_code(city, city_cumulative)
        platform.operator = ENTERPRISE
        if operator < parameters.platform_public_share:
            platform.operator = PUBLIC_ZONE
        elif operator < parameters.platform_public_share + parameters.platform_university_share:
            platform.operator = UNIVERSITY_OR_INSTITUTE
        if kind != STAR_SKY:
            mean = parameters.incubator_tenants if kind == INCUBATOR else parameters.maker_space_places
            z = luck.normal_quantile(luck.uniform(seed, ROOM, platform.key, 0, 0))
            platform.capacity = int(mean * math.exp(sd * z - 0.5 * sd * sd) + 0.5)
        platform.born = date


@rule
def age_at_the_start(
    platforms: Rows[IncubatorRow], parameters: Parameters, date: float, seed: np.uint64
) -> None:
    """Give the platforms of the start their ages, and the older ones their national certificates."""
    for i in range(len(platforms)):
        platform = platforms[i]
        age, certificate = luck.two_uniforms(seed, AGE, platform.key, 0, 0)
        platform.born = date - age * parameters.incubator_oldest_2010
        ready = max(0.0, date - platform.born - parameters.incubator_certification_years)
        platform.certified = certificate < 1.0 - math.exp(-parameters.incubator_certification_hazard * ready)


@rule
def pay_subsidies(first: int, last: int, subsidy: float, purse: Purse, flows: Flows, public: Public) -> None:
    """Pay each newly founded platform its subsidy out of the provincial treasury (task 23)."""
    for i in range(first, last):
        pay_public(purse, PROVINCE, _INCUBATOR, i, int(subsidy + 0.5), _SUBSIDY, TASK, flows, public)


@rule
def spend(platforms: Rows[IncubatorRow], now: Moment, purse: Purse, flows: Flows) -> None:
    """Let platforms spend their money on staff and rent within about a year."""
    for i in range(len(platforms)):
        cash = purse[_INCUBATOR][i]
        if cash > 0:
            pay(purse, _INCUBATOR, i, _HOUSEHOLDS, 0, int(math.ceil(cash * now.dt)), _WAGES, flows)


@rule
def certify(platforms: Rows[IncubatorRow], parameters: Parameters, now: Moment, seed: np.uint64) -> None:
    """Raise incubators that have worked long enough to the national level."""
    gain = 1.0 - math.exp(-parameters.incubator_certification_hazard * now.dt)
    for i in range(len(platforms)):
        platform = platforms[i]
        if platform.kind != INCUBATOR or platform.certified or platform.gone:
            continue
        if now.date - platform.born < parameters.incubator_certification_years:
            continue
        platform.certified = luck.uniform(seed, CERTIFICATION, platform.key, now.step, 0) < gain


@rule
def close_down(
    platforms: Rows[IncubatorRow],
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
    purse: Purse,
    flows: Flows,
) -> int:
    """Let platforms close; maker spaces, and star-sky platforms like them, do so more often.

    A maker space lives on its tenants: half empty it closes at the hazard of its kind,
    empty at twice that, full never.

    Returns
    -------
    int
        Platforms that closed. Their rows stay until the step has been observed.
    """
    closed = 0
    for i in range(len(platforms)):
        platform = platforms[i]
        hazard = parameters.maker_space_exit_hazard
        if platform.kind == INCUBATOR:
            hazard = parameters.incubator_exit_hazard
        elif platform.kind == MAKER_SPACE:
            hazard *= 2.0 * (1.0 - platform.tenants / max(1, platform.capacity))
        stays = luck.uniform(seed, EXIT, platform.key, now.step, 0) >= 1.0 - math.exp(-hazard * now.dt)
        if platform.gone or stays:
            continue
        pay(purse, _INCUBATOR, i, _HOUSEHOLDS, 0, purse[_INCUBATOR][i], _CLOSING, flows)
        platform.gone = True
        platform.certified = False
        platform.capacity = 0
        platform.tenants = 0
        closed += 1
    return closed


def settle(table: Table[IncubatorRow], parameters: Parameters, opening: Opening) -> None:
    """Found the incubators and maker spaces of the start."""
    for kind, count in ((INCUBATOR, parameters.incubators_2010), (MAKER_SPACE, parameters.maker_spaces_2010)):
        first = table.count
        table.extend(round(count))
        found(
            table.storage,
            first,
            table.count,
            kind,
            key_of_kind(opening.province, kind),
            FIRST_ORDINAL,
            opening.date,
            0,
            opening.city_firms,
            parameters,
            opening.seed,
        )
    age_at_the_start(table.rows, parameters, opening.date, opening.seed)
    table.sort_by_key()


KIND: Final = Kind("incubator", "incubators and maker spaces", COLUMNS, "people", PARAMETERS_READ, settle)
declare(KIND)


class Incubator(RowView, kind=KIND):
    """An incubator or a maker space."""
