"""All experiments of a folder: which they are, whether they are finished, and several as one frame."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from ..engine.errors import InputError, TransferError, nearest
from .keeping.citation import citation_of
from .keeping.integrity import open_finished
from .keeping.manifest import hash_of_code
from .keeping.store import FILES, MANIFEST, RUNS, Store
from .listing.again_command import again_command
from .places import RESULTS
from .planning.code_of_numbers import MADE_OF

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

__all__ = ["COLUMNS", "Experiments", "results"]

COLUMNS: Final = (
    "folder", "kind", "scenario", "base", "title_en", "title_zh", "province", "runs", "scale", "seed",
    "started", "ended", "finished", "failed", "same_rules", "command", "citation", "damage",
)  # fmt: skip
"""Columns of `Experiments.table`: ``runs`` is the number of futures; ``same_rules`` says whether the code
behind the numbers is still that of this version; ``citation`` is how it is cited; ``damage``
why a folder cannot be told of."""

_BETWEEN: Final = "; "


@dataclass(frozen=True, repr=False)
class Experiments:
    """Experiments that lie below a folder.

    Attributes
    ----------
    folder : Path
    table : DataFrame
        A row for each, in the order in which they were begun; columns `COLUMNS`.
    tabulator : callable or None
        Writes the list in HTML: ``tabulator(experiments, lang)``. Set by the room of reports when loaded.
    """

    folder: Path
    table: pd.DataFrame

    tabulator: ClassVar[Callable[[Experiments, str], str] | None] = None

    def of(self, **wanted: Any) -> Experiments:
        """Keep those that are alike in some columns, for example ``of(kind="sweep", province="hubei")``.

        Raises
        ------
        InputError
            If there is no such column.
        """
        table = self.table
        for name, value in wanted.items():
            if name not in COLUMNS:
                raise InputError(
                    f"no column is called {name!r}",
                    key=name,
                    allowed=", ".join(COLUMNS),
                    suggestion=nearest(name, COLUMNS),
                )
            table = table[table[name] == value]
        return replace(self, table=table.reset_index(drop=True))

    def frame(self, table: str) -> pd.DataFrame:
        """Read one table of all finished experiments that have it as one frame.

        Parameters
        ----------
        table : str
            Name of the file, for example ``differences.csv`` or ``sweep``.

        Returns
        -------
        DataFrame
            Its rows, with the folder, the futures, the scale and the seed of each experiment in front; a
            column that one experiment lacks is empty there.

        Raises
        ------
        InputError
            If no finished experiment has such a table, or one is damaged.
        """
        import pandas as pd

        file = table if table.endswith(".csv") else f"{table}.csv"
        found = []
        for row in self.table[self.table["finished"]].to_dict("records"):
            folder = self.folder / str(row["folder"])
            if (folder / file).is_file():
                mine = open_finished(folder).read_csv(file)
                heads = {f"of_{name}": row[name] for name in ("folder", "runs", "scale", "seed")}
                found.append(
                    pd.DataFrame({name: [one] * len(mine) for name, one in heads.items()}).join(mine)
                )
        if not found:
            known = sorted({one.name for one in self.folder.rglob("*.csv")})
            raise InputError(
                f"no finished experiment below {str(self.folder)!r} has a table {file!r}",
                key="table",
                allowed=", ".join(known) or "a table of a finished experiment",
                suggestion=nearest(file, known),
            )
        return pd.concat(found, ignore_index=True)

    def __len__(self) -> int:
        """How many there are."""
        return len(self.table)

    def __repr__(self) -> str:
        """Say where they are and how many."""
        done = int(self.table["finished"].sum())
        return f"<Experiments below {str(self.folder)!r}: {len(self)}, {done} of them finished>"

    def _repr_html_(self) -> str:
        """Show the list in a notebook."""
        tabulate = type(self).tabulator
        return repr(self) if tabulate is None else tabulate(self, "en")


def results(folder: str | Path = RESULTS) -> Experiments:
    """List all experiments of a folder, below it at any depth; nothing is computed, nothing is written.

    Parameters
    ----------
    folder : str or Path
        By default ``results`` in the working folder, where experiments go that name no folder.

    Returns
    -------
    Experiments

    Raises
    ------
    InputError
        If there is no such folder.

    Examples
    --------
    >>> from shaanxi_transfer import results
    >>> results().of(kind="forecast").frame("differences.csv")  # doctest: +SKIP
    """
    import pandas as pd

    place = Path(folder)
    if not place.is_dir():
        raise InputError(
            f"{str(folder)!r} is no folder", key="folder", allowed="a folder with experiments below it"
        )
    rows = sorted(_rows(place), key=lambda row: (row["started"], row["folder"]))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return Experiments(place, table.astype({"finished": bool}))


def _rows(place: Path) -> Iterator[dict[str, Any]]:
    # Folders come and go while others work here; `os.walk` passes over what is no longer there.
    for folder in (Path(name) for name, _, files in os.walk(place) if MANIFEST in files):
        head = {
            **dict.fromkeys(COLUMNS, ""),
            "folder": folder.relative_to(place).as_posix(),
            "finished": False,
        }
        try:
            manifest = Store(folder).manifest()
            yield {**head, **_told(manifest, folder)}
        except TransferError as error:
            if not (folder / RUNS).is_dir():
                continue  # a file of that name, of something else
            yield {**head, "damage": str(error)}
        except (KeyError, TypeError, ValueError):
            yield {**head, "damage": "its manifest is of another form"}


def _told(manifest: dict[str, Any], folder: Path) -> dict[str, Any]:
    identity = manifest["identity"]
    kind, worlds = str(identity["kind"]), list(identity["scenarios"].values())
    contents = [entry["contents"] for entry in worlds]
    *others, last = contents or [{}]
    asked = others or [last]
    listed = manifest.get(FILES)
    return {
        "kind": kind,
        "scenario": _BETWEEN.join(str(one.get("name", "")) for one in asked),
        "base": str(last.get("name", "")) if others else "",
        "title_en": _BETWEEN.join(str(one.get("title_en", "")) for one in asked),
        "title_zh": _BETWEEN.join(str(one.get("title_zh", "")) for one in asked),
        "province": _BETWEEN.join(identity["data"]),
        "runs": identity["runs"],
        "scale": identity["scale"],
        "seed": identity["seed"],
        "started": manifest["started"],
        "ended": manifest["ended"] or "",
        "finished": bool(listed) if FILES in manifest else bool(manifest["ended"]),
        "failed": manifest["runs_failed"] or 0,
        "same_rules": kind in MADE_OF and identity["code"] == hash_of_code(kind),
        "command": again_command(manifest, folder),
        "citation": citation_of(manifest),
    }
