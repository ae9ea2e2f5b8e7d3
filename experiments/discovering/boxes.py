"""Boxes of futures in which a conclusion does not hold: PRIM on one half of them, checked on the other.

PRIM (Friedman and Fisher, Statistics and Computing 9, 1999) peels from all futures what holds few of the
cases that are looked for, a slice of an input at a time. Bryant and Lempert (Technological Forecasting and
Social Change 77, 2010) read a box by its coverage (how many of the cases lie in it) and its density (how many
in it are cases), and test each limit by a binomial test. Both are the EMA workbench's; so are feature scores
by extremely randomised trees (Jaxa-Rozen and Kwakkel, Environmental Modelling and Software 107, 2018).
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...engine import luck
from ...engine.errors import InputError
from ..forecasting.target_and_indicator_tables import wilson_interval

__all__ = [
    "BETTER", "FEW_CASES", "FEW_IN_BOX", "NOTHING_FLIPS", "NO_BETTER", "Box", "Limit", "Scores",
    "boxes_of", "check_workbench", "feature_scores", "halves",
]  # fmt: skip

BoolArray = npt.NDArray[np.bool_]

BETTER: Final = "better than chance"
NO_BETTER: Final = "no better than chance"
FEW_IN_BOX: Final = "too few to tell"
FEW_CASES: Final = "too few cases"
NOTHING_FLIPS: Final = "nothing flips it"

FEWEST_CASES: Final = 10
"""Cases in the half that a box is fitted on; below it one cannot be told from luck."""

FEWEST_CHECKED: Final = 5
"""Futures of the other half in a box, below which its density says nothing."""

MOST_BOXES: Final = 2
MOST_LIMITS: Final = 4
"""Inputs that a box may limit: a sentence with more of them is not understood (Bryant and Lempert, 2010)."""

CANDIDATES: Final = 8
"""Inputs that PRIM may limit, at most: those of the highest scores, above what shuffled inputs get.
Of three hundred it would find limits by luck."""

SIGNIFICANT: Final = 0.05
DUMMIES: Final = 20
"""Shuffled inputs beside the real ones: the highest of their scores is what doing nothing gets."""

_TREES: Final = 200
_IS_CASE: Final = 0.5


@dataclass(frozen=True)
class Limit:
    """A limit of a box: an input lies between ``low`` and ``high``; nan where it is open.

    ``chance`` is the p of the binomial test that the limit is worth nothing, the larger of two.
    """

    input: str
    low: float
    high: float
    chance: float


@dataclass(frozen=True)
class Box:
    """A box, as fitted on one half of the futures and as checked on the other.

    Attributes
    ----------
    limits : tuple of Limit
        None if no limit was worth anything.
    coverage_fitted, density_fitted : float
        In the half on which it was fitted.
    coverage, density, density_low, density_high : float
        In the other half; the density with its 95 % Wilson interval.
    base_rate : float
        Share of cases among all futures of the other half.
    inside : int
        Futures of the other half in the box.
    verdict : str
        `BETTER` if the lower end of the density's interval lies above the base rate; `FEW_IN_BOX`;
        else `NO_BETTER`.
    """

    limits: tuple[Limit, ...]
    coverage_fitted: float
    density_fitted: float
    coverage: float
    density: float
    density_low: float
    density_high: float
    base_rate: float
    inside: int
    verdict: str


@dataclass(frozen=True)
class Scores:
    """Feature scores by input, which sum to one less what shuffled inputs got, and the highest of these."""

    by_input: pd.Series[float]
    by_luck: float


def check_workbench() -> None:
    """Refuse in one line where the EMA workbench is not installed."""
    from importlib.util import find_spec

    if find_spec("ema_workbench") is None:
        raise InputError(
            "the EMA workbench is not installed",
            key="discover",
            allowed="with the extra: pip install 'shaanxi-transfer[discover]'",
        )


def halves(futures: npt.NDArray[np.int64], seed: int) -> BoolArray:
    """Say which futures a box is fitted on, half of them by luck; a future is so in every conclusion.

    Examples
    --------
    >>> mine = halves(np.arange(1000), seed=1)
    >>> bool(0.4 < mine.mean() < 0.6), bool((mine[:7] == halves(np.arange(7), seed=1)).all())
    (True, True)
    """
    keys = np.array([luck.key_of("half of futures", seed, int(future)) for future in futures], np.uint64)
    return np.asarray(keys % np.uint64(2) == 0, np.bool_)


def feature_scores(inputs: pd.DataFrame, cases: BoolArray, seed: int) -> Scores:
    """Score each input by how much it helps to tell cases from others.

    Parameters
    ----------
    inputs : DataFrame of shape (futures, inputs)
    cases : ndarray of bool of shape (futures,)
    seed : int
        The same seed gives the same scores.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what else the workbench could do with further libraries
        from ema_workbench.analysis.feature_scoring import get_ex_feature_scores
        from ema_workbench.analysis.scenario_discovery_util import RuleInductionType

    generator = np.random.default_rng(seed)
    chosen = generator.choice(inputs.columns.to_numpy(), DUMMIES)
    shuffled = {f"_{place}": generator.permutation(inputs[name]) for place, name in enumerate(chosen)}
    table = pd.concat([inputs, pd.DataFrame(shuffled, index=inputs.index)], axis="columns")
    found, _ = get_ex_feature_scores(
        table,
        cases.astype(int),
        mode=RuleInductionType.CLASSIFICATION,
        nr_trees=_TREES,
        random_state=seed % 2**32,
    )
    scores = found.iloc[:, 0]
    dummy = scores.index.isin(list(shuffled))
    return Scores(scores[~dummy], float(scores[dummy].max()))


def boxes_of(inputs: pd.DataFrame, cases: BoolArray, fitted: BoolArray, seed: int) -> list[Box]:
    """Look for boxes of futures that are cases, one after the other, as long as they stand the check.

    A second box is looked for among the futures outside the first, in both halves. Of the boxes that PRIM
    passes on its way the one is taken whose coverage and density have the highest harmonic mean; of its
    limits those are kept, `MOST_LIMITS` at most, that a binomial test finds to be worth something.

    Parameters
    ----------
    inputs : DataFrame of shape (futures, inputs)
        What may be limited.
    cases, fitted : ndarray of bool of shape (futures,)
        What is looked for; the half on which boxes are fitted.
    seed : int
        Of the scores by which candidates are chosen.

    Returns
    -------
    list of Box
        Empty if the half holds fewer than `FEWEST_CASES` cases or others; the last one may be no better than
        chance.
    """
    left = np.ones(len(cases), bool)
    found: list[Box] = []
    while len(found) < MOST_BOXES:
        mine = left & fitted
        if min(cases[mine].sum(), (~cases[mine]).sum()) < FEWEST_CASES:
            break
        scores = feature_scores(inputs[mine], cases[mine], seed)
        stand_out = scores.by_input.index[scores.by_input > scores.by_luck][:CANDIDATES].tolist()
        candidates = inputs.loc[mine, stand_out].reset_index(drop=True)
        limits = _prim(candidates, cases[mine]) if stand_out else ()
        inside = in_box(inputs, limits)
        found.append(_checked(limits, inside, cases, mine, left & ~fitted, (cases & fitted, cases & ~fitted)))
        if found[-1].verdict != BETTER:
            break
        left &= ~inside
    return found


def in_box(inputs: pd.DataFrame, limits: tuple[Limit, ...]) -> BoolArray:
    """Say which futures lie in a box."""
    inside = np.ones(len(inputs), bool)
    for one in limits:
        values = inputs[one.input].to_numpy(np.float64)
        inside &= ~(values < one.low) & ~(values > one.high)  # nan limits nothing
    return inside


def _prim(inputs: pd.DataFrame, cases: BoolArray) -> tuple[Limit, ...]:
    """Run PRIM and choose a box on its way."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ema_workbench.analysis.prim import Prim

        box = Prim(inputs, cases.astype(int), threshold=_IS_CASE / len(cases)).find_box()
        way = box.peeling_trajectory
        both = way["coverage"] + way["density"]
        merit = (2.0 * way["coverage"] * way["density"] / both.where(both > 0.0)).fillna(0.0)
        box.select(int(merit.idxmax()))
        return _limits(box, inputs)


def _limits(box: Any, inputs: pd.DataFrame) -> tuple[Limit, ...]:
    """Give the limits of the chosen box that a binomial test finds to be worth something."""
    lowest, highest = inputs.min(), inputs.max()
    chances: Mapping[str, Any] = box.qp[box._cur_box]
    limits = []
    for name in chances:
        low, high = (float(one) for one in box.box_lim[name])
        # a side that is open has no chance: -1
        of_low, of_high = (float(one) for one in chances[name])
        keeps_low = low > lowest[name] and 0.0 <= of_low <= SIGNIFICANT
        keeps_high = high < highest[name] and 0.0 <= of_high <= SIGNIFICANT
        if keeps_low or keeps_high:
            kept = [chance for chance, keeps in ((of_low, keeps_low), (of_high, keeps_high)) if keeps]
            limits.append(
                Limit(str(name), low if keeps_low else np.nan, high if keeps_high else np.nan, max(kept))
            )
    return tuple(sorted(limits, key=lambda one: one.chance)[:MOST_LIMITS])


def _checked(
    limits: tuple[Limit, ...],
    inside: BoolArray,
    cases: BoolArray,
    fitted: BoolArray,
    other: BoolArray,
    all_cases: tuple[BoolArray, BoolArray],
) -> Box:
    """Read a box in both halves; coverage is of all cases of a half, those in earlier boxes included."""
    mine, theirs = (int((inside & half).sum()) for half in (fitted, other))
    hits, checked = (int((inside & half & cases).sum()) for half in (fitted, other))
    low, high = wilson_interval(checked, theirs) if theirs else (np.nan, np.nan)
    base_rate = float(cases[other].mean()) if other.any() else np.nan
    better = bool(limits) and low > base_rate
    verdict = NO_BETTER if not limits else FEW_IN_BOX if theirs < FEWEST_CHECKED else NO_BETTER
    return Box(
        limits=limits,
        coverage_fitted=hits / max(1, int(all_cases[0].sum())),
        density_fitted=hits / max(1, mine),
        coverage=checked / max(1, int(all_cases[1].sum())),
        density=checked / theirs if theirs else np.nan,
        density_low=low,
        density_high=high,
        base_rate=base_rate,
        inside=theirs,
        verdict=BETTER if better and theirs >= FEWEST_CHECKED else verdict,
    )
