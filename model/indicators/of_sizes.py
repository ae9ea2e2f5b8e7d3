"""Indicators of enterprises by their size: taken down on request, beside an ordinary record.

Sizes are those of the Chinese statistics for industry (notice of four ministries on the classes of small and
middle enterprises, document 300 of 2011), by yearly revenue alone, since the model has no employees: large
from 400 million yuan, middle from 20, small from 3, micro below. A firm is of the size that it has at the end
of the step; one that grows passes from one class to the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from .definition import Kind
from .from_outside import OwnIndicator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..province import Province

__all__ = ["SIZED", "SIZES", "size_indicators"]

SIZES: Final = {"micro": 0.0, "small": 3e6, "middle": 2e7, "large": 4e8}
"""By class the yearly revenue in yuan from which a firm is of it."""

SIZED: Final[Mapping[str, tuple[str, str, Kind]]] = {
    "technology_enterprises": ("members", "count", "stock"),
    "high_tech_enterprises": ("certified", "count", "stock"),
    "contract_value_signed_enterprise": ("sold", "yuan", "flow"),
}
"""By indicator of the record the column of enterprises that it is a sum of, its unit and kind."""

_TITLES: Final = {"micro": "微型", "small": "小型", "middle": "中型", "large": "大型"}


def size_indicators() -> dict[str, OwnIndicator]:
    """Give an indicator for each of `SIZED` and each class, named after both.

    Examples
    --------
    >>> list(size_indicators())[0], len(size_indicators())
    ('technology_enterprises_micro', 12)
    """
    found = {}
    for whole, (column, unit, kind) in SIZED.items():
        for place, size in enumerate(SIZES):
            titles = (f"{whole}: {size}", f"{whole}：{_TITLES[size]}")
            found[f"{whole}_{size}"] = OwnIndicator(_of_size(column, place), unit, kind, *titles)
    return found


def _of_size(column: str, place: int) -> Callable[[Province], float]:
    """Sum a column of the enterprises of a size, those that closed in the step included."""

    def enterprises_of_a_size(province: Province) -> float:
        return float(province.enterprises.rows[column][classes(province) == place].sum())

    return enterprises_of_a_size


def classes(province: Province) -> npt.NDArray[np.int64]:
    """Give the class of each row of enterprises: all members of a row are alike.

    Revenue of one firm is that of `enterprise.measure`, at the size of today.
    """
    rows = province.enterprises.rows
    mean = province.values["firm_mean_revenue"] * province.now.output_index
    revenue = mean * np.exp(rows["ln_size"] + rows["growth"])
    found: npt.NDArray[np.int64] = np.searchsorted(list(SIZES.values())[1:], revenue, side="right")
    return found
