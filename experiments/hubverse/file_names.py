"""The name of a quantile file: from which year, by whom, with which model.

The hubverse names a file ``<origin>-<team>-<model>.csv`` (or parquet), team and model of letters, digits and
underscores. The origin is here the last day whose figures were known, the end of a year: so a horizon of one
is the year after, and nobody has to guess what a forecast of the spring knew.

References
----------
Hubverse documentation, user guide, "Model output": directory structure and expected patterns.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, NamedTuple

from ...engine.errors import InputError

__all__ = ["KINDS", "HubName", "name_of_file", "origin_day", "parse_name"]

KINDS: Final = (".csv", ".parquet")
"""How the name of a quantile file ends."""

_WORD: Final = "[A-Za-z0-9_]+"
_PACKED: Final = "snappy|gzip|gz|brotli|zstd|lz4|lzo|bz2"
_NAME: Final = re.compile(
    rf"(?P<year>\d{{4}})-12-31-(?P<team>{_WORD})-(?P<model>{_WORD})(?:\.csv|(?:\.(?:{_PACKED}))?\.parquet)"
)
_MENDABLE: Final = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{2})-\d{2})?-(?P<team>.+)-(?P<model>[^-]+?)(?P<kind>\.csv|\.parquet)"
)
_ALLOWED: Final = (
    "<origin>-<team>-<model>.csv or .parquet, the origin the last day whose figures were known, "
    "team and model of letters, digits and _: 2017-12-31-some_team-their_model.csv"
)


class HubName(NamedTuple):
    """What the name of a quantile file says.

    Attributes
    ----------
    origin : int
        Last year whose figures were known.
    forecaster : str
        ``<team>-<model>``, the hubverse's ``model_id``.
    """

    origin: int
    forecaster: str


def origin_day(origin: int) -> str:
    """Write the end of a year as the hubverse writes days.

    Examples
    --------
    >>> origin_day(2017)
    '2017-12-31'
    """
    return f"{origin}-12-31"


def name_of_file(origin: int, forecaster: str, kind: str = ".csv") -> str:
    """Give the name of a forecaster's file, the reverse of `parse_name`.

    Examples
    --------
    >>> name_of_file(2017, "some_team-their_model")
    '2017-12-31-some_team-their_model.csv'
    """
    return f"{origin_day(origin)}-{forecaster}{kind}"


def parse_name(file: Path) -> HubName:
    """Read the name of a quantile file.

    Raises
    ------
    InputError
        If it is no such name; with the nearest that is.

    Examples
    --------
    >>> parse_name(Path("2017-12-31-some_team-their_model.gz.parquet"))
    HubName(origin=2017, forecaster='some_team-their_model')
    """
    found = _NAME.fullmatch(file.name)
    if found is None:
        raise InputError(
            f"{file.name!r} is no name of a quantile file",
            key="name of the file",
            file=file,
            allowed=_ALLOWED,
            suggestion=_nearest_name(file.name),
        )
    return HubName(int(found["year"]), f"{found['team']}-{found['model']}")


def _nearest_name(name: str) -> str | None:
    """Give the name that was probably meant; a day within a year knew the figures of the year before."""
    found = _MENDABLE.fullmatch(name)
    if found is None:
        return None
    within = found["month"] is not None and not name.startswith(origin_day(int(found["year"])))
    team, model = (re.sub(r"[^A-Za-z0-9_]+", "_", found[part]) for part in ("team", "model"))
    return name_of_file(int(found["year"]) - within, f"{team}-{model}", found["kind"])
