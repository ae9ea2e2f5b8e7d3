"""A province pack: everything that makes a province itself, as checked tables.

No name of a province stands in the code: whatever the model knows about a place
comes from its pack.
"""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ...engine.errors import InputError, nearest
from ..choosing.schema import Parameter
from ..places import FIELDS_FILE, PACK_FOLDER
from ..reading.csv_tables import read_table
from ..reading.refusals import raise_all, refuse
from ..reading.yaml_with_places import read_yaml
from .columns import TABLES
from .names import find_province, unknown_province
from .parameter_draws import read_parameters

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Manifest", "Pack", "load_pack", "pack_folder"]


class Manifest(BaseModel):
    """The head of a pack, file ``pack.yaml``.

    ``missing`` names the series that lack years which other provinces have, ``limits`` what the
    data cannot carry; both are absent where there is nothing to say. ``source_kinds`` gives the
    kind of sources, by how they begin, that `sources/source_kinds.csv` does not know.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str = Field(min_length=1)
    name_zh: str = Field(min_length=1)
    capital: str = ""
    capital_zh: str = ""
    plan_written_for: str = ""
    last_year: int = Field(ge=2000, le=2100)
    tables: dict[str, str] = Field(default_factory=dict)
    gaps: str = ""
    missing: dict[str, str] = Field(default_factory=dict)
    limits: str = ""
    source_kinds: dict[str, str] = Field(default_factory=dict)


class Organisation(NamedTuple):
    """A university, institute or military unit that is known by name.

    Attributes
    ----------
    id : str
    rd_share : float
        Part of its kind's R&D; not a number where nothing was published.
    city : str
    """

    id: str
    rd_share: float
    city: str


class Pack:
    """The data of one province; treat the tables as read-only.

    Attributes
    ----------
    name, name_zh : str
        Name of the province.
    folder : Path
        Where it was read.
    manifest : Manifest
        Head of the pack.
    cities, zones, organisations, series, observed, fields : pandas.DataFrame
        Columns as declared in `columns.TABLES`.
    parameters : dict of str to Parameter
        The province's own values, laid over the shared ones.
    hash : str
        Content hash of all its files.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = _manifest(folder)
        self.name, self.name_zh = self.manifest.name, self.manifest.name_zh
        tables = {name: self._table(name) for name in TABLES}
        self.cities: pd.DataFrame = tables["cities"]
        self.zones: pd.DataFrame = tables["zones"]
        self.organisations: pd.DataFrame = tables["organisations"]
        self.series: pd.DataFrame = tables["series"]
        self.observed: pd.DataFrame = tables["observed"]
        self.fields: pd.DataFrame = tables["fields"]
        # Every run asks for the same few series, and looking one up in a frame takes milliseconds.
        self._series_read: dict[tuple[str, str], dict[int, float]] = {}
        self._indicators: frozenset[str] = frozenset()
        self._organisations_read: dict[str, list[Organisation]] = {}
        own = folder / "parameters.yaml"
        self.parameters: dict[str, Parameter] = read_parameters(own) if own.exists() else {}
        self._check_across()
        self.hash = _hash_of(_files(folder))

    def __repr__(self) -> str:
        """Name, cities and years on one line."""
        years = self.series["year"]
        return f"Pack({self.name!r}, {len(self.cities)} cities, series {years.min()}-{years.max()})"

    def _path(self, table: str) -> Path:
        return FIELDS_FILE if table == "fields" else self.folder / f"{table}.csv"

    def _table(self, name: str) -> pd.DataFrame:
        path = self._path(name)
        if not path.exists():
            raise InputError(
                f"the pack has no table {name}.csv",
                key=name,
                file=self.folder,
                allowed=", ".join(f"{table}.csv" for table in TABLES if table != "fields"),
            )
        return read_table(path, TABLES[name])

    def _check_across(self) -> None:
        """Check what concerns two tables: cities that exist, nothing fitted that was not yet known."""
        errors: list[InputError] = []
        cities = set(self.cities["city"])
        for name, frame in (("zones", self.zones), ("organisations", self.organisations)):
            for position, city in enumerate(frame["city"]):
                if city not in cities:
                    errors.append(
                        InputError(
                            f"{city!r} is not a city of the pack (row {position + 1})",
                            key=f"{name}.city",
                            file=self._path(name),
                            allowed=", ".join(sorted(cities)),
                            suggestion=nearest(city, cities),
                        )
                    )
        enters = ~self.observed["use"].isin(["check", "prior"])
        late = self.observed[enters & (self.observed["year"] > self.manifest.last_year)]
        for indicator, year in zip(late["indicator"], late["year"], strict=True):
            errors.append(
                InputError(
                    f"{indicator} of {year} is to be fitted, but was not known when the plan was written",
                    key="observed.use",
                    file=self._path("observed"),
                    allowed=f"fit up to {self.manifest.last_year}; later years check or prior",
                )
            )
        raise_all(errors)

    def has_series(self, indicator: str) -> bool:
        """Whether there is a yearly series of the province itself."""
        if not self._indicators:
            own = self.series.loc[self.series["scope"] == "province", "indicator"]
            self._indicators = frozenset(own)
        return indicator in self._indicators

    def series_of(self, indicator: str, scope: str = "province") -> dict[int, float]:
        """Give one yearly series.

        Parameters
        ----------
        indicator : str
            For example ``rd_expenditure``.
        scope : {"province", "china"}
            The province itself or the nation.

        Returns
        -------
        dict of int to float
            Year to value, in rising years; years without a figure are absent.

        Raises
        ------
        InputError
            If the pack has no such series.
        """
        known_already = self._series_read.get((indicator, scope))
        if known_already is not None:
            return dict(known_already)
        frame = self.series
        found = frame[(frame["indicator"] == indicator) & (frame["scope"] == scope)].sort_values("year")
        if found.empty:
            known = sorted(set(frame.loc[frame["scope"] == scope, "indicator"]))
            raise InputError(
                f"the pack of {self.name} has no series {indicator!r} of scope {scope!r}",
                key=indicator,
                file=self._path("series"),
                allowed=", ".join(known) if known else "scope province or china",
                suggestion=nearest(indicator, known),
            )
        series = {int(year): float(value) for year, value in zip(found["year"], found["value"], strict=True)}
        self._series_read[indicator, scope] = series
        return dict(series)

    def organisations_of(self, kind: str) -> list[Organisation]:
        """Give the organisations of a kind that are known by name, in the order of the table."""
        if kind not in self._organisations_read:
            rows = self.organisations[self.organisations["kind"] == kind]
            self._organisations_read[kind] = [
                Organisation(str(name), float(share), str(city))
                for name, share, city in zip(rows["id"], rows["rd_share"], rows["city"], strict=True)
            ]
        return self._organisations_read[kind]

    def unit_of(self, indicator: str) -> str:
        """Give the unit of a yearly series."""
        self.series_of(indicator, "province")
        return str(self.series.loc[self.series["indicator"] == indicator, "unit"].iloc[0])


def load_pack(province: str | Path) -> Pack:
    """Read the pack of a province (once per process, again if a file changed).

    Parameters
    ----------
    province : str or Path
        A name of `list_provinces`, a Chinese name, or a folder that holds ``pack.yaml``.

    Raises
    ------
    InputError
        Unknown province, or anything wrong in one of its files.
    """
    folder = pack_folder(province)
    stamps = tuple((str(path), path.stat().st_mtime_ns) for path in _files(folder))
    return _read(folder.resolve(), stamps)


def pack_folder(province: str | Path) -> Path:
    """Find the folder of a province's pack; see `load_pack`."""
    folder = PACK_FOLDER / str(province)  # a name as it stands, which is what a batch asks for in every run
    if (folder / "pack.yaml").is_file() and folder.parent == PACK_FOLDER:
        return folder
    folder = PACK_FOLDER / (find_province(str(province)) or str(province))
    if not (folder / "pack.yaml").is_file():
        folder = Path(province)
        looks_like_path = folder.is_dir() or any(sign in str(province) for sign in "/\\")
        if looks_like_path and not (folder / "pack.yaml").is_file():
            raise InputError(f"the folder {folder} holds no pack.yaml", key="province")
        if not looks_like_path:
            raise unknown_province(str(province), more=", or the folder of a pack")
    return folder


@functools.lru_cache(maxsize=64)  # more than there are provinces
def _read(folder: Path, stamps: tuple[tuple[str, int], ...]) -> Pack:
    return Pack(folder)


def _files(folder: Path) -> list[Path]:
    inside = [path for path in folder.iterdir() if path.suffix in (".csv", ".yaml")]
    return [*sorted(inside), *([FIELDS_FILE] if FIELDS_FILE.exists() else [])]


def _hash_of(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        # Line ends differ between systems and mean nothing.
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.name}:{len(content)}:".encode() + content)
    return digest.hexdigest()


def _manifest(folder: Path) -> Manifest:
    document = read_yaml(folder / "pack.yaml")
    fields: dict[str, Any] = document.data
    try:
        return Manifest.model_validate(fields)
    except ValidationError as error:
        raise_all(refuse(error, Manifest, document.places))
        raise
