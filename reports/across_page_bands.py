"""The part of the page across provinces that tells what goes back into the bands of one province."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from ..experiments.across_bands import HORIZONS
from ..experiments.discrepancy import Discrepancy
from ..scenarios.pack_names import in_both_languages
from .across_words import FEW

__all__ = ["section_of_bands"]

_ALIKE: Final = 0.001
"""Discrepancies are kept to four digits: what differs by less, relatively, is the same."""


def section_of_bands(
    province: str, shape: pd.DataFrame, bands: pd.DataFrame, present: Discrepancy | None, provinces: int
) -> Iterator[str]:
    """Write what the pooled discrepancy is, and what it makes of a province's bands.

    Parameters
    ----------
    province : str
    shape : DataFrame
        Table `across_results.SHAPE`.
    bands : DataFrame
        `across_bands.bands_beside` of the province.
    present : Discrepancy or None
        What forecasts of the province read now.
    provinces : int
        From how many the shape was learnt.

    Yields
    ------
    str
        Lines of Markdown.
    """
    first, name = shape.iloc[0], in_both_languages(province)
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
    if present is None:
        yield f"Forecasts of {name} have no discrepancy now: their bands are those of the model alone."
    else:
        yield (
            f"Beside it what forecasts of {name} read now: {present.source}, {present.points} points, growth "
            f"power {present.growth_power:.2f}, {present.degrees_of_freedom:.1f} degrees of freedom."
        )
    yield ""
    heads = ["series", "factor of volatility", "scale now", "scale of all", "carry now", "carry of all"]
    heads += [f"sd {years} a. now, of all" for years in HORIZONS]
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    factors = shape.set_index("indicator")["factor_of_volatility"]
    for row in bands.to_dict("records"):
        cells = [f"`{row['indicator']}`", f"{factors[row['indicator']]:.2f}"]
        cells += [
            _cell(row[f"{what}_{when}"]) for what in ("scale", "carry") for when in ("present", "pooled")
        ]
        cells += [
            f"{_cell(row[f'sd_{years}_present'])}, {_cell(row[f'sd_{years}_pooled'])}" for years in HORIZONS
        ]
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield (
        "*sd* so many years (a.) ahead: standard deviation of the noise on the logarithm, with the error of "
        "the statistics; the model's own spread comes on top."
    )
    if present is not None:
        yield ""
        yield _change(bands, name)


def _few(provinces: int) -> str:
    if provinces >= FEW:
        return ""
    return f" {provinces} provinces are few: much of this is still the prior of the discrepancy."


def _cell(value: float) -> str:
    return "none" if math.isnan(value) else f"{value:.3f}"


def _change(bands: pd.DataFrame, name: str) -> str:
    """Say whether the noise becomes wider or narrower at the last horizon."""
    years = HORIZONS[-1]
    both = bands.dropna(subset=["scale_present"]).set_index("indicator")
    now, then = (
        both[[f"{what}_{when}" for what in _COMPARED]].to_numpy(np.float64) for when in ("present", "pooled")
    )
    if np.allclose(now, then, rtol=_ALIKE, atol=0.0):
        return (
            f"Both are the same: the discrepancy of all provinces is the one that forecasts of {name} read."
        )
    factor = both[f"sd_{years}_pooled"] / both[f"sd_{years}_present"]
    said = [
        f"{'wider' if times > 1.0 else 'narrower'} in `{series}` ({times:.2f} times)"
        for series, times in factor.items()
    ]
    return (
        f"With the discrepancy of all provinces the noise {years} years ahead becomes {', '.join(said)}; "
        "`make adopt-across` takes it over."
    )


_COMPARED: Final = ("scale", "carry", *(f"sd_{years}" for years in HORIZONS))
