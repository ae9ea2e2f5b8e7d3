"""The table of a discovery: each conclusion with its robustness, and the boxes of futures that flip it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ..forecasting.frame_of_runs import INPUTS
from ..forecasting.target_and_indicator_tables import wilson_interval
from .boxes import FEW_CASES, NOTHING_FLIPS, Box, Limit, boxes_of, feature_scores, halves
from .conclusions import Conclusion

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["COLUMNS", "box_table"]

COLUMNS: Final = (
    "province", "scenario", "base", "kind", "target", "counting", "unit", "year", "conclusion",
    "futures", "holds", "holds_low", "holds_high", "flips",
    "box", "verdict", "coverage_fitted", "density_fitted", "coverage", "density", "density_low",
    "density_high",
    "base_rate", "inside", "input", "input_unit", "low", "high", "low_rank", "high_rank", "chance", "score",
    "score_by_luck", "comparisons", "by_luck",
)  # fmt: skip
"""Columns of ``boxes.csv``: a row for each limit of each box, or one where there is none.

``holds`` is the share of futures in which the conclusion holds, with its 95 % interval; ``flips`` is how many
flip it. ``coverage_fitted`` and ``density_fitted`` are of the half of futures on which a box was fitted, what
follows is of the other one. ``score`` is the input's feature score in all futures, ``score_by_luck`` the
highest one of shuffled inputs. So many ``comparisons`` were made at once; ``by_luck`` is how many boxes would
at most stand the check if none were worth anything."""

BY_LUCK: Final = 0.025
"""Chance that a box which is worth nothing stands the check: one side of a 95 % interval."""

_SOME: Final = 5
"""Inputs of the highest scores that are named where there is no box."""


def box_table(
    frame: pd.DataFrame, conclusions: list[Conclusion], worlds: Mapping[str, Scenario], seed: int
) -> pd.DataFrame:
    """Judge each conclusion and look for its boxes, in the columns of `COLUMNS`.

    Parameters
    ----------
    frame : DataFrame
        Of `frame_of_runs.frame_of`.
    conclusions : list of Conclusion
    worlds : mapping
        Scenarios by name; they give provinces, and units of parameters.
    seed : int
        By which futures are halved and trees grow.
    """
    rows = [row for one in conclusions for row in _rows(frame, one, worlds[one.scenario], seed)]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    tried = int(table.drop_duplicates(["scenario", "kind", "target", "counting", "box"])["box"].gt(0).sum())
    table["comparisons"], table["by_luck"] = tried, tried * BY_LUCK
    return table


def _rows(frame: pd.DataFrame, one: Conclusion, world: Scenario, seed: int) -> Iterator[dict[str, Any]]:
    holds, futures = int(one.holds.sum()), len(one.futures)
    low, high = wilson_interval(holds, futures)
    head = {
        "province": world.pack().name,
        "scenario": one.scenario,
        "base": one.base,
        "kind": one.kind,
        "target": one.target,
        "counting": one.counting,
        "unit": one.unit,
        "year": one.year,
        "conclusion": one.said,
        "futures": futures,
        "holds": holds / futures,
        "holds_low": low,
        "holds_high": high,
        "flips": futures - holds,
        "box": 0,
    }
    if holds == futures:
        yield {**head, "verdict": NOTHING_FLIPS}
        return
    inputs = _inputs(frame, one)
    boxes = [] if inputs.empty else boxes_of(inputs, one.flips, halves(one.futures, seed), seed)
    if not boxes:
        yield {**head, "verdict": FEW_CASES}
        return
    scores = feature_scores(inputs, one.flips, seed)
    units = {f"parameter.{name}": parameter.unit for name, parameter in world.parameter_table().items()}
    for number, box in enumerate(boxes, start=1):
        told = {**head, "box": number, **_told(box)}
        named = [_limit(limit, inputs) for limit in box.limits]
        for limit in named or [{"input": name} for name in scores.by_input.index[:_SOME]]:
            drawn = str(limit["input"])
            yield {
                **told,
                **limit,
                "input_unit": units.get(drawn, "ln/year" if drawn.startswith("outside.") else "ln"),
                "score": float(scores.by_input[drawn]),
                "score_by_luck": scores.by_luck,
            }


def _limit(limit: Limit, inputs: pd.DataFrame) -> dict[str, Any]:
    """Tell a limit, in the input's unit and as shares of futures; the open side is nan."""
    values = inputs[limit.input]
    return {
        "input": limit.input,
        "low": limit.low,
        "high": limit.high,
        "low_rank": float((values < limit.low).mean()) if np.isfinite(limit.low) else np.nan,
        "high_rank": float((values <= limit.high).mean()) if np.isfinite(limit.high) else np.nan,
        "chance": limit.chance,
    }


def _inputs(frame: pd.DataFrame, one: Conclusion) -> pd.DataFrame:
    """Give what the futures of a conclusion drew, where it differs between them."""
    rows = frame[frame["scenario"] == one.scenario].set_index("future").loc[one.futures]
    names = [name for name in rows if str(name).partition(".")[0] in INPUTS]
    inputs = rows[names].dropna(axis="columns")
    varies = (inputs.nunique() > 1).to_numpy()
    return inputs.loc[:, varies].astype(np.float64)


def _told(box: Box) -> dict[str, Any]:
    return {name: getattr(box, name) for name in COLUMNS if hasattr(box, name)}
