"""Rights of those who invent and of those who own, by owner and date.

Three rights, kept apart: the inventor's part of what a licence brings (royalty), his part of a
firm founded on his result (equity), and whether he decides himself or asks for approval.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ...agents.owners import OWNERS
from ...engine import luck
from ...engine.columns import number_record
from ...engine.rules import rule
from ...engine.table import Rows
from ...scenarios.choosing.catalogue import lever_catalogue
from .owner_rows import rows_of_owners

if TYPE_CHECKING:
    from ...agents.inputs import Levers
    from ...agents.rows import ProducerRow
    from ..province import Province

OWNERSHIP_PILOT = luck.mechanism("pilot of ownership by researchers")

_UNIVERSITY, _INSTITUTE, _MILITARY_UNIT = OWNERS


@rule
def hold_rights(
    owners: Rows[ProducerRow],
    royalty: float,
    equity: float,
    own_decision: float,
    pilots: float,
    pilot_equity: float,
    seed: np.uint64,
) -> float:
    """Put rights in force at the owners of one kind.

    Parameters
    ----------
    royalty : float
        Inventor's part of the price of a result.
    equity : float
        Inventor's part of a firm on his result.
    own_decision : float
        Share of foundings that nobody has to approve.
    pilots : float
        Share of owners who give their researchers ownership: nobody is asked there, and
        ``pilot_equity`` of a firm is the inventor's at least.

    Returns
    -------
    float
        The royalty.
    """
    for i in range(len(owners)):
        owner = owners[i]
        owner.inventor_share = royalty
        owner.equity_share = equity
        owner.own_decision = own_decision
        if pilots > 0.0 and luck.uniform(seed, OWNERSHIP_PILOT, owner.key, 0, 0) < pilots:
            owner.equity_share = max(equity, pilot_equity)
            owner.own_decision = 1.0
    return royalty


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
    """Put the rights that the levers order in force at all owners; military units are no pilots.

    Parameters
    ----------
    levers : record
        Least shares by rule, who decides, and how many pilots there are.
    above_floor : float
        What owners grant of a licence's price above the least share.
    pilot_equity : float
        Inventor's least part of a firm at a pilot.
    inventor_share : ndarray of float64 of shape (sectors,)
        Where the royalty is put, by kind of owner.
    """
    inventor_share[_UNIVERSITY] = hold_rights(
        universities,
        min(1.0, levers.inventor_share_university + above_floor),
        levers.equity_share_university,
        levers.own_decision_university,
        levers.ownership_pilots,
        pilot_equity,
        seed,
    )
    inventor_share[_INSTITUTE] = hold_rights(
        institutes,
        min(1.0, levers.inventor_share_institute + above_floor),
        levers.equity_share_institute,
        levers.own_decision_institute,
        levers.ownership_pilots,
        pilot_equity,
        seed,
    )
    inventor_share[_MILITARY_UNIT] = hold_rights(
        military_units,
        min(1.0, levers.inventor_share_military + above_floor),
        levers.equity_share_military,
        levers.own_decision_military,
        0.0,
        pilot_equity,
        seed,
    )


@functools.cache
def rules_of_old(start: str) -> Levers:
    """Levers as history had them in the first quarter, ``YYYY-Qn``, whatever a scenario makes of them."""
    first = {}
    for name, lever in lever_catalogue().items():
        dates = [date for date in lever.history if date <= start]
        first[name] = lever.history[max(dates)] if dates else 0.0
    levers: Levers = number_record(first)
    return levers


def grant(province: Province) -> None:
    """Put the rights of the step in force; the first rules of history held before the start as well."""
    put_in_force(
        province.levers if province.step >= 0 else rules_of_old(province.scenario.start),
        province.values["inventor_share_above_floor"],
        province.values["pilot_equity_share"],
        *rows_of_owners(province),
        province.seed,
        province.inventor_share,
    )
