"""A rival's forecasts read from a quantile file of the hubverse, and put into the project's words.

| column of the file | here |
|---|---|
| ``origin_date`` (or ``reference_date``, ``forecast_date``) | last day whose figures were known |
| ``target`` | indicator |
| ``location`` | province |
| ``horizon``, or ``target_end_date`` (``target_date``) | target year: the origin's and so many more |
| ``unit`` | unit of the indicator |
| ``output_type``, ``output_type_id``, ``value`` | ``quantile``, its probability, the figure |

The standard keeps units in a hub's settings and leaves task columns open; here the unit is a column of its
own, since yuan and ten thousand yuan are mixed up easily and differ by more than any forecast. Other kinds of
output (mean, sample, ...) are passed over and counted. A row of a Parquet file is named as the CSV's line
would be.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ...engine.errors import InputError, nearest
from ..planning.checks import files_of
from .check_quantiles import Point, check_quantiles
from .check_rows import ENDS, ORIGINS, OTHER_TYPES, QUANTILE, Heading, check_row
from .file_names import KINDS, parse_name

__all__ = ["RivalFile", "RivalForecast", "read_rival", "rival_files_of"]

REQUIRED: Final = ("target", "location", "unit", "output_type", "output_type_id", "value")
YEARS: Final = ("horizon", *ENDS)
IDENTITY: Final = "model_id"

Floats = npt.NDArray[np.float64]


class RivalForecast(NamedTuple):
    """One forecast of one figure: quantiles in the indicator's unit, above zero, by rising probability."""

    province: str
    indicator: str
    year: int
    levels: Floats
    values: Floats


@dataclass(frozen=True)
class RivalFile:
    """What a quantile file holds.

    Attributes
    ----------
    file : Path
    checksum : str
        SHA-256 of its bytes.
    forecaster : str
        ``<team>-<model>``.
    origin : int
        Last year whose figures were known.
    forecasts : tuple of RivalForecast
    passed_over : int
        Rows of other kinds of output.
    """

    file: Path
    checksum: str
    forecaster: str
    origin: int
    forecasts: tuple[RivalForecast, ...]
    passed_over: int


def rival_files_of(path: Path) -> list[Path]:
    """Give a file, or the quantile files in a folder and below it, as ``model-output`` holds them."""
    return files_of(path, KINDS, "quantile file", below=True)


def read_rival(file: str | Path, units: Mapping[str, str], places: Sequence[str]) -> RivalFile:
    """Read a quantile file of the hubverse.

    Parameters
    ----------
    file : path-like
        ``<origin>-<team>-<model>.csv`` or ``.parquet``.
    units : mapping of str to str
        Unit of every indicator that may be named.
    places : sequence of str
        Provinces that may be named.

    Raises
    ------
    InputError
        With file, row, column, value, what is allowed and what is nearest: a name that does not parse; a
        missing, unknown or repeated column; an unknown province, indicator, unit, kind of output, origin or
        year; a probability outside 0 to 1; a figure that is not above zero; quantiles that are missing, stand
        twice or cross.
    """
    from ...scenarios.reading.refusals import raise_all

    file = Path(file)
    name = parse_name(file)
    head, rows, contents = _table(file)
    _check_head(head, file)
    heading = Heading(file, name, units, places)
    errors: list[InputError] = []
    points: dict[tuple[str, str, int], list[Point]] = {}
    passed_over = 0
    for line, cells in rows:
        if len(cells) != len(head):
            errors.append(
                InputError(
                    f"the row has {len(cells)} cells",
                    file=file,
                    line=line,
                    allowed=f"{len(head)}, one a column",
                )
            )
            continue
        row = dict(zip(head, cells, strict=True))
        if row["output_type"] in OTHER_TYPES:
            passed_over += 1
            continue
        wrong, key, point = check_row(heading, row, line)
        errors += wrong
        if not wrong:
            points.setdefault(key, []).append(point)
    raise_all(errors)  # before quantiles are held together: those of a wrong row would be missed as well
    raise_all([error for key, mine in points.items() for error in check_quantiles(file, key, mine)])
    if not points:
        raise InputError(
            f"the file holds no row of {QUANTILE}s",
            key="output_type",
            file=file,
            allowed=f"rows whose output_type is {QUANTILE}",
        )
    return RivalFile(
        file,
        hashlib.sha256(contents).hexdigest(),
        name.forecaster,
        name.origin,
        tuple(_forecast(key, mine) for key, mine in points.items()),
        passed_over,
    )


def _forecast(key: tuple[str, str, int], points: Sequence[Point]) -> RivalForecast:
    ordered = sorted(points)
    return RivalForecast(
        *key, np.array([one.level for one in ordered]), np.array([one.value for one in ordered])
    )


def _table(file: Path) -> tuple[list[str], list[tuple[int, list[str]]], bytes]:
    """Give heading, numbered rows of text, and the bytes."""
    from ...scenarios.reading.yaml_with_places import read_text

    if file.suffix == KINDS[0]:
        reader = csv.reader(io.StringIO(read_text(file), newline=""), strict=True)
        try:
            head = next(reader, [])
            rows = [(reader.line_num, cells) for cells in reader if cells]
        except csv.Error as error:
            raise InputError(
                f"this is not readable as CSV ({error})", file=file, line=reader.line_num
            ) from error
        return head, rows, file.read_bytes()
    return _parquet(file)


def _parquet(file: Path) -> tuple[list[str], list[tuple[int, list[str]]], bytes]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        contents = file.read_bytes()
        table = pq.read_table(pa.BufferReader(contents))
    except (OSError, pa.ArrowException) as error:
        raise InputError(
            f"this is not readable as Parquet ({str(error).splitlines()[0]})",
            file=file,
            allowed="a Parquet file that is there",
        ) from error
    columns = [[_text(value) for value in column.to_pylist()] for column in table.columns]
    rows = [(line, list(cells)) for line, cells in enumerate(zip(*columns, strict=True), start=2)]
    return list(table.column_names), rows, contents


def _text(value: object) -> str:
    """Write a cell as a CSV would: a day without its hour, nothing for what is missing."""
    if value is None:
        return ""
    return str(value).removesuffix(" 00:00:00")


def _check_head(head: Sequence[str], file: Path) -> None:
    from ...scenarios.reading.refusals import raise_all

    known = [*ORIGINS, *YEARS, *REQUIRED, IDENTITY]

    def error(problem: str, key: str, near: str | None = None) -> InputError:
        return InputError(problem, key=key, file=file, line=1, allowed=", ".join(known), suggestion=near)

    errors = [error(f"the column {name!r} is repeated", name) for name in set(head) if head.count(name) > 1]
    errors += [
        error(f"unknown column {name!r}", name or "heading", nearest(name, known))
        for name in head
        if name not in known
    ]
    errors += [error("the column is missing", name) for name in REQUIRED if name not in head]
    for names, several in ((ORIGINS, False), (YEARS, True)):
        there = [name for name in names if name in head]
        if not there or (len(there) > 1 and not several):
            problem = "the column is missing" if not there else f"{' and '.join(there)} say the same"
            errors.append(error(problem, " or ".join(names)))
    raise_all(errors)
