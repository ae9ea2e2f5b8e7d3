"""What is counted up and outlives those who were counted: courses, certificates, firms, turnover."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class RunningTotals:
    """Counters that only grow.

    Attributes
    ----------
    attendances : int
        Seats of courses taken since `PackYears.training_from`, whether the examination was passed or not.
    institutions_certified : int
        Brokers that ever became a demonstration institution, each once, those that closed included.
    signed, registered : list of int
        Yuan of contracts that sellers of the province signed, and that were registered, step by step.
    ventures : int
        Firms that came out of research since the start of the run, wherever they settled.
    """

    attendances: int = 0
    institutions_certified: int = 0
    signed: list[int] = field(default_factory=list)
    registered: list[int] = field(default_factory=list)
    ventures: int = 0
