"""With which libraries and on which platform runs are made, and what becomes of a folder begun with others.

Rules and data are part of an experiment's identity; libraries are not, since nearly every version makes the
same numbers. Nearly is not enough to mix two of them in one folder unseen.
"""

from __future__ import annotations

import functools
import json
import platform
from collections.abc import Mapping
from importlib import metadata
from typing import Any, Final

from ...engine.errors import InputError

LIBRARIES: Final = (
    "shaanxi-transfer",
    "mesa",
    "numba",
    "llvmlite",
    "numpy",
    "scipy",
    "pandas",
    "pydantic",
    "pyarrow",
    "pebble",
)
"""Libraries whose versions may move a number or the form of a file."""

MOVE_NUMBERS: Final = ("mesa", "numba", "llvmlite", "numpy", "scipy", "platform")
"""What two processes must have in common whose runs are to stand in one folder.

Versions of Python are told and not compared: the bytes of a run are the same under each that is supported,
which the tests hold.
"""

OTHERS: Final = "other_installations"
"""Entry of a manifest with the installations that were accepted beside the one it was begun with."""


def versions() -> dict[str, str]:
    """Give the versions of the libraries that may move a number; absent ones are left out."""
    found = {library: _version(library) for library in LIBRARIES}
    return {library: version for library, version in found.items() if version}


@functools.cache
def _version(library: str) -> str:
    """Give the version of a library, which is that of the process; empty for one that is absent."""
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return ""


def installation() -> dict[str, str]:
    """Give Python, class of platform (system and processor) and the versions of the libraries."""
    return {
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        **versions(),
    }


def as_metadata(found: Mapping[str, str]) -> bytes:
    """Write an installation as it stands in the metadata of a part."""
    return json.dumps(dict(found), sort_keys=True).encode()


def differing(begun: Mapping[str, str], here: Mapping[str, str]) -> list[str]:
    """Name what moves numbers and is not the same in two installations.

    Examples
    --------
    >>> differing({"numpy": "2.4.6", "pandas": "3.0"}, {"numpy": "2.3.0", "pandas": "2.3"})
    ['numpy 2.4.6, here 2.3.0']
    """
    return [
        f"{name} {begun.get(name, 'absent')}, here {here.get(name, 'absent')}"
        for name in MOVE_NUMBERS
        if begun.get(name) != here.get(name)
    ]


def begun_with(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Give the installation with which an experiment was begun."""
    return {"python": manifest["python"], "platform": manifest["platform"], **manifest["versions"]}


def mixed_in(manifest: Mapping[str, Any]) -> list[str]:
    """Name what moves numbers and differs between the installations that made runs of an experiment."""
    made_with = [begun_with(manifest), *manifest.get(OTHERS, ())]
    names = {name: list(dict.fromkeys(one.get(name, "absent") for one in made_with)) for name in MOVE_NUMBERS}
    return [f"{name} {' and '.join(found)}" for name, found in names.items() if len(found) > 1]


def accepted(manifest: Mapping[str, Any], folder: object, others: bool = False) -> dict[str, Any]:
    """Say what a manifest has to note before this process makes runs beside those of the folder.

    Parameters
    ----------
    manifest : mapping
        Of the experiment.
    folder : Path
        Of the experiment, for the message.
    others : bool
        Whether the person accepts other versions than those it was begun with.

    Returns
    -------
    dict
        Entries to be changed in the manifest; none if this installation made runs here before.

    Raises
    ------
    InputError
        If the installation is another one, and nobody has accepted it.
    """
    here = installation()
    known: list[dict[str, str]] = list(manifest.get(OTHERS, ()))
    different = differing(begun_with(manifest), here)
    if not different or not all(differing(one, here) for one in known):
        return {}
    if not others:
        raise InputError(
            f"{str(folder)!r} was begun with {'; '.join(different)}: such runs are not mixed unasked",
            key="folder",
            allowed="the versions with which it was begun, a new folder, or --other-versions, "
            "which notes for each run with which it was made",
        )
    return {OTHERS: [*known, here]}
