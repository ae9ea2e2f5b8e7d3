"""The three methods: how each samples, what it computes, how its design is cut into smaller ones.

SALib does all sampling and all indices. Nothing here looks for missing or strange outputs:
only what `guard` let through comes here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from SALib.analyze import morris as morris_analysis
from SALib.analyze import pawn as pawn_analysis
from SALib.analyze import sobol as sobol_analysis
from SALib.sample import latin as latin_sampling
from SALib.sample import morris as morris_sampling
from SALib.sample import sobol as sobol_sampling

from ...engine.errors import InputError
from ..planning.factors import LUCK
from .problem import Problem

FloatArray = npt.NDArray[np.float64]

CONFIDENCE: Final = 0.95
"""All intervals are 95 % intervals."""

LEVELS: Final = 4
"""Levels of Morris, and half of them make its step: two thirds of the range."""

STEP: Final = LEVELS / (2.0 * (LEVELS - 1))

_RESAMPLES: Final = 200
_SLICES: Final = 10
_DUMMIES: Final = 20
_Z: Final = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)


class Index(NamedTuple):
    """One index of one factor or group, with its 95 % interval; NaN where none is known.

    ``factor`` is ``luck`` for what a factor gets that does nothing; ``name`` is ``S1``, ``ST``, ``mu_star``,
    ``mu``, ``sigma``, ``pawn_median`` or ``pawn_maximum``, a fraction unless ``in_target_unit``.
    """

    factor: str
    name: str
    value: float
    low: float
    high: float
    in_target_unit: bool = False


Analyse = Callable[[Problem, FloatArray, FloatArray, int], list[Index]]


@dataclass(frozen=True)
class Method:
    """One method.

    ``base`` is what its size counts, for messages, ``least`` the smallest size from which indices can be
    computed at all; ``levels`` says whether it moves factors over few levels; ``block`` gives the points for
    each one of the size from the number of factors or groups. ``sample(problem, size, seed)`` gives u of each
    factor, shape (points, factors); ``analyse(problem, shares, outputs, seed)`` takes an output for each
    point. ``main`` is the index that orders factors and is drawn first.
    """

    name: str
    base: str
    default: int
    least: int
    levels: bool
    block: Callable[[int], int]
    sample: Callable[[Problem, int, int], FloatArray]
    analyse: Analyse
    main: str

    def points(self, problem: Problem, size: int) -> int:
        """Give the number of design points of a size."""
        return size * self.block(len(problem.units))

    def sizes(self, size: int) -> list[int]:
        """List the sizes of the nested smaller designs, the whole one last."""
        smaller = (size // divisor for divisor in (16, 8, 4, 2, 1))
        return [one for one in dict.fromkeys(smaller) if one >= self.least]


def check_base(method: Method, size: object) -> int:
    """Refuse a size that is too small, or no power of two for Sobol's sequence."""
    allowed = f"a whole number of {method.base}, {method.least} or more"
    if not isinstance(size, (int, np.integer)) or isinstance(size, bool) or size < method.least:
        raise InputError(f"{size!r} {method.base} are no design", key="points", allowed=allowed)
    if method.name == "sobol" and size & (size - 1):
        near = 2 ** round(float(np.log2(size)))
        raise InputError(
            f"{size} is no power of two, for which Sobol's sequence is balanced",
            key="points",
            allowed="16, 32, 64 and so on",
            suggestion=str(near),
        )
    return int(size)


def _sample_morris(problem: Problem, size: int, seed: int) -> FloatArray:
    return _plain(morris_sampling.sample(problem.for_salib(), size, num_levels=LEVELS, seed=seed))


def _sample_sobol(problem: Problem, size: int, seed: int) -> FloatArray:
    return _plain(sobol_sampling.sample(problem.for_salib(), size, calc_second_order=False, seed=seed))


def _sample_latin(problem: Problem, size: int, seed: int) -> FloatArray:
    if problem.groups is not None:
        raise InputError(
            "pawn has no index of a group, only of single factors",
            key="group_by",
            allowed="none; or the method sobol or morris",
        )
    return _plain(latin_sampling.sample(problem.for_salib(), size, seed=seed))


def _plain(sample: Any) -> FloatArray:
    """Keep rounding from carrying a share beyond its bounds."""
    return np.clip(np.asarray(sample, dtype=np.float64), 0.0, 1.0)


def _analyse_morris(problem: Problem, shares: FloatArray, outputs: FloatArray, seed: int) -> list[Index]:
    found = morris_analysis.analyze(
        problem.for_salib(),
        shares,
        outputs,
        num_resamples=_RESAMPLES,
        conf_level=CONFIDENCE,
        num_levels=LEVELS,
        seed=seed,
    )
    rows = []
    for place, name in enumerate(found["names"]):
        value, half = float(found["mu_star"][place]), float(found["mu_star_conf"][place])
        rows.append(Index(str(name), "mu_star", value, value - half, value + half, in_target_unit=True))
        if problem.groups is None:  # of a group, whose members move either way, they say nothing
            rows += [
                Index(str(name), index, float(found[index][place]), np.nan, np.nan, in_target_unit=True)
                for index in ("mu", "sigma")
            ]
    return rows


def _analyse_sobol(problem: Problem, shares: FloatArray, outputs: FloatArray, seed: int) -> list[Index]:
    found = sobol_analysis.analyze(
        problem.for_salib(),
        outputs,
        calc_second_order=False,
        num_resamples=_RESAMPLES,
        conf_level=CONFIDENCE,
        seed=seed,
    )
    rows = []
    for place, name in enumerate(problem.units):
        for index in ("S1", "ST"):
            value, half = float(found[index][place]), float(found[f"{index}_conf"][place])
            rows.append(Index(name, index, value, value - half, value + half))
    return rows


def _analyse_pawn(problem: Problem, shares: FloatArray, outputs: FloatArray, seed: int) -> list[Index]:
    """Give median and maximum over the slices, with bootstrapped intervals, and what doing nothing gets."""
    random = np.random.default_rng(seed)
    whole = _pawn(problem, shares, outputs)
    resamples = int(np.clip(600 // len(problem.names), 20, 40))
    drawn = [random.integers(len(outputs), size=len(outputs)) for _ in range(resamples)]
    again = [_pawn(problem, shares[rows], outputs[rows]) for rows in drawn]
    rows = []
    for index, values in whole.items():
        spread = _Z * np.std([one[index] for one in again], axis=0, ddof=1)
        rows += [
            Index(name, index, float(value), float(value - half), float(value + half))
            for name, value, half in zip(problem.names, values, spread, strict=True)
        ]
    dummies = Problem(tuple(f"dummy_{i}" for i in range(_DUMMIES)), ((0.0, 1.0),) * _DUMMIES)
    for index, values in _pawn(dummies, random.random((len(outputs), _DUMMIES)), outputs).items():
        low, high = np.quantile(values, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
        rows.append(Index(LUCK, index, float(values.mean()), float(low), float(high)))
    return rows


def _pawn(problem: Problem, shares: FloatArray, outputs: FloatArray) -> Mapping[str, FloatArray]:
    found = pawn_analysis.analyze(problem.for_salib(), shares, outputs, S=_SLICES)
    return {f"pawn_{index}": np.asarray(found[index], dtype=float) for index in ("median", "maximum")}


METHODS: Final[dict[str, Method]] = {
    method.name: method
    for method in (
        Method(
            name="morris",
            base="trajectories",
            default=12,
            least=2,
            levels=True,
            block=lambda units: units + 1,
            sample=_sample_morris,
            analyse=_analyse_morris,
            main="mu_star",
        ),
        Method(
            name="sobol",
            base="base points",
            default=256,
            least=16,
            levels=False,
            block=lambda units: units + 2,
            sample=_sample_sobol,
            analyse=_analyse_sobol,
            main="S1",
        ),
        Method(
            name="pawn",
            base="points",
            default=1_000,
            least=50,
            levels=False,
            block=lambda units: 1,
            sample=_sample_latin,
            analyse=_analyse_pawn,
            main="pawn_median",
        ),
    )
}
"""Screening (morris), shares of the variance (sobol), and the whole distribution (pawn)."""
