"""Twins: prizes that do nothing, given by a score that sees a little of the future; two evaluations of them.

As with Innofund in China, matching on what is seen finds that winners grow faster, and the threshold of the
score finds nothing. The true effect is set to zero, so that the first is wrong by construction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import pandas as pd

from ...model.watch import Watch
from ...scenarios import Scenario
from .design import Design, Measured, Tables, base_world, numbered, rows_at
from .discontinuity import discontinuity
from .matching import matched_difference

__all__ = ["TWINS"]

_CALL: Final = "2013-Q1"
_NEXT: Final = "2013-Q2"
_YEAR_LATER: Final = "2014-Q1"
_WINNERS: Final = 250
_PRIZE: Final = 1.0e5
_NEIGHBOURS: Final = 5


def _worlds(province: str) -> dict[str, Scenario]:
    base = base_world(province, since=_CALL, end="2014-Q4")
    contest = base.set(
        contest_prizes={_CALL: 4 * _WINNERS * _PRIZE, _NEXT: 0.0},
        contest_prize=_PRIZE,
        prize_growth=0.0,
        name="contest",
    )
    return {"contest": contest}


def _measure(worlds: Mapping[str, Tables], seed: int) -> dict[str, Callable[[], Measured]]:
    applicants = _applicants(worlds["contest"])

    def at_threshold() -> Measured:
        return Measured(discontinuity(applicants, outcome="growth", score="above", threshold=0.0), 0.0)

    def matched() -> Measured:
        return Measured(
            matched_difference(
                applicants.assign(none=0.0),
                before="none",
                after="growth",
                treated="won",
                near=["age", "size"],
                exact=["field"],
                neighbours=_NEIGHBOURS,
            ),
            0.0,
        )

    return {"grant_at_threshold": at_threshold, "grant_matched": matched}


def _applicants(tables: Tables) -> pd.DataFrame:
    calls = tables["call"]
    call = calls[numbered(calls, _CALL) == 0].set_index("applicant")
    before, after = rows_at(tables["firm"], _CALL), rows_at(tables["firm"], _YEAR_LATER)
    both = call.index.intersection(before.index).intersection(after.index)
    return pd.DataFrame(
        {
            "above": (call.loc[both, "score"] - call.loc[both, "threshold"]).to_numpy(),
            "won": call.loc[both, "won"].to_numpy(dtype=np.float64),
            "growth": (after.loc[both, "size"] - before.loc[both, "size"]).to_numpy(),
            "age": before.loc[both, "age"].to_numpy(),
            "size": before.loc[both, "size"].to_numpy(),
            "field": before.loc[both, "field"].to_numpy(),
        }
    )


TWINS: Final = Design("twins", _worlds, Watch(units=("firm",), programmes=("contests",)), _measure)
