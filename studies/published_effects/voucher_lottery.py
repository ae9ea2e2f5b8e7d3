"""D1: a lottery of vouchers among firms, as in the Netherlands in 2004 and in Britain later.

In the first quarter of 2014 a hundred vouchers are drawn among the firms that a voucher can serve; 944 of the
losers, by lot, are the study's control group, as the Dutch one had them. The firm pays nothing itself, and
the voucher is good at producers alone, as the Dutch one was at public institutes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...model.watch import Watch
from .design import Design, Measured, Tables, base_world, numbered, of, on_terms_of_the_study, rows_at, sums
from .difference_of_means import difference_of_means
from .estimate import Estimate
from .shares import ratio_of_shares, share

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["LOTTERY", "compared", "fake_lottery"]

_CALL: Final = "2014-Q1"
_NEXT: Final = "2014-Q2"
_END: Final = "2016-Q4"
_FACE: Final = 5.0e4
_WINNERS: Final = 100
_LOSERS: Final = 944

_PRODUCERS: Final = ["bought_university", "bought_research_institute", "bought_military_unit"]
_NEW: Final = ["producers_new"]
_SOON: Final = (0, 2)
_LATER: Final = (3, 8)
_EIGHTH: Final = (8, 8)
_CAPPED: Final = 0.01
"""Share of the firms whose counts are cut to the largest of the others'."""

Keys = npt.NDArray[np.uint64]


def _worlds(province: str) -> dict[str, Scenario]:
    base = base_world(province, since=_CALL, end=_END)
    # A budget is one of a year, and this one is in force for a quarter of it.
    budget = 4 * _WINNERS * _FACE
    lottery = base.set(
        voucher_budget={_CALL: budget, _NEXT: 0.0},
        voucher_face_value={_CALL: _FACE},
        voucher_copayment={_CALL: 0.0},
        name="lottery",
    )
    return {"lottery": on_terms_of_the_study(lottery, voucher_producer_share=1.0), "without": base}


def _drawn(tables: Tables, seed: int) -> tuple[Keys, Keys]:
    """Give the winners of the lottery and, by lot, as many losers as the study had."""
    calls = tables["call"]
    of_the_call = calls[numbered(calls, _CALL) == 0]
    keys, won = of_the_call["applicant"].to_numpy(), of_the_call["won"].to_numpy()
    return keys[won], _by_lot(keys[~won], _LOSERS, seed)


def _by_lot(keys: Keys, number: int, seed: int) -> Keys:
    return np.random.default_rng(seed).permutation(np.sort(keys))[:number]


def _measure(worlds: Mapping[str, Tables], seed: int) -> dict[str, Callable[[], Measured]]:
    winners, losers = _drawn(worlds["lottery"], seed)
    return compared(worlds["lottery"]["firm"], worlds["without"]["firm"], winners, losers)


def compared(
    enacted: pd.DataFrame, without: pd.DataFrame, winners: Keys, losers: Keys, call: str = _CALL
) -> dict[str, Callable[[], Measured]]:
    """Compare winners with losers, and the winners with themselves in the world without the lottery."""
    here, there = numbered(enacted, call), numbered(without, call)

    def both(columns: list[str], quarters: tuple[int, int]) -> tuple[pd.Series, pd.Series]:
        return sums(enacted, columns, here, *quarters), sums(without, columns, there, *quarters)

    def contracts(quarters: tuple[int, int]) -> Measured:
        with_it, without_it = both(_PRODUCERS, quarters)
        return Measured(
            _welch(with_it, winners, losers, winsorised=_CAPPED),
            float((of(with_it, winners) - of(without_it, winners)).mean()),
        )

    def losers_share() -> Measured:
        with_it, without_it = both(_PRODUCERS, _SOON)
        return Measured(share(of(with_it, losers) > 0), float((of(without_it, losers) > 0).mean()))

    def new_partners() -> Measured:
        with_it, without_it = both(_NEW, _SOON)
        found, anyway = of(with_it, winners) > 0, of(without_it, winners) > 0
        true = found.mean() / anyway.mean() - 1.0 if anyway.any() else math.nan
        return Measured(ratio_of_shares(found, of(with_it, losers) > 0), float(true))

    def growth(last: int) -> Measured:
        with_it, without_it = _growth(enacted, here, last), _growth(without, there, last)
        true = float((with_it - without_it).reindex(winners).mean())
        return Measured(_welch(with_it, winners, losers), true)

    return {
        "voucher_additional": lambda: contracts(_SOON),
        "voucher_later": lambda: contracts(_LATER),
        "voucher_two_years": lambda: contracts(_EIGHTH),
        "voucher_losers": losers_share,
        "voucher_new_partner": new_partners,
        "voucher_growth_half_year": lambda: growth(2),
        "voucher_growth_year": lambda: growth(4),
    }


def _growth(firms: pd.DataFrame, number: pd.Series, last: int) -> pd.Series:
    """Give the change of ln size from the quarter before the call; of firms that are there in both."""
    size = firms.set_index("key")["size"]
    quarter = number.to_numpy()
    grown: pd.Series = (size[quarter == last] - size[quarter == -1]).dropna()
    return grown


def _welch(values: pd.Series, winners: Keys, losers: Keys, winsorised: float = 0.0) -> Estimate:
    """Compare the two groups; of growth only those whose growth is known."""
    if not winsorised:
        winners, losers = (keys[np.isin(keys, values.index.to_numpy())] for keys in (winners, losers))
    table = pd.DataFrame(
        {
            "outcome": np.concatenate([of(values, winners), of(values, losers)]),
            "won": np.repeat([1, 0], [len(winners), len(losers)]),
        }
    )
    return difference_of_means(table, outcome="outcome", treated="won", winsorised=winsorised)


def fake_lottery(firms: pd.DataFrame, call: str, seed: int) -> dict[str, Callable[[], Measured]]:
    """Compare firms that won nothing with firms that lost nothing, drawn among those of a quarter."""
    there = rows_at(firms, call)
    drawn = _by_lot(there.index[~there["large"].to_numpy(dtype=bool)].to_numpy(), _WINNERS + _LOSERS, seed)
    return compared(firms, firms, drawn[:_WINNERS], drawn[_WINNERS:], call)


LOTTERY: Final = Design("lottery", _worlds, Watch(units=("firm",), programmes=("voucher",)), _measure)
