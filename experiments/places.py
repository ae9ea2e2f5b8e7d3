"""Where the package lies, and what this room finds beside its code."""

from __future__ import annotations

from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parent.parent
"""Folder of the rooms; in a checkout also that of the repository."""

RESULTS: Final = Path("results")
"""Where experiments go that name no folder, seen from the working folder."""
