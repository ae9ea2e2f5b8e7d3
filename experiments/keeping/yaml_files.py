"""Small YAML files that code writes and people read: a head that says what it is, then the fields."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from .atomic_files import write_text

__all__ = ["write_yaml"]

_QUOTED: Final = ("source", "rules")
"""Texts that stand in quotes: a hash of digits alone would be read as a number."""


def write_yaml(path: Path, head: str, fields: Mapping[str, Any]) -> None:
    """Write fields below a head of comments; whole or not at all."""
    quoted = {name: DoubleQuotedScalarString(fields[name]) for name in _QUOTED if name in fields}
    buffer = io.StringIO()
    yaml = YAML(typ="rt")
    yaml.width = 100
    yaml.dump({**fields, **quoted}, buffer)
    write_text(path, head + buffer.getvalue())
