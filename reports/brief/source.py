"""One experiment of a brief, and which kinds have a chapter."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

__all__ = ["KINDS", "Source"]

KINDS: Final[Mapping[str, str]] = {
    "forecast": "targets.csv",
    "ranking": "ranking.csv",
    "attribution": "attribution.csv",
    "search": "packages.csv",
    "sweep": "sweep.csv",
    "why": "why.csv",
    "waterfall": "waterfall.csv",
    "sensitivity": "sensitivity.csv",
}
"""Kinds of experiments that have a chapter, in the order of reading, with the table that each needs."""


class Source(NamedTuple):
    """One experiment of a brief.

    Attributes
    ----------
    kind : str
    folder : Path
    manifest : mapping
    of_other_rules : bool
        Whether it was made with other rules of the model than those that are here.
    """

    kind: str
    folder: Path
    manifest: Mapping[str, Any]
    of_other_rules: bool = False

    @property
    def shown(self) -> str:
        """Name of its folder, by which sentences are traced."""
        return self.folder.resolve().name

    @property
    def date(self) -> str:
        """Day on which it was finished, or begun."""
        return str(self.manifest["ended"] or self.manifest["started"])[:10]

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
