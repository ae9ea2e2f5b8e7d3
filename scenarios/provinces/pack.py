"""A province pack: everything that makes a province itself, as checked tables.

No name of a province stands in the code: whatever the model knows about a place
comes from its pack.
"""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ...engine.errors import InputError, nearest
from ..choosing.catalogue import lever_catalogue
from ..choosing.pack_years import PackYears
from ..choosing.schema import Lever, Parameter
from ..places import FIELDS_FILE, PACK_FOLDER
from ..reading.csv_tables import Rows, read_rows
from ..reading.refusals import Places, raise_all
from ..reading.yaml_with_places import Document, read_yaml
from .columns import TABLES
from .lever_history import HISTORY_FILE, read_histories
from .names import find_province, unknown_province
from .national_series import NATION_OF_PACK, hash_of_nation, national_series
from .pack_checks import PARAMETER_FILE, ReadPack, pack_problems
from .pack_head import HEAD_FILE, read_head
from .parameter_draws import parameters_in

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Pack", "load_pack", "pack_folder"]


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
    years : PackYears
        Where its history begins and ends, and what hangs on its eve.
    catalogue : dict of str to Lever
        All levers, with the histories that the pack states.
    rows : dict of str to Rows
        Each table with the lines of its rows.
    cities, zones, organisations, series, observed, fields : pandas.DataFrame
        Columns as declared in `columns.TABLES`.
    parameters : dict of str to Parameter
        The province's own values, laid over the shared ones.
    hash : str
        Content hash of all its files.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest, head_places = read_head(folder)
        self.name, self.name_zh = self.manifest.name, self.manifest.name_zh
        self.years: PackYears = self.manifest.years
        self.rows = {name: self._table(name) for name in TABLES}
        self.cities: pd.DataFrame = self.rows["cities"].frame
        self.zones: pd.DataFrame = self.rows["zones"].frame
        self.organisations: pd.DataFrame = self.rows["organisations"].frame
        self.series: pd.DataFrame = self.rows["series"].frame
        self.observed: pd.DataFrame = self.rows["observed"].frame
        self.fields: pd.DataFrame = self.rows["fields"].frame
        # Every run asks for the same few series, and looking one up in a frame takes milliseconds.
        self._series_read: dict[tuple[str, str], dict[int, float]] = {}
        self._indicators: frozenset[str] = frozenset()
        self._organisations_read: dict[str, list[Organisation]] = {}
        own = folder / PARAMETER_FILE
        document = read_yaml(own) if own.exists() else Document({}, Places(str(own)))
        self.parameters: dict[str, Parameter] = parameters_in(document)
        raise_all(
            pack_problems(
                ReadPack(folder, self.manifest, head_places, self.rows, self.parameters, document.places)
            )
        )
        self.catalogue: dict[str, Lever] = lever_catalogue()
        if (folder / HISTORY_FILE).is_file():
            self.catalogue |= read_histories(folder / HISTORY_FILE, self.years)
        self._nation: dict[str, dict[int, float]] = {}
        self.hash = _hash_of(_files(folder))

    def __repr__(self) -> str:
        """Name, cities and years on one line."""
        years = self.series["year"]
        return f"Pack({self.name!r}, {len(self.cities)} cities, series {years.min()}-{years.max()})"

    def _path(self, table: str) -> Path:
        return FIELDS_FILE if table == "fields" else self.folder / f"{table}.csv"

    def _table(self, name: str) -> Rows:
        path = self._path(name)
        if not path.exists():
            raise InputError(
                f"the pack has no table {name}.csv",
                key=name,
                file=self.folder,
                allowed=", ".join(f"{table}.csv" for table in TABLES if table != "fields"),
            )
        return read_rows(path, TABLES[name])

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

    def nation(self, indicator: str) -> dict[int, float]:
        """Give a yearly series of the nation that is longer than the pack's own.

        From the pack's ``nation.csv``, if it has one, else from the table of the package; years that it does
        not reach are those of the pack.

        Raises
        ------
        InputError
            As `national_series`.
        """
        if indicator not in self._nation:
            own = self.folder / NATION_OF_PACK
            known = national_series(indicator, *((own, self.years.last) if own.is_file() else ()))
            later = self.series_of(indicator, "china").items()
            self._nation[indicator] = known | {year: one for year, one in later if year > max(known)}
        return dict(self._nation[indicator])

    @functools.cached_property
    def hash_of_nation(self) -> str:
        """Hash of the table of `nation`, 64 hexadecimal digits."""
        own = self.folder / NATION_OF_PACK
        return hash_of_nation(own) if own.is_file() else hash_of_nation()

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
    if (folder / HEAD_FILE).is_file() and folder.parent == PACK_FOLDER:
        return folder
    folder = PACK_FOLDER / (find_province(str(province)) or str(province))
    if not (folder / HEAD_FILE).is_file():
        folder = Path(province)
        looks_like_path = folder.is_dir() or any(sign in str(province) for sign in "/\\")
        if looks_like_path and not (folder / HEAD_FILE).is_file():
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
