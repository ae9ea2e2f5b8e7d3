"""Which folders make a brief: finished experiments of one province, made with the rules that are here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from ...engine.errors import InputError

__all__ = ["KINDS", "Source", "read_sources"]

KINDS: Final[Mapping[str, str]] = {
    "forecast": "targets.csv",
    "ranking": "ranking.csv",
    "attribution": "attribution.csv",
    "search": "packages.csv",
    "sensitivity": "sensitivity.csv",
}
"""Kinds of experiments that have a chapter, in the order of reading, with the table that each needs."""

_KEY: Final = "DIR"


class Source(NamedTuple):
    """One experiment of a brief.

    Attributes
    ----------
    kind : str
    folder : Path
    manifest : mapping
    """

    kind: str
    folder: Path
    manifest: Mapping[str, Any]

    @property
    def shown(self) -> str:
        """Name of its folder, by which sentences are traced."""
        return self.folder.resolve().name

    @property
    def identity(self) -> Mapping[str, Any]:
        """What fixes its numbers."""
        found: Mapping[str, Any] = self.manifest["identity"]
        return found

    @property
    def worlds(self) -> Mapping[str, Mapping[str, Any]]:
        """Contents of its scenarios by name, the one in question first."""
        return {name: entry["contents"] for name, entry in self.identity["scenarios"].items()}

    @property
    def province(self) -> str:
        """Its province pack."""
        return str(next(iter(self.worlds.values()))["province"])


def read_sources(folders: Iterable[Path | str]) -> dict[str, Source]:
    """Read what the folders are, and refuse what makes no brief before anything is drawn.

    Parameters
    ----------
    folders : iterable of path-like

    Returns
    -------
    dict of str to Source
        By kind, in the order of `KINDS`.

    Raises
    ------
    InputError
        If a folder holds no experiment, one of another kind, of a newer version, with other rules, not
        finished or without its table; if there are two of a kind, or they are of several provinces.
    """
    found = [_read(Path(folder)) for folder in folders]
    if not found:
        raise InputError("no folder is given", key=_KEY, allowed=_hint())
    _check_one_of_a_kind(found)
    _check_one_province(found)
    by_kind = {source.kind: source for source in found}
    return {kind: by_kind[kind] for kind in KINDS if kind in by_kind}


def _hint() -> str:
    kinds = ", ".join(KINDS)
    return f"folders of finished experiments ({kinds}): `shaanxi-transfer results` lists them"


def _read(folder: Path) -> Source:
    from ...experiments.keeping.integrity import open_finished
    from ...experiments.keeping.store import MANIFEST, Store

    if not (folder / MANIFEST).is_file():
        raise InputError(f"{str(folder)!r} holds no experiment", key=_KEY, allowed=_hint())
    manifest = Store(folder).manifest()
    kind = str(manifest["identity"].get("kind"))
    _check_version(folder, manifest)
    if kind not in KINDS:
        raise InputError(f"{str(folder)!r} is of the kind {kind!r}", key=_KEY, allowed=_hint())
    _check_rules(folder, kind, manifest)
    open_finished(folder)
    if not (folder / KINDS[kind]).is_file():
        raise InputError(
            f"{str(folder)!r} has no {KINDS[kind]}",
            key=_KEY,
            allowed=f"a finished experiment: `shaanxi-transfer resume {folder}` makes its tables",
        )
    return Source(kind, folder, manifest)


def _check_version(folder: Path, manifest: Mapping[str, Any]) -> None:
    from ...experiments.keeping.manifest import LAYOUT

    layout = int(manifest["identity"].get("layout", LAYOUT))
    if layout > LAYOUT:
        raise InputError(
            f"{str(folder)!r} was made by a newer version: its layout is {layout}",
            key=_KEY,
            allowed=f"a layout up to {LAYOUT}: update with `pip install -U shaanxi-transfer`, then `report`",
        )


def _check_rules(folder: Path, kind: str, manifest: Mapping[str, Any]) -> None:
    from ...experiments.keeping.manifest import hash_of_code
    from ...experiments.listing.again_command import again_command

    if manifest["identity"]["code"] != hash_of_code(kind):
        raise InputError(
            f"{str(folder)!r} was made with other rules than those that are here",
            key=_KEY,
            allowed=f"an experiment of this version: make it again with `{again_command(manifest, folder)}`"
            " in a new folder",
        )


def _check_one_of_a_kind(sources: Sequence[Source]) -> None:
    first: dict[str, Source] = {}
    for source in sources:
        other = first.setdefault(source.kind, source)
        if other is not source:
            raise InputError(
                f"{str(other.folder)!r} and {str(source.folder)!r} are both of the kind {source.kind!r}",
                key=_KEY,
                allowed="one of a kind: `shaanxi-transfer compare A B C --base A` holds several scenarios"
                " in one folder",
            )


def _check_one_province(sources: Sequence[Source]) -> None:
    places = {str(place): source for source in sources for place in source.identity["data"]}
    if len(places) > 1:
        listed = "; ".join(f"{str(source.folder)!r} is of {place}" for place, source in places.items())
        raise InputError(
            f"the folders are of several provinces: {listed}",
            key=_KEY,
            allowed="one province: `shaanxi-transfer report` once for each",
        )
