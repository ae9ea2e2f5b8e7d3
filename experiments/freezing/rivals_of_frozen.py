"""The rivals' forecasts that are frozen beside the model's: from the same figures, up to the same year."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...engine.errors import InputError
from ..backtesting.rivals import RIVALS, SHARE_LAYER, rival_sample
from ..backtesting.series_to_origin import past_of
from ..forecasting.discrepancy import SERIES

if TYPE_CHECKING:
    from ...scenarios import Pack
    from ..backtesting.all_provinces import AllProvinces

FloatArray = npt.NDArray[np.float64]

DRAWS: Final = 1_000
"""Draws of each rival: its 95 % band then has some 25 draws beyond each end."""

_BITS: Final = 24
"""Bits of a rival's draw that are kept: a relative error of 3e-8, and a file of half the size."""


def check_rivals_installed() -> None:
    """Refuse to freeze where the library of some rivals is missing, before any run is made."""
    if find_spec("statsmodels") is None:
        raise InputError(
            "statsmodels is not installed, without which the rivals cannot be frozen beside the model",
            key="freeze",
            allowed="with the extra: pip install 'shaanxi-transfer[calibrate]'",
        )


def rival_draws(
    pack: Pack,
    *,
    origin: int,
    last_year: int,
    seed: int,
    draws: int = DRAWS,
    everyone: AllProvinces | None = None,
) -> tuple[pd.DataFrame, list[str]]:
    """Draw every rival's forecast of every series of `discrepancy.SERIES`, in its unit.

    The pack holds the series of province and nation; nothing after the origin is looked at. Each rival,
    province and series has its own luck of the forecast's seed. With ``everyone``, of which the province is
    one, the share layer is among them; draw i of it has the nation's future i in all provinces. There is one
    line for each forecast that could not be made, with the reason: a past too short, say.
    """
    tables, left_out = [], []
    asked = {"horizon": last_year - origin, "draws": draws, "seed": seed}

    def sample_of(name: str, indicator: str) -> FloatArray:
        if name == SHARE_LAYER and everyone is not None:
            return everyone.layer_at(origin).sample(pack.name, indicator, **asked)
        past = past_of(pack.series_of(indicator, "province"), origin, pack.series_of(indicator, "china"))
        return rival_sample(name, past, about=f"{pack.name} {indicator}", **asked)

    for indicator in SERIES:
        for name in (*RIVALS, *(() if everyone is None else (SHARE_LAYER,))):
            try:
                sample = sample_of(name, indicator)
            except InputError as error:
                left_out.append(f"{name}, {indicator}: {error.problem}")
                continue
            tables.append(_long_form(name, indicator, range(origin + 1, last_year + 1), sample))
    columns = ["forecaster", "indicator", "year", "draw", "value"]
    return (pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)), left_out


def _long_form(name: str, indicator: str, years: Sequence[int], sample: FloatArray) -> pd.DataFrame:
    draws = len(sample)
    return pd.DataFrame(
        {
            "forecaster": name,
            "indicator": indicator,
            "year": np.repeat(np.array(years, np.int64), draws),
            "draw": np.tile(np.arange(draws), len(years)),
            "value": shortened(sample).T.ravel(),
        }
    )


def shortened(values: FloatArray) -> FloatArray:
    """Round to the nearest number of 24 binary digits, whatever its size.

    Examples
    --------
    >>> float(shortened(np.array([0.1]))[0])
    0.10000000149011612
    """
    mantissa, exponent = np.frexp(values)
    rounded: FloatArray = np.ldexp(np.round(np.ldexp(mantissa, _BITS)), exponent - _BITS)
    return rounded
