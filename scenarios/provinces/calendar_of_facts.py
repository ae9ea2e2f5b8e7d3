"""The years of the facts in a folder of sources: of what was measured before any panel is brought."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..places import CALENDAR_FILE
from ..reading.yaml_with_places import read_yaml

if TYPE_CHECKING:
    from .sources_read import Sources

__all__ = ["calendar_of"]


def calendar_of(sources: Sources) -> dict[str, Any]:
    """Give the years of the facts, as `CALENDAR_FILE` has those that come with the package."""
    return _read(sources.folder / CALENDAR_FILE.name)


@functools.cache
def _read(file: Path) -> dict[str, Any]:
    return dict(read_yaml(file).data)
