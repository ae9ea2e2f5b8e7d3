"""The design of a sensitivity analysis: a table of points, and the scenario that each point stands for."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...engine.errors import InputError
from ..keeping.atomic_files import write_atomically
from ..planning.factors import Factor, lever_setting

FloatArray = npt.NDArray[np.float64]

DESIGN: Final = "design.parquet"
"""One row a point: its number, then u of each factor, in the order of the factors."""

_POINT: Final = "point"
_POINT_NAME: Final = re.compile(r"point-(\d{6,})")


def point_name(point: int) -> str:
    """Name a point as scenarios are named.

    Examples
    --------
    >>> point_name(123)
    'point-000123'
    """
    return f"point-{point:06d}"


def point_number(name: str) -> int | None:
    """Give the number of a point by its name, or None if it is no point's name."""
    match = _POINT_NAME.fullmatch(name)
    return int(match[1]) if match and point_name(int(match[1])) == name else None


@dataclass(frozen=True)
class Design:
    """Points times factors, each an u between 0 and 1; row i of ``shares`` is point i."""

    names: tuple[str, ...]
    shares: FloatArray

    def __post_init__(self) -> None:
        """Refuse a table that does not fit its names, or holds anything but shares."""
        if self.shares.ndim != 2 or self.shares.shape[1] != len(self.names):
            raise InputError(f"the design is {self.shares.shape} for {len(self.names)} factors", key="design")
        wrong = np.argwhere(~((self.shares >= 0.0) & (self.shares <= 1.0)))
        if len(wrong):
            point, factor = (int(index) for index in wrong[0])
            raise InputError(
                f"{self.names[factor]} is {self.shares[point, factor]} at point {point}",
                key="design",
                allowed="numbers from 0 to 1",
            )

    @property
    def points(self) -> int:
        """Number of points."""
        return len(self.shares)

    @property
    def checksum(self) -> str:
        """SHA-256 of names and numbers, which any reordered, cut or changed row changes."""
        digest = hashlib.sha256("\0".join(self.names).encode())
        digest.update(np.ascontiguousarray(self.shares, dtype="<f8").tobytes())
        return digest.hexdigest()

    def write(self, folder: Path) -> Path:
        """Write `DESIGN` into a folder; the same design gives the same file."""
        frame = pd.DataFrame(self.shares, columns=list(self.names))
        frame.insert(0, _POINT, np.arange(self.points))
        file = folder / DESIGN
        write_atomically(file, partial(frame.to_parquet, index=False))
        return file


def read_design(folder: Path) -> Design:
    """Read the design of an experiment's folder; rows are put in the order of their numbers, each once."""
    file = folder / DESIGN
    try:
        frame = pd.read_parquet(file)
        numbers = frame[_POINT].to_numpy()
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"no design can be read ({type(error).__name__})", file=file, allowed="a finished design"
        ) from error
    frame = frame.iloc[np.argsort(numbers, kind="stable")]
    if not np.array_equal(frame[_POINT].to_numpy(), np.arange(len(frame))):
        raise InputError(
            "points are missing or stand there twice", file=file, allowed=f"points 0 to {len(frame) - 1} once"
        )
    shares = frame.drop(columns=_POINT)
    return Design(tuple(shares.columns), shares.to_numpy(dtype=np.float64))


class DesignScenarios(Mapping[str, Any]):
    """The scenarios of a design by the names of its points, each built when it is asked for.

    Thousands of points are never in memory together, and what is sent to a worker is one scenario and a table
    of numbers. ``base`` is what all points share, and its choice for a lever is the lever's whole step;
    ``factors`` are in the order of the design's columns.
    """

    def __init__(self, base: Any, factors: Sequence[Factor], design: Design) -> None:
        if tuple(factor.name for factor in factors) != design.names:
            raise InputError("the factors are not those of the design's columns", key="design")
        self._base = base
        self._kinds = tuple(factor.kind for factor in factors)
        self._design = design

    def __getitem__(self, name: str) -> Any:
        """Build the scenario of a point; its name is the point's."""
        point = point_number(name)
        if point is None or point >= self._design.points:
            raise KeyError(name)
        row = self._design.shares[point]
        shares = dict(zip(self._design.names, map(float, row), strict=True))
        levers = {name for name, kind in zip(self._design.names, self._kinds, strict=True) if kind == "lever"}
        changes: dict[str, Any] = {"name": name}
        if levers:
            changes |= self._levers({name: shares[name] for name in levers})
        if len(levers) < len(shares):
            changes["parameters"] = self._parameters(
                {name: share for name, share in shares.items() if name not in levers}
            )
        return self._base.set(**changes)

    def __iter__(self) -> Iterator[str]:
        """Names of the points in their order."""
        return map(point_name, range(self._design.points))

    def __len__(self) -> int:
        """Number of points."""
        return self._design.points

    def _levers(self, shares: Mapping[str, float]) -> dict[str, dict[str, Any]]:
        from ...scenarios import lever_catalogue

        catalogue = lever_catalogue()
        settings = {
            name: lever_setting(catalogue[name], self._base, share) for name, share in sorted(shares.items())
        }
        scaled = {name: part for name, (_, part) in settings.items() if part is not None}
        levers = {name: choice for name, (choice, _) in settings.items()}
        return {"levers": levers, "scaled": scaled} if scaled else {"levers": levers}

    def _parameters(self, shares: Mapping[str, float]) -> dict[str, float]:
        from ...scenarios.provinces.parameter_draws import quantile

        table = self._base.parameter_table()
        return {name: quantile(table[name], _inside(share)) for name, share in shares.items()}


def _inside(share: float) -> float:
    """Keep a probability off 0 and 1, where a normal tail has no quantile."""
    return min(max(share, 1e-12), 1.0 - 1e-12)
