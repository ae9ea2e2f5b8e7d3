"""The ledger of calls: who applied to a programme, with which score, who won, who made use of it.

A province keeps one only when a run is asked for it; see `Watch`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from ..engine.columns import record_dtype
from .recorded_columns import APPLICANTS, CALL, PROGRAMMES, RULES

if TYPE_CHECKING:
    from collections.abc import Collection

    from ..engine.quarters import Quarter

Keys = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]
Table = npt.NDArray[Any]

DTYPE: Final = record_dtype(CALL)


class CallLedger:
    """Calls of a run, losers kept.

    Parameters
    ----------
    programmes : collection of str
        Programmes of :data:`PROGRAMMES` whose calls are taken down.

    Attributes
    ----------
    calls : list of structured ndarray
        One row an applicant, one array a call.
    tickets : list of tuple
        Rows of the winners of the step's calls that are not used yet, and the row of the first ticket.
    """

    def __init__(self, programmes: Collection[str]) -> None:
        self.programmes = frozenset(programmes)
        self.calls: list[Table] = []
        self.tickets: list[tuple[Table, npt.NDArray[np.int64], int]] = []

    def enter(
        self,
        quarter: Quarter,
        programme: str,
        rule: str,
        applicants: Keys,
        won: Flags,
        *,
        kind: str = "firm",
        score: npt.ArrayLike = np.nan,
        threshold: npt.ArrayLike = np.nan,
        giver: npt.ArrayLike = 0,
    ) -> Table:
        """Take down a call whose winners use what they won; gives its rows, to be put right if they do not.

        Parameters
        ----------
        applicants : ndarray of uint64 of shape (n,)
            Keys of those who applied.
        won : ndarray of bool of shape (n,)
        score, threshold, giver : array_like of shape (n,) or ()
            See `recorded_columns`.

        Returns
        -------
        structured ndarray of shape (n,)
        """
        call = np.zeros(len(applicants), dtype=DTYPE)
        call["year"], call["quarter"] = quarter.year, quarter.quarter
        call["programme"] = PROGRAMMES.index(programme)
        call["rule"], call["applicant_kind"] = RULES.index(rule), APPLICANTS.index(kind)
        call["applicant"], call["giver"] = applicants, giver
        call["score"], call["threshold"] = score, threshold
        call["won"] = call["used"] = won
        call["user"] = np.where(won, applicants, np.uint64(0))
        self.calls.append(call)
        return call

    def table(self) -> Table:
        """All calls so far in one array."""
        return np.concatenate([np.zeros(0, dtype=DTYPE), *self.calls])
