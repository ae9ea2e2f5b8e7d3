"""Small quantile files whose distribution is known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.stats import norm

HEAD = "origin_date,target,horizon,location,unit,output_type,output_type_id,value"
VALUE = "contract_value_output"
SEVEN = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)


def lognormal(
    mean: float,
    spread: float,
    *,
    levels: Sequence[float] = SEVEN,
    target: str = VALUE,
    horizon: int = 1,
    location: str = "shaanxi",
    unit: str = "yuan",
) -> list[str]:
    """Rows of the quantiles of exp(mean + spread N(0, 1))."""
    values = np.exp(mean + spread * norm.ppf(levels))
    return [
        f"2017-12-31,{target},{horizon},{location},{unit},quantile,{level:.6g},{float(value)!r}"
        for level, value in zip(levels, values, strict=True)
    ]


def write(
    folder: Path, rows: Sequence[str], name: str = "2017-12-31-a_team-a_model.csv", head: str = HEAD
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return file
