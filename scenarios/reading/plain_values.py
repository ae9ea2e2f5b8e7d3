"""Unquoted words of YAML as values: the core schema of YAML 1.2, and nothing more.

So ``no`` stays text, ``1e-3`` is a number, and no date is made out of text.
"""

from __future__ import annotations

import re

__all__ = ["plain_value"]

_INTEGER = re.compile(r"[-+]?[0-9][0-9_]*$")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?$")
_NOT_FINITE = re.compile(r"[-+]?\.?(inf|infinity|nan)$", re.IGNORECASE)
_NULL = ("", "~", "null", "Null", "NULL", "none", "None")


def plain_value(text: str) -> str | int | float | bool | None:
    """Read an unquoted word by the core schema of YAML 1.2, and by nothing more."""
    if text in _NULL:
        return None
    if text in ("true", "True", "TRUE"):
        return True
    if text in ("false", "False", "FALSE"):
        return False
    if _INTEGER.match(text) and len(text) < 20:
        return int(text)
    if _FLOAT.match(text):
        return float(text)
    if _NOT_FINITE.match(text):
        return float(text.replace(".", "").replace("_", ""))
    return text
