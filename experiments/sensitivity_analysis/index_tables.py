"""The two tables of a sensitivity analysis: indices with intervals, and how they settle with size."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...engine.words import SIDE_BY_SIDE, word_or
from ..planning.definitions import TargetLike
from ..planning.factors import LUCK, Factor, Grouping
from .guard import Answers
from .luck_share import luck_share
from .methods import STEP, Index, Method
from .problem import Problem

FloatArray = npt.NDArray[np.float64]

COLUMNS: Final = (
    "method", "target", "factor", "title_en", "title_zh", "kind", "group",
    "index", "value", "low", "high", "unit", "size", "points", "futures",
)  # fmt: skip
"""Columns of both tables. ``size`` is what the method counts: trajectories, base points or points."""

CONSTANT: Final = "constant"
"""Index and kind of the one row of a target that is the same at all points."""

LUCK_SHARE: Final = "share_of_variance"
"""Index of luck in the variance of the means over the futures."""

FOREMOST: Final = 10
"""Factors of a target whose way of settling is shown."""

_SAME: Final = 1e-12


@dataclass(frozen=True)
class Question:
    """What was asked of a design.

    ``size`` counts what `Method.base` says; ``targets`` are definitions by target; ``seed`` is for the
    resampling behind the intervals.
    """

    method: Method
    problem: Problem
    factors: tuple[Factor, ...]
    group_by: Grouping
    size: int
    targets: Mapping[str, TargetLike]
    seed: int


def index_table(question: Question, answers: Answers) -> pd.DataFrame:
    """Compute every index of every target.

    Factors of a target stand in falling order of the method's main index, then luck. A target that is the
    same at all points has one row, of the kind ``constant``.
    """
    rows = [
        row
        for target, values in answers.values.items()
        for row in _rows(question, target, answers.design.shares, values, question.size)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def convergence_table(question: Question, answers: Answers, indices: pd.DataFrame) -> pd.DataFrame:
    """Compute the indices again on the nested smaller designs: the `FOREMOST` factors, and luck.

    ``indices``, of `index_table`, give the rows of the whole design and say which factors are foremost.
    """
    tables = []
    for target, values in answers.values.items():
        mine = indices[indices["target"] == target]
        if (mine["kind"] == CONSTANT).all():
            continue
        main = mine[(mine["index"] == question.method.main) & (mine["factor"] != LUCK)]
        kept = [*main["factor"].head(FOREMOST), LUCK]
        for size in question.method.sizes(question.size)[:-1]:
            rows = list(_rows(question, target, answers.design.shares, values, size, only=kept))
            tables.append(pd.DataFrame(rows, columns=list(COLUMNS)))
        tables.append(mine[mine["factor"].isin(kept)])
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(COLUMNS))


def _rows(
    question: Question,
    target: str,
    shares: FloatArray,
    values: FloatArray,
    size: int,
    only: Sequence[str] | None = None,
) -> Iterator[dict[str, Any]]:
    """Give the rows of one target from the first points of the design, as many as the size needs."""
    points = question.method.points(question.problem, size)
    futures = values.shape[1]
    unit = question.targets[target].unit
    same = {"method": question.method.name, "target": target}
    sizes = {"size": size, "points": points, "futures": futures}
    shares, values = shares[:points], values[:points]
    means = values.mean(axis=1)
    if is_constant(means):
        whole = {"factor": "", "title_en": "", "title_zh": "", "kind": CONSTANT, "group": ""}
        yield {**same, **whole, "index": CONSTANT, "value": means[0], "unit": unit, **sizes}
        return
    problem, shares = _part(question, shares, only)
    found = question.method.analyse(problem, shares, means, question.seed)
    for index in [*_in_order(found, question.method.main), *_luck(question, values)]:
        if only is not None and index.factor not in only:
            continue
        yield {
            **same,
            **_who(question, index.factor),
            "index": index.name,
            "value": index.value,
            "low": index.low,
            "high": index.high,
            "unit": unit if index.in_target_unit else "fraction",
            **sizes,
        }


def is_constant(values: FloatArray) -> bool:
    """Whether outputs differ by no more than rounding."""
    return bool(np.ptp(values) <= _SAME * max(float(np.abs(values).max()), np.finfo(float).tiny))


def _part(question: Question, shares: FloatArray, only: Sequence[str] | None) -> tuple[Problem, FloatArray]:
    """Leave out factors where the method looks at each alone, so that nothing is computed in vain."""
    problem = question.problem
    if only is None or question.method.block(1) != question.method.block(2):
        return problem, shares
    columns = [place for place, name in enumerate(problem.names) if name in only]
    names = tuple(problem.names[place] for place in columns)
    return Problem(names, tuple(problem.bounds[place] for place in columns)), shares[:, columns]


def _in_order(found: Sequence[Index], main: str) -> list[Index]:
    """Put the foremost factor first; what belongs to luck comes last."""
    weight = {index.factor: -index.value for index in found if index.name == main}
    return sorted(found, key=lambda index: (index.factor == LUCK, weight[index.factor], index.factor))


def _luck(question: Question, values: FloatArray) -> Iterator[Index]:
    """Give the share of luck, and for Morris the effect that luck alone would show."""
    luck = luck_share(values, question.seed)
    yield Index(LUCK, LUCK_SHARE, luck.share, luck.low, luck.high)
    if question.method.name == "morris":
        # Mean size of a difference of two means that differ by nothing but luck, over the step.
        alone = 2.0 / math.sqrt(math.pi) * math.sqrt(luck.of_luck / luck.futures) / STEP
        yield Index(LUCK, "mu_star", alone, math.nan, math.nan, in_target_unit=True)


def _who(question: Question, name: str) -> dict[str, str]:
    if name == LUCK:
        return {"factor": LUCK, "title_en": "luck", "title_zh": "偶然性", "kind": LUCK, "group": LUCK}
    for factor in question.factors:
        if factor.name == name and question.group_by == "none":
            return {
                "factor": name,
                "title_en": factor.title_en,
                "title_zh": factor.title_zh,
                "kind": factor.kind,
                "group": factor.group("task"),
            }
    titles = {
        f"title_{language}": word_or(f"tasks.{name}", language, word_or(f"mechanisms.{name}", language, name))
        for language in SIDE_BY_SIDE
    }
    return {"factor": name, **titles, "kind": "group", "group": name}
