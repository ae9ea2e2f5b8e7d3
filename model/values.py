"""The parameters of a run by name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..engine.errors import InputError, nearest


class Values(dict[str, float]):
    """Parameters of a run; one that the pack does not give is named in the error.

    Parameters
    ----------
    drawn : mapping of str to float
    folder : Path
        Of the pack.
    """

    def __init__(self, drawn: Mapping[str, float], folder: Path) -> None:
        super().__init__(drawn)
        self.folder = folder

    def __missing__(self, name: str) -> float:
        """Refuse a name that neither the shared parameters nor the pack's hold."""
        raise InputError(
            "the parameter is missing",
            key=name,
            file=self.folder / "parameters.yaml",
            allowed="an entry as in the other packs",
            suggestion=nearest(name, self),
        )
