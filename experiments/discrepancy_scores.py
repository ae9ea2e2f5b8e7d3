"""Whether the discrepancy earns its place: forecasts judged with their own origin left out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from .backtest_points import points_of
from .discrepancy import SERIES
from .discrepancy_estimate import DEGREES_OF_FREEDOM, OBSERVATION_ERROR, fitted_shape, scores_of

__all__ = ["log_scores"]


def log_scores(points: pd.DataFrame, **options: Any) -> pd.DataFrame:
    """Tell whether the discrepancy earns its place: log scores of points whose origin was left out.

    Parameters
    ----------
    points : DataFrame
        Columns of `backtest_points.POINT_COLUMNS`.
    **options
        As for `fitted_shape`.

    Returns
    -------
    DataFrame
        ``variant``, ``series`` (or ``all``), ``points``, ``seen`` and ``left_out``: mean log density of what
        came, with the point's own origin in and out of the estimate; higher is better. Variants:
        ``estimated``; ``carry 0`` and ``carry 1``, with the rest estimated; ``observation error only``,
        without discrepancy and carry. Origins share target years, so that what is left out is not all new.
    """
    taken = points_of(points)
    error = options.get("observation_error", OBSERVATION_ERROR)
    freedom = options.get("degrees_of_freedom", DEGREES_OF_FREEDOM)
    variants: dict[str, dict[str, Any]] = {
        "estimated": {},
        "carry 0": {"carry": 0.0},
        "carry 1": {"carry": 1.0},
        "observation error only": {"carry": 0.0, "scale": 0.0},
    }
    rows = []
    for variant, held in variants.items():
        whole = fitted_shape(taken, **options, **held)
        seen = scores_of(taken, whole, error, freedom)
        left_out = np.full(len(taken), math.nan)
        for origin in sorted({point.origin for point in taken}):
            others = [point for point in taken if point.origin != origin]
            mine = [place for place, point in enumerate(taken) if point.origin == origin]
            if {taken[place].series for place in mine} <= {point.series for point in others}:
                shape = fitted_shape(others, **options, **held)
                left_out[mine] = scores_of([taken[place] for place in mine], shape, error, freedom)
        for name in ("all", *(one for one in SERIES if any(point.series == one for point in taken))):
            rows_of = [place for place, point in enumerate(taken) if name in ("all", point.series)]
            rows.append((variant, name, len(rows_of), seen[rows_of].mean(), left_out[rows_of].mean()))
    return pd.DataFrame(rows, columns=["variant", "series", "points", "seen", "left_out"])
