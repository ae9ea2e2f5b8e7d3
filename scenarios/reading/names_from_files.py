"""A name out of a file's name: what a scenario is called that does not name itself."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import Final

__all__ = ["LONGEST_NAME", "joined_names", "name_from_file", "readable"]

LONGEST_NAME: Final = 80

_UNNAMEABLE: Final = re.compile(r"[\s/\\:*?\"<>|]+")


def readable(text: str) -> str:
    """Give a path as text: bytes that are not UTF-8 are read as GBK, or else shown as ``_``.

    Examples
    --------
    >>> readable(os.fsdecode("我的.yaml".encode("gbk")))
    '我的.yaml'
    """
    raw = os.fsencode(text)
    for coding in ("utf-8", "gb18030"):
        try:
            return raw.decode(coding)
        except UnicodeDecodeError:
            continue
    return "".join(sign if sign.isprintable() else "_" for sign in raw.decode("utf-8", "surrogateescape"))


def name_from_file(path: str | Path) -> str:
    """Make a name that is allowed out of a file's, whatever signs and bytes stand in it.

    Examples
    --------
    >>> name_from_file("plans/my plan (2).yaml")
    'my_plan_(2)'
    """
    return _UNNAMEABLE.sub("_", readable(Path(path).stem))[:LONGEST_NAME]


def joined_names(lower: str, upper: str) -> str:
    """Name one layer upon another; a name that would be too long ends in a few digits of its hash.

    Examples
    --------
    >>> joined_names("action_plan", "half_budget")
    'action_plan+half_budget'
    """
    whole = f"{lower}+{upper}"
    if len(whole) <= LONGEST_NAME:
        return whole
    return f"{whole[: LONGEST_NAME - 7]}~{hashlib.sha256(whole.encode()).hexdigest()[:6]}"
