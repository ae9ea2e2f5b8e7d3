"""D3: what inventors' share of the income does, cut as in Norway and Finland, raised as in China.

Universities are treated and institutes are the control group; all keep the rules of approval. A cut goes from
the whole, which was the professors' privilege, to a third, of licences and of firms; a rise goes from 20 to
50 %, of licences alone or of firms alone. The years 2010 to 2012 are before, 2014 to 2017 after: the year of
the change belongs to neither. All else stays under the rules of 2010.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from ...model.watch import Watch
from .design import Design, Measured, Tables, base_world
from .owner_years import measured_change, years_of_owners

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["INCOME_SHARE"]

_START: Final = "2010-Q2"
"""A scenario may change nothing in its first quarter."""
_CHANGE: Final = "2013-Q1"
_END: Final = "2017-Q4"
_AFTER: Final = 2014
_TREATED: Final = "university"

_WHOLE, _THIRD, _LOW, _HALF = 0.97, 1.0 / 3.0, 0.2, 0.5
"""The whole is the largest share that a scenario may set."""

_ENACTED: Final = {
    "share_cut_start_ups": ("cut", "whole", "spin_offs"),
    "share_cut_disclosures": ("cut", "whole", "results_disclosed"),
    "share_cut_finland": ("cut", "whole", "results_disclosed"),
    "share_rise_royalty": ("royalty", "low", "results_disclosed"),
    "share_rise_equity": ("equity", "low", "results_disclosed"),
}
"""For each figure the enacted world, the one without the change, and the outcome."""


def _worlds(province: str) -> dict[str, Scenario]:
    base = base_world(province, since=_START, end=_END)

    def world(name: str, royalty: dict[str, float], equity: dict[str, float]) -> Scenario:
        constant = {_START: royalty[_START]}
        levers: dict[str, Any] = {
            "inventor_share_university": royalty,
            "equity_share_university": equity,
            "inventor_share_institute": constant,
            "equity_share_institute": constant,
        }
        return base.set(**levers, inventor_share_above_floor=0.0, name=name)

    whole, low = {_START: _WHOLE}, {_START: _LOW}
    third, half = whole | {_CHANGE: _THIRD}, low | {_CHANGE: _HALF}
    return {
        "cut": world("cut", third, third),
        "whole": world("whole", whole, whole),
        "royalty": world("royalty", half, low),
        "equity": world("equity", low, half),
        "low": world("low", low, low),
    }


def _measure(worlds: Mapping[str, Tables], seed: int) -> dict[str, Callable[[], Measured]]:
    @functools.cache  # Norway and Finland are enacted by one cut
    def measure(enacted: str, without: str, outcome: str) -> Measured:
        owners = worlds[enacted]["owner"]
        treated = owners.loc[owners["kind"] == _TREATED, "key"].unique()
        here, there = (
            years_of_owners(worlds[world]["owner"], [outcome], treated, _AFTER - 1)
            for world in (enacted, without)
        )
        return measured_change(here, there, _AFTER)

    return {figure: functools.partial(measure, *told) for figure, told in _ENACTED.items()}


INCOME_SHARE: Final = Design("income share", _worlds, Watch(units=("owner",), programmes=()), _measure)
