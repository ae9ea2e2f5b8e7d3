"""What is counted up and outlives those who were counted: courses, certificates, firms out of research."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

COUNTED_FROM: Final = 2016.0
"""Training counts from here: the plan speaks of the period of the 13th five-year plan."""


@dataclass
class RunningTotals:
    """Counters that only grow.

    Attributes
    ----------
    attendances : int
        Seats of courses taken since :data:`COUNTED_FROM`, whether the examination was passed or not.
    institutions_certified : int
        Brokers that ever became a demonstration institution, each once, those that closed included.
    ventures : int
        Firms that came out of research since the start of the run, wherever they settled.
    """

    attendances: int = 0
    institutions_certified: int = 0
    ventures: int = 0
