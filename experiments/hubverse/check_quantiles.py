"""The quantiles of one forecast together: none missing, none twice, none crossing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from ...engine.errors import InputError
from ..backtesting.quantile_scores import NEEDED

__all__ = ["Point", "check_quantiles"]


class Point(NamedTuple):
    """One quantile: its probability, its figure, and the row of the file."""

    level: float
    value: float
    line: int


def check_quantiles(
    file: Path, figure: tuple[str, str, int], points: Sequence[Point]
) -> Iterator[InputError]:
    """Tell what is wrong with the quantiles of a forecast of a province's figure in a year."""
    about = " ".join(map(str, figure))
    ordered = sorted(points)
    there = {one.level for one in ordered}
    needed = ", ".join(f"{level:g}" for level in NEEDED)
    if missing := [level for level in NEEDED if level not in there]:
        yield InputError(
            f"quantiles are missing: {', '.join(f'{level:g}' for level in missing)} ({about})",
            key="output_type_id",
            file=file,
            line=min(one.line for one in points),
            allowed=f"at least {needed} for each forecast",
        )
    for lower, upper in pairwise(ordered):
        if lower.level == upper.level:
            first, second = sorted((lower.line, upper.line))
            yield InputError(
                f"the quantile {lower.level:g} stands there twice, first in row {first} ({about})",
                key="output_type_id",
                file=file,
                line=second,
                allowed="each probability once for each forecast",
            )
        elif upper.value < lower.value:
            yield InputError(
                f"{upper.value:g} at {upper.level:g} lies below {lower.value:g} at {lower.level:g} in row "
                f"{lower.line}: the quantiles cross ({about})",
                key="value",
                file=file,
                line=upper.line,
                allowed=f"{lower.value:g} or more",
            )
