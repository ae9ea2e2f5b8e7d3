"""What is known of all provinces' shares of the nation at an origin, and of what they can do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import numpy.typing as npt

from ...engine.errors import InputError
from ..forecasting.discrepancy import SERIES

if TYPE_CHECKING:
    from ...scenarios import Pack

__all__ = ["CAPACITY", "Figures", "Whole", "capacity_odds", "figures_of_packs", "share_odds"]

Numbers = npt.NDArray[np.float64]

CAPACITY: Final = ("rd_expenditure", "patents_in_force_invention", "fiscal_science_technology")
"""What a share is held to follow in the long run: R&D, invention patents, public science spending."""

Series = Mapping[int, float]
Whole = Literal["nation", "provinces"]


@dataclass(frozen=True)
class Figures:
    """Yearly figures of all provinces and of the nation, each a mapping of year to figure.

    Attributes
    ----------
    own : mapping of str to mapping of str to series
        By indicator and province: `SERIES` in contracts or yuan, and those of capacity, each in its unit.
    nation : mapping of str to series
        By indicator of `SERIES`.
    """

    own: Mapping[str, Mapping[str, Series]]
    nation: Mapping[str, Series]

    def until(self, origin: int) -> Figures:
        """Cut all series at an origin: what is later is in none of them."""
        return Figures(
            {
                name: {who: _until(series, origin) for who, series in provinces.items()}
                for name, provinces in self.own.items()
            },
            {name: _until(series, origin) for name, series in self.nation.items()},
        )


def _until(series: Series, origin: int) -> Series:
    return {year: figure for year, figure in sorted(series.items()) if year <= origin}


def figures_of_packs(packs: Mapping[str, Pack], capacity: Sequence[str] = CAPACITY) -> Figures:
    """Take the figures of all provinces from their packs, the nation's from the first.

    A pack of one's own may lack a series, and has no year of it then.

    Raises
    ------
    InputError
        No pack.
    """
    if not packs:
        raise InputError("there is no province", key="provinces", allowed="packs of provinces")
    own = {
        name: {
            who: {year: value for year, value in pack.series_of(name).items() if value > 0.0}
            if pack.has_series(name)
            else {}
            for who, pack in packs.items()
        }
        for name in (*SERIES, *capacity)
    }
    first = next(iter(packs.values()))
    return Figures(own, {name: first.series_of(name, "china") for name in SERIES})


def share_odds(figures: Figures, name: str, whole: Whole = "nation") -> dict[str, dict[int, float]]:
    """Give the log odds of each province's share, by province and year.

    A share is of the nation's figure, or of the sum of the provinces that have one in the year. Log odds, for
    no province has more than the nation; those of a small share move as its logarithm does.
    """
    provinces = figures.own[name]
    found: dict[str, dict[int, float]] = {}
    sums: dict[int, float] = {}
    for series in provinces.values():
        for year, figure in series.items():
            sums[year] = sums.get(year, 0.0) + figure
    total = sums if whole == "provinces" else figures.nation[name]
    for who, series in provinces.items():
        found[who] = {}
        for year, figure in series.items():
            if year not in total:
                continue
            if not 0.0 < figure < total[year]:
                raise InputError(
                    f"{who} has {figure:g} of {total[year]:g} in {year}",
                    key=name,
                    allowed="a share of the nation between zero and one",
                )
            found[who][year] = float(np.log(figure / (total[year] - figure)))
    return found


def capacity_odds(
    figures: Figures,
    odds: Mapping[str, Mapping[int, float]],
    capacity: Sequence[str],
    penalty: float,
    year: int,
) -> dict[str, float]:
    """Say what share a province's capacity implies in a year: ridge regression over provinces.

    Log odds of the share on standardised log odds of the shares of capacity, in provinces that have all of
    them in the year; the constant is not drawn to zero. With n provinces the penalty is n times ``penalty``.

    Returns
    -------
    dict of str to float
        By province; empty if fewer provinces have all figures than there are coefficients, twice.
    """
    of = [share_odds(figures, name, "provinces") for name in capacity]
    known = [
        who for who, mine in odds.items() if year in mine and all(year in one.get(who, {}) for one in of)
    ]
    if len(known) < 2 * (len(capacity) + 1):
        return {}
    design = np.array([[one[who][year] for one in of] for who in known])
    design = (design - design.mean(axis=0)) / design.std(axis=0)
    response = np.array([odds[who][year] for who in known])
    middle = float(response.mean())
    inverse = design.T @ design + penalty * len(known) * np.eye(len(capacity))
    implied = middle + design @ np.linalg.solve(inverse, design.T @ (response - middle))
    return {who: float(one) for who, one in zip(known, implied, strict=True)}
