"""Which folders make a brief: finished experiments of one province, one of a kind."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ...engine.errors import InputError
from .source import KINDS, Source

__all__ = ["read_sources"]

_KEY: Final = "DIR"


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
        If a folder holds no experiment, one of another kind, of a newer version, not finished or without its
        table; if there are two of a kind, or they are of several provinces.
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
    from ...experiments.keeping.manifest import hash_of_code
    from ...experiments.keeping.store import MANIFEST, Store

    if not (folder / MANIFEST).is_file():
        raise InputError(f"{str(folder)!r} holds no experiment", key=_KEY, allowed=_hint())
    manifest = Store(folder).manifest()
    kind = str(manifest["identity"].get("kind"))
    _check_version(folder, manifest)
    if kind not in KINDS:
        raise InputError(f"{str(folder)!r} is of the kind {kind!r}", key=_KEY, allowed=_hint())
    open_finished(folder)
    if not (folder / KINDS[kind]).is_file():
        raise InputError(
            f"{str(folder)!r} has no {KINDS[kind]}",
            key=_KEY,
            allowed=f"a finished experiment: `shaanxi-transfer resume {folder}` makes its tables",
        )
    return Source(kind, folder, manifest, manifest["identity"]["code"] != hash_of_code(kind))


def _check_version(folder: Path, manifest: Mapping[str, Any]) -> None:
    from ...experiments.keeping.manifest import LAYOUT

    layout = int(manifest["identity"].get("layout", LAYOUT))
    if layout > LAYOUT:
        raise InputError(
            f"{str(folder)!r} was made by a newer version: its layout is {layout}",
            key=_KEY,
            allowed=f"a layout up to {LAYOUT}: update with `pip install -U shaanxi-transfer`, then `report`",
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
    places: dict[str, list[Source]] = {}
    for source in sources:
        for place in source.identity["data"]:
            places.setdefault(str(place), []).append(source)
    if len(places) > 1:
        named = {
            place: " ".join(shlex.quote(str(one.folder)) for one in mine) for place, mine in places.items()
        }
        listed = "; ".join(f"{folders} of {place}" for place, folders in named.items())
        once = ", ".join(f"`shaanxi-transfer report {folders}`" for folders in dict.fromkeys(named.values()))
        raise InputError(
            f"the folders are of several provinces: {listed}", key=_KEY, allowed=f"one province: {once}"
        )
