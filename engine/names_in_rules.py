"""Which names the rules mention: what no rule mentions can change no run."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Final

from .rule_cache import RULE_ROOMS

__all__ = ["may_be_read"]

_PACKAGE: Final = Path(__file__).resolve().parent.parent

_WORD: Final = re.compile(r"\w+")
_BEFORE_A_PART: Final = re.compile(r"\w+_(?=\{)")
"""In a text with parts filled in: what stands before one, as ``drift_sd_`` in ``f"drift_sd_{path}"``."""

_BEHIND_A_PART: Final = re.compile(r"(?<=\})\w*_\w+")


@functools.lru_cache(maxsize=4)
def _mentioned(root: Path) -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    """Collect the words in the files of rules, and the beginnings and ends of names put together there."""
    files = (file for room in RULE_ROOMS for file in sorted((root / room).rglob("*.py")))
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    beginnings, ends = set(_BEFORE_A_PART.findall(text)), set(_BEHIND_A_PART.findall(text))
    return frozenset(_WORD.findall(text)), tuple(beginnings), tuple(ends)


def may_be_read(name: str, root: Path | None = None) -> bool:
    """Say whether some rule may read a lever or a parameter; in doubt, it may.

    Parameters
    ----------
    name : str
        Of a lever or a parameter.
    root : Path, optional
        Folder of the package; this package by default.
    """
    words, beginnings, ends = _mentioned(_PACKAGE if root is None else root)
    return name in words or name.startswith(beginnings) or name.endswith(ends)
