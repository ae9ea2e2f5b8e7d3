"""The pool in the backtest across provinces: as it could have been combined at each origin, and whose it is.

`across` scores it beside its members and writes weights and what members add. By itself,
``python -m shaanxi_transfer.studies.backtest_of_all_provinces.pool`` makes no run and writes nothing: it
prints the pool beside its members on the half of the provinces on which designs are chosen, on the other half
and on all. Of a table without stored quantiles it takes the seven in it, and scores the share layer anew.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...engine.errors import InputError
from ...experiments.backtesting.all_provinces import all_provinces
from ...experiments.backtesting.intervals_over_provinces import draws_of_provinces, interval_over_provinces
from ...experiments.backtesting.quantile_pool import COMBINED, QuantilePool, learnt_pool, pooled_points
from ...experiments.backtesting.quantile_scores import (
    NEEDED,
    crps_of_quantiles,
    needed_quantiles,
    score_quantiles,
)
from ...experiments.backtesting.rivals import SHARE_LAYER
from ...experiments.backtesting.rivals_half import COLUMNS
from ...experiments.backtesting.share_layer import Design
from ...experiments.backtesting.stored_forecasts import LEVELS, quantiles_file, read_quantiles
from ...experiments.backtesting.what_members_add import thirds, what_members_add
from ...experiments.planning.definitions import LAST_YEAR
from ...experiments.running.table_command import DEFAULT_FOLDER, errors_in_one_line
from ..read_tables import read_table
from .halves import half_for_choosing
from .share_layer import scores_of_layer
from .tables import MODEL, PAST_ONLY, RECONCILED, SCORES

if TYPE_CHECKING:
    from ...scenarios import Pack

__all__ = [
    "ADDED",
    "MEMBERS",
    "REFERENCE",
    "WEIGHTS",
    "Pooled",
    "main",
    "members_of",
    "points_of",
    "pool_of_backtest",
]

FloatArray = npt.NDArray[np.float64]

ADDED: Final = "backtest_provinces_members.csv"
WEIGHTS: Final = "backtest_provinces_weights.csv"

MEMBERS: Final = (MODEL, SHARE_LAYER)
"""Of the pool, the first of which gives its futures their order."""

REFERENCE: Final = "constant_national_share"
"""What there is without any member: the ruler that did best."""

_POINT: Final = ["province", "origin", "indicator", "year"]


class Pooled(NamedTuple):
    """The pool in a backtest.

    Attributes
    ----------
    scores : DataFrame
        ``province`` and the columns of `rivals_half.COLUMNS` and `stored_forecasts.STORED`; the score is that
        of the quantiles.
    weights : DataFrame
        ``origin``, ``indicator``, ``member``, ``weight``, ``points``: 0 where weights are equal.
    added : DataFrame
        `what_members_add.ADDED_COLUMNS`.
    pool : QuantilePool or None
        With which forecasts from the last year are combined; none where there are too few points.
    """

    scores: pd.DataFrame
    weights: pd.DataFrame
    added: pd.DataFrame
    pool: QuantilePool | None


def members_of(points: pd.DataFrame) -> pd.DataFrame:
    """Take the forecasts of members and reference; the model's are those that could have been made then.

    They are reconciled before they are pooled; a table that is older than that has none that are.
    """
    model = RECONCILED if (points["forecaster"] == RECONCILED).any() else PAST_ONLY
    mine = points[points["forecaster"].isin([model, SHARE_LAYER, REFERENCE])]
    return mine.assign(forecaster=mine["forecaster"].replace({model: MODEL}))


def pool_of_backtest(
    scores: pd.DataFrame,
    packs: Mapping[str, Pack],
    *,
    seed: int,
    source: str,
    report: Callable[[str], None] = print,
) -> Pooled:
    """Combine and score every point of a backtest.

    Parameters
    ----------
    scores : DataFrame
        ``province`` and the columns of `rivals_half.COLUMNS` and `stored_forecasts.STORED`.
    packs : mapping of str to Pack
        By province: small and large are told by the value sold in the first origin's year.
    seed : int
        Of the provinces drawn again.
    source : str
        Written into the pool's file.
    report : callable
        Gets a line if there are too few points for the forecasts' weights.
    """
    points = members_of(scores)
    pooled, pools = pooled_points(points, MEMBERS, equal_if_too_few=True)
    first = int(points["origin"].min())
    added = what_members_add(
        points, MEMBERS, REFERENCE, size=thirds(_sizes(packs, first)), seed=seed, equal_if_too_few=True
    )
    last = None
    try:
        last = learnt_pool(points, MEMBERS, LAST_YEAR, source=source)
        pools[LAST_YEAR] = last
    except InputError as error:
        report(f"no weights for forecasts: {error}")
    weights = [
        {"origin": origin, "indicator": name, "member": who, "weight": weight, "points": pool.points[name]}
        for origin, pool in pools.items()
        for name, mine in pool.weights.items()
        for who, weight in mine.items()
    ]
    return Pooled(_scored(pooled, points, pools), pd.DataFrame(weights), added, last)


def _sizes(packs: Mapping[str, Pack], year: int) -> dict[str, float]:
    """Give the last value sold up to a year, by province; 0 where none is known."""
    known = {name: pack.series_of("contract_value_output") for name, pack in packs.items()}
    return {
        name: next((series[one] for one in sorted(series, reverse=True) if one <= year), 0.0)
        for name, series in known.items()
    }


def _scored(pooled: pd.DataFrame, points: pd.DataFrame, pools: Mapping[int, QuantilePool]) -> pd.DataFrame:
    """Score the pool's quantiles as a file of quantiles is scored, and give it the model's futures."""
    of: dict[str, Any] = {
        name: points[points["forecaster"] == name].set_index(_POINT)[["quantiles", "draws"]].to_dict("index")
        for name in MEMBERS
    }
    rows = []
    for row in pooled.to_dict("records"):
        place = tuple(row[name] for name in _POINT)
        quantiles = {name: of[name][place]["quantiles"] for name in MEMBERS}
        drawn = pools[row["origin"]].draws(row["indicator"], of[MODEL][place]["draws"], quantiles)
        score = score_quantiles(LEVELS, np.exp(row["quantiles"]), float(row["observed"]))
        head = {name: row[name] for name in (*_POINT, "forecaster")}
        stored = {"quantiles": row["quantiles"], "draws": drawn}
        rows.append({**head, "horizon": row["year"] - row["origin"], **score, **stored})
    return pd.DataFrame(rows)


def beside_members(points: pd.DataFrame, levels: FloatArray, seed: int) -> pd.DataFrame:
    """Set the pool beside members and reference on all points, by half of the provinces and by series.

    Parameters
    ----------
    points : DataFrame
        Of `members_of`; all forecasters on the same points.
    levels : ndarray
        Probabilities of the quantiles.
    seed : int
        Of the provinces drawn again.

    Returns
    -------
    DataFrame
        ``half`` (chosen, other, all), ``indicator``, ``forecaster``, ``points``, ``crps_log`` and
        ``combined_less``, the pool's less the forecaster's, with ``_low`` and ``_high``.
    """
    pooled, _ = pooled_points(points, MEMBERS, levels=levels, equal_if_too_few=True)
    outcomes = np.log(points["observed"].to_numpy(np.float64))
    scored = points.assign(crps_log=crps_of_quantiles(levels, np.stack(list(points["quantiles"])), outcomes))
    of_pool = pooled.set_index(_POINT)["crps_log"]
    of = {COMBINED: of_pool} | {
        str(name): mine.set_index(_POINT)["crps_log"].reindex(of_pool.index)
        for name, mine in scored.groupby("forecaster", sort=True)
    }
    places = of_pool.index.to_frame(index=False)
    chosen = places["province"].isin(half_for_choosing(places["province"].unique())).to_numpy()
    rows = []
    for half, inside in (("chosen", chosen), ("other", ~chosen), ("all", np.ones(len(chosen), bool))):
        for part in ("all", *sorted(places["indicator"].unique())):
            kept = inside & ((places["indicator"] == part).to_numpy() | (part == "all"))
            who = places["province"][kept]
            again = draws_of_provinces(who.nunique(), seed)
            for name, values in of.items():
                less = pd.Series((of_pool - values).to_numpy(np.float64)[kept], index=who.to_numpy())
                sums = less.groupby(level=0)
                low, high = interval_over_provinces(
                    sums.sum().to_numpy(np.float64), sums.size().to_numpy().astype(np.float64), again
                )
                told = {"half": half, "indicator": part, "forecaster": name, "points": int(kept.sum())}
                rows.append(
                    {
                        **told,
                        "crps_log": float(values.to_numpy(np.float64)[kept].mean()),
                        "combined_less": float(less.mean()),
                        "combined_less_low": low,
                        "combined_less_high": high,
                    }
                )
    return pd.DataFrame(rows)


def points_of(file: Path, seed: int) -> tuple[pd.DataFrame, FloatArray]:
    """Read what is stored beside a table, or take the seven quantiles that stand in it."""
    if (file.parent / quantiles_file(file.name)).is_file():
        return read_quantiles(file.parent, file.name), LEVELS
    table = read_table(file, "across", COLUMNS)
    if SHARE_LAYER not in set(table["forecaster"]):
        places = table[_POINT].drop_duplicates()
        layer = scores_of_layer(all_provinces(), places, design=Design(), seed=seed)
        table = pd.concat([table, layer], ignore_index=True)
    names = [*_POINT, "forecaster", "observed"]
    quantiles = pd.Series(list(needed_quantiles(table)), index=table.index, dtype=object)
    return table[names].assign(quantiles=quantiles), np.array(NEEDED)


@errors_in_one_line
def main(arguments: Sequence[str] | None = None) -> int:
    """Print the pool beside its members; 0 done, 2 refused."""
    from ...scenarios import load_pack

    parser = ArgumentParser(
        prog="python -m shaanxi_transfer.studies.backtest_of_all_provinces.pool", description=__doc__
    )
    parser.add_argument("--scores", type=Path, default=DEFAULT_FOLDER / SCORES)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    points, levels = points_of(given.scores, given.seed)
    points = members_of(points)
    print(f"{len(levels)} quantiles a forecast")
    for row in beside_members(points, levels, given.seed).itertuples():
        print(
            f"{row.half}, {row.indicator}, {row.forecaster}: {row.points} points, CRPS of the log "
            f"{row.crps_log:.4f}; pool less this {row.combined_less:+.4f} ({row.combined_less_low:+.4f} to "
            f"{row.combined_less_high:+.4f})"
        )
    packs = {name: load_pack(name) for name in map(str, sorted(points["province"].unique()))}
    size = thirds(_sizes(packs, int(points["origin"].min())))
    added = what_members_add(
        points, MEMBERS, REFERENCE, size=size, seed=given.seed, levels=levels, equal_if_too_few=True
    )
    for row in added.itertuples():
        print(
            f"{row.by} {row.part}: without {row.member} {row.left_out:+.4f} ({row.left_out_low:+.4f} to "
            f"{row.left_out_high:+.4f}); its part of the skill {row.skill:+.4f} is {row.shapley:+.4f} "
            f"({row.shapley_low:+.4f} to {row.shapley_high:+.4f})"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
