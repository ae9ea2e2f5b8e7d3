"""The structure alone: the past forecast once more with the nation as it became, and each error split.

``make across-structure``, after `make across` with the same options: fits are found in ``--out``, and none
is made. Each forecast of the backtest is made again in the same futures with the nation's true figures of the
years that it forecasts (30 provinces, four origins, 80 futures: 9,600 runs). What is missed then is the
province's part of the error, the rest was the nation's (`backtesting.conditional`). A province's part that
grows with the horizon or changes with the origin is a trend: a mechanism that is missing. What is finished is
kept by province and origin, so that it can be stopped, or made in pieces with ``--origins 2013 --runs-only``.

Two tables: the split errors by province, origin, series and year (``structure_alone.csv``), and their means,
slopes with intervals, and the score of the structure alone, with carry and discrepancy of the other
provinces (``structure_alone_summary.csv``).
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from ...experiments.backtesting.conditional import split_errors, told_the_nation, trends
from ...experiments.fitting_provinces.estimate_all import nothing_is_made
from ...experiments.fitting_provinces.fits_in_turn import can_be_fitted
from ...experiments.fitting_provinces.province_fit import Place
from ...experiments.fitting_provinces.provinces_in_turn import BacktestAcrossProvinces
from ...experiments.fitting_provinces.settings import Settings
from ...experiments.keeping.atomic_files import make_folder
from ...experiments.keeping.store import Store
from ...experiments.planning import door_to_model
from ...experiments.planning.checks import check_provinces
from ...experiments.running.runner import RunBatch
from ...experiments.running.staying_workers import StayingWorkers
from ...experiments.running.table_command import errors_in_one_line
from .options import options_of_fits, settings_of_fits
from .results import runs_of_backtest
from .scores import score_provinces
from .tables import MODEL, rounded

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["PARTS", "SPLIT", "SUMMARY", "StructureAlone", "main", "structure_alone", "summary_of_split"]

SPLIT: Final = "structure_alone.csv"
SUMMARY: Final = "structure_alone_summary.csv"

PARTS: Final = ("error", "of_the_nation", "of_the_province")
"""Columns of `conditional.split_errors`."""


@dataclass
class ToldTheNation(BacktestAcrossProvinces):
    """The forecasts of a backtest with the nation given as it became."""

    def world_of(self, place: Place) -> Scenario:
        """Give the world that is run on from a place, told the nation's later figures."""
        from ...scenarios import load_pack

        folder = self.folder / place.province
        make_folder(folder)
        world = told_the_nation(
            load_pack(place.province),
            place.world.province,
            place.origin,
            "prior",
            folder / f"nation_after_{place.origin}.csv",
        )
        return world.set(name=f"{place.province}_{place.origin}")


@dataclass(frozen=True)
class StructureAlone:
    """What was found: the two tables, as written, and who is not in them and why."""

    split: pd.DataFrame
    summary: pd.DataFrame
    left_out: dict[str, str]


def structure_alone(
    provinces: Sequence[str],
    folder: Path,
    tables: Path | None,
    settings: Settings,
    *,
    model: door_to_model.Model | None = None,
    executor: RunBatch | None = None,
    workers: int | None = None,
    report: Callable[[str], None] = print,
) -> StructureAlone | None:
    """Forecast the past of provinces with the nation given, and split the errors of the backtest.

    Parameters
    ----------
    provinces : sequence of str
        All whose fits lie in the folder, as they were made together.
    folder : Path
        Of `make across`.
    tables : Path or None
        Where the tables go; None to make and keep the runs only.
    settings : Settings
        Those of the fits.
    model, executor, workers
        As in a forecast.
    report : callable
        Gets a line for each step.

    Returns
    -------
    StructureAlone or None
        None if only the runs were to be made.

    Raises
    ------
    RunsLeft
        If a fit or a forecast of the backtest is not in the folder.
    InputError
        If settings or provinces are refused, or a figure of the nation is missing.
    """
    from ...scenarios import load_pack

    model = door_to_model.model() if model is None else model
    own = runs_of_backtest(provinces, folder, settings, model, nothing_is_made, workers, lambda line: None)
    with StayingWorkers(workers) as processes:
        told = ToldTheNation(
            list(own.provinces), folder, settings, model, executor or processes, workers, report
        )
        told.look()
        told.each_forecast(own.fitted)
    if tables is None:
        return None
    there = told.provinces
    split = split_errors({name: own.points[name] for name in there}, told.points)
    packs = {province: load_pack(province) for province in there}
    scores = {
        forecaster: score_provinces(points, packs, settings.seed).scores
        for forecaster, points in (
            ("as it was", {name: own.points[name] for name in there}),
            ("told the nation", told.points),
        )
    }
    summary = summary_of_split(split, scores, settings.seed)
    make_folder(tables)
    for name, table in ((SPLIT, split), (SUMMARY, summary)):
        Store(tables).write_csv(name, rounded(table))
    return StructureAlone(split, summary, {**own.left_out, **told.left_out})


def summary_of_split(split: pd.DataFrame, scores: dict[str, pd.DataFrame], seed: int) -> pd.DataFrame:
    """Sum split errors up: means by series, origin and horizon, slopes, and scores.

    Parameters
    ----------
    split : DataFrame
        Of `conditional.split_errors`.
    scores : dict of str to DataFrame
        Of `scores.score_provinces`, by what was told.
    seed : int
        Of the provinces drawn again.

    Returns
    -------
    DataFrame
        ``what``: ``mean`` or ``mean_abs`` of the parts (logarithms), ``slope`` of a part (logarithm a year,
        horizon and origin together), or ``crps_log``; ``indicator``; ``by`` and ``at``, the year or horizon
        that is told apart; ``part``, of `PARTS`, or for a score what was told; ``value``, for a slope with
        ``low`` and ``high`` of its 95 % interval.
    """
    rows = []
    for by in ((), ("origin",), ("horizon",)):
        for group, mine in split.groupby(["indicator", *by], sort=True):
            head = {"indicator": group[0], "by": by[0] if by else "all", "at": group[1] if by else ""}
            for part in PARTS:
                rows.append({"what": "mean", **head, "part": part, "value": mine[part].mean()})
                rows.append({"what": "mean_abs", **head, "part": part, "value": mine[part].abs().mean()})
    for part in PARTS if split["province"].nunique() > 1 else ():
        for row in trends(split, part=part, seed=seed).itertuples():
            head = {"what": "slope", "indicator": row.indicator, "by": row.by, "at": "", "part": part}
            rows.append({**head, "value": row.slope, "low": row.low, "high": row.high})
    for told, table in scores.items():
        mine = table[table["forecaster"] == MODEL]
        for indicator, values in [("all", mine), *mine.groupby("indicator", sort=True)]:
            head = {"what": "crps_log", "indicator": indicator, "by": "all", "at": "", "part": told}
            rows.append({**head, "value": values["crps_log"].mean()})
    columns = ["what", "indicator", "by", "at", "part", "value", "low", "high"]
    return pd.DataFrame(rows).reindex(columns=columns)


@errors_in_one_line
def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; 0 done, 1 done with provinces left out of the tables, 2 refused."""
    parser = ArgumentParser(
        prog="python -m shaanxi_transfer.studies.backtest_of_all_provinces.structure_alone",
        description=__doc__,
        parents=[options_of_fits()],
    )
    parser.add_argument("--provinces", default="", help="who was fitted together; by default all that can be")
    given = parser.parse_args(arguments)
    settings = settings_of_fits(given)
    done = structure_alone(
        check_provinces(given.provinces, door_to_model.provinces()) or list(can_be_fitted()),
        given.out,
        None if given.runs_only else given.tables,
        settings,
        executor=nothing_is_made if given.no_runs else None,
        workers=given.workers,
    )
    if done is None:
        print(f"{given.out} holds the runs of {given.origins}; tables are made with all pieces together")
        return 0
    for row in done.summary[done.summary["what"].isin(["crps_log", "slope"])].itertuples():
        interval = f" ({row.low:+.3f} to {row.high:+.3f})" if row.what == "slope" else ""
        print(f"{row.what} {row.indicator} {row.by} {row.part}: {row.value:+.3f}{interval}")
    for province, why in done.left_out.items():
        print(f"not in the tables: {province}: {why}")
    return 1 if done.left_out else 0


if __name__ == "__main__":
    raise SystemExit(main())
