"""Set forecasts of others, from quantile files, beside the backtest across provinces.

``make across-rivals RIVALS="FILE ..."`` needs no run: the table of the backtest holds every point's outcome,
the scores of each forecaster, and the seven quantiles of which the weighted interval score is made. Joint
draws of provinces are not in it, so that there is no energy score here.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ...engine.errors import InputError
from ...experiments.backtesting.quantile_scores import score_quantiles, wis_log
from ...experiments.backtesting.rivals_half import COLUMNS
from ...experiments.hubverse.file_names import origin_day
from ...experiments.hubverse.read_rival import RivalFile, read_rival, rival_files_of
from ...experiments.keeping.atomic_files import make_folder
from ...experiments.keeping.store import Store
from ...experiments.planning import door_to_model
from ...experiments.running.table_command import DEFAULT_FOLDER, errors_in_one_line
from ..read_tables import read_table
from .results import SCORES
from .tables import rounded, summary_of_provinces

__all__ = ["AGAINST", "against_rivals", "main", "scores_of_rivals"]

AGAINST: Final = "against_rivals.csv"

_POINT: Final = ["province", "origin", "indicator", "year"]
_GROUPS: Final = ("all", "indicator", "horizon")
_SAME: Final = ["by", "indicator", "horizon", "forecaster"]


def scores_of_rivals(rivals: Sequence[RivalFile], scores: pd.DataFrame) -> pd.DataFrame:
    """Score the forecasts of rivals that are points of the backtest.

    Parameters
    ----------
    rivals : sequence of RivalFile
        One for each rival and origin.
    scores : DataFrame
        Of the backtest: ``province`` and the columns of `rivals_half.COLUMNS`.

    Raises
    ------
    InputError
        If two files are of one rival and origin, or a file has no point of the backtest.
    """
    came = scores.drop_duplicates(_POINT).set_index(_POINT)["observed"].to_dict()
    there: dict[tuple[str, int], RivalFile] = {}
    rows: list[dict[str, Any]] = []
    for rival in rivals:
        first = there.setdefault((rival.forecaster, rival.origin), rival)
        if first is not rival:
            raise InputError(
                f"this is a second file of {rival.forecaster} from {rival.origin}, beside {first.file}",
                key="rival",
                file=rival.file,
                allowed="one file a rival and origin",
            )
        mine = [
            {
                "province": one.province,
                "origin": rival.origin,
                "indicator": one.indicator,
                "year": one.year,
                "horizon": one.year - rival.origin,
                "forecaster": rival.forecaster,
                **score_quantiles(one.levels, one.values, float(came[point])),
            }
            for one in rival.forecasts
            if (point := (one.province, rival.origin, one.indicator, one.year)) in came
        ]
        if not mine:
            days = ", ".join(origin_day(origin) for origin in sorted(scores["origin"].unique()))
            raise InputError(
                f"not one of {len(rival.forecasts)} forecasts is a point of the backtest",
                key="rival",
                file=rival.file,
                allowed=f"origins {days}, and its provinces, series and years",
            )
        rows += mine
    return pd.DataFrame(rows)


def against_rivals(rivals: Sequence[RivalFile], scores: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Sum every forecaster of the backtest up on each rival's points, the rival among them.

    Returns
    -------
    DataFrame
        ``rival`` and the columns of `tables.summary_of_provinces`, those of the CRPS again for ``wis_log``:
        ``model_less_wis`` is the model's less the forecaster's, below zero where the model is better.
    """
    of_rivals, parts = scores_of_rivals(rivals, scores), []
    for rival, mine in of_rivals.groupby("forecaster", sort=False):
        points = pd.MultiIndex.from_frame(mine[_POINT])
        beside = scores[pd.MultiIndex.from_frame(scores[_POINT]).isin(points)]
        both = pd.concat([beside[mine.columns], mine], ignore_index=True)
        of_crps = summary_of_provinces(both, seed, _GROUPS)
        of_wis = summary_of_provinces(both.assign(crps_log=wis_log(both)), seed, _GROUPS)
        names = {
            f"{name}{end}": f"{wis}{end}"
            for name, wis in (("crps_log", "wis_log"), ("model_less", "model_less_wis"))
            for end in ("", "_low", "_high")
        }
        more = of_wis[[*_SAME, *names]].rename(columns=names)
        parts.append(of_crps.merge(more, on=_SAME, validate="one_to_one").assign(rival=rival))
    table = pd.concat(parts, ignore_index=True)
    return table[["rival", *(name for name in table if name != "rival")]]


@errors_in_one_line
def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table; 0 done, 2 refused."""
    parser = ArgumentParser(
        prog="python -m shaanxi_transfer.studies.backtest_of_all_provinces.rivals_of_others",
        description=__doc__,
    )
    parser.add_argument("rivals", nargs="+", type=Path, help="quantile files, or folders of them")
    parser.add_argument("--scores", type=Path, default=DEFAULT_FOLDER / SCORES, help="of the backtest")
    parser.add_argument("--out", type=Path, default=Path("results") / "across_rivals", help="folder")
    parser.add_argument("--seed", type=int, default=1, help="of the intervals")
    given = parser.parse_args(arguments)
    rivals = [
        read_rival(file, _units(), door_to_model.provinces())
        for path in given.rivals
        for file in rival_files_of(path)
    ]
    table = against_rivals(rivals, read_table(given.scores, "across", COLUMNS), given.seed)
    make_folder(given.out)
    Store(given.out).write_csv(AGAINST, rounded(table))
    for row in table[table["by"] == "all"].sort_values(["rival", "wis_log"]).itertuples():
        less = f"{row.model_less_wis:+.3f} ({row.model_less_wis_low:+.3f} to {row.model_less_wis_high:+.3f})"
        print(
            f"{row.rival}, {row.points} points: {row.forecaster}: WIS of the log {row.wis_log:.3f}, "
            f"model less this {less}; CRPS {row.crps_log:.3f}"
        )
    return 0


def _units() -> Mapping[str, str]:
    indicators = door_to_model.model().definitions.indicators
    return {name: indicator.unit for name, indicator in indicators.items()}


if __name__ == "__main__":
    raise SystemExit(main())
