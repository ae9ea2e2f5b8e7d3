"""Where the package lies, and what this room finds beside its code."""

from __future__ import annotations

from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parent.parent
"""Folder of the rooms; in a checkout also that of the repository."""

FONT_FOLDER: Final = Path(__file__).resolve().parent / "fonts"

_REFERENCE: Final = Path("results") / "reference"


def reference_file(name: str) -> Path | None:
    """Find a committed table: in the checkout, else below the working folder; None if it is absent."""
    there = (one / _REFERENCE / name for one in (PACKAGE, Path()))
    return next((file for file in there if file.is_file()), None)
