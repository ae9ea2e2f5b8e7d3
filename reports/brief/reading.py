"""Which folders make a brief: finished experiments of one province, made with the rules that are here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ...engine.errors import InputError
from .commands_again import command_of
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
    source = Source(kind, folder, manifest)
    _check_rules(source)
    open_finished(folder)
    if not (folder / KINDS[kind]).is_file():
        raise InputError(
            f"{str(folder)!r} has no {KINDS[kind]}",
            key=_KEY,
            allowed=f"a finished experiment: `shaanxi-transfer resume {folder}` makes its tables",
        )
    return source


def _check_version(folder: Path, manifest: Mapping[str, Any]) -> None:
    from ...experiments.keeping.manifest import LAYOUT

    layout = int(manifest["identity"].get("layout", LAYOUT))
    if layout > LAYOUT:
        raise InputError(
            f"{str(folder)!r} was made by a newer version: its layout is {layout}",
            key=_KEY,
            allowed=f"a layout up to {LAYOUT}: update with `pip install -U shaanxi-transfer`, then `report`",
        )


def _check_rules(source: Source) -> None:
    from ...experiments.keeping.manifest import hash_of_code

    if source.identity["code"] != hash_of_code(source.kind):
        raise InputError(
            f"{str(source.folder)!r} was made with other rules than those that are here",
            key=_KEY,
            allowed=f"an experiment of these rules: `{command_of(source)[0]} --out NEW_FOLDER`",
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
