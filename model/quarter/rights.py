"""Rights of those who invent and of those who own, by owner and date.

Three rights, kept apart: the inventor's part of what a licence brings (royalty), his part of a
firm founded on his result (equity), and whether he decides himself or asks for approval.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from ...agents.owners import OWNERS, owners_of
from ...engine import luck
from ...engine.columns import number_record
from ...engine.rules import rule
from ...engine.table import Rows
from ..markets.demand import PRODUCERS
from ..orders import INSTEAD, levers_with
from .owner_rows import rows_of_owners

if TYPE_CHECKING:
    from ...agents.inputs import Levers
    from ...agents.rows import ProducerRow
    from ...scenarios import Pack
    from ..orders import Orders
    from ..province import Province

OWNERSHIP_PILOT = luck.mechanism("pilot of ownership by researchers")


class Rights(NamedTuple):
    """Rights that levers order for the owners of one kind: numbers all, so that rules take it as it is.

    Attributes
    ----------
    royalty : float
        Inventor's least part of the price of a result.
    equity : float
        Inventor's part of a firm on his result.
    own_decision : float
        Share of foundings that nobody has to approve.
    pilots : float
        Share of owners who give their researchers ownership: nobody is asked there, and
        ``pilot_equity`` of a firm is the inventor's at least.
    """

    royalty: float
    equity: float
    own_decision: float
    pilots: float


@rule
def rights_under(levers: Levers) -> tuple[Rights, Rights, Rights]:
    """Read the rights off the levers, by kind of owner; military units are no pilots."""
    return (
        Rights(
            levers.inventor_share_university,
            levers.equity_share_university,
            levers.own_decision_university,
            levers.ownership_pilots,
        ),
        Rights(
            levers.inventor_share_institute,
            levers.equity_share_institute,
            levers.own_decision_institute,
            levers.ownership_pilots,
        ),
        Rights(
            levers.inventor_share_military, levers.equity_share_military, levers.own_decision_military, 0.0
        ),
    )


@rule
def put_in_force(
    levers: Levers,
    above_floor: float,
    pilot_equity: float,
    universities: Rows[ProducerRow],
    institutes: Rows[ProducerRow],
    military_units: Rows[ProducerRow],
    seed: np.uint64,
    inventor_share: npt.NDArray[np.float64],
) -> None:
    """Put the rights that the levers order in force at owners of all kinds.

    Parameters
    ----------
    levers : record
        Least shares by rule, who decides, and how many pilots there are.
    above_floor : float
        What owners grant of a licence's price above the least share.
    pilot_equity : float
        Inventor's least part of a firm at a pilot.
    universities, institutes, military_units : structured ndarray
        Those whose rights these are.
    inventor_share : ndarray of float64 of shape (kinds, owners)
        Where the royalty is put as well, for rules that ask it of every result.
    """
    by_kind = rights_under(levers)
    for sector in OWNERS:
        rights, owners = by_kind[sector], owners_of(sector, universities, institutes, military_units)
        for i in range(len(owners)):
            owner = owners[i]
            owner.inventor_share = min(1.0, rights.royalty + above_floor)
            inventor_share[sector, i] = owner.inventor_share
            owner.equity_share = rights.equity
            owner.own_decision = rights.own_decision
            if rights.pilots <= 0.0:  # most years: luck is dear
                continue
            if luck.uniform(seed, OWNERSHIP_PILOT, owner.key, 0, 0) < rights.pilots:
                owner.equity_share = max(rights.equity, pilot_equity)
                owner.own_decision = 1.0


@functools.lru_cache(maxsize=64)  # more than there are provinces
def rules_of_old(pack: Pack, start: str) -> Levers:
    """Levers as history had them in the first quarter, ``YYYY-Qn``, whatever a scenario makes of them."""
    first = {}
    for name, lever in pack.catalogue.items():
        dates = [date for date in lever.history if date <= start]
        first[name] = lever.history[max(dates)] if dates else 0.0
    levers: Levers = number_record(first)
    return levers


def grant(province: Province) -> None:
    """Put the rights of the step in force; the first rules of history held before the start as well."""
    put_in_force(
        province.levers if province.step >= 0 else rules_of_old(province.pack, province.scenario.start),
        province.values["inventor_share_above_floor"],
        province.values["pilot_equity_share"],
        *rows_of_owners(province),
        province.seed,
        province.inventor_share,
    )
    if province.orders is not None:
        grant_by_order(province, province.orders)


def grant_by_order(province: Province, orders: Orders) -> None:
    """Put rights in force at the owners that orders name: all else there is as at the others."""
    by_kind, values = rows_of_owners(province), province.values
    for sector, kind in zip(OWNERS, PRODUCERS, strict=True):
        rows = by_kind[sector]
        ordered = [
            (lever, level, group)
            for lever, kinds in INSTEAD.items()
            if kind in kinds
            for level, group in orders.of(lever, province.step, rows)
        ]
        alike: dict[tuple[tuple[str, float], ...], list[int]] = {}
        for row in range(len(rows)):
            levels = tuple((lever, level) for lever, level, group in ordered if group[row])
            alike.setdefault(levels, []).append(row)
        alike.pop((), None)
        for levels, numbers in alike.items():
            chosen = np.array(numbers)
            some = rows[chosen]
            universities, institutes, military_units = (
                some if of_sector == sector else each[:0] for of_sector, each in enumerate(by_kind)
            )
            put_in_force(
                levers_with(province.levers, dict(levels)),
                values["inventor_share_above_floor"],
                values["pilot_equity_share"],
                universities,
                institutes,
                military_units,
                province.seed,
                np.zeros((len(OWNERS), len(some))),
            )
            rows[chosen] = some
            province.inventor_share[sector, chosen] = some["inventor_share"]
