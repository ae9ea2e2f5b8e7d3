"""Write down under which licence each library is that this package stands on, and what needs it.

``python -m shaanxi_transfer.studies.upkeep.licences docs/licences.csv`` reads the installed packages, which
``make licences`` installs from constraints.txt with all extras, and follows what each requires. Needed to run
comes before needed by an extra, and that before needed to develop.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ...engine.errors import InputError

__all__ = ["COLUMNS", "GOES_WITH_MIT", "NAMED_APART", "foreign_parts", "licence_of", "needed", "table"]

PACKAGE: Final = "shaanxi-transfer"
COLUMNS: Final = ("package", "version", "licence", "needed_for", "named_apart")

GOES_WITH_MIT: Final = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "BSD",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "ISC",
        "LGPL",
        "LLVM-exception",
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "MPL-2.0",
        "PSF",
        "PSF-2.0",
        "Zlib",
    }
)
"""Licences of libraries that MIT-licensed code may import; of LGPL and MPL as libraries, not copied."""

NAMED_APART: Final = "GPL"
"""Begins the licences under which whoever hands on a whole has to hand on all of it."""

_SAID: Final[Mapping[str, str]] = {
    "2-clause BSD": "BSD-2-Clause",
    "Apache 2": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD 2-Clause License": "BSD-2-Clause",
    "BSD License": "BSD",
    "GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later",
    "GNU Library or Lesser General Public License (LGPL)": "LGPL",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "ISC license": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF",
    "The Unlicense (Unlicense)": "Unlicense",
}
"""What packages say, and how it is written here."""


def licence_of(package: str) -> str:
    """Give the licence that an installed package states: an expression, a class, or the head of its text."""
    about = metadata.metadata(package)
    if "License-Expression" in about:
        return str(about["License-Expression"])
    classes = [
        one.rpartition(" :: ")[2] for one in about.get_all("Classifier") or () if one.startswith("License ::")
    ]
    texts = about.get_all("License") or []
    stated = classes or [text.strip().partition("\n")[0] for text in texts]
    found = [_SAID.get(one, one) for one in stated if one and one != "OSI Approved"]
    if found == [] or found[0].upper().startswith("GNU GENERAL PUBLIC LICENSE"):
        found = ["GPL"] if found else []
    return " AND ".join(dict.fromkeys(found))


def foreign_parts(licence: str) -> list[str]:
    """Name the parts of a licence that are not declared to go with MIT.

    Examples
    --------
    >>> foreign_parts("BSD-3-Clause AND (MIT OR Apache-2.0)"), foreign_parts("GPL-3.0-only")
    ([], ['GPL-3.0-only'])
    """
    parts = re.split(r"[()\s]+|\b(?:AND|OR|WITH)\b", licence)
    return [one for one in parts if one and one not in GOES_WITH_MIT] or ([] if licence else ["none stated"])


def needed(package: str = PACKAGE, extras: Iterable[str] = ()) -> set[str]:
    """Follow what a package requires here, with some of its extras: normal names, itself left out.

    Raises
    ------
    InputError
        If one is not installed.
    """
    seen: set[tuple[str, str]] = set()
    open_: list[tuple[str, str]] = [(package, extra) for extra in ("", *extras)]
    while open_:
        name, extra = one = open_.pop()
        if one in seen:
            continue
        seen.add(one)
        try:
            lines = metadata.requires(name) or ()
        except metadata.PackageNotFoundError as error:
            raise InputError(
                "the package is not installed", key=name, allowed="what `make licences` installs"
            ) from error
        for requirement in map(Requirement, lines):
            marker = requirement.marker
            if marker is None or marker.evaluate({"extra": extra}):
                called = canonicalize_name(requirement.name)
                open_ += [(called, more) for more in ("", *requirement.extras)]
    return {name for name, _ in seen} - {package}


def table() -> list[dict[str, str]]:
    """Give a row for each library that is needed to run, by an extra, or to develop."""
    extras = metadata.metadata(PACKAGE).get_all("Provides-Extra") or []
    kinds = {"run": needed()}
    kinds |= {f"extra {one}": needed(extras=[one]) for one in extras if one not in ("dev", "docs", "browser")}
    kinds["develop"] = needed(extras=["dev", "docs", "browser"])
    rows = []
    for name in sorted(set().union(*kinds.values())):
        uses = [kind for kind, names in kinds.items() if name in names]
        licence = licence_of(name)
        rows.append(
            {
                "package": name,
                "version": metadata.version(name),
                "licence": licence,
                "needed_for": "run" if "run" in uses else ", ".join(uses),
                "named_apart": "yes" if any(NAMED_APART in one for one in foreign_parts(licence)) else "",
            }
        )
    return rows


def main(file: Path) -> None:
    """Write the table."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(table())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
