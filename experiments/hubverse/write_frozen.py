"""A frozen forecast as quantile files of the hubverse, so that others can score it with their own tools.

One file a forecaster, the model's of the judged scenario and the rivals that were frozen beside it, in a
folder of its name as the hubverse lays ``model-output`` out. The frozen files are read and not touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from ...engine.errors import InputError
from ..freezing.read_frozen import Frozen
from ..freezing.tables_of_frozen import DIGITS
from ..keeping.store import Store
from .file_names import name_of_file, origin_day

__all__ = ["HUB_COLUMNS", "LEVELS", "quantile_rows", "write_hub_files"]

TEAM: Final = "shaanxi_transfer"

HUB_COLUMNS: Final = (
    *("origin_date", "target", "horizon", "location", "unit"),
    *("output_type", "output_type_id", "value"),
)
"""Columns of a quantile file that is written."""

LEVELS: Final = (0.01, 0.025, *(step / 20 for step in range(1, 20)), 0.975, 0.99)
"""The 23 probabilities that hubs of the hubverse usually ask for."""


def quantile_rows(one: Frozen) -> pd.DataFrame:
    """Give the quantiles of a frozen forecast in `HUB_COLUMNS`, behind ``forecaster``.

    They are taken as the scores take them: Weibull's, interpolated in logs. A figure some of whose draws are
    zero has no logarithm, is not scored here, and is left out.
    """
    rows: list[dict[str, Any]] = []
    groups: Any = one.judged_draws.groupby(["forecaster", "indicator", "year"], sort=False, observed=True)[
        "value"
    ]
    for (forecaster, indicator, year), mine in groups:
        draws = mine.to_numpy(np.float64)
        if not (draws > 0.0).all():
            continue
        values = np.exp(np.quantile(np.log(draws), LEVELS, method="weibull"))
        head = {
            "forecaster": f"{TEAM}-{forecaster}",
            "origin_date": origin_day(one.origin),
            "target": str(indicator),
            "horizon": int(year) - one.origin,
            "location": one.province,
            "unit": one.manifest["indicators"][str(indicator)],
            "output_type": "quantile",
        }
        for level, value in zip(LEVELS, values, strict=True):
            rows.append({**head, "output_type_id": level, "value": float(f"{value:.{DIGITS}g}")})
    return pd.DataFrame(rows, columns=["forecaster", *HUB_COLUMNS])


def write_hub_files(frozen: Sequence[Frozen], folder: Path) -> list[Path]:
    """Write frozen forecasts, one province each, as quantile files; those that are there are replaced.

    Parameters
    ----------
    frozen : sequence of Frozen
        With the same last known year.
    folder : Path
        The hub's ``model-output``; made if it is not there.

    Returns
    -------
    list of Path
        ``<team>-<model>/<origin>-<team>-<model>.csv``, one a forecaster.

    Raises
    ------
    InputError
        If the forecasts knew figures up to different years: a file has one origin.
    """
    origins = sorted({one.origin for one in frozen})
    if len(origins) != 1:
        raise InputError(
            f"the frozen forecasts knew figures up to {', '.join(map(str, origins))}",
            key="FILE",
            allowed="forecasts with one last known year",
        )
    table = pd.concat([quantile_rows(one) for one in frozen], ignore_index=True)
    files = []
    for forecaster, mine in table.groupby("forecaster", sort=False):
        place = folder / str(forecaster)
        place.mkdir(parents=True, exist_ok=True)
        name = name_of_file(origins[0], str(forecaster))
        Store(place).write_csv(name, mine[list(HUB_COLUMNS)])
        files.append(place / name)
    return files
