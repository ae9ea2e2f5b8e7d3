"""The part of the page across provinces that tells what goes back into the bands of one province."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from ...experiments.forecasting.discrepancy import Discrepancy
from ...scenarios.provinces.names import in_both_languages
from .bands import HORIZONS, Three, bands_beside
from .words_of_page import FEW

__all__ = ["section_of_bands"]

_ALIKE: Final = 0.001
"""Discrepancies are kept to four digits: what differs by less, relatively, is the same."""


def section_of_bands(
    province: str,
    shape: pd.DataFrame,
    discrepancies: Three,
    provinces: int,
) -> Iterator[str]:
    """Write what the pooled discrepancy is, and what it makes of a province's bands.

    Parameters
    ----------
    province : str
    shape : DataFrame
        Table `results.SHAPE`.
    discrepancies : Three
    provinces : int
        From how many the shape was learnt.

    Yields
    ------
    str
        Lines of Markdown.
    """
    first, name = shape.iloc[0], in_both_languages(province)
    pooled, present, alone = discrepancies
    yield f"## What goes back into the bands of {name}"
    yield ""
    yield (
        f"Learnt from {int(first['points'])} points of {provinces} provinces: the scale of the discrepancy "
        "after one year is a factor times the spread of the province's own growth, drawn towards the typical "
        f"one, which counts as {first['weight_of_typical']:.2f} growths; it grows with the horizon to the "
        f"power {first['growth_power']:.2f}; Student's t with {first['degrees_of_freedom']:.1f} degrees of "
        f"freedom.{_few(provinces)}"
    )
    yield ""
    yield _read_now(name, pooled, present)
    yield ""
    if alone is not None:
        yield (
            f"*Alone*: {alone.source}, {alone.points} points, growth power {alone.growth_power:.2f}, "
            f"{alone.degrees_of_freedom:.1f} degrees of freedom (given, not estimated)."
        )
        yield ""
    bands = bands_beside(alone, pooled)
    heads = ["series", "factor of volatility", "scale alone", "scale of all", "carry alone", "carry of all"]
    heads += [f"sd {years} a. alone, of all" for years in HORIZONS]
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    factors = shape.set_index("indicator")["factor_of_volatility"]
    for row in bands.to_dict("records"):
        cells = [f"`{row['indicator']}`", f"{factors[row['indicator']]:.2f}"]
        cells += [_cell(row[f"{what}_{when}"]) for what in ("scale", "carry") for when in ("alone", "pooled")]
        cells += [
            f"{_cell(row[f'sd_{years}_alone'])}, {_cell(row[f'sd_{years}_pooled'])}" for years in HORIZONS
        ]
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield (
        "*sd* so many years (a.) ahead: standard deviation of the noise on the logarithm, with the error of "
        "the statistics; the model's own spread comes on top."
    )
    if alone is not None:
        yield ""
        yield _change(bands)


def _few(provinces: int) -> str:
    if provinces >= FEW:
        return ""
    return f" {provinces} provinces are few: much of this is still the prior of the discrepancy."


def _cell(value: float) -> str:
    return "none" if math.isnan(value) else f"{value:.3f}"


def _read_now(name: str, pooled: Discrepancy, present: Discrepancy | None) -> str:
    """Say whether forecasts of the province read the discrepancy of all provinces."""
    if present is None:
        return f"Forecasts of {name} have no discrepancy now: their bands are those of the model alone."
    both = bands_beside(present, pooled)
    now, then = (
        both[[f"{what}_{when}" for what in _COMPARED]].to_numpy(np.float64) for when in ("alone", "pooled")
    )
    if np.allclose(now, then, rtol=_ALIKE, atol=0.0):
        return f"Forecasts of {name} read this one."
    return (
        f"Forecasts of {name} still read another: {present.source}, {present.points} points; "
        "`make adopt-across` takes this one over."
    )


def _change(bands: pd.DataFrame) -> str:
    """Say whether the noise becomes wider or narrower at the last horizon."""
    years = HORIZONS[-1]
    both = bands.dropna(subset=["scale_alone"]).set_index("indicator")
    factor = both[f"sd_{years}_pooled"] / both[f"sd_{years}_alone"]
    said = [
        f"{'wider' if times > 1.0 else 'narrower'} in `{series}` ({times:.2f} times)"
        for series, times in factor.items()
    ]
    return (
        f"With the discrepancy of all provinces the noise {years} years ahead is {', '.join(said)} than with "
        "what the province shows alone."
    )


_COMPARED: Final = ("scale", "carry", *(f"sd_{years}" for years in HORIZONS))
