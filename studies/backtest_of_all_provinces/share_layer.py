"""Score the share layer beside the rulers on the points of the backtest across provinces; no run is made.

``python -m shaanxi_transfer.studies.backtest_of_all_provinces.share_layer`` writes ``share_layer.csv``:
CRPS of the logarithm of the share layer, of the rulers and of the model, on the half of the provinces on
which the design was chosen, on the other half and on all; for each forecaster the share layer's score less
its own, with the 95 % interval from drawing provinces again; coverage; all by series too. Rulers and model
are those of ``backtest_provinces.csv``, on whose points alone the share layer is scored.
``--momentum yes`` or ``--pull no``, or both, prints what another design has on the half for choosing
and on no other, and writes nothing. Decision 0041.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from ...engine.errors import InputError
from ...experiments.backtesting.all_provinces import AllProvinces, all_provinces, hash_of_data
from ...experiments.backtesting.intervals_over_provinces import draws_of_provinces, interval_over_provinces
from ...experiments.backtesting.rivals_half import COLUMNS, DRAWS
from ...experiments.backtesting.scores import BANDS, score_sample
from ...experiments.backtesting.share_layer import NAME, Design
from ...experiments.forecasting.discrepancy import SERIES
from ...experiments.keeping.atomic_files import make_folder
from ...experiments.keeping.store import Store
from ...experiments.planning.definitions import LAST_YEAR
from ...experiments.running.table_command import DEFAULT_FOLDER, errors_in_one_line
from .halves import SEED_OF_THE_LOT, half_for_choosing
from .tables import SCORES, rounded

__all__ = ["TABLE", "main", "scores_of_layer", "summary_by_half"]

TABLE: Final = "share_layer.csv"

_PLACE: Final = ["province", "indicator", "origin", "year"]


def scores_of_layer(
    everyone: AllProvinces,
    points: pd.DataFrame,
    *,
    design: Design,
    draws: int = DRAWS,
    seed: int = 1,
) -> pd.DataFrame:
    """Score the share layer on points: ``province`` and the columns of `rivals_half.COLUMNS`.

    Parameters
    ----------
    everyone : AllProvinces
        Years after the origins included: these are what is forecast.
    points : DataFrame
        ``province``, ``indicator``, ``origin``, ``year``, each row once.
    design : Design
    draws, seed : int
        Of each forecast.
    """
    rows = []
    for origin, mine in points.groupby("origin", sort=True):
        layer = everyone.layer_at(int(str(origin)), design)
        for (province, name), years in mine.groupby(["province", "indicator"], sort=True)["year"]:
            sample = layer.sample(
                str(province), str(name), horizon=LAST_YEAR - layer.origin, draws=draws, seed=seed
            )
            for year in sorted(int(one) for one in years):
                ahead = year - layer.origin
                head = {"province": province, "origin": layer.origin, "indicator": name, "year": year}
                score = score_sample(
                    sample[:, ahead - 1], everyone.figures.own[str(name)][str(province)][year]
                )
                rows.append({**head, "horizon": ahead, "forecaster": NAME, **score})
    return pd.DataFrame(rows)[["province", *COLUMNS]]


def summary_by_half(scores: pd.DataFrame, seed: int = 1) -> pd.DataFrame:
    """Sum scores of several forecasters up, by half and by series.

    Parameters
    ----------
    scores : DataFrame
        ``province`` and the columns of `rivals_half.COLUMNS`; all forecasters on the same points.
    seed : int
        Of the provinces drawn again.

    Returns
    -------
    DataFrame
        ``half`` (chosen, other, all), ``indicator`` (``all`` first), ``forecaster``, ``provinces``,
        ``points``, means of ``crps_log`` and of each band, ``share_layer_less``: the share layer's CRPS less
        the forecaster's, below zero where the layer is better, with ``_low`` and ``_high``.
    """
    chosen = half_for_choosing(scores["province"].unique())
    inside = scores["province"].isin(chosen)
    rows = []
    for half, mine in (("chosen", scores[inside]), ("other", scores[~inside]), ("all", scores)):
        for name in ("all", *(one for one in SERIES if one in set(mine["indicator"]))):
            rows += _rows(mine if name == "all" else mine[mine["indicator"] == name], half, name, seed)
    return pd.DataFrame(rows)


def _rows(scores: pd.DataFrame, half: str, name: str, seed: int) -> list[dict[str, Any]]:
    provinces = sorted(scores["province"].unique())
    again = draws_of_provinces(len(provinces), seed)
    layer = scores[scores["forecaster"] == NAME].set_index(_PLACE)["crps_log"]
    rows = []
    for forecaster, mine in scores.groupby("forecaster", sort=True):
        less = layer - mine.set_index(_PLACE)["crps_log"].reindex(layer.index)
        by_province = less.groupby(level="province")
        low, high = interval_over_provinces(
            by_province.sum().reindex(provinces).to_numpy(np.float64),
            by_province.size().reindex(provinces).to_numpy().astype(np.float64),
            again,
        )
        means = {column: float(mine[column].astype(float).mean()) for column in ("crps_log", *BANDS)}
        head: dict[str, Any] = {
            "half": half,
            "indicator": name,
            "forecaster": forecaster,
            "provinces": len(provinces),
        }
        difference = {"share_layer_less": float(less.mean()), "share_layer_less_low": low}
        rows.append({**head, "points": len(mine), **means, **difference, "share_layer_less_high": high})
    return rows


@errors_in_one_line
def main(arguments: Sequence[str] | None = None) -> int:
    """Make the table; 0 done, 2 refused."""
    from ...scenarios import list_provinces, load_pack

    parser = ArgumentParser(
        prog="python -m shaanxi_transfer.studies.backtest_of_all_provinces.share_layer", description=__doc__
    )
    for part in ("momentum", "pull"):
        parser.add_argument(f"--{part}", choices=("yes", "no"), help="print another design only")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scores", type=Path, default=DEFAULT_FOLDER / SCORES, help="scores of the rulers")
    parser.add_argument("--out", type=Path, default=DEFAULT_FOLDER, help="folder of the table")
    given = parser.parse_args(arguments)
    if not given.scores.is_file():
        raise InputError("there is no table of the rulers", key="--scores", file=given.scores)
    make_folder(given.out)
    packs = {name: load_pack(name) for name in list_provinces()}
    everyone = all_provinces()
    rulers = pd.read_csv(given.scores)
    points = rulers[_PLACE].drop_duplicates()
    asked = {part: getattr(given, part) == "yes" for part in ("momentum", "pull") if getattr(given, part)}
    design = replace(Design(), **asked)
    if asked:
        chosen = points[points["province"].isin(half_for_choosing(points["province"].unique()))]
        scores = scores_of_layer(everyone, chosen, design=design, seed=given.seed)
        print(f"{scores['crps_log'].mean():.4f}", scores.groupby("indicator")["crps_log"].mean().to_dict())
        return 0
    scores = scores_of_layer(everyone, points, design=design, seed=given.seed)
    rulers = rulers[rulers["forecaster"] != NAME]  # a table of today holds the layer as well
    table = summary_by_half(pd.concat([scores, rulers], ignore_index=True), given.seed)
    made_from = hash_of_data(packs, given.scores.read_bytes())
    made = f"data {made_from}, seed {given.seed}, lot {SEED_OF_THE_LOT}, {DRAWS} draws"
    Store(given.out).write_csv(TABLE, rounded(table.assign(made_from=made)))
    for row in table[table["indicator"] == "all"].itertuples():
        print(
            f"{row.half}, {row.forecaster}: CRPS of the log {row.crps_log:.4f}; share layer less this "
            f"{row.share_layer_less:+.4f} ({row.share_layer_less_low:+.4f} to "
            f"{row.share_layer_less_high:+.4f})"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
