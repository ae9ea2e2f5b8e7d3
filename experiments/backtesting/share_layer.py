"""The share layer: a province's share of the nation's market, walking, on top of the national forecast.

The log odds of the share go on with the growth of their last years, which fades, and are pulled towards what
the province's capacity implies; the rest is luck::

    x(h) = x(h - 1) + a f^h m + p (g - x(h - 1)),    x(0) = 0,    spread c v h^k

with m the mean yearly growth of the last years, f how much of it is left a year later, g what capacity
implies less what is, v the spread of the province's own share growth drawn towards what is typical. How
strong momentum and pull are (a, p), c and k are learnt for each series from forecasts tried inside the
past of the origin, over all provinces: nothing later than the origin is looked at.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import gammaln

from ...engine.errors import InputError, nearest
from ...engine.luck import SEED_MASK, key_of
from ...model.state.national_forecast import NationalForecast, NationalPaths
from ..forecasting.discrepancy import SERIES
from .pooled_discrepancy import typical, volatility_of
from .rivals import SHARE_LAYER
from .series_to_origin import check_asked
from .share_past import CAPACITY, Figures, Whole, capacity_odds, share_odds

__all__ = ["NAME", "Design", "ShareLayer", "Strengths", "share_layer"]

Numbers = npt.NDArray[np.float64]

NAME: Final = SHARE_LAYER
"""Name of the forecaster in tables."""

FARTHEST: Final = 4
"""Years ahead to which forecasts inside the past are tried."""

_VALUE: Final = {name: name.startswith("contract_value") for name in SERIES}


@dataclass(frozen=True)
class Design:
    """How the layer is built; chosen on half of the provinces, see decision 0041.

    Attributes
    ----------
    momentum, pull : bool
        Whether there is any.
    momentum_years : int
        Years whose mean growth of the share goes on.
    fading : float
        Part of it that is left a year later.
    capacity : tuple of str
        Indicators that imply a share.
    penalty : float
        Of the ridge regression, as a part of the number of provinces.
    whole : {"nation", "provinces"}
        Of what a share is.
    weight : float
        Growths as which the typical spread counts beside a province's own.
    degrees : float
        Degrees of freedom of the luck of a share.
    """

    momentum: bool = False
    pull: bool = True
    momentum_years: int = 3
    fading: float = 0.7
    capacity: tuple[str, ...] = CAPACITY
    penalty: float = 0.1
    whole: Whole = "provinces"
    weight: float = 3.0
    degrees: float = 5.0


class Strengths(NamedTuple):
    """What is learnt for a series: a, p, c and k of the module's formula."""

    momentum: float
    pull: float
    factor: float
    growth_power: float


_PRIOR: Final = Strengths(0.5, 0.1, 1.0, 0.5)
"""Middles before any forecast is tried (c: median)."""

_PRIOR_SD: Final = Strengths(0.5, 0.1, 0.2, 0.2)
"""Standard deviations; of c that of its logarithm."""

_BOUNDS: Final = ((0.0, 1.0), (0.0, 1.0), (-2.0, 2.0), (0.05, 1.0))


class _Start(NamedTuple):
    """What a forecast of a share starts from; gap is nan where capacity implies nothing."""

    odds: float
    momentum: float
    gap: float
    spread: float


@dataclass(frozen=True)
class ShareLayer:
    """The share layer at an origin; made by `share_layer`.

    Attributes
    ----------
    origin : int
    strengths : mapping of str to Strengths
        By series.
    """

    origin: int
    strengths: Mapping[str, Strengths]
    _starts: Mapping[str, Mapping[str, tuple[int, _Start]]] = field(repr=False)
    _nation: NationalForecast = field(repr=False)
    _levels: Mapping[str, tuple[float, float]] = field(repr=False)
    _design: Design = field(repr=False)
    _drawn: dict[tuple[int, int, int], NationalPaths] = field(default_factory=dict, repr=False)

    def sample(self, province: str, name: str, *, horizon: int, draws: int, seed: int) -> Numbers:
        """Draw a forecast: levels of the years after the origin in the series' unit, shape (draws, horizon).

        A row is a path; row i has the nation's future i, in all provinces and series. Shares of a province
        have luck of their own.

        Raises
        ------
        InputError
            A series or province that is not known, a past too short, fewer than two draws.
        """
        if name not in self._starts:
            raise InputError(
                f"there is no series {name!r}",
                key="indicator",
                allowed=", ".join(SERIES),
                suggestion=nearest(name, SERIES),
            )
        check_asked(horizon, draws, NAME)
        if province not in self._starts[name]:
            raise InputError(
                f"too few figures of {name} up to {self.origin} in {province}",
                key="province",
                allowed=", ".join(self._starts[name]),
                suggestion=nearest(province, self._starts[name]),
            )
        last, start = self._starts[name][province]
        steps = self.origin - last + horizon
        generator = np.random.default_rng(key_of(NAME, province, name, self.origin, seed) & SEED_MASK)
        strengths = self.strengths[name]
        reach = np.arange(steps + 1.0) ** (2.0 * strengths.growth_power)
        walk = np.cumsum(np.sqrt(np.diff(reach)) * generator.standard_normal((draws, steps)), axis=1)
        tails = np.sqrt(self._design.degrees / generator.chisquare(self._design.degrees, draws))
        middle = start.odds + _middle(start, strengths, steps, self._design)
        odds = (middle + strengths.factor * start.spread * tails[:, np.newaxis] * walk)[:, -horizon:]
        asked = (horizon, draws, seed)
        if asked not in self._drawn:  # the same for every province and series
            self._drawn[asked] = self._nation.paths(*asked)
        paths = self._drawn[asked]
        whole, national = self._levels[name]
        growth = (paths.value if _VALUE[name] else paths.number) / national
        return np.asarray(whole * growth * np.exp(-np.logaddexp(0.0, -odds)))


def share_layer(
    figures: Figures,
    nation: NationalForecast,
    levels: tuple[float, float],
    design: Design | None = None,
) -> ShareLayer:
    """Learn the share layer at the origin of a national forecast; later figures are not looked at.

    Parameters
    ----------
    figures : Figures
        Of all provinces: those that are forecast and those from which strengths are learnt.
    nation : NationalForecast
        Its origin is the layer's.
    levels : tuple of float
        The nation's number (contracts) and value (yuan) at the origin, of the series that were filtered.
    design : Design, optional
    """
    design = Design() if design is None else design
    origin = nation.origin
    known = figures.until(origin)
    strengths, starts, wholes = {}, {}, {}
    for name in SERIES:
        odds = share_odds(known, name, design.whole)
        strengths[name] = _learnt(known, odds, origin, design)
        starts[name] = {
            who: (max(mine), start)
            for who, mine in odds.items()
            if mine
            for start in [_starts_at(known, odds, max(mine), design).get(who)]
            if start is not None
        }
        series = known.nation[name]
        if origin not in series:
            raise InputError(f"no national figure of {origin}", key=name, allowed="a figure at the origin")
        total = sum(one.get(origin, 0.0) for one in known.own[name].values())
        wholes[name] = (series[origin] if design.whole == "nation" else total, levels[_VALUE[name]])
    return ShareLayer(origin, strengths, starts, nation, wholes, design)


def _starts_at(
    figures: Figures, odds: Mapping[str, Mapping[int, float]], year: int, design: Design
) -> dict[str, _Start]:
    """Say what forecasts from a year start from, in provinces with a figure in it and one before."""
    past = {who: {one: x for one, x in mine.items() if one <= year} for who, mine in odds.items()}
    # A share's odds may be below one; growth is what counts, so that their exponential is measured.
    spreads = {
        who: volatility_of({one: math.exp(x) for one, x in mine.items()}, year) for who, mine in past.items()
    }
    implied = capacity_odds(figures, odds, design.capacity, design.penalty, year) if design.pull else {}
    starts = {}
    for who, mine in past.items():
        if year not in mine or len(mine) < 2:
            continue
        # The mean growth since the latest year that is as long ago, or longer where there is a gap.
        before = max((one for one in mine if one <= year - design.momentum_years), default=min(mine))
        momentum = (mine[year] - mine[before]) / (year - before) if before < year else 0.0
        others = typical(spreads[other] for other in spreads if other != who)
        starts[who] = _Start(
            mine[year],
            momentum if design.momentum else 0.0,
            implied.get(who, math.nan) - mine[year],
            spreads[who].shrunk(others, design.weight),
        )
    return starts


def _middle(start: _Start, strengths: Strengths, steps: int, design: Design) -> Numbers:
    """Give the middle of the log odds' change, a year a place."""
    gap = 0.0 if math.isnan(start.gap) else start.gap
    pull = 0.0 if math.isnan(start.gap) else strengths.pull
    moved = _moved(
        np.array([start.momentum]),
        np.array([gap]),
        strengths.momentum,
        np.array([pull]),
        steps,
        design.fading,
    )
    middle: Numbers = moved[0]
    return middle


def _moved(
    momentum: Numbers, gap: Numbers, strength: float, pull: Numbers, steps: int, fading: float
) -> Numbers:
    moved = np.zeros((len(momentum), steps + 1))
    for step in range(1, steps + 1):
        before = moved[:, step - 1]
        moved[:, step] = before + strength * fading**step * momentum + pull * (gap - before)
    return moved[:, 1:]


def _learnt(
    figures: Figures, odds: Mapping[str, Mapping[int, float]], origin: int, design: Design
) -> Strengths:
    """Learn the strengths of a series from forecasts tried inside the past.

    The maximum of the log predictive density (Student's t) of what came, each province and year of
    departure weighing one, and the prior. Without a forecast to try it is the prior's middle.
    """
    starts: list[_Start] = []
    came: list[tuple[int, int, float]] = []
    years = sorted({year for mine in odds.values() for year in mine})
    for year in years:
        if year >= origin:
            continue
        for who, start in _starts_at(figures, odds, year, design).items():
            later = [
                (one - year, x) for one, x in odds[who].items() if year < one <= min(origin, year + FARTHEST)
            ]
            if design.pull and math.isnan(start.gap):
                continue
            starts.append(start)
            came += [(len(starts) - 1, ahead, x - start.odds) for ahead, x in later]
    middle = np.array([_PRIOR.momentum, _PRIOR.pull, math.log(_PRIOR.factor), _PRIOR.growth_power])
    if not came:
        return _strengths(middle, design)
    of, ahead = (np.array(column, np.int64) for column in list(zip(*came, strict=True))[:2])
    change = np.array([x for _, _, x in came])
    weights = 1.0 / np.bincount(of)[of]
    momentum = np.array([one.momentum for one in starts])
    gap = np.nan_to_num([one.gap for one in starts])
    spread = np.array([one.spread for one in starts])[of]

    def surprise(numbers: Numbers) -> float:
        one = _strengths(numbers, design)
        moved = _moved(momentum, gap, one.momentum, np.full(len(starts), one.pull), FARTHEST, design.fading)
        scale = one.factor * spread * ahead**one.growth_power
        density = _log_density((change - moved[of, ahead - 1]) / scale, design.degrees) - np.log(scale)
        return 0.5 * float((((numbers - middle) / np.array(_PRIOR_SD)) ** 2).sum()) - float(weights @ density)

    found = minimize(surprise, middle, method="L-BFGS-B", bounds=_BOUNDS)
    return _strengths(found.x, design)


def _strengths(numbers: Numbers, design: Design) -> Strengths:
    """Read strengths from the numbers of the search; what the design has not is nothing."""
    momentum, pull, factor, power = (float(x) for x in numbers)
    return Strengths(
        momentum if design.momentum else 0.0, pull if design.pull else 0.0, math.exp(factor), power
    )


def _log_density(x: Numbers, degrees: float) -> Numbers:
    """Give the logarithm of Student's density."""
    constant = float(gammaln((degrees + 1.0) / 2.0) - gammaln(degrees / 2.0)) - 0.5 * math.log(
        degrees * math.pi
    )
    return constant - 0.5 * (degrees + 1.0) * np.log1p(x**2 / degrees)
