"""Quarters of a calendar year, written ``2018-Q2`` wherever a person reads or types one."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from .errors import InputError

_WRITTEN = re.compile(r"^(\d{4})-Q([1-4])$", re.ASCII)


class Quarter(NamedTuple):
    """One quarter of one calendar year.

    Attributes
    ----------
    year : int
        Calendar year.
    quarter : int
        1 to 4.
    """

    year: int
    quarter: int

    @classmethod
    def parse(cls, text: object) -> Quarter:
        """Read ``YYYY-Qn``.

        Raises
        ------
        InputError
            If the text is not of that form.

        Examples
        --------
        >>> Quarter.parse("2018-Q2")
        Quarter(year=2018, quarter=2)
        """
        if isinstance(text, Quarter):
            return text
        match = _WRITTEN.match(str(text).strip())
        if match is None:
            raise InputError(f"{text!r} is not a quarter", allowed="YYYY-Qn, for example 2018-Q2")
        return cls(int(match[1]), int(match[2]))

    @property
    def index(self) -> int:  # type: ignore[override]
        """Quarters since year 0, so that differences count quarters."""
        return self.year * 4 + self.quarter - 1

    @classmethod
    def from_index(cls, index: int) -> Quarter:
        """Give the quarter that lies ``index`` quarters after year 0."""
        return _quarter(index)

    def later(self, quarters: int) -> Quarter:
        """Give the quarter that lies ``quarters`` later (earlier if negative).

        Examples
        --------
        >>> str(Quarter(2018, 2).later(-1))
        '2018-Q1'
        """
        return Quarter.from_index(self.index + quarters)

    def __str__(self) -> str:
        """Write as ``YYYY-Qn``."""
        return f"{self.year}-Q{self.quarter}"


@functools.cache
def _quarter(index: int) -> Quarter:
    """Make a quarter once: a run asks for the same ones over and over."""
    return Quarter(index // 4, index % 4 + 1)
