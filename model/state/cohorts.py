"""Results that nobody looks at one by one, counted by the step in which they were born.

Two thirds of the producers' results are never disclosed, and enterprises use their
own themselves. Neither is ever offered to anybody, so that numbers by age say all
about them; rows are kept of those that can come to the market.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...engine.books import SECTOR, SECTORS

Counts = npt.NDArray[np.int64]


class Cohorts:
    """Numbers of results by birth.

    Parameters
    ----------
    before : int
        Steps of the spin-up, before step 0.
    steps : int
        Steps of the run.

    Attributes
    ----------
    undisclosed : ndarray of int64 of shape (sectors, before + steps)
        Producers' results that stay undisclosed, by owner's kind and step of birth.
    own : ndarray of int64 of shape (before + steps,)
        Enterprises' results, by step of birth.
    coming : ndarray of int64 of shape (before + steps, before + steps)
        Those of them that go into use, by step of birth and step of first use.
    in_use : ndarray of int64 of shape (before + steps,)
        Those that are in use by now, by step of birth.
    """

    def __init__(self, before: int, steps: int) -> None:
        length = before + steps
        self.before = before
        self.undisclosed: Counts = np.zeros((len(SECTORS), length), dtype=np.int64)
        self.own: Counts = np.zeros(length, dtype=np.int64)
        self.coming: Counts = np.zeros((length, length), dtype=np.int64)
        self.in_use: Counts = np.zeros(length, dtype=np.int64)

    def place(self, step: int) -> int:
        """Place of a step, negative before the run, in the arrays."""
        return step + self.before

    def begin_use(self, step: int) -> None:
        """Let those go into use whose time comes in a step."""
        self.in_use += self.coming[:, self.place(step)]

    def alive(self, youngest: int, steps: int) -> Counts:
        """Count the results born in the last ``steps`` steps up to ``youngest``, by kind of owner.

        Returns
        -------
        ndarray of int64 of shape (sectors,)
        """
        born = self._recent(youngest, steps)
        numbers: Counts = self.undisclosed[:, born].sum(axis=1)
        numbers[SECTOR["enterprise"]] += self.own[born].sum()
        return numbers

    def used(self, youngest: int, steps: int) -> int:
        """Count the enterprises' results of the last ``steps`` steps that are in use."""
        return int(self.in_use[self._recent(youngest, steps)].sum())

    def _recent(self, youngest: int, steps: int) -> slice:
        last = self.place(youngest) + 1
        return slice(max(0, last - steps), last)
