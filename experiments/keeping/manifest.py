"""What a result rests on: scenarios, data, code and versions, each by its hash.

Two experiments with equal identities have equal tables, on one class of platform.
Versions and times are noted as well, but are no part of the identity.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from ...engine.reached_code import hash_of_reached
from ..places import PACKAGE, RESULTS
from ..planning.code_of_numbers import COUNTING, MADE_OF
from .installation import installation

LAYOUT: Final = 4
"""Of the folder. From 4 on parts say of which experiment they are, and the manifest lists its files."""

CHECKSUM: Final = "checksum"
"""Entry of a manifest with the checksum of all the others."""

OF_THE_BEGINNING: Final = ("started", "versions", "python", "platform")
"""Entries that stay when a forecast is made longer."""

_MADE_LONGER: Final = ("forecast", "waterfall", "attribution", "ranking", "sweep", "why", "simulator")
"""Kinds of which a longer one begins with the runs of a shorter one."""

_HOW_MANY: Final = ("runs", "precision")
"""Entries of an identity that fix how many runs there are, and move none of them."""


def hash_of_files(files: Iterable[Path], root: Path) -> str:
    """Hash names (relative to ``root``) and bytes of files, in order of their names (SHA-256)."""
    digest = hashlib.sha256()
    for name, file in sorted((file.relative_to(root).as_posix(), file) for file in files):
        content = file.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def hash_of_code(kind: str, root: Path | None = None) -> str:
    """Hash the code that the runs and tables of an experiment reach; see `reached_code`.

    ``kind`` is one of `MADE_OF`; ``root`` holds the rooms, this package's by default.
    """
    return hash_of_reached(PACKAGE if root is None else root, MADE_OF[kind], COUNTING)


def hash_of_data(pack_folder: Path) -> str:
    """Hash the files of one province pack."""
    return hash_of_files((file for file in pack_folder.rglob("*") if file.is_file()), pack_folder)


def identity_of(
    scenarios: Mapping[str, Any],
    pack_folders: Mapping[str, Path],
    *,
    kind: str,
    runs: int,
    scale: float,
    seed: int,
    indicators: Mapping[str, str],
    settings: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Put together all on which the tables depend.

    ``pack_folders`` are by province, ``runs`` is the number of futures; ``indicators`` has the hash of each
    one's way of being read (`door_to_model.hashes_of_indicators`), ``settings`` whatever else changes a
    table.
    """
    return {
        "layout": LAYOUT,
        "kind": kind,
        "runs": runs,
        "scale": scale,
        "seed": seed,
        "scenarios": {
            name: {"hash": scenario.hash, "contents": scenario.model_dump(mode="json")}
            for name, scenario in scenarios.items()
        },
        "data": {province: hash_of_data(folder) for province, folder in sorted(pack_folders.items())},
        "indicators": dict(indicators),
        "code": hash_of_code(kind),
        **(settings or {}),
    }


def hash_of_identity(identity: Mapping[str, Any]) -> str:
    """Hash an identity: the address of its results.

    Of a scenario its hash counts, not its wording: a note may be rewritten. Indicators do not count: one
    more of them leaves the others as they are.

    Examples
    --------
    >>> hash_of_identity({"a": 1, "b": 2}) == hash_of_identity({"b": 2, "a": 1})
    True
    """
    text = json.dumps(_essence(identity), sort_keys=True, ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def seal_of(identity: Mapping[str, Any]) -> str:
    """Hash what fixes each run of an experiment, but not how many there are: runs may be added later."""
    return hash_of_identity({name: value for name, value in identity.items() if name not in _HOW_MANY})


def is_longer(kept: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether an experiment is the kept one with more futures, whose runs it then takes over."""
    return (
        kept.get("kind") in _MADE_LONGER
        and differences(kept, wanted) == ["runs"]
        and int(wanted["runs"]) > int(kept["runs"])
    )


def checksum_of(manifest: Mapping[str, Any]) -> str:
    """Give the checksum of a manifest: of all its entries but the checksum itself (SHA-256)."""
    entries = {name: value for name, value in manifest.items() if name != CHECKSUM}
    text = json.dumps(entries, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def default_folder(words: Iterable[str], identity: Mapping[str, Any]) -> Path:
    """Name a folder by what stands in it, so that equal experiments share it and others do not.

    Parameters
    ----------
    words : iterable of str
        What a person is to read in the name.
    identity : mapping
        See `identity_of`; its hash ends the name.
    """
    readable = "_".join(words)
    plain = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in readable)
    return RESULTS / f"{plain}_{hash_of_identity(identity)[:10]}"


def _essence(identity: Mapping[str, Any]) -> dict[str, Any]:
    scenarios = {name: entry["hash"] for name, entry in identity.get("scenarios", {}).items()}
    return {**identity, "scenarios": scenarios, "indicators": None}


def differences(one: Mapping[str, Any], other: Mapping[str, Any], prefix: str = "") -> list[str]:
    """List the dotted paths at which two identities differ, contents of scenarios left out.

    An indicator that ``one`` does not know is no difference: its runs are taken up without it.

    Examples
    --------
    >>> differences({"seed": 1, "data": {"x": 1}}, {"seed": 1, "data": {"x": 2}})
    ['data.x']
    """
    paths: list[str] = []
    for key in sorted({*one, *other}):
        mine, theirs = one.get(key), other.get(key)
        if key == "contents":
            continue
        if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
            if key == "indicators":
                theirs = {name: theirs[name] for name in theirs if name in mine}
            paths += differences(mine, theirs, f"{prefix}{key}.")
        elif mine != theirs:
            paths.append(f"{prefix}{key}")
    return paths


def now() -> str:
    """Give the time of day in the world's time, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def manifest_of(identity: Mapping[str, Any]) -> dict[str, Any]:
    """Put together the manifest of an experiment that begins now."""
    here = installation()
    return {
        "identity_hash": hash_of_identity(identity),
        "identity": dict(identity),
        "python": here.pop("python"),
        "platform": here.pop("platform"),
        "versions": here,
        "started": now(),
        "ended": None,
        "seconds": None,
        "seconds_per_run": None,
        "runs_planned": None,
        "runs_finished": None,
        "runs_failed": None,
        "files": None,
    }
