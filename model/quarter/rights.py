"""Rights of those who invent and of those who own, by owner and date.

Three rights, kept apart: the inventor's part of what a licence brings (royalty), his part of a
firm founded on his result (equity), and whether he decides himself or asks for approval.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from ...engine import luck
from ...engine.books import SECTOR
from ...engine.columns import number_record
from ...scenarios.choosing.catalogue import lever_catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...agents.inputs import Levers
    from ..province import Province

OWNERSHIP_PILOT = luck.mechanism("pilot of ownership by researchers")

_MILITARY_UNIT: Final = "military_unit"


class Rights(NamedTuple):
    """Rights in force at one kind of owner.

    Attributes
    ----------
    royalty : float
        Inventor's part of the price of a result.
    equity : float
        Inventor's part of a firm on his result.
    own_decision : float
        Share of foundings that nobody has to approve.
    """

    royalty: float
    equity: float
    own_decision: float


def rights_in_force(levers: Levers, above_floor: float) -> Mapping[str, Rights]:
    """Give the rights by kind of owner.

    Parameters
    ----------
    levers : record
        Least shares by rule, and who decides.
    above_floor : float
        What owners grant of a licence's price above the least share.
    """
    least = {
        "university": Rights(
            levers.inventor_share_university, levers.equity_share_university, levers.own_decision_university
        ),
        "research_institute": Rights(
            levers.inventor_share_institute, levers.equity_share_institute, levers.own_decision_institute
        ),
        "military_unit": Rights(
            levers.inventor_share_military, levers.equity_share_military, levers.own_decision_military
        ),
    }
    return {kind: each._replace(royalty=min(1.0, each.royalty + above_floor)) for kind, each in least.items()}


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
    levers = province.levers if province.step >= 0 else rules_of_old(province.scenario.start)
    for kind, rights in rights_in_force(levers, province.values["inventor_share_above_floor"]).items():
        rows = province.producers[kind].rows
        rows["inventor_share"] = province.inventor_share[SECTOR[kind]] = rights.royalty
        rows["equity_share"], rows["own_decision"] = rights.equity, rights.own_decision
        if levers.ownership_pilots > 0.0 and kind != _MILITARY_UNIT:
            ranks = luck.draw_uniforms(int(province.seed), int(OWNERSHIP_PILOT), rows["key"].copy())
            pilot = ranks < levers.ownership_pilots
            equity = np.maximum(rows["equity_share"], province.values["pilot_equity_share"])
            rows["equity_share"] = np.where(pilot, equity, rows["equity_share"])
            rows["own_decision"] = np.where(pilot, 1.0, rows["own_decision"])
