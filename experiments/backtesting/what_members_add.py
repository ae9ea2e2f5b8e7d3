"""What each member adds to a pool: how much worse it is without it, and its part of the pool's skill.

Every subset of the members is pooled anew, with weights learnt for that subset from the past of each origin;
of no member at all a simple reference is left. Skill is the reference's mean CRPS less the pool's. Left out:
the CRPS of the pool without a member less that of the whole. Shapley: what a member adds to those that came
before it, averaged over all orders in which members can come; over the members it sums to the skill.

Intervals draw provinces again with the weights as they were learnt.

Shapley (1953), A value for n-person games, in Contributions to the Theory of Games II, 307-317.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...engine.errors import InputError
from .intervals_over_provinces import draws_of_provinces, interval_over_provinces
from .quantile_pool import pooled_points
from .stored_forecasts import LEVELS

__all__ = ["ADDED_COLUMNS", "MOST_MEMBERS", "thirds", "what_members_add"]

FloatArray = npt.NDArray[np.float64]
Subset = frozenset[str]

MOST_MEMBERS: Final = 6
"""Of which there are 64 subsets."""

_MEASURES: Final = ("skill", "left_out", "shapley")

ADDED_COLUMNS: Final = (
    *("by", "part", "member", "provinces", "points", "crps_reference", "crps_pool"),
    *(f"{name}{end}" for name in _MEASURES for end in ("", "_low", "_high")),
    "share",
)
"""Columns of the table; ``by`` is all, indicator, horizon or size, ``part`` which of them. Measures are in
CRPS of the log, above zero where the member or pool is of use; ``share`` is Shapley over skill, empty where
the interval of the skill is not above zero: then there is nothing to share out."""

_POINT: Final = ["province", "origin", "indicator", "year"]


def thirds(sizes: Mapping[str, float]) -> dict[str, str]:
    """Sort provinces into small, middle and large, as many in each as can be.

    Examples
    --------
    >>> thirds({"a": 3.0, "b": 1.0, "c": 2.0})
    {'b': 'small', 'c': 'middle', 'a': 'large'}
    """
    in_order = sorted(sizes, key=lambda name: (sizes[name], name))
    names = ("small", "middle", "large")
    return {who: names[place * 3 // len(in_order)] for place, who in enumerate(in_order)}


def what_members_add(
    points: pd.DataFrame,
    members: Sequence[str],
    reference: str,
    *,
    size: Mapping[str, str],
    seed: int = 1,
    levels: FloatArray = LEVELS,
    equal_if_too_few: bool = False,
) -> pd.DataFrame:
    """Tell what each member of a pool adds, over all points and by series, horizon and size of province.

    Parameters
    ----------
    points : DataFrame
        As for `quantile_pool.learnt_pool`, with forecasts of members and reference.
    members : sequence of str
        Of the pool, `MOST_MEMBERS` at most.
    reference : str
        What is used without any member, a simple forecaster.
    size : mapping of str to str
        By province; see `thirds`.
    seed : int
        Of the provinces drawn again.
    levels, equal_if_too_few
        As for `quantile_pool.learnt_pool`.

    Returns
    -------
    DataFrame
        `ADDED_COLUMNS`, a row a part and member.

    Raises
    ------
    InputError
        Too many members, a province without a size, or as for `quantile_pool.learnt_pool`.
    """
    if not 1 <= len(set(members)) == len(members) <= MOST_MEMBERS:
        raise InputError(
            f"{len(members)} members: {', '.join(members)}",
            key="pool",
            allowed=f"1 to {MOST_MEMBERS} different ones",
        )
    scores = _scores_of_subsets(points, members, reference, levels, equal_if_too_few)
    if without := sorted(set(scores["province"]) - set(size)):
        raise InputError(f"no size of {without[0]}", key="size", allowed="a size of each province")
    scores = scores.assign(
        horizon=scores["year"] - scores["origin"], size=[size[who] for who in scores["province"]]
    )
    parts: list[tuple[str, Any, pd.DataFrame]] = [("all", "all", scores)]
    for by in ("indicator", "horizon", "size"):
        parts += [(by, part, mine) for part, mine in scores.groupby(by, sort=by != "size")]
    rows = [row for by, part, mine in parts for row in _rows(mine, by, str(part), members, seed)]
    return pd.DataFrame(rows, columns=list(ADDED_COLUMNS))


def _subsets(members: Sequence[str]) -> Iterator[Subset]:
    return (frozenset(some) for many in range(len(members) + 1) for some in combinations(members, many))


def _scores_of_subsets(
    points: pd.DataFrame, members: Sequence[str], reference: str, levels: FloatArray, equal_if_too_few: bool
) -> pd.DataFrame:
    """Give the CRPS of each point under each subset, in columns that are the subsets."""
    everyone = list(dict.fromkeys([*members, reference]))
    mine = points[points["forecaster"].isin(everyone)]
    have = mine.groupby(_POINT)["forecaster"].transform("nunique")
    shared = mine[have == len(everyone)]
    table = shared.drop_duplicates(_POINT)[_POINT].sort_values(_POINT, ignore_index=True)
    if table.empty:
        raise InputError(
            "members and reference have no point in common",
            key="pool",
            allowed=f"points that all of {', '.join(everyone)} forecast",
        )
    for subset in _subsets(members):
        pooled, _ = pooled_points(
            shared,
            [name for name in members if name in subset] or [reference],
            levels=levels,
            equal_if_too_few=equal_if_too_few or len(subset) < 2,  # of one there is nothing to learn
        )
        scored: Any = pooled[[*_POINT, "crps_log"]].rename(columns={"crps_log": subset})
        table = table.merge(scored, on=_POINT, validate="one_to_one")
    return table


def _rows(
    scores: pd.DataFrame, by: str, part: str, members: Sequence[str], seed: int
) -> Iterator[dict[str, Any]]:
    provinces = sorted(scores["province"].unique())
    again = draws_of_provinces(len(provinces), seed)
    counts = np.asarray(scores.groupby("province").size().reindex(provinces), np.float64)

    def told(values: FloatArray, name: str) -> dict[str, float]:
        sums = pd.Series(values, index=scores["province"].to_numpy()).groupby(level=0).sum()
        low, high = interval_over_provinces(np.asarray(sums.reindex(provinces), np.float64), counts, again)
        return {name: float(values.mean()), f"{name}_low": low, f"{name}_high": high}

    of: dict[Subset, FloatArray] = {
        subset: scores[subset].to_numpy(np.float64) for subset in _subsets(members)
    }
    everyone, nobody = frozenset(members), frozenset[str]()
    skill = told(of[nobody] - of[everyone], "skill")
    for member in members:
        added = sum(
            _chance_of(len(before), len(members)) * (of[before] - of[before | {member}])
            for before in _subsets([name for name in members if name != member])
        )
        shapley = told(np.asarray(added, np.float64), "shapley")
        yield {
            "by": by,
            "part": part,
            "member": member,
            "provinces": len(provinces),
            "points": len(scores),
            "crps_reference": float(of[nobody].mean()),
            "crps_pool": float(of[everyone].mean()),
            **skill,
            **told(of[everyone - {member}] - of[everyone], "left_out"),
            **shapley,
            "share": shapley["shapley"] / skill["skill"] if skill["skill_low"] > 0.0 else math.nan,
        }


def _chance_of(before: int, members: int) -> float:
    """Give the share of all orders in which exactly certain others come before a member."""
    return 1.0 / (members * math.comb(members - 1, before))
