"""The calendar of a run: steps of a quarter, or of a month, from the scenario's start to its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...engine.quarters import Quarter

if TYPE_CHECKING:
    from ...scenarios import Scenario


@dataclass(frozen=True)
class Calendar:
    """Steps and dates.

    Attributes
    ----------
    start, end : Quarter
        First and last quarter, both simulated.
    steps_per_year : int
        4 or 12.
    """

    start: Quarter
    end: Quarter
    steps_per_year: int

    @classmethod
    def of(cls, scenario: Scenario) -> Calendar:
        """Take the calendar of a scenario."""
        return cls(Quarter.parse(scenario.start), Quarter.parse(scenario.end), scenario.steps_per_year)

    @property
    def dt(self) -> float:
        """Length of a step in years."""
        return 1.0 / self.steps_per_year

    @property
    def steps_per_quarter(self) -> int:
        """Steps in a quarter."""
        return self.steps_per_year // 4

    @property
    def steps(self) -> int:
        """Steps of the whole run."""
        return (self.end.index - self.start.index + 1) * self.steps_per_quarter

    def quarter_of(self, step: int) -> Quarter:
        """Quarter in which a step lies; steps before the start are negative."""
        return Quarter.from_index(self._index_of(step))

    def _index_of(self, step: int) -> int:
        return self.start.index + step // self.steps_per_quarter

    def date_of(self, step: int) -> float:
        """Middle of a step, in years."""
        return self.start.year + (self.start.quarter - 1) / 4.0 + (step + 0.5) * self.dt

    def year_begins(self, step: int) -> bool:
        """Whether a step is the first of a calendar year."""
        first_in_quarter = step % self.steps_per_quarter == 0
        return first_in_quarter and self._index_of(step) % 4 == 0

    def next_year(self, step: int) -> int:
        """First step of the calendar year after that of a step."""
        after = step + 1
        while not self.year_begins(after):
            after += 1
        return after

    def quarter_ends(self, step: int) -> bool:
        """Whether a step is the last of its quarter."""
        return (step + 1) % self.steps_per_quarter == 0
